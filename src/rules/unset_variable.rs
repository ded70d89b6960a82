use crate::model::compose::{Compose, Form, Service, Value};
use crate::model::text::{Origin, Text};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unset-variable.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    let scalars = [&["image"][..], &["build"], &["build", "context"], &["build", "dockerfile"]];
    let scalars = scalars.iter().filter_map(|path| service.at(path)?.text());
    let ports = service.at(&["ports"]).map(Value::items).unwrap_or_default();
    let sources = service.volumes.iter().filter_map(|volume| volume.source.as_ref());
    for text in scalars.chain(ports.iter().filter_map(Value::text)).chain(sources) {
        report_unset(text, compose, report);
    }
}

fn report_unset(text: &Text, compose: &Compose, report: &mut Report) {
    for part in text.parts() {
        let Origin::Unknown { name } = &part.origin else { continue };
        let plain = compose.asked(part.span).is_some_and(|asked| asked.form == Form::Plain);
        if plain && !compose.expected.contains(name) && !GIVEN.contains(&name.as_str()) {
            report.at(part.span, format!("nothing sets `{name}`, so it is empty")).help(format!(
                "write `${{{name}:-default}}`, or `${{{name}:?}}` to have it demanded"
            ));
        }
    }
}

/// Set by every login, or by Compose itself.
const GIVEN: [&str; 6] = ["HOME", "PWD", "USER", "PATH", "HOSTNAME", "COMPOSE_PROJECT_NAME"];
