use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::{Arguments, Keyword};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/broken-exec-form.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps() {
        let instruction = step.instruction(&recipe.tree);
        let (Keyword::Run | Keyword::Cmd | Keyword::Entrypoint, Arguments::Text(text)) =
            (instruction.kind, &instruction.arguments)
        else {
            continue;
        };
        let Some(inside) = text.value.trim().strip_prefix('[').and_then(|it| it.strip_suffix(']'))
        else {
            continue;
        };
        // `[ -f x ]` is a test.
        let is_test =
            inside.starts_with([' ', '[']) && !inside.contains(['"', '\'', ',', '\u{201c}']);
        let looks_so = inside.contains(['"', '\'', ',', '\u{201c}']) && !inside.contains("&&");
        if !is_test && looks_so && !inside.contains(" -") {
            report
                .at(text.span, "this is not a JSON array: a shell runs it, brackets and all")
                .help("write a list of strings in double quotes, without a comma at its end");
        }
    }
}
