use crate::model::compose::Compose;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/obsolete-version.md"), Check::Project(check));

fn check(compose: &Compose, report: &mut Report) {
    if let Some(version) = compose.root.entry("version") {
        report.at(version.key.span, "Compose ignores `version`").help("drop the line");
    }
}
