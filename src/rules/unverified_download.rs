use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::knowledge::downloads::VERIFIERS;
use crate::model::Recipe;
use crate::model::download::{FETCHERS, fetcher, saved_as};
use crate::model::run::Run;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unverified-download.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    // A digest or a signature may be checked behind it.
    let verified: BTreeSet<usize> = recipe.runs_calling(VERIFIERS).map(|run| run.stage).collect();
    let fetching = recipe.runs_calling(&FETCHERS);
    for run in fetching.filter(|run| !verified.contains(&run.stage)) {
        if let Some((span, name)) = made_executable(run) {
            report
                .at(span, format!("whatever arrives as `{name}` today is made a program"))
                .help("check its digest: `echo '<digest>  <file>' | sha256sum -c`");
        }
    }
    for (step, stage) in recipe.steps_of(&[Keyword::Add]) {
        let instruction = step.instruction(&recipe.tree);
        let is_checked = instruction.flag("checksum").is_some() || verified.contains(&stage);
        if is_checked {
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

/// A file that a `RUN` fetches and makes executable: its name, and what brings it.
fn made_executable(run: &Run) -> Option<(Span, String)> {
    let file = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let mut fetched: HashMap<String, Span> = HashMap::new();
    run.script.commands().find_map(|site| {
        let program = site.command.program()?;
        if fetcher(site.command).is_some() {
            fetched.extend(saved_as(site.command).map(|path| (file(&path), program.word.span)));
            return None;
        }
        if fetched.is_empty() {
            return None;
        }
        let words = || program.arguments.iter().filter_map(|word| word.literal());
        let makes = match &*program.name {
            "chmod" => words().find(|word| !word.starts_with('-')).is_some_and(|it| runs(&it)),
            "install" => true,
            _ => false,
        };
        let named = |word: Cow<str>| {
            let name = file(&word);
            Some((*fetched.get(&name)?, name))
        };
        words().filter(|_| makes).find_map(named)
    })
}

/// Whether a mode lets somebody run the file: `+x`, `755`.
fn runs(mode: &str) -> bool {
    match mode.bytes().all(|byte| byte.is_ascii_digit()) {
        true => mode.bytes().rev().take(3).any(|digit| digit & 1 != 0),
        false => mode.contains('x') && !mode.contains("-x"),
    }
}
