//! Names in a Dockerfile: stages and variables.

use crate::model::Recipe;
use crate::model::dockerfile::Base;
use crate::source::{Span, Spanned};
use crate::syntax::dockerfile::{Instruction, Keyword, Pair};

use super::Place;

/// Where that is defined which is named at a place of a Dockerfile.
pub fn named(text: &str, recipe: &Recipe, at: Place) -> Option<Span> {
    match stage_named(recipe, at) {
        Some((_, stage)) => name_of(recipe, stage),
        None => variable_named(text, recipe, at),
    }
}

/// The stage that is named at a place, and the words that name it: by a `FROM`, a `COPY --from`
/// or a mount.
pub fn stage_named(recipe: &Recipe, at: Place) -> Option<(Span, usize)> {
    let stages = &recipe.build.stages;
    for (number, stage) in stages.iter().enumerate() {
        if let Base::Stage { index, span } = stage.base
            && at.is_in(span)
        {
            return Some((span, index));
        }
        for step in stage.steps.iter().filter(|step| !step.triggered) {
            let instruction = step.instruction(&recipe.tree);
            if !at.is_in(instruction.span) {
                continue;
            }
            let from = instruction.flag("from").and_then(|flag| flag.value.as_ref());
            if let Some(from) = from.filter(|from| at.is_in(from.span)) {
                return Some((from.span, step.from_stage?));
            }
            let mounts = step.mounts.iter().filter_map(|mount| mount.from.as_ref());
            let from = mounts.into_iter().find(|from| at.is_in(from.span))?;
            return Some((from.span, stage_of(recipe, &from.value, number)?));
        }
    }
    None
}

/// The stage before `before` of a name or a number.
pub fn stage_of(recipe: &Recipe, name: &str, before: usize) -> Option<usize> {
    let stages = &recipe.build.stages[..before];
    let is_it = |it: &Spanned<String>| it.value.eq_ignore_ascii_case(name);
    let named = stages.iter().rposition(|stage| stage.name.as_ref().is_some_and(is_it));
    named.or_else(|| name.parse().ok().filter(|number| *number < before))
}

/// The name of a stage, or all of its `FROM`.
pub fn name_of(recipe: &Recipe, stage: usize) -> Option<Span> {
    let stage = recipe.build.stages.get(stage)?;
    Some(stage.name.as_ref().map_or(stage.from, |name| name.span))
}

/// The `ARG` or `ENV` that sets the variable at a place.
fn variable_named(text: &str, recipe: &Recipe, at: Place) -> Option<Span> {
    let instructions = &recipe.tree.instructions;
    let first = instructions.iter().position(|one| one.kind == Keyword::From)?;
    let index = instructions.iter().position(|one| at.is_in(one.span))?;
    let global = |name: &str| {
        let mut pairs = instructions[..first].iter().rev().flat_map(|one| one.arguments.pairs());
        pairs.find(|pair| pair.key.value == name).map(|pair| pair.key.span)
    };
    let own = &instructions[index];
    let mut bare = own.arguments.pairs().iter().filter(|pair| pair.value.is_none());
    if let Some(pair) = bare.find(|pair| at.is_in(pair.key.span)) {
        return global(&pair.key.value).filter(|_| index > first);
    }
    let name = variable_at(text, at.offset as usize)?;
    if index <= first || own.kind == Keyword::From {
        return global(name);
    }
    let stages = &recipe.build.stages;
    let mut stage = stages.partition_point(|stage| stage.instruction < index).checked_sub(1)?;
    let (mut end, mut kinds) = (index, &[Keyword::Arg, Keyword::Env][..]);
    loop {
        let from = stages.get(stage)?.instruction;
        let sets = |one: &&Instruction| kinds.contains(&one.kind);
        let is_it = |pair: &&Pair| pair.key.value == name;
        let mut lines = instructions.get(from..end)?.iter().rev().filter(sets);
        if let Some(pair) = lines.find_map(|one| one.arguments.pairs().iter().rfind(is_it)) {
            return Some(pair.key.span);
        }
        // A stage has from another what that sets for good.
        let Base::Stage { index: base, .. } = stages[stage].base else { return None };
        end = stages.get(base + 1).map_or(instructions.len(), |next| next.instruction);
        (stage, kinds) = (base, &[Keyword::Env]);
    }
}

/// The name of the variable, `$V` or `${V…}`, that stands at an offset.
fn variable_at(text: &str, offset: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let opening = bytes[offset..].iter().take_while(|byte| matches!(byte, b'$' | b'{')).count();
    let offset = offset + opening;
    let start = bytes[..offset].iter().rposition(|byte| !is_word(byte))? + 1;
    let end = bytes[offset..].iter().position(|byte| !is_word(byte));
    let end = end.map_or(bytes.len(), |length| offset + length);
    let before = &bytes[..start];
    (start < end && (before.ends_with(b"$") || before.ends_with(b"${"))).then(|| &text[start..end])
}
