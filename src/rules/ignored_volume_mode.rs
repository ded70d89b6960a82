use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ignored-volume-mode.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    for word in service.volumes.iter().flat_map(|volume| &volume.ignored) {
        // Docker itself heeds these on some systems; Compose drops them, and nothing is lost.
        if matches!(word.value.as_str(), "cached" | "delegated" | "consistent" | "default" | "U") {
            continue;
        }
        let message = format!("Compose does not know `{}`, and drops it", word.value);
        report.at(word.span, message).help("read-only is `ro`");
    }
}
