use std::cell::LazyCell;

use crate::model::Recipe;
use crate::model::dockerfile::Step;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shell-in-scratch.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let filled = LazyCell::new(|| recipe.led_by(|step| may_fill(recipe, step)));
    for (index, stage) in recipe.build.stages.iter().enumerate() {
        let Some(base) = recipe.build.base_image(index) else { continue };
        if !base.is_bare() || filled[index] {
            continue;
        }
        for step in &stage.steps {
            let instruction = step.instruction(&recipe.tree);
            let starts =
                matches!(instruction.kind, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint);
            if starts && instruction.shell_text().is_some() && step.shell.is_none() {
                let message = format!("there is no shell in `{}` to run this", base.familiar());
                report
                    .at(instruction.keyword.span, message)
                    .help("use exec form: `[\"/program\"]`");
            }
        }
    }
}

/// Whether a shell may be copied: whoever copies a whole file system copies one.
fn may_fill(recipe: &Recipe, step: &Step) -> bool {
    let to = step.words.last().map(|to| to.value());
    match step.instruction(&recipe.tree).kind {
        Keyword::Add => true,
        Keyword::Copy => to.is_some_and(|to| to == "/" || to.contains("bin")),
        _ => false,
    }
}
