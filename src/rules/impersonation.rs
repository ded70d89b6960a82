use crate::knowledge::permissions::IMPERSONATION;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/impersonation.md"), Check::Manifest(check));

fn check(role: &Manifest, _: &Cluster, report: &mut Report) {
    for (resource, power) in role.powers(IMPERSONATION) {
        report
            .at(resource.span, format!("whoever has `{}` can {}", role.title(), power.can))
            .help("name in `resourceNames` whom it may act as");
    }
}
