use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::Dialect;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/bash-syntax-under-sh.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let replacements = replacements(recipe);
    for (run, site) in recipe.commands() {
        let base = recipe.build.base_image(run.stage);
        // Only there `sh` is known to be dash.
        let has_dash = base.is_some_and(|base| base.is_debian());
        let is_replaced = || {
            let line = recipe.build.line(run.stage);
            replacements.iter().any(|(stage, step)| {
                line.contains(stage) && (*stage != run.stage || *step < run.step)
            })
        };
        if !has_dash || site.context.shell.dialect != Dialect::Posix {
            continue;
        }
        let Some(program) = site.command.program() else { continue };
        if matches!(&*program.name, "source" | "[[" | "pushd" | "popd" | "shopt" | "declare")
            && !is_replaced()
        {
            report
                .at(
                    program.word.span,
                    format!("`{}` is bash's, and `sh` is dash here", program.name),
                )
                .help("write it as `sh` reads it, or set `SHELL [\"/bin/bash\", \"-c\"]`");
        }
    }
}

/// The `RUN`s that make something else of `/bin/sh`, each by its stage and its step.
fn replacements(recipe: &Recipe) -> Vec<(usize, usize)> {
    let commands = recipe.commands().filter(|(_, site)| {
        site.command.words.iter().any(|word| matches!(&*word.prefix(), "/bin/sh" | "dash"))
    });
    commands.map(|(run, _)| (run.stage, run.step)).collect()
}
