use crate::knowledge::permissions::EXECUTION;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/remote-execution.md"), Check::Manifest(check));

fn check(role: &Manifest, _: &Cluster, report: &mut Report) {
    for (resource, power) in role.powers(EXECUTION) {
        report.at(resource.span, format!("whoever has `{}` can {}", role.title(), power.can)).help(
            match resource.value.as_str() {
                "nodes/proxy" => {
                    "ask for what is read: `nodes/metrics`, `nodes/stats`, `nodes/pods`"
                }
                _ => "leave it out: a job or an endpoint of the program does it under control",
            },
        );
    }
}
