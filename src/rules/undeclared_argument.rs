use std::collections::{BTreeSet, HashMap, HashSet};

use crate::knowledge::environments::leaves_unset;
use crate::knowledge::images;
use crate::model::Recipe;
use crate::model::dockerfile::Step;
use crate::model::text::{Origin, Part, Text};
use crate::rule::{Check, Report, Rule};
use crate::source::{Span, closest};
use crate::syntax::dockerfile::{Instruction, Keyword};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/undeclared-argument.md"), Check::Dockerfile(check));

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
        if !stage.expanding.iter().any(|at| has_empty(&stage.steps[*at])) {
            continue;
        }
        let line = std::iter::successors(Some(index), |stage| recipe.build.below(*stage));
        let line: Vec<usize> = line.take(MAX_LINE + 1).collect();
        if line.len() > MAX_LINE {
            continue;
        }
        let base = recipe.build.base_image(index);
        let base = base.map_or("", |base| images::unmirrored(base.familiar()));
        // All that those before it set, and the stage up to here; what it sets at last.
        let names = |step: &'a Step| step.pairs.iter().map(|(key, _)| (key.value(), key.span()));
        let inherited = line.iter().skip(1).flat_map(|before| &recipe.build.stages[*before].steps);
        let mut set: BTreeSet<&str> = inherited.flat_map(names).map(|(name, _)| name).collect();
        let last = stage.steps.iter().enumerate();
        let last: HashMap<&str, (usize, Span)> = last
            .flat_map(|(at, step)| names(step).map(move |(name, span)| (name, (at, span))))
            .collect();
        for (at, step) in stage.steps.iter().enumerate() {
            let is_set = |name: &str| {
                let is_own = last.get(name).is_some_and(|(own, _)| {
                    *own == at || *own > at && names(step).any(|(key, _)| key == name)
                });
                is_own || set.contains(name) || is_given(name)
            };
            let is_unset = |part: &&Part| empty(part).is_some_and(|name| !is_set(name));
            // Of a file within the Dockerfile the first will do.
            let inline = step.files.iter();
            let inline = inline.filter_map(|file| file.content.parts().iter().find(is_unset));
            let mut unset = own_texts(step).filter(is_unset).chain(inline).peekable();
            if unset.peek().is_some() {
                // What a variable holds that is itself empty in part was told where it is set.
                let written = written(step.instruction(&recipe.tree));
                for part in unset {
                    let Some(name) = empty(part) else { continue };
                    if !written.contains(name) || !seen.insert((index, part.span)) {
                        continue;
                    }
                    let is_inline =
                        || step.files.iter().any(|it| it.content.span().contains(part.span));
                    let known = Known { global: &global, set: &set, last: &last, base };
                    known.tell(name, part.span, is_inline, report);
                }
            }
            set.extend(names(step).map(|(name, _)| name));
        }
    }
}

/// What is known where a variable is used.
struct Known<'a> {
    /// The arguments before the first `FROM`.
    global: &'a HashMap<&'a str, Span>,
    /// All that is set up to here.
    set: &'a BTreeSet<&'a str>,
    /// What the stage sets, and where at last.
    last: &'a HashMap<&'a str, (usize, Span)>,
    base: &'a str,
}

impl Known<'_> {
    /// Tells that `name` is empty, where that is sure.
    fn tell(&self, name: &str, at: Span, is_inline: impl Fn() -> bool, report: &mut Report) {
        let empty = format!("`{name}` is empty here: the stage does not declare it");
        let declare = format!("put `ARG {name}` into the stage, before this line");
        let near = || closest(name, self.set.iter().copied().take(NEAR));
        if let Some(declared) = self.global.get(name) {
            let finding = report.at(at, empty).help(declare);
            finding.also(*declared, "this one is for `FROM` lines only");
        } else if is_platform(name) {
            report.at(at, empty).help(declare);
        } else if let Some((_, later)) = self.last.get(name) {
            report
                .at(at, format!("`{name}` is empty here: it is set only below"))
                .help("set it before this line")
                .also(*later, "set here");
        } else if let Some(near) = near() {
            report.at(at, format!("nothing sets `{name}`")).help(format!("did you mean `{near}`?"));
        } else if leaves_unset(self.base, name) {
            let help = match name {
                _ if is_inline() => {
                    "quote the delimiter, `<<'…'`, if the file is to hold the variable".to_owned()
                }
                "HOME" => "write the directory: the builder has no home".to_owned(),
                _ => format!("declare it: `ARG {name}`"),
            };
            report.at(at, format!("`{name}` is empty: nothing sets it")).help(help);
        }
    }
}

/// The variable that a part holds nothing of, as far as the files tell.
fn empty(part: &Part) -> Option<&str> {
    match &part.origin {
        Origin::Unknown { name } | Origin::Variable { name, defined: None } => Some(name),
        _ => None,
    }
}

/// The parts of what stands in an instruction, the files within it apart.
fn own_texts(step: &Step) -> impl Iterator<Item = &Part> {
    let values = step.pairs.iter().filter_map(|(_, value)| value.as_deref());
    let mounts = step.mounts.iter().flat_map(|it| it.source.iter().chain(&it.target));
    let texts = step.words.iter().chain(values).chain(&step.options).chain(mounts);
    texts.flat_map(Text::parts)
}

/// Whether a step has a variable that holds nothing, as far as the step alone tells.
fn has_empty(step: &Step) -> bool {
    let files = step.files.iter().flat_map(|file| file.content.parts());
    own_texts(step).chain(files).any(|part| empty(part).is_some())
}

/// The names of the variables that stand in an instruction and its heredocs.
fn written(instruction: &Instruction) -> HashSet<&str> {
    let bodies = instruction.heredocs.iter().map(|heredoc| heredoc.text.text());
    let texts = std::iter::once(instruction.logical.text()).chain(bodies);
    let length = |text: &str| -> usize {
        let is_name = |c: &char| *c == '_' || c.is_alphanumeric();
        text.chars().take_while(is_name).map(char::len_utf8).sum()
    };
    let behind = texts.flat_map(|text| text.split('$').skip(1));
    let behind = behind.map(|text| text.strip_prefix('{').unwrap_or(text));
    behind
        .map(|text| match text.chars().next() {
            None => "$",
            Some(c) if c == '_' || c.is_alphabetic() => &text[..length(text)],
            // `$1` and `$?` are variables of one character.
            Some(c) => &text[..c.len_utf8()],
        })
        .collect()
}

/// What the builder knows without an `ARG`, or every image has.
fn is_given(name: &str) -> bool {
    name == "PATH" || name.contains(':') || name.to_ascii_lowercase().ends_with("_proxy")
}

/// What the builder gives to whoever declares it.
fn is_platform(name: &str) -> bool {
    let rest = name.strip_prefix("TARGET").or(name.strip_prefix("BUILD"));
    rest.is_some_and(|rest| matches!(rest, "PLATFORM" | "OS" | "ARCH" | "VARIANT"))
}
