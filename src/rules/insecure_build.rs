use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/insecure-build.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps() {
        let instruction = step.instruction(&recipe.tree);
        if instruction.kind != Keyword::Run {
            continue;
        }
        for (flag, value) in [("security", "insecure"), ("network", "host")] {
            let given = instruction.flag(flag).and_then(|flag| flag.value.as_ref());
            if let Some(given) = given.filter(|given| given.value == value) {
                report
                    .at(given.span, format!("`{value}`: this step runs without the build's walls"));
            }
        }
    }
}
