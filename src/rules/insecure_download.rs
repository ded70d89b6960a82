use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/insecure-download.md"), Check::Dockerfile(check));

const FETCHERS: &[&str] = &[
    "curl",
    "wget",
    "git",
    "pip",
    "pip3",
    "uv",
    "poetry",
    "npm",
    "yarn",
    "pnpm",
    "gem",
    "bundle",
    "rpm",
    "yum",
    "dnf",
    "microdnf",
    "yum-config-manager",
    "svn",
    "aria2c",
];

fn check(recipe: &Recipe, report: &mut Report) {
    for Call { program, .. } in recipe.calls_of(FETCHERS).filter(|call| !call.run.is_verified) {
        for word in program.arguments {
            let text = word.prefix();
            let value = match text.split_once('=') {
                Some((option, value)) if option.starts_with('-') => value,
                _ => &text,
            };
            let url = value.strip_prefix("git+").unwrap_or(value);
            if is_open(url) {
                say(report, word.span, url);
            }
        }
    }
    for (step, _) in recipe.steps_of(&[Keyword::Add]) {
        let instruction = step.instruction(&recipe.tree);
        if instruction.flag("checksum").is_some() {
            continue;
        }
        let sources = step.words.len().saturating_sub(1);
        for source in step.words.iter().take(sources).filter(|word| is_open(word.value())) {
            say(report, source.span(), source.value());
        }
    }
}

fn say(report: &mut Report, span: Span, url: &str) {
    let url = url.split(['?', '\u{fffc}']).next().unwrap_or(url);
    report
        .at(span, format!("`{url}` is fetched in the clear: anybody on the way can change it"))
        .help("use `https://`, or check a digest of what arrives");
}

/// A plain HTTP address of another machine.
fn is_open(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
    host.contains('.')
        && !host.starts_with("127.")
        && !host.starts_with("10.")
        && !host.starts_with("192.168.")
        && !host.ends_with(".local")
        && !host.ends_with(".internal")
}
