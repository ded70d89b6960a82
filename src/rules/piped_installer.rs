use std::collections::HashMap;

use crate::model::download::{FETCHERS, fetcher, saved_as};
use crate::model::run::Run;
use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::shell::{Command, Dialect, Node, PartKind, Program};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/piped-installer.md"), Check::Dockerfile(check));

/// What makes the shell itself run what is substituted.
const OWN: [&str; 3] = ["eval", "source", "."];

/// How many commands a download goes through at most.
const MAX_FEEDING: usize = 8;

fn check(recipe: &Recipe, report: &mut Report) {
    let fetching = recipe.runs_calling(&FETCHERS).filter(|run| !run.is_verified);
    fetching.for_each(|run| saved(run, report));
    let programs: Vec<&str> = recipe.programs().filter(|name| may_run(name)).collect();
    for Call { site, program, .. } in recipe.calls_of(&programs) {
        let Some(runner) = interpreter(&program) else { continue };
        let feeding = site.pipeline.commands[..site.position].iter().rev().take(MAX_FEEDING);
        let fetched = feeding
            .filter_map(Node::simple)
            .find_map(fetcher)
            .or_else(|| substituted(site.command));
        let Some(fetcher) = fetched else { continue };
        report
            .at(
                if site.position > 0 {
                    site.pipeline.span
                } else {
                    site.command.span().unwrap_or(site.pipeline.span)
                },
                format!("`{fetcher}` into `{runner}`: a script from the network runs unseen"),
            )
            .help("download it, check its digest, then run it");
    }
}

/// The files that a `RUN` fetches and runs without a look at them.
fn saved(run: &Run, report: &mut Report) {
    let file = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    // By the name of the file: its path, who brings it, and where.
    let mut fetched: HashMap<String, (String, String, Span)> = HashMap::new();
    for site in run.script.commands() {
        let Some(program) = site.command.program() else { continue };
        if let Some(fetcher) = fetcher(site.command) {
            if let Some(name) = saved_as(site.command) {
                fetched.insert(file(&name), (name, fetcher, program.word.span));
            }
            continue;
        }
        if fetched.is_empty() {
            continue;
        }
        let started = match Dialect::of_program(&program.name) {
            Some(_) => program.arguments.iter().find_map(|word| {
                let text = word.literal()?;
                (!text.starts_with('-')).then(|| text.into_owned())
            }),
            None => program.word.literal().map(Into::into),
        };
        let Some(started) = started else { continue };
        let found = fetched.get(&file(&started));
        let is_it = |name: &str| started == *name || started.starts_with("./");
        if let Some((name, fetcher, span)) = found.filter(|(name, ..)| is_it(name)) {
            let message = format!("`{fetcher}` brings `{name}`, which runs here unseen");
            report
                .at(*span, message)
                .help("check its digest before it runs")
                .also(program.word.span, "it runs here");
            return;
        }
    }
}

/// Whether a program of this name may run what it is given.
fn may_run(name: &str) -> bool {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    Dialect::of_program(name).is_some()
        || matches!(plain, "python" | "perl" | "node" | "php" | "ruby")
        || OWN.contains(&name)
}

fn interpreter(program: &Program) -> Option<String> {
    // `python -m json.tool` reads data, and so does `-c` or `-e` with a program of its own.
    let reads_data = program.arguments.iter().any(|word| {
        matches!(&*word.prefix(), "-m" | "-e" | "-n" | "-pe" | "-ne")
            || word.prefix() == "-c" && Dialect::of_program(&program.name).is_none()
    });
    (!reads_data || OWN.contains(&&*program.name)).then(|| program.name.to_string())
}

/// What a substitution for a shell fetches: `sh -c "$(curl …)"`, `bash <(curl …)`.
fn substituted(command: &Command) -> Option<String> {
    command.words.iter().flat_map(|word| &word.parts).find_map(|part| match &part.kind {
        PartKind::Substitution(list) | PartKind::Process(list) => {
            let pipelines = list.items.iter().map(|item| &item.pipeline);
            pipelines.flat_map(|pipeline| pipeline.simple()).find_map(fetcher)
        }
        _ => None,
    })
}
