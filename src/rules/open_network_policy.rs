use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/open-network-policy.md"), Check::Manifest(check));

fn check(policy: &Manifest, _: &Cluster, report: &mut Report) {
    if !policy.selects.as_ref().is_some_and(|selector| selector.is_empty()) {
        return;
    }
    for opening in policy.ingress().into_iter().filter(|opening| opening.is_total()) {
        let name = policy.title();
        report
            .at(opening.span, format!("`{name}` lets everybody reach every pod of its namespace"))
            .help("name who may, or take the policy out: other policies do not narrow it");
    }
}
