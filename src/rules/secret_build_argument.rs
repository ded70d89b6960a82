use crate::knowledge::secrets::is_credential;
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/secret-build-argument.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps() {
        if step.instruction(&recipe.tree).kind != Keyword::Arg {
            continue;
        }
        for (name, _) in &step.pairs {
            if name.known().is_some_and(is_credential) {
                let message = format!("`{}` stays in the image's history", name.value());
                report.at(name.span(), message).help("mount it: `RUN --mount=type=secret,id=…`");
            }
        }
    }
}
