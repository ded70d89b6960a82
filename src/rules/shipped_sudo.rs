use crate::knowledge::packages::Action;
use crate::model::Recipe;
use crate::model::packages::invocation;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shipped-sudo.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, site) in recipe.commands().filter(|(run, _)| recipe.ships(run.stage)) {
        let Some(invocation) = invocation(site.command) else { continue };
        if invocation.action != Action::Install {
            continue;
        }
        for package in invocation.packages.iter().filter(|package| package.name == "sudo") {
            report
                .at(package.span(), "`sudo` is a way back to root, in the image that ships")
                .help(
                    "leave it out; a script that starts as root drops it with `gosu` or `setpriv`",
                );
        }
    }
}
