use crate::model::compose::{Build, Value};
use crate::model::run::Mark;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/insecure-build.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for recipe in workspace.recipes() {
        of_steps(recipe, report);
    }
    let services = workspace.services();
    for span in services.filter_map(|service| service.build.as_deref()).flat_map(of_build) {
        report
            .at(span, "the steps of this build may do anything on its machine")
            .help("leave it out, or say which step needs it and why");
    }
}

fn of_steps(recipe: &Recipe, report: &mut Report) {
    for run in recipe.runs_with(Mark::Flag) {
        let instruction = recipe.step(run).instruction(&recipe.tree);
        for (flag, value) in [("security", "insecure"), ("network", "host")] {
            let given = instruction.flag(flag).and_then(|flag| flag.value.as_ref());
            if let Some(given) = given.filter(|given| given.value == value) {
                report
                    .at(given.span, format!("`{value}`: this step runs without the build's walls"));
            }
        }
    }
}

/// Where a build of Compose is given all rights.
fn of_build(build: &Build) -> Vec<Span> {
    let entitlements = build.value.get("entitlements").map(Value::items).unwrap_or_default();
    let insecure = entitlements.iter().filter(|item| item.known() == Some("security.insecure"));
    let privileged = build.value.get("privileged").filter(|value| value.truth().is_true());
    insecure.chain(privileged).map(|value| value.span).collect()
}
