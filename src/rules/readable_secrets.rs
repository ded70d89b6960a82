use crate::finding::Severity;
use crate::knowledge::permissions::SECRETS;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/readable-secrets.md"), Check::Manifest(check));

fn check(role: &Manifest, _: &Cluster, report: &mut Report) {
    let (scope, severity) = match role.is_cluster_wide() {
        true => ("every Secret of every namespace it is bound in", Severity::Warning),
        false => ("every Secret of its namespace", Severity::Note),
    };
    for (resource, _) in role.powers(SECRETS) {
        report
            .at(resource.span, format!("whoever has `{}` can read {scope}", role.title()))
            .severity(severity)
            .help("name in `resourceNames` the ones it needs, and leave out `list` and `watch`");
    }
}
