use crate::model::compose::{Compose, Service};
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unbound-port.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    if service.at(&["network_mode"]).is_some() {
        return;
    }
    for port in &service.ports {
        let everywhere = match &port.host_ip {
            Setting::Set(address) => matches!(address.value.as_str(), "0.0.0.0" | "::"),
            other => other.is_absent(),
        };
        let Some(target) = port.target.get().filter(|_| everywhere) else { continue };
        let number = target.value.first;
        report
            .at(port.span, format!("port {number} is published on all addresses of the host"))
            .help("name the address: `127.0.0.1:…`; or `expose` it to the project alone");
    }
}
