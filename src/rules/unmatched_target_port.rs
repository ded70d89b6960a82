use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Lookup, Manifest, PodContainer, PortRef};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unmatched-target-port.md"), Check::Manifest(check));

fn check(service: &Manifest, cluster: &Cluster, report: &mut Report) {
    let Some(selector) = service.selects.as_ref().filter(|_| service.is_service()) else { return };
    let Lookup::Found(pods) = cluster.pods(service, selector) else { return };
    if pods.iter().any(|member| member.workload.pod.containers.is_empty()) {
        return;
    }
    let containers: Vec<&PodContainer> =
        pods.iter().flat_map(|member| &member.workload.pod.containers).collect();
    let ports = service.service_ports();
    let is_alone = ports.len() == 1
        && containers.iter().map(|own| own.ports.len()).max() == Some(1)
        && service.is_headless() == Some(false)
        && pods.iter().all(|member| cluster.selecting(*member, "Service").count() == 1);
    for port in ports {
        if containers.iter().any(|container| container.may_serve(&port)) {
            continue;
        }
        let name = service.title();
        let finding = match &port.target {
            PortRef::Name(target) => {
                let is_there = containers.iter().any(|own| own.may_listen_on(&port.target));
                let protocol = match is_there {
                    true => format!(" of {}", port.protocol_name()),
                    false => String::new(),
                };
                let what =
                    format!("no pod of Service `{name}` has a port `{}`{protocol}", target.value);
                report.at(target.span, what)
            }
            // One of many may well be listened on, and not listed.
            PortRef::Number(target) if is_alone => {
                let what = format!("no pod of Service `{name}` lists port {}", target.value);
                report.at(target.span, what).severity(Severity::Note)
            }
            PortRef::Number(_) | PortRef::Unknown => continue,
        };
        finding.help("say as `targetPort` what the container listens on");
        finding.also(pods[0].object.blame(), "the pods");
    }
}
