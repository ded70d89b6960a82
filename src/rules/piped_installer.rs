use std::collections::HashMap;

use crate::knowledge::downloads;
use crate::model::Recipe;
use crate::model::run::Run;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::shell::{
    Argument, Command, Dialect, Node, OptionSyntax, PartKind, Program, arguments,
};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/piped-installer.md"), Check::Dockerfile(check));

/// How many commands a download goes through at most.
const MAX_FEEDING: usize = 8;

fn check(recipe: &Recipe, report: &mut Report) {
    recipe.runs.iter().filter(|run| !run.is_verified()).for_each(|run| saved(run, report));
    for (_, site) in recipe.commands() {
        let Some(runner) = interpreter(site.command) else { continue };
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
            let Some(syntax) = downloads::syntax(&fetcher) else { continue };
            if let Some(name) = destination(site.command, &program, syntax) {
                fetched.insert(file(&name), (name, fetcher, program.word.span));
            }
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

/// The file that a download is written to.
fn destination(command: &Command, program: &Program, syntax: OptionSyntax) -> Option<String> {
    let output =
        if program.name == "curl" { ["-o", "--output"] } else { ["-O", "--output-document"] };
    let found: Vec<_> = arguments(program.arguments, syntax).collect();
    let named = found.iter().find_map(|argument| match argument {
        Argument::Option { name, value, .. } if output.contains(&&**name) => {
            value.as_ref()?.text.clone()
        }
        _ => None,
    });
    let is_bare = program.name == "wget"
        || found.iter().any(|argument| {
            matches!(argument, Argument::Option { name, .. } if matches!(&**name, "-O" | "--remote-name"))
        });
    let url = found.iter().find_map(|argument| match argument {
        Argument::Operand(word) => word.literal(),
        Argument::Option { .. } => None,
    });
    let redirected = command.redirections.iter().find(|it| it.operator.starts_with('>'));
    named
        .filter(|name| name != "-")
        .or_else(|| Some(redirected?.target.as_ref()?.literal()?.into_owned()))
        .or_else(|| {
            let url = url.filter(|_| is_bare)?;
            url.rsplit('/').next().map(str::to_owned).filter(|name| !name.is_empty())
        })
}

fn interpreter(command: &Command) -> Option<String> {
    let program = command.program()?;
    let plain = program.name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let runs = Dialect::of_program(&program.name).is_some()
        || matches!(plain, "python" | "perl" | "node" | "php" | "ruby");
    // `python -m json.tool` reads data, and so does `-c` or `-e` with a program of its own.
    let reads_data = program.arguments.iter().any(|word| {
        matches!(&*word.prefix(), "-m" | "-e" | "-n" | "-pe" | "-ne")
            || word.prefix() == "-c" && Dialect::of_program(&program.name).is_none()
    });
    (runs && !reads_data).then(|| program.name.into_owned())
}

fn fetcher(command: &Command) -> Option<String> {
    let program = command.program()?;
    matches!(&*program.name, "curl" | "wget").then(|| program.name.into_owned())
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
