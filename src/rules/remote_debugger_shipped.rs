use crate::knowledge::packages::Action;
use crate::model::Recipe;
use crate::model::packages::invocation;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/remote-debugger-shipped.md"), Check::Dockerfile(check));

/// Packages that open a way in, and what they are.
const PACKAGES: &[(&str, &str)] = &[
    ("openssh-server", "an SSH server"),
    ("dropbear", "an SSH server"),
    ("telnetd", "a telnet server"),
    ("xdebug", "a debugger"),
    ("php-xdebug", "a debugger"),
    ("debugpy", "a debugger"),
    ("ptvsd", "a debugger"),
    ("delve", "a debugger"),
];

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, site) in recipe.commands().filter(|(run, _)| recipe.ships(run.stage)) {
        let Some(invocation) = invocation(site.command) else { continue };
        if invocation.action != Action::Install {
            continue;
        }
        for package in &invocation.packages {
            if let Some((name, what)) = PACKAGES.iter().find(|(name, _)| *name == package.name) {
                report
                    .at(package.span(), format!("`{name}`, {what}, is in the image that ships"))
                    .help("install it in a stage for development, if at all");
            }
        }
    }
}
