use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-destination-slash.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&[Keyword::Copy, Keyword::Add]) {
        if step.words.len() < 3 {
            continue;
        }
        let Some(to) = step.words.last() else { continue };
        let Some(path) = to.known() else { continue };
        let is_directory = path.ends_with(['/', '\\']) || matches!(path, "." | "..");
        if !is_directory && !path.ends_with("/.") {
            report
                .at(
                    to.span(),
                    format!("`{path}` takes several sources, and need not be a directory"),
                )
                .help(format!("write `{path}/`"));
        }
    }
}
