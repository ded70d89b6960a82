use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Member, PodContainer, PortRef};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unknown-probe-port.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        for probe in &container.probes {
            let Some(port) = probe.handler.port() else { continue };
            if !container.may_be_probed_on(port) {
                judge(container, port, report);
            }
        }
    }
}

fn judge(container: &PodContainer, port: &PortRef, report: &mut Report) {
    let name = &container.view.name.value;
    match port {
        PortRef::Name(port) => {
            let what = format!("container `{name}` has no port of the name `{}`", port.value);
            report.at(port.span, what).help("name one of its `ports`, or give the number");
        }
        PortRef::Number(port) if !container.ports.is_empty() => {
            let what =
                format!("container `{name}` does not list port {} that is asked", port.value);
            report
                .at(port.span, what)
                .severity(Severity::Note)
                .help("ask a port that it listens on, and list it")
                .also(container.ports[0].span, "a port that it lists");
        }
        PortRef::Number(_) | PortRef::Unknown => {}
    }
}
