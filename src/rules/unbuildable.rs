use crate::model::Recipe;
use crate::model::dockerfile::undeclared;
use crate::rule::{Check, Report, Rule};
use crate::syntax::SyntaxError;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unbuildable.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    if recipe.is_template() {
        return;
    }
    // Another rule says which variable is missing.
    let missing = undeclared(&recipe.tree);
    let is_told =
        |error: &SyntaxError| missing.iter().any(|it| error.span.contains(it.variable.span));
    for errors in [&recipe.build.errors, &recipe.build.latent] {
        report.syntax_errors(errors.iter().filter(|error| !is_told(error)));
    }
}
