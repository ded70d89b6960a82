use crate::model::kubernetes::{Cluster, Controller, Manifest, Member, PodContainer, ProbeKind};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-readiness-probe.md"), Check::Workload(check));

fn check(member: Member, cluster: &Cluster, report: &mut Report) {
    let workload = member.workload;
    // Knative adds one of its own.
    if workload.controller.is_job() || workload.controller == Controller::Knative {
        return;
    }
    let services: Vec<&Manifest> = cluster.selecting(member, "Service").collect();
    let is_alone = workload.pod.running().count() == 1;
    for container in workload.pod.running() {
        if !container.lacks_probe(ProbeKind::Readiness) {
            continue;
        }
        let leads_here = |service: &&&Manifest| is_alone || serves(service, container);
        if let Some(service) = services.iter().find(leads_here) {
            let name = &container.view.name;
            let what = format!(
                "Service `{}` leads to `{}`, which has no readiness probe",
                service.title(),
                name.value
            );
            report
                .at(name.span, what)
                .help("add a `readinessProbe` that asks what its clients ask")
                .also(service.blame(), "the Service");
        }
    }
}

fn serves(service: &Manifest, container: &PodContainer) -> bool {
    service.service_ports().iter().any(|port| container.listens_on(&port.target))
}
