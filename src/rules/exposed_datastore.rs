use crate::knowledge::datastores::{self, Datastore};
use crate::knowledge::images::unmirrored;
use crate::model::compose::{Compose, PortMapping, Service};
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/exposed-datastore.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    if service.at(&["network_mode"]).is_some() {
        return;
    }
    let image = service.image.as_ref().filter(|image| image.is_pulled());
    let store = image.and_then(|image| datastores::of(unmirrored(image.familiar())));
    for port in service.ports.iter().filter(|port| is_everywhere(port)) {
        let Some(target) = port.target.get().map(|target| target.value) else { continue };
        let has = |store: &&Datastore| store.ports.iter().any(|port| target.contains(*port));
        let message = match (store.filter(has), datastores::of_port(target.first)) {
            (Some(store), _) => {
                format!("{} is published on all addresses of the host", store.name)
            }
            (None, Some(store)) => {
                let number = target.first;
                format!("port {number} ({}) is published on all addresses of the host", store.name)
            }
            (None, None) => continue,
        };
        report
            .at(port.span, message)
            .help("drop it: the project's services reach it without; or publish it on `127.0.0.1`");
    }
}

fn is_everywhere(port: &PortMapping) -> bool {
    match &port.host_ip {
        Setting::Set(address) => matches!(address.value.as_str(), "0.0.0.0" | "::"),
        Setting::Unresolved(_) => false,
        Setting::Absent | Setting::NotApplicable => true,
    }
}
