use crate::finding::{Finding, Severity};
use crate::knowledge::packages::Action;
use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::shell::Word;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/remote-debugger-shipped.md"), Check::Dockerfile(check));

const SSH: &str = "an SSH server";

/// Packages that open a way in, and what they are.
const PACKAGES: &[(&str, &str)] = &[
    ("openssh-server", SSH),
    ("dropbear", SSH),
    ("telnetd", "a telnet server"),
    ("xdebug", "a debugger"),
    ("php-xdebug", "a debugger"),
    ("debugpy", "a debugger"),
    ("ptvsd", "a debugger"),
    ("delve", "a debugger"),
    ("github.com/go-delve/delve/cmd/dlv", "a debugger"),
];

/// Packages to look into what runs, which ephemeral containers bring when they are needed.
const TOOLS: [&str; 8] =
    ["gdb", "gdbserver", "ltrace", "nmap", "strace", "tcpdump", "tshark", "wireshark"];

/// What installs extensions of PHP by their names.
const PHP: [&str; 4] =
    ["pecl", "docker-php-ext-enable", "docker-php-ext-install", "install-php-extensions"];

fn check(recipe: &Recipe, report: &mut Report) {
    // What the image is for is no mistake.
    let target = recipe.shipped();
    let starts = |program: &str| target.is_some_and(|target| recipe.starts(target, program));
    let serves = starts("sshd") || starts("dropbear");
    let settings = target.map(|target| recipe.build.settings(target));
    let start =
        settings.and_then(|settings| settings.entrypoint.as_ref().or(settings.command.as_ref()));
    let is_program = start.is_some_and(|start| !start.value.is_prompt());
    let mut told = None;
    let calls = recipe.calls_of(&PHP).filter(|call| recipe.ships(call.run.stage));
    for Call { run, program, .. } in calls {
        let is_xdebug = |word: &&Word| {
            word.literal().is_some_and(|text| text == "xdebug" || text.starts_with("xdebug-"))
        };
        let xdebug = program.arguments.iter().find(is_xdebug);
        if let Some(word) = xdebug.filter(|_| told != Some(run.span)) {
            told = Some(run.span);
            say(report, word.span, "xdebug", "a debugger");
        }
    }
    for (_, _, invocation) in recipe.invocations().filter(|(run, ..)| recipe.ships(run.stage)) {
        if invocation.action != Action::Install {
            continue;
        }
        for package in &invocation.packages {
            if let Some((name, what)) = PACKAGES.iter().find(|(name, _)| *name == package.name)
                && !(serves && *what == SSH)
            {
                let name = name.rsplit('/').next().unwrap_or(name);
                say(report, package.span, name, what);
            } else if TOOLS.contains(&&*package.name) && is_program && !starts(&package.name) {
                say(report, package.span, &package.name, "a tool to look into others")
                    .severity(Severity::Note);
            }
        }
    }
}

fn say<'r>(report: &'r mut Report, span: Span, name: &str, what: &str) -> &'r mut Finding {
    report
        .at(span, format!("`{name}`, {what}, is in the image that ships"))
        .help("install it in a stage for development, if at all")
}
