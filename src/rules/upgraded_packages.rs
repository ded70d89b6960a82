use crate::knowledge::packages::Action;
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/upgraded-packages.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (_, _, invocation) in recipe.invocations() {
        let of_system = invocation.manager.family.is_of_system();
        let of_release = ["dist-upgrade", "full-upgrade", "dup", "distro-sync"];
        if of_system
            && invocation.action == Action::Upgrade
            && invocation.packages.is_empty()
            && !of_release.contains(&invocation.subcommand.value.as_str())
        {
            report
                .at(
                    invocation.span(),
                    format!(
                        "`{}` replaces packages of the base by whatever is newest today",
                        invocation.name()
                    ),
                )
                .help("name a newer base image");
        }
    }
}
