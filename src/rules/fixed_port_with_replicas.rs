use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/fixed-port-with-replicas.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    let replicas = service.replicas();
    let Some(count) = replicas.get().filter(|count| count.value > 1) else { return };
    if compose.is_for_swarm() {
        return;
    }
    for port in &service.ports {
        let Some(published) = port.published.get() else { continue };
        let target = port.target.get().map_or(published.value, |target| target.value);
        let choices = i64::from(published.value.last - published.value.first) + 1;
        let wanted = i64::from(target.last - target.first) + 1;
        if choices < count.value * wanted {
            let first = published.value.first;
            let message =
                format!("{} containers cannot all have port {first} of the host", count.value);
            report
                .at(published.span, message)
                .help("publish as many ports as there are containers, or put a proxy before them")
                .also(count.span, "so many are to run");
        }
    }
}
