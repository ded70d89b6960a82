use crate::model::Recipe;
use crate::model::command::Command;
use crate::model::container::Healthcheck;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-healthcheck-tool.md"), Check::Dockerfile(check));

const TOOLS: &[&str] = &["curl", "wget", "nc", "bash"];

fn check(recipe: &Recipe, report: &mut Report) {
    let Some(target) = recipe.shipped() else { return };
    let Some(healthcheck) = recipe.build.image(target).settings.healthcheck else { return };
    let Healthcheck::Command(command) = &healthcheck.value else { return };
    let Some(base) = recipe.build.base_image(target) else { return };
    if base.is_bare() && matches!(command, Command::Shell { .. }) {
        let base = base.familiar();
        report.at(healthcheck.span, format!("a shell is to run this, and `{base}` has none"));
        return;
    }
    let Some(line) = command.line() else { return };
    let Some(program) = line.split_whitespace().next() else { return };
    let tool = program.rsplit('/').next().unwrap_or(program);
    let lacks = base.is_bare() || base.lacks(tool);
    if TOOLS.contains(&tool) && lacks && !recipe.brings(target, tool) {
        let base = base.familiar();
        report
            .at(healthcheck.span, format!("`{tool}` is not in `{base}`, and nothing brings it"))
            .help("let the program check itself, or install the tool");
    }
}
