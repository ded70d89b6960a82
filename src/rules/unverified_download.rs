use std::collections::BTreeSet;

use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unverified-download.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    // A digest or a signature may be checked behind it.
    let verified: BTreeSet<usize> =
        recipe.runs.iter().filter(|run| run.is_verified()).map(|run| run.stage).collect();
    for (step, stage) in recipe.steps() {
        let instruction = step.instruction(&recipe.tree);
        let is_checked = instruction.flag("checksum").is_some() || verified.contains(&stage);
        if instruction.kind != Keyword::Add || is_checked {
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
