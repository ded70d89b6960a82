use crate::finding::Severity;
use crate::model::compose::{Compose, Service, Value};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ports-without-network.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    let Some(mode) = service.at(&["network_mode"]) else { return };
    let Some(name) = mode.known() else { return };
    let Some(ports) = service.at(&["ports"]).filter(|ports| !ports.items().is_empty()) else {
        return;
    };
    let shared = name.starts_with("service:") || name.starts_with("container:");
    if !shared && !matches!(name, "host" | "none") {
        return;
    }
    let fate = if shared { "cannot be published" } else { "are discarded" };
    let span = ports.items().first().map_or(ports.span, |item: &Value| item.span);
    let finding = report.at(span, format!("ports {fate} with `network_mode: {name}`"));
    finding.also(mode.span, "its network");
    if shared {
        finding.help("publish them where the network is").severity(Severity::Error);
    } else {
        finding.help("drop `ports`, or give it a network of its own");
    }
}
