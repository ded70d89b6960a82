use std::collections::HashMap;

use crate::finding::Severity;
use crate::knowledge::naming::{Form, is_placeholder};
use crate::model::kubernetes::{Cluster, ContainerPort, Manifest, PortRef, ServicePort};
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};
use crate::source::{Span, Spanned};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/invalid-port.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let pods = object.workloads.iter().map(|workload| &workload.pod);
    for container in pods.flat_map(|pod| &pod.containers) {
        container_ports(&container.ports, object.is_templated(), report);
    }
    service_ports(&object.service_ports(), object.is_templated(), report);
}

fn container_ports(ports: &[ContainerPort], in_chart: bool, report: &mut Report) {
    let mut taken = Taken::default();
    for port in ports {
        range(&port.number, 1, report);
        range(&port.host_port, 0, report);
        if let Some(name) = port.name.get() {
            judge(name, Form::Port, report);
            taken.name(name, in_chart, report);
        }
        // The API server only warns of it.
        taken.number(&port.number, &port.protocol, in_chart, Severity::Warning, report);
    }
}

fn service_ports(ports: &[ServicePort], in_chart: bool, report: &mut Report) {
    let mut taken = Taken::default();
    for port in ports {
        range(&port.number, 1, report);
        match &port.name {
            Setting::Set(name) => {
                judge(name, Form::Label, report);
                taken.name(name, in_chart, report);
            }
            Setting::Absent if ports.len() > 1 && !in_chart => {
                report
                    .at(port.span, "one of several ports has no name")
                    .help("give each port a `name`");
            }
            _ => {}
        }
        match &port.target {
            PortRef::Name(name) => judge(name, Form::Port, report),
            PortRef::Number(number) if Some(number) != port.number.get() => {
                range(&Setting::Set(number.clone()), 1, report);
            }
            PortRef::Number(_) | PortRef::Unknown => {}
        }
        taken.number(&port.number, &port.protocol, in_chart, report.severity(), report);
    }
}

fn range(number: &Setting<i64>, least: i64, report: &mut Report) {
    if let Some(number) = number.get().filter(|number| !(least..=65535).contains(&number.value)) {
        report
            .at(number.span, format!("{} is no port", number.value))
            .help("use a number from 1 to 65535");
    }
}

fn judge(name: &Spanned<String>, form: Form, report: &mut Report) {
    if !is_placeholder(&name.value) && !form.allows(&name.value) {
        report.at(name.span, format!("`{}` is no name for a port", name.value)).help(form.help());
    }
}

/// What the ports before have.
#[derive(Default)]
struct Taken {
    names: HashMap<String, Span>,
    numbers: HashMap<(i64, String), Span>,
}

impl Taken {
    /// In a chart the two may stand in different branches.
    fn name(&mut self, name: &Spanned<String>, in_chart: bool, report: &mut Report) {
        let first = self.names.insert(name.value.clone(), name.span);
        if let Some(first) = first.filter(|_| !in_chart) {
            report
                .at(name.span, format!("`{}` is the name of another port", name.value))
                .help("give each port a name of its own")
                .also(first, "the other one");
        }
    }

    fn number(
        &mut self,
        number: &Setting<i64>,
        protocol: &Setting<String>,
        in_chart: bool,
        severity: Severity,
        report: &mut Report,
    ) {
        let (Some(number), false) = (number.get(), protocol.is_unresolved()) else { return };
        let protocol = protocol.get().map_or("TCP", |protocol| &protocol.value);
        let first = self.numbers.insert((number.value, protocol.to_owned()), number.span);
        if let Some(first) = first.filter(|_| !in_chart) {
            report
                .at(number.span, format!("{} of {protocol} is listed twice", number.value))
                .severity(severity)
                .help("take one of them out")
                .also(first, "the other one");
        }
    }
}
