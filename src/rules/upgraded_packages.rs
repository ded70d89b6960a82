use crate::knowledge::packages::Action;
use crate::model::Recipe;
use crate::model::packages::invocation;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/upgraded-packages.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, site) in recipe.commands() {
        let Some(invocation) = invocation(site.command) else { continue };
        let of_system = invocation.manager.family.is_of_system();
        let (program, subcommand) = (&invocation.program, &invocation.subcommand);
        let of_release = ["dist-upgrade", "full-upgrade", "dup", "distro-sync"];
        if of_system
            && invocation.action == Action::Upgrade
            && invocation.packages.is_empty()
            && !of_release.contains(&subcommand.value.as_str())
        {
            report
                .at(
                    program.word.span.to(subcommand.span),
                    format!(
                        "`{} {}` replaces packages of the base by whatever is newest today",
                        program.name, subcommand.value
                    ),
                )
                .help("name a newer base image");
        }
    }
}
