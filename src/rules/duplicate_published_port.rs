use std::collections::BTreeMap;

use crate::model::compose::{Compose, PortMapping, Service};
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-published-port.md"), Check::Project(check));

fn check(compose: &Compose, report: &mut Report) {
    let mut taken: BTreeMap<u16, Vec<(&Service, &PortMapping)>> = BTreeMap::new();
    for service in &compose.services {
        if service.at(&["network_mode"]).is_some() {
            continue;
        }
        for port in &service.ports {
            let Some(published) = port.published.get() else { continue };
            // A range from which Docker takes any free port.
            let target = port.target.get().map(|target| target.value);
            if target.is_some_and(|target| target.first == target.last)
                && published.value.first != published.value.last
            {
                continue;
            }
            let other = (published.value.first..=published.value.last).find_map(|number| {
                let others = taken.get(&number)?;
                let meets = |(on, other): &&(&Service, &PortMapping)| {
                    // Of an alias both have the same.
                    let is_same = *other == port && on.name == service.name;
                    service.can_run_with(on) && collides(port, other) && !is_same
                };
                Some((number, others.iter().find(meets)?))
            });
            if let Some((number, (on, other))) = other {
                let message = format!("port {number} of the host is taken by `{}`", on.name.value);
                report
                    .at(published.span, message)
                    .help("publish it on another port or address of the host")
                    .also(other.published.span().unwrap_or(other.span), "taken here");
            }
            for number in published.value.first..=published.value.last {
                let others = taken.entry(number).or_default();
                if others.len() < MOST {
                    others.push((service, port));
                }
            }
        }
    }
}

/// More services that share a port without meeting than anybody has.
const MOST: usize = 50;

fn collides(one: &PortMapping, other: &PortMapping) -> bool {
    let protocol = |port: &PortMapping| match &port.protocol {
        Setting::Set(protocol) => Some(protocol.value.clone()),
        Setting::Unresolved(_) => None,
        _ => Some("tcp".to_owned()),
    };
    let everywhere = |port: &PortMapping| match &port.host_ip {
        Setting::Set(address) => matches!(address.value.as_str(), "0.0.0.0" | "::"),
        Setting::Unresolved(_) => false,
        _ => true,
    };
    let same = matches!((&one.host_ip, &other.host_ip), (Setting::Set(a), Setting::Set(b)) if a.value == b.value);
    let known = !one.host_ip.is_unresolved() && !other.host_ip.is_unresolved();
    let protocols = protocol(one).is_some() && protocol(one) == protocol(other);
    protocols && known && (same || everywhere(one) || everywhere(other))
}
