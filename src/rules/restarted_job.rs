use crate::model::compose::{Compose, Condition, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/restarted-job.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    let Some(restart) = service.at(&["restart"]) else { return };
    if !matches!(restart.known(), Some("always" | "unless-stopped")) {
        return;
    }
    let name = &service.name.value;
    let awaited = compose.services.iter().flat_map(|other| &other.depends_on).find(|dependency| {
        dependency.service.value == *name
            && dependency.condition.value == Condition::CompletedSuccessfully
    });
    if let Some(awaited) = awaited {
        report
            .at(restart.span, format!("`{name}` is to complete, and is restarted whenever it does"))
            .help("say `restart: on-failure`")
            .also(awaited.condition.span, "this waits for it to complete");
    }
}
