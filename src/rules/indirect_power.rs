use crate::knowledge::permissions::INDIRECT;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/indirect-power.md"), Check::Manifest(check));

fn check(role: &Manifest, _: &Cluster, report: &mut Report) {
    for (resource, power) in role.powers(INDIRECT) {
        report
            .at(resource.span, format!("whoever has `{}` can {}", role.title(), power.can))
            .help("give it only to whoever deploys, and only in the namespaces that it deploys to");
    }
}
