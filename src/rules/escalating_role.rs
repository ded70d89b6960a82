use crate::knowledge::permissions::ESCALATION;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/escalating-role.md"), Check::Manifest(check));

fn check(role: &Manifest, _: &Cluster, report: &mut Report) {
    for (resource, power) in role.powers(ESCALATION) {
        report
            .at(resource.span, format!("whoever has `{}` can {}", role.title(), power.can))
            .help("leave the verb out, or name in `resourceNames` the roles that may be given");
    }
}
