use std::collections::HashMap;

use crate::model::container::Container;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::FileId;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/background-process.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let recipes = workspace.recipes();
    let recipes: HashMap<FileId, &Recipe> = recipes.map(|recipe| (recipe.file, recipe)).collect();
    for container in &workspace.containers {
        let image = container.built_from.as_deref().unwrap_or(container);
        of_container(container, recipes.get(&image.file).copied(), report);
    }
}

fn of_container(container: &Container, recipe: Option<&Recipe>, report: &mut Report) {
    // What an image that is not in view makes of a command is its own affair.
    let is_seen = recipe.is_some() || !container.entrypoint.is_absent();
    if !container.is_long_running() || !container.starts_something() || !is_seen {
        return;
    }
    let Some((ending, span)) = container.ending() else { return };
    let [start] = ending.last.as_slice() else { return };
    let Some(program) = &start.program else { return };
    // Its configuration may keep it.
    let is_kept = |recipe: &Recipe| {
        let brings = |what| recipe.build.target.is_some_and(|target| recipe.brings(target, what));
        matches!(&**program, "nginx" | "openresty")
            && (brings("nginx.conf") || brings("daemon off"))
    };
    if !(start.background || start.leaves()) || recipe.is_some_and(is_kept) {
        return;
    }
    let finding = report
        .at(span, format!("`{program}` goes into the background, and the container stops"))
        .help("start it in the foreground, as its manual says");
    if start.span.file != span.file {
        finding.also(start.span, "here");
    }
}
