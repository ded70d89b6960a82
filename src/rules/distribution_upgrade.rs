use crate::knowledge::packages::Family;
use crate::model::Recipe;
use crate::model::packages::invocation;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/distribution-upgrade.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, site) in recipe.commands() {
        let Some(invocation) = invocation(site.command) else { continue };
        let (program, subcommand) = (&invocation.program, &invocation.subcommand);
        let (manager, family) = (&program.name, invocation.manager.family);
        let upgrades = match subcommand.value.as_str() {
            "dist-upgrade" => matches!(family, Family::Apt | Family::Zypper),
            "full-upgrade" => family == Family::Apt,
            "dup" => family == Family::Zypper,
            "distro-sync" | "system-upgrade" => family == Family::Rpm,
            _ => false,
        };
        if upgrades {
            report
                .at(
                    program.word.span.to(subcommand.span),
                    format!(
                        "`{manager} {}` changes the base with every build, and may remove packages",
                        subcommand.value
                    ),
                )
                .help("name a newer base image");
        }
    }
}
