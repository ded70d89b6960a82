use crate::knowledge::datastores;
use crate::knowledge::images::unmirrored;
use crate::model::kubernetes::{Cluster, Controller, Member, PodContainer, VolumeSource};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/single-replica.md"), Check::Workload(check));

fn check(member: Member, cluster: &Cluster, report: &mut Report) {
    let Member { object, workload, .. } = member;
    let Some(service) = cluster.selecting(member, "Service").next() else { return };
    let is_scaled = matches!(
        workload.controller,
        Controller::Deployment | Controller::DeploymentConfig | Controller::Rollout
    );
    let keeps = |volume: &VolumeSource| matches!(volume, VolumeSource::Claim { .. });
    // Another pod of a datastore is another datastore.
    let stores = |container: &PodContainer| {
        let image = container.view.image.as_ref();
        image.is_some_and(|image| datastores::of(unmirrored(image.familiar())).is_some())
    };
    let is_alone_on_purpose = workload.recreates()
        || workload.pod.volumes.iter().any(|volume| keeps(&volume.source))
        || workload.pod.containers.iter().any(stores);
    if !is_scaled || is_alone_on_purpose || cluster.autoscaler(member).is_some() {
        return;
    }
    let Some(replicas) = cluster.replicas(member).filter(|replicas| replicas.value == 1) else {
        return;
    };
    report
        .at(
            replicas.span,
            format!(
                "Service `{}` depends on a single pod of `{}`",
                service.title(),
                object.title()
            ),
        )
        .help("say `replicas: 2` or more")
        .also(service.blame(), "the Service");
}
