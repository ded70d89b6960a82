use crate::model::Workspace;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-build-target.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for (_, build, recipe) in workspace.builds() {
        let Some(target) = &build.target else { continue };
        let Some(wanted) = target.known().filter(|wanted| !wanted.is_empty()) else { continue };
        let stages = &recipe.build.stages;
        let is_number = wanted.parse::<usize>().is_ok_and(|number| number < stages.len());
        let names = || stages.iter().filter_map(|stage| stage.name.as_ref());
        let known = names().any(|name| name.value.eq_ignore_ascii_case(wanted));
        if known || is_number || stages.is_empty() {
            continue;
        }
        let path = build.dockerfile.as_deref().unwrap_or("the Dockerfile");
        let finding = report.at(target.span(), format!("`{path}` has no stage `{wanted}`"));
        let all: Vec<String> = names().map(|name| format!("`{}`", name.value)).collect();
        if all.is_empty() {
            finding.help("none of its stages has a name");
        } else {
            finding.help(format!("it has {}", all.join(", ")));
        }
        finding.also(stages[0].from, "the Dockerfile that is built");
    }
}
