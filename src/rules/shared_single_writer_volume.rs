use crate::model::kubernetes::{Cluster, Controller, Lookup, Member, VolumeSource};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shared-single-writer-volume.md"), Check::Workload(check));

fn check(member: Member, cluster: &Cluster, report: &mut Report) {
    let Member { object, workload, .. } = member;
    if !matches!(workload.controller, Controller::Deployment | Controller::Rollout) {
        return;
    }
    let Some(replicas) = cluster.replicas(member).filter(|replicas| replicas.value > 1) else {
        return;
    };
    for volume in &workload.pod.volumes {
        let VolumeSource::Claim { name } = &volume.source else { continue };
        let found = cluster.find(object, "PersistentVolumeClaim", name);
        let (Lookup::Found(claim), Some(name)) = (found, name.get()) else { continue };
        if claim.is_single_writer_claim() {
            let what = format!(
                "the {} pods of `{}` share `{}`, which one node may mount",
                replicas.value,
                object.title(),
                name.value
            );
            report
                .at(name.span, what)
                .help("make it a StatefulSet with `volumeClaimTemplates`, or use `ReadWriteMany`")
                .also(claim.blame(), "the claim");
        }
    }
}
