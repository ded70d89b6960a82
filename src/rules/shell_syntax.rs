use crate::finding::Severity;
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::TOO_DEEP;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shell-syntax.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    if recipe.is_template() {
        return;
    }
    for error in recipe.runs.iter().flat_map(|run| &run.errors) {
        let finding = report.at(error.span, &error.message);
        if error.message == TOO_DEEP {
            finding.severity(Severity::Note);
        }
    }
}
