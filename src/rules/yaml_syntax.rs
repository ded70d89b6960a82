use crate::model::{Document, Format};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/yaml-syntax.md"), Check::Document(check));

fn check(document: &Document, report: &mut Report) {
    if document.format != Format::Dockerfile {
        report.syntax_errors(&document.errors);
    }
}
