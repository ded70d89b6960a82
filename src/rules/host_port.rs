use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Controller, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule = Rule::new(include_str!("../../rules/host-port.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    // In the host's network every port is one of the host.
    if workload.pod.host_network.is_true() {
        return;
    }
    // An agent on every node is what it is for.
    let severity = match workload.controller {
        Controller::DaemonSet => Severity::Note,
        _ => Severity::Warning,
    };
    for container in &workload.pod.containers {
        for port in &container.ports {
            if let Some(host) = port.host_port.get().filter(|host| host.value != 0) {
                let name = &container.view.name.value;
                report
                    .at(host.span, format!("`{name}` takes port {} of its node", host.value))
                    .severity(severity)
                    .help("leave `hostPort` out, and let a Service lead to the pods");
            }
        }
    }
}
