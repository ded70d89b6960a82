use std::collections::HashMap;

use crate::model::kubernetes::{Cluster, Member, PodContainer};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unknown-volume.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    let pod = &workload.pod;
    for container in &pod.containers {
        for name in container.mounted.iter().filter_map(|name| name.get()) {
            let is_known = pod.has_open_volumes
                || pod.volume(&name.value).is_some()
                || object.may_claim(&name.value);
            if !is_known {
                report
                    .at(name.span, format!("the pod has no volume `{}`", name.value))
                    .help("name one of the pod's `volumes`, or add it there");
            }
        }
        // In a chart the two may stand in different branches.
        if !object.is_templated() {
            taken_twice(container, report);
        }
    }
}

fn taken_twice(container: &PodContainer, report: &mut Report) {
    let mut taken = HashMap::new();
    for mount in &container.view.mounts {
        let Some(target) = mount.target.known() else { continue };
        if let Some(first) = taken.insert(target.trim_end_matches('/'), mount.target.span()) {
            report
                .at(mount.target.span(), format!("`{target}` is taken by another mount"))
                .help("give one of them another path")
                .also(first, "the other one");
        }
    }
}
