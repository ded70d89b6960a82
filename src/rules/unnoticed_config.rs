use crate::model::kubernetes::{Cluster, Labels, Lookup, Member, Source};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unnoticed-config.md"), Check::Workload(check));

/// Words in annotations that restart pods when their configuration changes.
const RESTARTERS: [&str; 4] = ["checksum", "hash", "reload", "restart"];

fn check(Member { object, workload, .. }: Member, cluster: &Cluster, report: &mut Report) {
    let pod = &workload.pod;
    let restarts = |annotations: &Labels| {
        annotations.is_open()
            || annotations
                .iter()
                .any(|it| RESTARTERS.iter().any(|word| it.key.value.contains(word)))
    };
    let keeps_running = workload.controller.has_replicas() && !workload.controller.is_job();
    if !keeps_running || restarts(&pod.annotations) || restarts(&object.annotations) {
        return;
    }
    let mut told = Vec::new();
    for reference in pod.references.iter().filter(|reference| reference.at_start) {
        let Some(name) = reference.name.get() else { continue };
        let Lookup::Found(Source::Object(found)) = cluster.reference(object, reference) else {
            continue;
        };
        if found.is_immutable() || told.contains(&(reference.to, &name.value)) {
            continue;
        }
        told.push((reference.to, &name.value));
        report
            .at(
                name.span,
                format!(
                    "the pods of `{}` do not see when `{}` changes",
                    object.title(),
                    name.value
                ),
            )
            .help("generate it with a hash in its name, or put a checksum of it into an annotation")
            .also(found.blame(), "what they read when they start");
    }
}
