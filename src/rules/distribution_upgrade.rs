use crate::knowledge::packages::Family;
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/distribution-upgrade.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, _, invocation) in recipe.invocations() {
        let family = invocation.manager.family;
        let upgrades = match invocation.subcommand.value.as_str() {
            "dist-upgrade" => matches!(family, Family::Apt | Family::Zypper),
            "full-upgrade" => family == Family::Apt,
            "dup" => family == Family::Zypper,
            "distro-sync" | "system-upgrade" => family == Family::Rpm,
            _ => false,
        };
        if upgrades {
            report
                .at(
                    invocation.span(),
                    format!(
                        "`{}` changes the base with every build, and may remove packages",
                        invocation.name()
                    ),
                )
                .help("name a newer base image");
        }
    }
}
