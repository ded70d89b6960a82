use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/relative-workdir.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&[Keyword::Workdir]) {
        let is_settled = step.workdir.as_ref().is_some_and(|before| before.known().is_some());
        let Some(path) = step.words.first() else { continue };
        let Some(known) = path.known().filter(|_| !is_settled) else { continue };
        let drive = known.as_bytes().get(1) == Some(&b':');
        if !drive && !matches!(known, "" | ".") && !known.starts_with(['/', '\\']) {
            report
                .at(path.span(), format!("`{known}` is relative, and nothing here says to what"))
                .help(format!("write `/{known}`, or the path that is meant"));
        }
    }
}
