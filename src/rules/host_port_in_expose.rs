use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/host-port-in-expose.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&[Keyword::Expose]) {
        for port in step.words.iter().filter(|word| word.value().contains(':')) {
            let shown = port.shown();
            report
                .at(
                    port.span(),
                    format!("`{shown}` publishes nothing: only the last number counts"),
                )
                .help("name the container's port; publish it where it is run");
        }
    }
}
