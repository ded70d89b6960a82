use std::cell::LazyCell;
use std::collections::HashSet;

use crate::knowledge::packages::{Action, Family};
use crate::model::Recipe;
use crate::model::packages::Invocation;
use crate::model::run::Run;
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;
use crate::syntax::shell::Site;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/development-dependencies.md"), Check::Dockerfile(check));

/// How a package manager is told to leave them out.
struct Tool {
    programs: &'static [&'static str],
    options: &'static [&'static str],
    /// With the value that counts, if not any does.
    variables: &'static [(&'static str, Option<&'static str>)],
    remedy: &'static str,
}

/// From the manual of each.
const TOOLS: &[Tool] = &[
    Tool {
        programs: &["npm"],
        options: &["--omit", "--production", "--only", "--prod"],
        variables: &[
            ("NODE_ENV", Some("production")),
            ("NPM_CONFIG_OMIT", None),
            ("npm_config_omit", None),
            ("NPM_CONFIG_PRODUCTION", None),
        ],
        remedy: "add `--omit=dev`",
    },
    Tool {
        programs: &["yarn"],
        options: &["--production", "--prod"],
        variables: &[("NODE_ENV", Some("production"))],
        remedy: "add `--production`",
    },
    Tool {
        programs: &["pnpm"],
        options: &["--prod", "-P", "--production"],
        variables: &[("NODE_ENV", Some("production"))],
        remedy: "add `--prod`",
    },
    Tool {
        programs: &["composer"],
        options: &["--no-dev"],
        variables: &[("COMPOSER_NO_DEV", Some("1"))],
        remedy: "add `--no-dev`",
    },
    Tool {
        programs: &["bundle"],
        options: &["--without"],
        variables: &[("BUNDLE_WITHOUT", None), ("BUNDLE_ONLY", None)],
        remedy: "set `BUNDLE_WITHOUT=development:test`",
    },
    Tool {
        programs: &["poetry"],
        options: &["--only", "--without", "--no-dev", "--only-root"],
        variables: &[],
        remedy: "add `--only main`",
    },
];

fn check(recipe: &Recipe, report: &mut Report) {
    for run in carried(recipe) {
        let calls = run.invocations().filter(|(_, call)| call.action == Action::InstallProject);
        for (site, invocation) in calls {
            judge(recipe, run, &site, invocation, report);
        }
    }
    let shipped = recipe.shipped().map(|target| recipe.build.settings(target));
    let starts = shipped.iter().flat_map(|settings| [&settings.entrypoint, &settings.command]);
    let lines = starts.flatten().filter_map(|command| command.value.line());
    let is_started = lines.into_iter().any(|line| line.split_whitespace().any(is_of_development));
    // They build the program there, and may go again.
    let needs_them = LazyCell::new(|| {
        let mut shipped = recipe.commands().filter(|(run, _)| recipe.ships(run.stage));
        is_started
            || shipped.any(|(_, site)| {
                site.command.words.iter().any(|word| is_of_development(&word.prefix()))
            })
    });
    for (run, site, invocation) in recipe.invocations().filter(|(run, ..)| recipe.ships(run.stage))
    {
        let files = invocation.values(&["-r", "--requirement", "--requirements"]);
        let of_development = |file: &&str| {
            let name = file.rsplit('/').next().unwrap_or(file);
            let stem = name.split('.').next().unwrap_or(name);
            stem.split(['-', '_']).any(|word| matches!(word, "dev" | "develop" | "development"))
        };
        if let (Family::Python, Some(file)) =
            (invocation.manager.family, files.into_iter().find(of_development))
        {
            report
                .at(invocation.program.span, format!("`{file}` brings what only developers need"))
                .help("install what the program itself needs");
            continue;
        }
        // In a branch it is for some builds only.
        if invocation.action != Action::InstallProject || site.context.branch || *needs_them {
            continue;
        }
        judge(recipe, run, &site, invocation, report);
    }
}

/// Tells an install that brings what only developers need.
fn judge(recipe: &Recipe, run: &Run, site: &Site, invocation: &Invocation, report: &mut Report) {
    let is_it = |tool: &&Tool| tool.programs.contains(&invocation.program.value.as_str());
    let Some(tool) = TOOLS.iter().find(is_it) else { return };
    let is_told = invocation.has(tool.options)
        || invocation.has(&["-g", "--global"])
        || tool.variables.iter().any(|(name, value)| {
            let fits = |it: &str| value.is_none_or(|value| value == it);
            site.command
                .environment()
                .any(|(key, it)| key == *name && it.is_none_or(|it| fits(&it)))
                || recipe.env_before(run, name).is_some_and(fits)
                || recipe.env_of(run.stage, name).is_some_and(|it| it.known().is_none_or(fits))
        });
    if !is_told {
        let message = format!("`{}` installs what only developers need, too", invocation.name());
        report.at(invocation.span(), message).help(tool.remedy);
    }
}

/// The steps of other stages whose `node_modules` the image that ships takes as they are.
fn carried(recipe: &Recipe) -> Vec<&Run> {
    let is_modules = |source: &Text| {
        source.known().is_some_and(|path| path.trim_end_matches('/').ends_with("/node_modules"))
    };
    let copies =
        recipe.steps_of(&[Keyword::Copy, Keyword::Add]).filter(|(_, stage)| recipe.ships(*stage));
    let copies = copies.filter(|(step, _)| {
        step.words.split_last().is_some_and(|(_, sources)| sources.iter().any(is_modules))
    });
    let mut stages = HashSet::new();
    for from in copies.filter_map(|(step, _)| step.from_stage) {
        let mut below = Some(from);
        while let Some(stage) = below.filter(|stage| stages.insert(*stage)) {
            below = recipe.build.below(stage);
        }
    }
    let runs: Vec<&Run> = recipe.runs.iter().filter(|run| stages.contains(&run.stage)).collect();
    // What is pruned, or installed again, is not what was installed first.
    let mut calls = runs.iter().flat_map(|run| run.invocations());
    let of_node = |call: &Invocation| call.manager.family == Family::Node;
    let installs = runs.iter().flat_map(|run| run.invocations());
    let installs =
        installs.filter(|(_, call)| of_node(call) && call.action == Action::InstallProject);
    let is_pruned = calls.any(|(_, call)| of_node(call) && call.subcommand.value.contains("prune"));
    if is_pruned || installs.count() != 1 { Vec::new() } else { runs }
}

/// Whether a word of a command line names a tool that only developers need, a build among them, or
/// takes such tools away.
fn is_of_development(word: &str) -> bool {
    const WORDS: [&str; 10] = [
        "prune",
        "without",
        "grunt",
        "gulp",
        "gulp.js",
        "webpack",
        "tsc",
        "dist",
        "compile",
        "storybook",
    ];
    word.contains("build") || WORDS.contains(&word.rsplit('/').next().unwrap_or(word))
}
