use crate::model::compose::{Compose, ProblemKind};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/compose-invalid-env-file.md"), Check::Project(check));

fn check(compose: &Compose, report: &mut Report) {
    report.problems(compose, ProblemKind::EnvFile);
}
