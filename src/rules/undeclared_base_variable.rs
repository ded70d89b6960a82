use crate::model::Recipe;
use crate::model::dockerfile::undeclared;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/undeclared-base-variable.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for one in undeclared(&recipe.tree, &recipe.build) {
        let name = &one.variable.value;
        let message =
            format!("`{name}` is always empty: no `ARG` before the first `FROM` declares it");
        let help = match one.near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add `ARG {name}=<default>` above the first `FROM`"),
        };
        report.at(one.variable.span, message).help(help);
    }
}
