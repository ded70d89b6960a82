use crate::model::Document;
use crate::model::dockerfile::undeclared;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::SyntaxError;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unbuildable.md"), Check::Document(check));

fn check(document: &Document, report: &mut Report) {
    let Some(recipe) = document.recipe().filter(|recipe| !recipe.is_template()) else { return };
    // Other rules say which variable is missing, and which instruction does not parse.
    let missing = undeclared(&recipe.tree, &recipe.build);
    let missing = in_order(missing.iter().map(|it| it.variable.span));
    let unread = in_order(document.errors.iter().map(|it| it.span));
    let instructions = &recipe.tree.instructions;
    let is_told = |error: &SyntaxError| {
        let first = instructions.partition_point(|it| it.span.end < error.span.end);
        let around = instructions.get(first).map(|instruction| instruction.span);
        let around = around.filter(|it| it.contains(error.span)).unwrap_or(error.span);
        has_within(&missing, error.span) || has_within(&unread, around)
    };
    for errors in [&recipe.build.errors, &recipe.build.latent] {
        report.syntax_errors(errors.iter().filter(|error| !is_told(error)));
    }
}

fn in_order(places: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut places: Vec<Span> = places.collect();
    places.sort_unstable();
    places
}

/// Whether one of some places in order lies within another.
fn has_within(places: &[Span], around: Span) -> bool {
    let first = places.partition_point(|it| it.start < around.start);
    let mut near = places[first..].iter().take_while(|it| it.start <= around.end);
    near.any(|it| around.contains(*it))
}
