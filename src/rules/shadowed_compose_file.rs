use crate::model::compose::Compose;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shadowed-compose-file.md"), Check::Project(check));

fn check(compose: &Compose, report: &mut Report) {
    let first = compose.root.entries().first();
    if let (Some(path), Some(entry)) = (&compose.passed_over_for, first) {
        report
            .at(entry.key.span, format!("`docker compose` takes `{path}` instead of this file"))
            .help("drop one of the two, or give this one another name and name it with `-f`");
    }
}
