use std::collections::HashMap;

use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-name.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    // In a chart the two may stand in different branches.
    if object.is_templated() {
        return;
    }
    let pod = &workload.pod;
    once(pod.containers.iter().map(|container| &container.view.name), "container", report);
    once(pod.volumes.iter().filter_map(|volume| volume.name.get()), "volume", report);
}

fn once<'a>(names: impl Iterator<Item = &'a Spanned<String>>, what: &str, report: &mut Report) {
    let mut taken = HashMap::new();
    for name in names {
        match taken.insert(&name.value, name.span) {
            Some(first) if first != name.span => {
                report
                    .at(name.span, format!("the pod has another {what} `{}`", name.value))
                    .help("give each of them a name of its own")
                    .also(first, "the other one");
            }
            _ => {}
        }
    }
}
