use crate::knowledge::packages::Action;
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

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
];

fn check(recipe: &Recipe, report: &mut Report) {
    // What the image is for is no mistake.
    let serves = recipe.shipped().is_some_and(|target| {
        let settings = recipe.build.image(target).settings;
        let commands = [settings.entrypoint, settings.command];
        let lines = commands.into_iter().flatten().filter_map(|command| command.value.line());
        lines.into_iter().any(|line| line.contains("sshd") || line.contains("dropbear"))
    });
    for (_, _, invocation) in recipe.invocations().filter(|(run, ..)| recipe.ships(run.stage)) {
        if invocation.action != Action::Install {
            continue;
        }
        for package in &invocation.packages {
            if let Some((name, what)) = PACKAGES.iter().find(|(name, _)| *name == package.name)
                && !(serves && *what == SSH)
            {
                report
                    .at(package.span, format!("`{name}`, {what}, is in the image that ships"))
                    .help("install it in a stage for development, if at all");
            }
        }
    }
}
