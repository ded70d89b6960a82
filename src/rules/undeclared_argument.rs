use crate::model::Recipe;
use crate::model::text::{Origin, Text};
use crate::rule::{Check, Report, Rule};
use crate::source::{Span, closest};
use crate::syntax::dockerfile::{Instruction, Keyword};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/undeclared-argument.md"), Check::Dockerfile(check));

/// Bases that set nothing but `PATH`.
const BARE: [&str; 7] =
    ["scratch", "alpine", "debian", "ubuntu", "busybox", "fedora", "amazonlinux"];

fn check(recipe: &Recipe, report: &mut Report) {
    let is_before = |one: &&Instruction| one.kind != Keyword::From;
    let before_from = recipe.tree.instructions.iter().take_while(is_before);
    let global: Vec<_> =
        before_from.flat_map(|one| one.arguments.pairs()).map(|pair| &pair.key).collect();
    for (index, stage) in recipe.build.stages.iter().enumerate() {
        let line = recipe.build.line(index);
        let base = recipe.build.base_image(index);
        let is_bare = base.is_some_and(|base| BARE.contains(&base.familiar()));
        // All that the stage sets, and those before it: name, place, whether it comes to it.
        let mut set: Vec<(&str, Span)> = Vec::new();
        for before in line.iter().skip(1) {
            let steps = recipe.build.stages[*before].steps.iter();
            set.extend(
                steps.flat_map(|step| &step.pairs).map(|(key, _)| (key.value(), key.span())),
            );
        }
        for (at, step) in stage.steps.iter().enumerate() {
            let values = step.pairs.iter().filter_map(|(_, value)| value.as_deref());
            let texts: Vec<&Text> = step.words.iter().chain(values).collect();
            for part in texts.iter().flat_map(|text| text.parts()) {
                let (Origin::Unknown { name } | Origin::Variable { name, defined: None }) =
                    &part.origin
                else {
                    continue;
                };
                let own = step.pairs.iter().map(|(key, _)| key.value());
                let is_set = set.iter().map(|(key, _)| *key).chain(own).any(|key| key == name);
                if is_set || is_given(name) {
                    continue;
                }
                let empty = format!("`{name}` is empty here: the stage does not declare it");
                let later = stage.steps[at + 1..].iter().flat_map(|step| &step.pairs);
                let later = later.into_iter().find(|(key, _)| key.value() == name);
                let near = closest(name, set.iter().map(|(key, _)| *key));
                if let Some(declared) = global.iter().find(|key| key.value == *name) {
                    report
                        .at(part.span, empty)
                        .help(format!("put `ARG {name}` into the stage, before this line"))
                        .also(declared.span, "this one is for `FROM` lines only");
                } else if is_platform(name) {
                    report
                        .at(part.span, empty)
                        .help(format!("put `ARG {name}` into the stage, before this line"));
                } else if let Some((key, _)) = later {
                    report
                        .at(part.span, format!("`{name}` is empty here: it is set only below"))
                        .help("set it before this line")
                        .also(key.span(), "set here");
                } else if let Some(near) = near {
                    report
                        .at(part.span, format!("nothing sets `{name}`"))
                        .help(format!("did you mean `{near}`?"));
                } else if is_bare {
                    report
                        .at(part.span, format!("`{name}` is empty: nothing sets it"))
                        .help(format!("declare it: `ARG {name}`"));
                }
            }
            set.extend(step.pairs.iter().map(|(key, _)| (key.value(), key.span())));
        }
    }
}

/// What the builder knows without an `ARG`, or every image has.
fn is_given(name: &str) -> bool {
    name == "PATH" || name.to_ascii_lowercase().ends_with("_proxy") || name == "HOME"
}

/// What the builder gives to whoever declares it.
fn is_platform(name: &str) -> bool {
    let rest = name.strip_prefix("TARGET").or(name.strip_prefix("BUILD"));
    rest.is_some_and(|rest| matches!(rest, "PLATFORM" | "OS" | "ARCH" | "VARIANT"))
}
