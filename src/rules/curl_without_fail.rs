use std::collections::HashMap;

use crate::knowledge::downloads::syntax;
use crate::model::download::saved_as;
use crate::model::{Call, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::shell::{self, Argument, Site, arguments};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/curl-without-fail.md"), Check::Workspace(check));

const SAVES: &[&str] = &["-o", "--output", "-O", "--remote-name", "--remote-name-all"];

/// Programs that stop at what is not of their format.
const READERS: &[&str] = &[
    "apt-key", "ash", "bash", "bsdtar", "bunzip2", "bzip2", "cpio", "dash", "dpkg", "gpg",
    "gunzip", "gzip", "jq", "node", "perl", "python", "python3", "rpm", "ruby", "sh", "tar",
    "unxz", "unzip", "xz", "zcat", "zsh", "zstd",
];

/// Programs that unpack files, and stop at what is no archive.
const UNPACKERS: &[&str] =
    &["bsdtar", "bunzip2", "dpkg", "gunzip", "jar", "rpm", "tar", "unxz", "unzip", "7z"];

/// How many commands that unpack are looked at in a `RUN`.
const MAX_UNPACKERS: usize = 64;

fn check(workspace: &Workspace, report: &mut Report) {
    for recipe in workspace.recipes() {
        let mut unpackers: HashMap<Span, Vec<Call>> = HashMap::new();
        for call in recipe.calls_of(UNPACKERS) {
            let of_run = unpackers.entry(call.run.span).or_default();
            if of_run.len() < MAX_UNPACKERS {
                of_run.push(call);
            }
        }
        for call in recipe.calls_of(&["curl"]).filter(|call| !call.run.is_verified) {
            let unpackers = unpackers.get(&call.run.span).map_or(&[][..], Vec::as_slice);
            judge(&call, unpackers, report);
        }
    }
    for container in &workspace.containers {
        let scripts = container.questions().filter_map(|(command, _)| command.script());
        for script in scripts {
            let is_last = |site: &Site| site.pipeline.commands.len() == site.position + 1;
            for site in script.commands().filter(is_last) {
                if let Some(span) = lenient(site.command) {
                    let message = "this `curl` calls a server well that answers with an error";
                    report.at(span, message).help("add `--fail`");
                }
            }
        }
    }
}

/// Tells a `curl` whose file nobody looks at who would notice.
fn judge(Call { site, .. }: &Call, unpackers: &[Call], report: &mut Report) {
    let Some(span) = lenient(site.command) else { return };
    let redirections = &site.command.redirections;
    let is_saved = options(site.command).iter().any(|name| SAVES.contains(&name.as_str()))
        || redirections.iter().any(|it| it.operator.starts_with('>'));
    let is_piped = site.pipeline.commands.len() > site.position + 1;
    // An error page is neither an archive nor a key.
    let reads = |command: &shell::Command| {
        command.program().is_some_and(|program| READERS.contains(&&*program.name))
    };
    let is_noticed = match is_piped {
        true => site.pipeline.simple().nth(site.position + 1).is_some_and(reads),
        false => {
            let saved = saved_as(site.command);
            let is_later = |call: &&Call| call.program.word.span > span;
            unpackers.iter().filter(is_later).any(|it| unpacks(it, saved.as_deref()))
        }
    };
    if (is_saved || is_piped) && !is_noticed {
        let message = match is_piped {
            true => "when the server fails, this `curl` hands the error page on",
            false => "when the server fails, this `curl` saves the error page",
        };
        report.at(span, message).help("add `--fail`");
    }
}

/// Whether a command unpacks a file, as far as its name is known.
fn unpacks(Call { program, .. }: &Call, file: Option<&str>) -> bool {
    let name = file.map(|path| path.rsplit('/').next().unwrap_or(path));
    program.arguments.iter().any(|word| match (name, word.literal()) {
        (Some(name), Some(text)) => text.ends_with(name) || text.contains('*'),
        _ => true,
    })
}

/// A `curl` that ends well whatever the server answers.
fn lenient(command: &shell::Command) -> Option<Span> {
    let program = command.program().filter(|program| program.name == "curl")?;
    let options = options(command);
    let has = |names: &[&str]| options.iter().any(|name| names.contains(&name.as_str()));
    let fails = has(&["-f", "--fail", "--fail-with-body", "--fail-early"]);
    // What it writes out instead of the page is for a person, or for a script that looks.
    let asks = has(&["-w", "--write-out", "-I", "--head", "-V", "--version", "-K", "--config"]);
    (!fails && !asks && !program.arguments.is_empty()).then_some(program.word.span)
}

fn options(command: &shell::Command) -> Vec<String> {
    let (Some(program), Some(syntax)) = (command.program(), syntax("curl")) else {
        return Vec::new();
    };
    let options = arguments(program.arguments, syntax).filter_map(|argument| match argument {
        Argument::Option { name, .. } => Some(name),
        Argument::Operand(_) => None,
    });
    options.collect()
}
