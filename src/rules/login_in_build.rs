use std::collections::HashSet;
use std::ptr;

use crate::knowledge::secrets::{in_addresses, is_value};
use crate::knowledge::tokens;
use crate::model::run::{Mark, Run};
use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::{Command, Program, Word};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/login-in-build.md"), Check::Dockerfile(check))
        .with_credentials();

fn check(recipe: &Recipe, report: &mut Report) {
    let mut logins: HashSet<*const Command> = HashSet::new();
    for Call { run, site, program } in recipe.calls_of(&PROGRAMS) {
        if let Some((at, what)) = login(&program) {
            logins.insert(site.command);
            tell(recipe, run, &program.arguments[at..], &what, report);
        }
    }
    for (run, site) in recipe.commands_with(Mark::Colon) {
        let Some(program) = site.command.program() else { continue };
        if let Some(at) =
            address(&program).filter(|_| !logins.contains(&ptr::from_ref(site.command)))
        {
            tell(recipe, run, &program.arguments[at..], "a password in a URL", report);
        }
    }
}

fn tell(recipe: &Recipe, run: &Run, words: &[Word], what: &str, report: &mut Report) {
    let mut mounts = recipe.step(run).mounts.iter();
    if !mounts.any(|mount| matches!(mount.kind.as_str(), "secret" | "ssh")) {
        report
            .at(words[0].span, format!("{what}: it stays in the image's history"))
            .hide(words[0].span)
            .hide(words.get(1).unwrap_or(&words[0]).span)
            .help("mount it: `RUN --mount=type=secret,id=…`");
    }
}

/// Programs that log in.
const PROGRAMS: [&str; 11] =
    ["aws", "az", "buildah", "crane", "curl", "docker", "doctl", "gcloud", "helm", "npm", "podman"];

/// A command whose use is to log in: the argument that it logs in with, or that one is behind.
fn login(program: &Program) -> Option<(usize, String)> {
    let words: Vec<_> = program.arguments.iter().map(Word::prefix).collect();
    let has = |names: &[&str]| {
        words.iter().position(|word| {
            names.iter().any(|name| {
                let rest = word.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
            })
        })
    };
    let starts = |first: &[&str]| {
        first.iter().enumerate().all(|(at, word)| words.get(at).is_some_and(|it| it == word))
    };
    let at = match &*program.name {
        "docker" | "podman" | "buildah" | "helm" | "crane"
            if starts(&["login"]) || starts(&["registry", "login"]) =>
        {
            has(&["-p", "--password"])
        }
        "az" if starts(&["login"]) => has(&["-p", "--password"]),
        "aws" if starts(&["configure", "set"]) => {
            has(&["aws_secret_access_key", "aws_session_token"])
        }
        "gcloud" if starts(&["auth", "activate-service-account"]) => has(&["--key-file"]),
        "doctl" if starts(&["auth", "init"]) => has(&["-t", "--access-token"]),
        "npm" if starts(&["config", "set"]) => words.iter().position(|word| word.contains("_auth")),
        // `-u name:password`; the name alone makes it ask.
        "curl" => {
            let is_header = |at: &usize| {
                let text = words[*at].to_ascii_lowercase();
                let value = text.split_once("authorization:").map(|(_, value)| value.trim());
                let token = value.and_then(|value| value.split_once(' '));
                token.is_some_and(|(_, token)| is_value(token.trim()))
            };
            if let Some(at) = (0..words.len()).filter(|at| words[*at].contains(':')).find(is_header)
            {
                return Some((at, "`curl` with a credential".to_owned()));
            }
            let at = has(&["-u", "--user"])?;
            let given = words.get(at + 1)?.split_once(':').is_some_and(|(_, it)| !it.is_empty());
            return given.then(|| (at, "`curl` with a password".to_owned()));
        }
        _ => None,
    }?;
    Some((at, format!("`{} {}` with a password", program.name, words[0])))
}

/// `https://user:password@host`; tokens that tell whose they are have a rule of their own.
fn address(program: &Program) -> Option<usize> {
    program.arguments.iter().position(|word| {
        let text = word.prefix();
        !in_addresses(&text).is_empty() && tokens::find(&text).is_empty()
    })
}
