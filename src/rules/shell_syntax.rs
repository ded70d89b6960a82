use crate::finding::Severity;
use crate::model::run::Mark;
use crate::model::{Document, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::TOO_DEEP;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shell-syntax.md"), Check::Document(check));

fn check(document: &Document, report: &mut Report) {
    let readable = |recipe: &&Recipe| !recipe.is_template() && document.errors.is_empty();
    // No shell is asked where BuildKit stops.
    let Some(recipe) = document.recipe().filter(readable) else { return };
    for error in recipe.runs_with(Mark::Error).flat_map(|run| &run.errors) {
        let finding = report.at(error.span, error.message.clone());
        if error.message == TOO_DEEP {
            finding.severity(Severity::Note);
        }
    }
}
