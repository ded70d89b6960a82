use crate::knowledge::packages::{Action, Family};
use crate::model::Recipe;
use crate::model::packages::{Invocation, invocation};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/stale-package-index.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for run in &recipe.runs {
        let sites = run.script.commands();
        let calls: Vec<Invocation> =
            sites.iter().filter_map(|site| invocation(site.command)).collect();
        let is_kept = recipe.step(run).mounts.iter().any(|mount| mount.kind == "cache");
        let uses = |family: Family| {
            calls.iter().any(|call| {
                call.manager.family == family
                    && !matches!(call.action, Action::Refresh | Action::Clean | Action::Other)
            })
        };
        for call in calls.iter().filter(|call| call.action == Action::Refresh && !is_kept) {
            let family = call.manager.family;
            let of_system = family.is_of_system();
            // A script or a variable may install what the index is for.
            let unknown = sites.iter().any(|site| {
                site.command.program().is_none_or(|program| program.name.ends_with(".sh"))
                    && !site.command.words.is_empty()
            });
            if !of_system || uses(family) || unknown {
                continue;
            }
            let name = format!("{} {}", call.program.name, call.subcommand.value);
            report
                .at(
                    call.program.word.span.to(call.subcommand.span),
                    format!("`{name}` alone in its layer: later installs use a stale index"),
                )
                .help("install in the same `RUN`");
        }
    }
}
