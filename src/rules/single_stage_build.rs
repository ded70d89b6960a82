use std::collections::HashSet;

use crate::finding::Severity;
use crate::knowledge::compilers;
use crate::knowledge::packages::{Action, Family, build_tool};
use crate::model::container::Part;
use crate::model::dockerfile::Step;
use crate::model::run::Run;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::{FileId, Span};
use crate::syntax::dockerfile::Keyword;
use crate::syntax::shell::Word;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/single-stage-build.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let images = workspace.containers.iter().filter(|container| container.part == Part::Image);
    let run: HashSet<FileId> =
        images.filter(|image| !image.heirs.is_empty()).map(|image| image.file).collect();
    for recipe in workspace.recipes() {
        judge(recipe, run.contains(&recipe.file), report);
    }
}

fn judge(recipe: &Recipe, is_run: bool, report: &mut Report) {
    let build = &recipe.build;
    let Some(target) = recipe.shipped() else { return };
    if !is_run && is_tool(recipe, target) {
        return;
    }
    let line = build.line(target);
    // An image to build on is there to build with.
    if build.settings(target).command.as_ref().is_some_and(|command| command.value.is_prompt()) {
        return;
    }
    let mut signs: Vec<(Span, String)> = Vec::new();
    for run in recipe.runs_of(&line) {
        signs.extend(work(run));
    }
    let sdk = build.base_image(target).and_then(|base| Some((base.span(), base.sdk()?)));
    let (span, message, help) = match (sdk, signs.first()) {
        (Some((span, sdk)), None) => {
            let message = format!("the image that ships carries {}", sdk.carries);
            let (help, severity) = match sdk.runs {
                true => (format!("run it on {}", sdk.instead), Severity::Note),
                false => {
                    (format!("copy the result into a stage on {}", sdk.instead), report.severity())
                }
            };
            report.at(span, message).severity(severity).help(help);
            return;
        }
        (_, None) => return,
        (sdk, Some((span, what))) => {
            let message = format!("{what} in the stage that ships");
            let help = match sdk {
                Some((_, sdk)) => {
                    format!("build in a stage of its own, and ship {}", sdk.instead)
                }
                None => "build in a stage of its own, and copy only the result from it".to_owned(),
            };
            (*span, message, help)
        }
    };
    let finding = report.at(span, message).help(help);
    for (other, what) in signs.iter().skip(1).take(3) {
        finding.also(*other, what.clone());
    }
}

/// Whether an image is there to build with: it starts nothing itself, and is an SDK or holds nothing
/// of a program.
fn is_tool(recipe: &Recipe, target: usize) -> bool {
    let settings = recipe.build.settings(target);
    let base = recipe.build.base_image(target);
    let takes =
        |step: &Step| matches!(step.instruction(&recipe.tree).kind, Keyword::Copy | Keyword::Add);
    settings.entrypoint.is_none()
        && settings.command.is_none()
        && (base.is_some_and(|base| base.sdk().is_some()) || !recipe.leads(target, takes))
}

/// What a `RUN` builds or installs to build with; nothing if it clears that away itself.
fn work(run: &Run) -> Option<(Span, String)> {
    if run.invocations().any(|(_, invocation)| invocation.action == Action::Remove) {
        return None;
    }
    run.calls().find_map(|(site, invocation)| {
        let program = site.command.program()?;
        if let Some(invocation) = invocation {
            let (name, span) = (invocation.name(), invocation.span());
            let compiles = matches!(invocation.manager.family, Family::Cargo | Family::Go)
                && matches!(invocation.action, Action::Install | Action::InstallProject);
            if invocation.action == Action::Build || compiles {
                return Some((span, format!("`{name}` builds")));
            }
            let scripts = program.arguments.iter().filter_map(|word| word.literal());
            if invocation.action == Action::Run && scripts.into_iter().any(|word| word == "build") {
                return Some((span, format!("`{name} build` builds")));
            }
            return invocation.packages.iter().find_map(|package| {
                let tool = build_tool(&package.name)?;
                let what = format!("`{}`, {}, is installed", package.name, tool.what);
                (invocation.action == Action::Install).then_some((package.span, what))
            });
        }
        let arguments: Vec<_> = program.arguments.iter().filter_map(Word::literal).collect();
        compilers::is_build(&program.name, arguments.iter().map(AsRef::as_ref))
            .then(|| (program.word.span, format!("`{}` builds", program.name)))
    })
}
