use crate::model::container::Part;
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-memory-limit.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, cluster: &Cluster, report: &mut Report) {
    let limits = &workload.pod.resources.limits;
    if !limits.get("memory").is_absent() || cluster.has_default_limit(object, "memory") {
        return;
    }
    for container in &workload.pod.containers {
        let view = &container.view;
        // A limit of nothing is none.
        let is_zero = view.memory_limit.get().is_some_and(|limit| limit.value == 0);
        if view.part != Part::Ephemeral && (view.memory_limit.is_absent() || is_zero) {
            report
                .at(view.name.span, format!("`{}` has no memory limit", view.name.value))
                .help("set `resources.limits.memory`, a little above what it needs at most");
        }
    }
}
