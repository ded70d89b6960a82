use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::Recipe;
use crate::model::dockerfile::Step;
use crate::model::text::{Origin, Text};
use crate::rule::{Check, Report, Rule};
use crate::source::{Span, closest};
use crate::syntax::dockerfile::{Instruction, Keyword};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/undeclared-argument.md"), Check::Dockerfile(check));

/// Bases that set nothing but `PATH`.
const BARE: [&str; 7] =
    ["scratch", "alpine", "debian", "ubuntu", "busybox", "fedora", "amazonlinux"];

/// No real stage is built on so many others that each look through what all before them set.
const MAX_LINE: usize = 32;

/// Among how many names one is looked for that was meant.
const NEAR: usize = 100;

fn check<'a>(recipe: &'a Recipe, report: &mut Report) {
    let is_before = |one: &&Instruction| one.kind != Keyword::From;
    let before_from = recipe.tree.instructions.iter().take_while(is_before);
    let global: HashMap<&str, Span> = before_from
        .flat_map(|one| one.arguments.pairs())
        .map(|pair| (pair.key.value.as_str(), pair.key.span))
        .collect();
    // What a variable holds is read again wherever the variable is used.
    let mut seen = HashSet::new();
    for (index, stage) in recipe.build.stages.iter().enumerate() {
        let line = std::iter::successors(Some(index), |stage| recipe.build.below(*stage));
        let line: Vec<usize> = line.take(MAX_LINE + 1).collect();
        if line.len() > MAX_LINE {
            continue;
        }
        let base = recipe.build.base_image(index);
        let is_bare = base.is_some_and(|base| BARE.contains(&base.familiar()));
        // All that those before it set, and the stage up to here; what it sets at last.
        let names = |step: &'a Step| step.pairs.iter().map(|(key, _)| (key.value(), key.span()));
        let inherited = line.iter().skip(1).flat_map(|before| &recipe.build.stages[*before].steps);
        let mut set: BTreeSet<&str> = inherited.flat_map(names).map(|(name, _)| name).collect();
        let last = stage.steps.iter().enumerate();
        let last: HashMap<&str, (usize, Span)> = last
            .flat_map(|(at, step)| names(step).map(move |(name, span)| (name, (at, span))))
            .collect();
        for (at, step) in stage.steps.iter().enumerate() {
            let values = step.pairs.iter().filter_map(|(_, value)| value.as_deref());
            let texts: Vec<&Text> = step.words.iter().chain(values).collect();
            for part in texts.iter().flat_map(|text| text.parts()) {
                let (Origin::Unknown { name } | Origin::Variable { name, defined: None }) =
                    &part.origin
                else {
                    continue;
                };
                let is_own = last.get(name.as_str()).is_some_and(|(own, _)| {
                    *own == at || *own > at && names(step).any(|(key, _)| key == name)
                });
                let is_set = is_own || set.contains(name.as_str()) || is_given(name);
                if is_set || !seen.insert((index, part.span)) {
                    continue;
                }
                let empty = format!("`{name}` is empty here: the stage does not declare it");
                let near = || closest(name, set.iter().copied().take(NEAR));
                if let Some(declared) = global.get(name.as_str()) {
                    report
                        .at(part.span, empty)
                        .help(format!("put `ARG {name}` into the stage, before this line"))
                        .also(*declared, "this one is for `FROM` lines only");
                } else if is_platform(name) {
                    report
                        .at(part.span, empty)
                        .help(format!("put `ARG {name}` into the stage, before this line"));
                } else if let Some((_, later)) = last.get(name.as_str()) {
                    report
                        .at(part.span, format!("`{name}` is empty here: it is set only below"))
                        .help("set it before this line")
                        .also(*later, "set here");
                } else if let Some(near) = near() {
                    report
                        .at(part.span, format!("nothing sets `{name}`"))
                        .help(format!("did you mean `{near}`?"));
                } else if is_bare {
                    report
                        .at(part.span, format!("`{name}` is empty: nothing sets it"))
                        .help(format!("declare it: `ARG {name}`"));
                }
            }
            set.extend(names(step).map(|(name, _)| name));
        }
    }
}

/// What the builder knows without an `ARG`, or every image has.
fn is_given(name: &str) -> bool {
    name == "PATH"
        || name.contains(':')
        || name.to_ascii_lowercase().ends_with("_proxy")
        || name == "HOME"
}

/// What the builder gives to whoever declares it.
fn is_platform(name: &str) -> bool {
    let rest = name.strip_prefix("TARGET").or(name.strip_prefix("BUILD"));
    rest.is_some_and(|rest| matches!(rest, "PLATFORM" | "OS" | "ARCH" | "VARIANT"))
}
