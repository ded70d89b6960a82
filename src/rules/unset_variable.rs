use std::collections::HashSet;

use crate::finding::Severity;
use crate::model::compose::{Compose, Form, Service, Value};
use crate::model::text::{Origin, Text};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unset-variable.md"), Check::Project(check));

/// Set by every login, or by Compose itself.
const GIVEN: [&str; 6] = ["HOME", "PWD", "USER", "PATH", "HOSTNAME", "COMPOSE_PROJECT_NAME"];

fn check(compose: &Compose, report: &mut Report) {
    // Where no variable is written down, whoever deploys it may well know them all.
    let is_listed = !compose.expected.is_empty() || compose.uses.iter().any(|asked| asked.is_set);
    let severity = if is_listed { Severity::Warning } else { Severity::Note };
    let mut told = HashSet::new();
    for text in compose.own_services().flat_map(|service| decisive(service)) {
        for part in text.parts() {
            let Origin::Unknown { name } = &part.origin else { continue };
            let plain = compose.asked(part.span).is_some_and(|asked| asked.form == Form::Plain);
            let is_set = compose.expected.contains(name.as_str()) || GIVEN.contains(&name.as_str());
            if plain && !is_set && told.insert(name) {
                let default = format!("write `${{{name}:-default}}`");
                report
                    .at(part.span, format!("nothing sets `{name}`, so it is empty"))
                    .severity(severity)
                    .help(format!("{default}, or `${{{name}:?}}` to have it demanded"));
            }
        }
    }
}

/// Where an empty text breaks something.
fn decisive(service: &Service) -> impl Iterator<Item = &Text> {
    let scalars = [&["image"][..], &["build"], &["build", "context"], &["build", "dockerfile"]];
    let scalars = scalars.into_iter().filter_map(|path| service.at(path)?.text());
    let ports = service.at(&["ports"]).map(Value::items).unwrap_or_default();
    let sources = service.volumes.iter().filter_map(|volume| volume.source.as_ref());
    scalars.chain(ports.iter().filter_map(Value::text)).chain(sources)
}
