use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/legacy-boolean.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    for path in PATHS {
        let Some(text) = service.at(path).and_then(|value| value.text()) else { continue };
        let Some(known) = text.known() else { continue };
        let is_one_of = |words: [&str; 3]| words.iter().any(|it| known.eq_ignore_ascii_case(it));
        let meant = if is_one_of(["yes", "y", "on"]) {
            "true"
        } else if is_one_of(["no", "n", "off"]) {
            "false"
        } else {
            continue;
        };
        report
            .at(text.span_of(0..known.len()), format!("`{known}` is not a boolean to every reader"))
            .help(format!("write `{meant}`"));
    }
}

/// The booleans that a service is likely to set.
const PATHS: [&[&str]; 9] = [
    &["init"],
    &["privileged"],
    &["read_only"],
    &["tty"],
    &["stdin_open"],
    &["oom_kill_disable"],
    &["attach"],
    &["healthcheck", "disable"],
    &["build", "no_cache"],
];
