use crate::finding::Severity;
use crate::model::{Document, Format, Recipe};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/dockerfile-syntax.md"), Check::Document(check));

fn check(document: &Document, report: &mut Report) {
    let is_template = document.recipe().is_some_and(Recipe::is_template);
    if document.format == Format::Dockerfile && !is_template {
        report.syntax_errors(&document.errors);
    }
    // Another frontend may know them.
    for unknown in document.recipe().into_iter().flat_map(|recipe| &recipe.tree.unknown) {
        report.at(unknown.span, unknown.message.clone()).severity(Severity::Note);
    }
}
