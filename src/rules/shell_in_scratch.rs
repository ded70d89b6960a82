use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shell-in-scratch.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (index, stage) in recipe.build.stages.iter().enumerate() {
        let Some(base) = recipe.build.base_image(index) else { continue };
        let is_bare = base.is_scratch() || base.familiar().starts_with("gcr.io/distroless/static");
        if !is_bare || is_filled(recipe, index) {
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

/// Whether a shell may have been copied: whoever copies a whole file system copies one.
fn is_filled(recipe: &Recipe, stage: usize) -> bool {
    recipe.build.line(stage).iter().any(|stage| {
        recipe.build.stages[*stage].steps.iter().any(|step| {
            let to = step.words.last().map(|to| to.value());
            match step.instruction(&recipe.tree).kind {
                Keyword::Add => true,
                Keyword::Copy => to.is_some_and(|to| to == "/" || to.contains("bin")),
                _ => false,
            }
        })
    })
}
