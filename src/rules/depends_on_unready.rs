use crate::model::compose::{Compose, Condition, Service};
use crate::model::container::Healthcheck;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/depends-on-unready.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    for dependency in &service.depends_on {
        if dependency.condition.value != Condition::Started {
            continue;
        }
        let (web, name) = (&service.name.value, &dependency.service.value);
        let Some(other) = compose.service(name) else { continue };
        let checked = other.container.healthcheck.get();
        let has_check = checked.is_some_and(|check| matches!(check.value, Healthcheck::Command(_)));
        let message = match other.datastore().filter(|store| store.is_slow) {
            Some(store) => {
                format!("`{web}` does not wait until `{name}` ({}) is ready", store.name)
            }
            // Who writes `service_started` means it, but for what is known to be slow.
            None if has_check && dependency.condition.span == dependency.service.span => {
                format!("`{web}` does not wait until `{name}` is healthy")
            }
            None => continue,
        };
        let finding = report.at(dependency.condition.span, message);
        match checked.filter(|_| has_check) {
            Some(check) => finding
                .help("say `condition: service_healthy`")
                .also(check.span, "its health check"),
            None => finding.help(format!(
                "give `{name}` a `healthcheck`, and wait with `condition: service_healthy`"
            )),
        };
    }
}
