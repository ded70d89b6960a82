use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Controller, Lookup, Member, VolumeSource};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shared-single-writer-volume.md"), Check::Workload(check));

fn check(member: Member, cluster: &Cluster, report: &mut Report) {
    let Member { object, workload, .. } = member;
    if !matches!(workload.controller, Controller::Deployment | Controller::Rollout) {
        return;
    }
    let Some(replicas) = cluster.replicas(member).filter(|replicas| replicas.value > 0) else {
        return;
    };
    // A single pod shares with the one that replaces it, where that starts first.
    if replicas.value == 1 && !workload.starts_anew_first() {
        return;
    }
    for volume in &workload.pod.volumes {
        let VolumeSource::Claim { name } = &volume.source else { continue };
        let found = cluster.find(object, "PersistentVolumeClaim", name);
        let (Lookup::Found(claim), Some(name)) = (found, name.get()) else { continue };
        if claim.is_single_writer_claim() {
            let (owner, name_of) = (object.title(), &name.value);
            if replicas.value == 1 {
                let what = format!(
                    "a new pod of `{owner}` waits for `{name_of}`, and the old one for the new one"
                );
                report
                    .at(name.span, what)
                    .severity(Severity::Warning)
                    .help("set `strategy.type: Recreate`, or make it a StatefulSet")
                    .also(claim.blame(), "the claim, which one node may mount");
                continue;
            }
            let what = format!(
                "the {} pods of `{owner}` share `{name_of}`, which one node may mount",
                replicas.value
            );
            report
                .at(name.span, what)
                .help("make it a StatefulSet with `volumeClaimTemplates`, or use `ReadWriteMany`")
                .also(claim.blame(), "the claim");
        }
    }
}
