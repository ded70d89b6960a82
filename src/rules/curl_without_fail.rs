use crate::knowledge::downloads::syntax;
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::{Argument, arguments};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/curl-without-fail.md"), Check::Dockerfile(check));

/// Programs that stop at what is not of their format.
const READERS: &[&str] = &[
    "apt-key", "ash", "bash", "bsdtar", "bunzip2", "bzip2", "cpio", "dash", "dpkg", "gpg",
    "gunzip", "gzip", "jq", "node", "perl", "python", "python3", "rpm", "ruby", "sh", "tar",
    "unxz", "unzip", "xz", "zcat", "zsh", "zstd",
];

fn check(recipe: &Recipe, report: &mut Report) {
    let unverified = recipe.runs.iter().filter(|run| !run.is_verified());
    for site in unverified.flat_map(|run| run.script.commands()) {
        let Some(program) = site.command.program() else { continue };
        if program.name != "curl" {
            continue;
        }
        let Some(syntax) = syntax("curl") else { continue };
        let options: Vec<String> = arguments(program.arguments, syntax)
            .filter_map(|argument| match argument {
                Argument::Option { name, .. } => Some(name),
                Argument::Operand(_) => None,
            })
            .collect();
        let has = |names: &[&str]| options.iter().any(|name| names.contains(&name.as_str()));
        let fails = has(&["-f", "--fail", "--fail-with-body", "--fail-early"]);
        // What it writes out instead of the page is for a person, or for a script that looks.
        let asks = has(&["-w", "--write-out", "-I", "--head", "-V", "--version", "-K", "--config"]);
        let is_used = has(&["-o", "--output", "-O", "--remote-name", "--remote-name-all"])
            || site.pipeline.commands.len() > site.position + 1
            || site
                .command
                .redirections
                .iter()
                .any(|redirection| redirection.operator.starts_with('>'));
        // An error page is neither an archive nor a key.
        let is_noticed = site.pipeline.simple().nth(site.position + 1).is_some_and(|command| {
            command.program().is_some_and(|program| READERS.contains(&&*program.name))
        });
        if !fails && !asks && is_used && !is_noticed && !program.arguments.is_empty() {
            report
                .at(program.word.span, "when the server fails, this `curl` saves the error page")
                .help("add `--fail`");
        }
    }
}
