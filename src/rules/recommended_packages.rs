use std::cell::LazyCell;

use crate::knowledge::packages::{Action, Family};
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/recommended-packages.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let told = LazyCell::new(|| recipe.bringing("Install-Recommends"));
    for (run, _, invocation) in recipe.invocations().filter(|(run, ..)| recipe.ships(run.stage)) {
        let installs = invocation.manager.family == Family::Apt
            && invocation.action == Action::Install
            && !invocation.packages.is_empty();
        let is_told = invocation.has(&["--no-install-recommends", "-R", "--without-recommends"])
            || invocation.apt_setting("APT::Install-Recommends") == Some(false);
        if installs && !is_told && !told[run.stage] {
            report
                .at(invocation.span(), "this installs what others recommend, too")
                .help("add `--no-install-recommends`");
        }
    }
}
