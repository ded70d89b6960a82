use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unbuildable.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    report.syntax_errors(&recipe.build.errors);
    report.syntax_errors(&recipe.build.latent);
}
