use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/restarted-job.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    let Some(restart) = service.at(&["restart"]) else { return };
    if !matches!(restart.known(), Some("always" | "unless-stopped")) {
        return;
    }
    let name = &service.name.value;
    if let Some(awaited) = compose.awaits_completion(name) {
        report
            .at(restart.span, format!("`{name}` is to complete, and is restarted whenever it does"))
            .help("say `restart: on-failure`")
            .also(awaited, "this waits for it to complete");
    }
}
