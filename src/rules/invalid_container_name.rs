use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/invalid-container-name.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    let Some(name) = service.at(&["container_name"]) else { return };
    let Some(text) = name.known() else { return };
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins || text.len() < 2 || !text.chars().all(fine) {
        report.at(name.span, format!("`{text}` is not a name that Docker takes")).help(
            "use two or more letters, digits, `_`, `.` and `-`; begin with a letter or digit",
        );
    }
}
