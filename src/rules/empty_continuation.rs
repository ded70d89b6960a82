use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/empty-continuation.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for instruction in &recipe.tree.instructions {
        if let Some(line) = instruction.empty_continuations.first() {
            report
                .at(*line, "an empty line within an instruction, which BuildKit is to refuse")
                .help("remove it, or begin it with `#`");
        }
    }
}
