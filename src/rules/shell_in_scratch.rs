use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shell-in-scratch.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, stage) in recipe.steps() {
        let instruction = step.instruction(&recipe.tree);
        let starts = matches!(instruction.kind, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint);
        if !starts || instruction.shell_text().is_none() || step.shell.is_some() {
            continue;
        }
        let Some(base) = recipe.build.base_image(stage) else { continue };
        let is_bare = base.is_scratch() || base.familiar().starts_with("gcr.io/distroless/static");
        // Who copies a whole file system copies a shell.
        let filled = recipe.build.line(stage).iter().any(|stage| {
            recipe.build.stages[*stage].steps.iter().any(|step| {
                let kind = step.instruction(&recipe.tree).kind;
                let to = step.words.last().map(|to| to.value());
                matches!(kind, Keyword::Add | Keyword::Copy)
                    && (kind == Keyword::Add
                        || to.is_some_and(|to| to == "/" || to.contains("bin")))
            })
        });
        if is_bare && !filled {
            let base = base.familiar();
            report
                .at(instruction.keyword.span, format!("there is no shell in `{base}` to run this"))
                .help("use exec form: `[\"/program\"]`");
        }
    }
}
