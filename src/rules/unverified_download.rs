use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unverified-download.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps() {
        let instruction = step.instruction(&recipe.tree);
        if instruction.kind != Keyword::Add || instruction.flag("checksum").is_some() {
            continue;
        }
        let sources = step.words.len().saturating_sub(1);
        for source in step.words.iter().take(sources) {
            let Some(url) = source.known().filter(|url| url.starts_with("https://")) else {
                continue;
            };
            let is_git = url.split(['?', '#']).next().is_some_and(|path| path.ends_with(".git"));
            if !is_git {
                report
                    .at(source.span(), format!("the image gets whatever `{url}` is today"))
                    .help("add `--checksum=sha256:…`");
            }
        }
    }
}
