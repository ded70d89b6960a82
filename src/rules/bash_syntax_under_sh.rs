use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::Dialect;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/bash-syntax-under-sh.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (run, site) in recipe.commands() {
        let base = recipe.build.base_image(run.stage);
        // Only there `sh` is known to be dash.
        let has_dash = base.is_some_and(|base| base.is_debian());
        if !has_dash || site.context.shell.dialect != Dialect::Posix {
            continue;
        }
        let Some(program) = site.command.program() else { continue };
        if matches!(&*program.name, "source" | "[[" | "pushd" | "popd" | "shopt" | "declare") {
            report
                .at(
                    program.word.span,
                    format!("`{}` is bash's, and `sh` is dash here", program.name),
                )
                .help("write it as `sh` reads it, or set `SHELL [\"/bin/bash\", \"-c\"]`");
        }
    }
}
