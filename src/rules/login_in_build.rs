use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::shell::{Program, Word};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/login-in-build.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (run, site) in recipe.commands() {
        let has_secret = recipe
            .step(run)
            .mounts
            .iter()
            .any(|mount| matches!(mount.kind.as_str(), "secret" | "ssh"));
        if has_secret {
            continue;
        }
        let Some(program) = site.command.program() else { continue };
        if let Some((span, what)) = login(&program).or_else(|| address(&program)) {
            report
                .at(span, format!("{what}: it stays in the image's history"))
                .help("mount it: `RUN --mount=type=secret,id=…`");
        }
    }
}

/// A command whose use is to log in, with what it logs in with.
fn login(program: &Program) -> Option<(Span, String)> {
    let words: Vec<_> = program.arguments.iter().map(Word::prefix).collect();
    let has = |names: &[&str]| {
        words.iter().position(|word| {
            names.iter().any(|name| word == name || word.starts_with(&format!("{name}=")))
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
        "npm" if starts(&["config", "set"]) => words.iter().position(|word| word.contains("_auth")),
        _ => None,
    }?;
    let name = format!("`{} {}` with a password", program.name, words[0]);
    Some((program.arguments[at].span, name))
}

/// `https://user:password@host`
fn address(program: &Program) -> Option<(Span, String)> {
    program.arguments.iter().find_map(|word| {
        let text = word.prefix();
        let (_, rest) = text.split_once("://")?;
        let authority = rest.split('/').next()?;
        let (user, _) = authority.rsplit_once('@')?;
        let (_, password) = user.split_once(':')?;
        (!password.is_empty()).then(|| (word.span, "a password in a URL".to_owned()))
    })
}
