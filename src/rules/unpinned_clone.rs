use std::cell::LazyCell;

use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unpinned-clone.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let checked_out = LazyCell::new(|| recipe.checked_out());
    for Call { run, program, .. } in recipe.calls_of(&["git"]) {
        let words: Vec<_> = program.arguments.iter().map(|word| word.prefix()).collect();
        let names = ["-b", "--branch", "--revision"];
        let is_named = words.iter().any(|word| {
            names.iter().any(|name| {
                let rest = word.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
            })
        });
        let Some(clone) = words.iter().position(|word| word == "clone") else { continue };
        if !is_named && !checked_out.contains(&run.stage) {
            report
                .at(
                    program.word.span.to(program.arguments[clone].span),
                    "`git clone` takes whatever was pushed last",
                )
                .help("add `--branch` with a tag, or check a commit out");
        }
    }
    for (step, _) in recipe.steps_of(&[Keyword::Add]) {
        let Some((_, sources)) = step.words.split_last() else { continue };
        for source in sources {
            let Some(url) = source.known() else { continue };
            let is_git = url.starts_with("git@") || url.contains("://") && url.ends_with(".git");
            if is_git {
                report
                    .at(source.span(), format!("`{url}` names no commit and no tag"))
                    .help("add `#` and a tag or a commit");
            }
        }
    }
}
