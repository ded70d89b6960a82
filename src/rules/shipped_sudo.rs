use crate::knowledge::packages::Action;
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shipped-sudo.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, _, invocation) in recipe.invocations().filter(|(run, ..)| recipe.ships(run.stage)) {
        if invocation.action != Action::Install {
            continue;
        }
        for package in invocation.packages.iter().filter(|package| package.name == "sudo") {
            report.at(package.span, "`sudo` is a way back to root, in the image that ships").help(
                "leave it out; a script that starts as root drops it with `gosu` or `setpriv`",
            );
        }
    }
}
