//! Variables of `FROM` that no `ARG` declares: they are empty, and nobody can give them a value.

use crate::source::{Spanned, closest};
use crate::syntax::dockerfile::word::{self, Modifier, Part, Variable};
use crate::syntax::dockerfile::{File, Instruction, Keyword, Word};

use super::Build;

/// Arguments that the builder gives of itself.
const GIVEN: [&str; 8] = [
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];

/// A variable that is always empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeclared {
    pub variable: Spanned<String>,
    /// A name that is declared, and differs by a letter or two.
    pub near: Option<String>,
}

/// The variables in the base and the platform of every `FROM` that no `ARG` before the first one
/// declares, and that have no default of their own.
pub fn undeclared(file: &File, build: &Build) -> Vec<Undeclared> {
    let mut declared: Vec<&str> = GIVEN.to_vec();
    let is_argument = |one: &&Instruction| one.kind == Keyword::Arg;
    for one in build.ahead(file).iter().filter(is_argument) {
        declared.extend(one.arguments.pairs().iter().map(|pair| pair.key.value.as_str()));
    }
    let mut found = Vec::new();
    for from in build.stages.iter().map(|stage| &file.instructions[stage.instruction]) {
        let platform = from.flag("platform").and_then(|flag| flag.value.as_ref());
        let words = platform.into_iter().chain(from.arguments.words().first());
        for word in words.filter(|word| word.value.contains('$')) {
            let parts = word::parse(&word.value, 0..word.value.len(), file.escape);
            collect(&parts, &mut |variable| {
                let name = &word.value[variable.name.clone()];
                if !declared.contains(&name) {
                    let near = closest(name, declared.iter().copied()).map(str::to_owned);
                    let variable = place(from, word, variable, name);
                    found.push(Undeclared { variable, near });
                }
            });
        }
    }
    found
}

/// Hands on every variable whose value counts as it is.
fn collect(parts: &[Part], found: &mut impl FnMut(&Variable)) {
    for part in parts {
        let Part::Variable(variable) = part else { continue };
        match &variable.modifier {
            Some(Modifier::Default { word, .. } | Modifier::Alternative { word, .. }) => {
                collect(word, found);
            }
            _ => found(variable),
        }
    }
}

fn place(from: &Instruction, word: &Word, variable: &Variable, name: &str) -> Spanned<String> {
    let is_verbatim = from.logical.text().get(word.range.clone()) == Some(&word.value);
    let span = if is_verbatim {
        let start = word.range.start;
        from.logical.span(start + variable.range.start, start + variable.range.end)
    } else {
        word.span
    };
    Spanned::new(name.to_owned(), span)
}
