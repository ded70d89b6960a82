use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::{Dialect, Word};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/bash-syntax-under-sh.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let replaced = replaced(recipe);
    // Only there `sh` is known to be dash.
    let has_dash = |stage| recipe.build.base_image(stage).is_some_and(|base| base.is_debian());
    let has_dash: Vec<bool> = (0..recipe.build.stages.len()).map(has_dash).collect();
    for (run, site) in recipe.commands() {
        if !has_dash[run.stage] || site.context.shell.dialect != Dialect::Posix {
            continue;
        }
        let is_replaced = || replaced[run.stage] <= run.step;
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

/// For each stage, the step from which on `/bin/sh` is something else.
fn replaced(recipe: &Recipe) -> Vec<usize> {
    let mut replaced = vec![usize::MAX; recipe.build.stages.len()];
    for (run, site) in recipe.commands() {
        let names = |word: &Word| matches!(&*word.prefix(), "/bin/sh" | "dash");
        if site.command.words.iter().any(names) {
            replaced[run.stage] = replaced[run.stage].min(run.step + 1);
        }
    }
    for stage in 0..replaced.len() {
        if recipe.build.below(stage).is_some_and(|below| replaced[below] != usize::MAX) {
            replaced[stage] = 0;
        }
    }
    replaced
}
