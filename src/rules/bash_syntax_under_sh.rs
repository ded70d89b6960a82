use std::cell::LazyCell;

use crate::model::run::{Mark, Run};
use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::shell::{Context, Dialect, Kind, Node, PartKind, Word};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/bash-syntax-under-sh.md"), Check::Dockerfile(check));

/// Commands that bash brings, and dash does not.
const BUILTINS: [&str; 5] = ["declare", "popd", "pushd", "shopt", "source"];

fn check(recipe: &Recipe, report: &mut Report) {
    let replaced = LazyCell::new(|| replaced(recipe));
    let is_dash = |run: &Run, context: Context| {
        let base = recipe.build.base_image(run.stage);
        context.shell.dialect == Dialect::Posix
            && base.is_some_and(|base| base.sh() == Some(Dialect::Dash))
            && run.step < replaced[run.stage]
    };
    for Call { run, site, program } in recipe.calls_of(&BUILTINS) {
        if is_dash(run, site.context) {
            say(report, program.word.span, &program.name);
        }
    }
    for Call { run, site, program } in recipe.calls_of(&["set"]) {
        let is_option = |pair: &&[Word]| {
            let flag = pair[0].prefix();
            flag.starts_with('-') && flag.ends_with('o') && pair[1].prefix() == "pipefail"
        };
        if let Some(pair) = program.arguments.windows(2).find(is_option)
            && is_dash(run, site.context)
            && recipe.build.base_image(run.stage).is_some_and(|base| base.lacks_pipefail())
        {
            say(report, pair[1].span, "pipefail");
        }
    }
    for (run, site) in recipe.commands_with(Mark::Expansion) {
        let mut words = site.command.words.iter();
        if let Some((word, what)) = words.find_map(|word| Some((word, of_bash(word)?)))
            && site.command.program().is_some()
            && is_dash(run, site.context)
        {
            say(report, word.span, what);
        }
    }
    for run in recipe.runs_with(Mark::Pipeline) {
        for (pipeline, context) in run.script.pipelines() {
            for node in &pipeline.commands {
                if let Node::Compound(compound) = node
                    && compound.kind == Kind::Test
                    && is_dash(run, *context)
                {
                    say(report, compound.span, "[[");
                }
            }
        }
    }
}

/// What dash does not expand in a word.
fn of_bash(word: &Word) -> Option<&'static str> {
    word.parts.iter().find_map(|part| match &part.kind {
        PartKind::Process(_) => Some("<(…)"),
        // dash makes a directory of that name.
        PartKind::Literal(text) if !part.quoted => {
            let (before, rest) = text.split_once('{')?;
            let (inside, _) = rest.split_once('}')?;
            let is_list = inside.contains(',') || inside.contains("..");
            let is_path = text.contains('/') && !before.ends_with('$');
            (is_list && is_path && !inside.contains(['{', '"', ' '])).then_some("{a,b}")
        }
        PartKind::Variable(variable) => {
            matches!(variable.operator, "/" | "//" | "^" | "^^" | "," | ",,").then_some("${…/…}")
        }
        _ => None,
    })
}

fn say(report: &mut Report, span: Span, what: &str) {
    report
        .at(span, format!("`{what}` is bash's, and `sh` is dash here"))
        .help("write it as `sh` reads it, or set `SHELL [\"/bin/bash\", \"-c\"]`");
}

/// For each stage, the step from which on `/bin/sh` is something else.
fn replaced(recipe: &Recipe) -> Vec<usize> {
    let mut replaced = vec![usize::MAX; recipe.build.stages.len()];
    for (run, site) in recipe.commands() {
        let names = |word: &Word| matches!(&*word.prefix(), "/bin/sh" | "dash");
        if site.command.words.iter().any(names) {
            replaced[run.stage] = replaced[run.stage].min(run.step + 1);
        }
    }
    for stage in 0..replaced.len() {
        if recipe.build.below(stage).is_some_and(|below| replaced[below] != usize::MAX) {
            replaced[stage] = 0;
        }
    }
    replaced
}
