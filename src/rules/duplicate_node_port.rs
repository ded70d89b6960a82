use std::collections::HashMap;

use crate::model::Workspace;
use crate::model::kubernetes::Unit;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-node-port.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let mut taken = HashMap::new();
    for service in workspace.cluster.of_kind("Service") {
        // In a chart the two may stand in different branches, in a directory they may be two
        // variants of which one is applied.
        let file = match service.unit {
            Unit::Chart(_) => continue,
            Unit::Directory(_) => Some(service.file),
            Unit::Kustomization(_) => None,
        };
        for port in service.service_ports() {
            let Some(number) = port.node_port.get() else { continue };
            let protocol = port.protocol_name().to_owned();
            let key = (service.unit, file, number.value, protocol);
            let (first, other) = *taken.entry(key).or_insert((number.span, service));
            if first != number.span && number.value != 0 && !port.protocol.is_unresolved() {
                let (name, number_of) = (other.title(), number.value);
                report
                    .at(
                        number.span,
                        format!("Service `{name}` asks for node port {number_of} already"),
                    )
                    .help("choose another one, or leave `nodePort` out")
                    .also(first, "asked for here");
            }
        }
    }
}
