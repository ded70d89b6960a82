use crate::model::Document;
use crate::model::dockerfile::undeclared;
use crate::rule::{Check, Report, Rule};
use crate::syntax::SyntaxError;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unbuildable.md"), Check::Document(check));

fn check(document: &Document, report: &mut Report) {
    let Some(recipe) = document.recipe().filter(|recipe| !recipe.is_template()) else { return };
    // Other rules say which variable is missing, and which instruction does not parse.
    let missing = undeclared(&recipe.tree, &recipe.build);
    let is_told = |error: &SyntaxError| {
        let mut around = recipe.tree.instructions.iter().map(|instruction| instruction.span);
        let around = around.find(|span| span.contains(error.span)).unwrap_or(error.span);
        missing.iter().any(|it| error.span.contains(it.variable.span))
            || document.errors.iter().any(|it| around.contains(it.span))
    };
    for errors in [&recipe.build.errors, &recipe.build.latent] {
        report.syntax_errors(errors.iter().filter(|error| !is_told(error)));
    }
}
