use crate::knowledge::packages::{Action, Family};
use crate::model::Recipe;
use crate::model::packages::invocation;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/recommended-packages.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (run, site) in recipe.commands().filter(|(run, _)| recipe.ships(run.stage)) {
        let Some(invocation) = invocation(site.command) else { continue };
        let installs = invocation.manager.family == Family::Apt
            && invocation.action == Action::Install
            && !invocation.packages.is_empty();
        let is_told = invocation.has(&["--no-install-recommends", "-R", "--without-recommends"])
            || invocation.apt_setting("APT::Install-Recommends") == Some(false)
            || recipe.brings(run.stage, "Install-Recommends");
        if installs && !is_told {
            let (program, subcommand) = (&invocation.program, &invocation.subcommand);
            report
                .at(
                    program.word.span.to(subcommand.span),
                    "this installs what others recommend, too",
                )
                .help("add `--no-install-recommends`");
        }
    }
}
