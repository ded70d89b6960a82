use crate::model::kubernetes::{Cluster, Member, VolumeSource};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unbounded-memory-volume.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, cluster: &Cluster, report: &mut Report) {
    let pod = &workload.pod;
    let is_bounded = !pod.resources.limits.get("memory").is_absent()
        || cluster.has_default_limit(object, "memory")
        || pod.running().all(|container| !container.view.memory_limit.is_absent());
    for volume in &pod.volumes {
        let VolumeSource::EmptyDir { medium, size_limit } = &volume.source else { continue };
        let Some(medium) = medium.get().filter(|medium| medium.value == "Memory") else { continue };
        if is_bounded || !size_limit.is_absent() {
            continue;
        }
        let name = volume.name.get().map_or("the volume", |name| &name.value);
        report
            .at(medium.span, format!("`{name}` may take all memory of the node"))
            .help("add a `sizeLimit`, or limit the memory of the containers");
    }
}
