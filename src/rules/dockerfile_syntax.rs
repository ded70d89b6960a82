use crate::finding::Severity;
use crate::model::{Document, Format};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/dockerfile-syntax.md"), Check::Document(check));

fn check(document: &Document, report: &mut Report) {
    if document.format == Format::Dockerfile {
        report.syntax_errors(&document.errors);
    }
    // Another frontend may know them.
    for unknown in document.recipe().into_iter().flat_map(|recipe| &recipe.tree.unknown) {
        report.at(unknown.span, &unknown.message).severity(Severity::Note);
    }
}
