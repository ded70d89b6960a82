use std::cell::LazyCell;

use crate::knowledge::packages::{Action, Family};
use crate::model::Recipe;
use crate::model::run::Mark;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/stale-package-index.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for run in recipe.runs_with(Mark::Invocation) {
        let calls = || run.invocations().map(|(_, call)| call);
        let is_kept = recipe.step(run).mounts.iter().any(|mount| mount.kind == "cache");
        let used: LazyCell<Vec<Family>, _> = LazyCell::new(|| {
            let mut used = Vec::new();
            for call in calls() {
                let uses = !matches!(call.action, Action::Refresh | Action::Clean | Action::Other);
                if uses && !used.contains(&call.manager.family) {
                    used.push(call.manager.family);
                }
            }
            used
        });
        // A script or a variable may install what the index is for.
        let unknown = LazyCell::new(|| {
            run.script.commands().any(|site| {
                let installs = |name: &str| {
                    const TOOLS: [&str; 5] =
                        ["puppet", "ansible", "ansible-playbook", "make", "rosdep"];
                    name.ends_with(".sh") || TOOLS.contains(&name)
                };
                site.command.program().is_none_or(|program| installs(&program.name))
                    && !site.command.words.is_empty()
            })
        });
        for call in calls().filter(|call| call.action == Action::Refresh && !is_kept) {
            let family = call.manager.family;
            let of_system = family.is_of_system();
            if !of_system || used.contains(&family) || *unknown {
                continue;
            }
            let name = call.name();
            report
                .at(
                    call.span(),
                    format!("`{name}` alone in its layer: later installs use a stale index"),
                )
                .help("install in the same `RUN`");
        }
    }
}
