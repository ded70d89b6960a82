//! Reads fields of objects as settings: what is written, what a template decides, what is absent.

use crate::source::Spanned;
use crate::syntax::yaml::Node;

use super::super::command::Command;
use super::super::setting::Setting;
use super::super::text::{HOLE, Origin, Text};

/// A scalar's text, if it is plain to read.
pub(super) fn plain(node: Node<'_>) -> Option<&str> {
    known(node).map(|text| text.value)
}

/// A scalar's text and where it stands, if it is plain to read.
pub(super) fn word(node: Node) -> Option<Spanned<String>> {
    known(node).map(|text| Spanned::new(text.value.to_owned(), text.span))
}

/// A scalar's text without anything that a template leaves open, or what Flux, Argo CD or `envsubst`
/// put in.
pub(super) fn known(node: Node<'_>) -> Option<Spanned<&str>> {
    let is_open = |text: &str| {
        !text.is_ascii() && text.contains(HOLE) || text.contains('$') && text.contains("${")
    };
    node.text().filter(|text| !is_open(text.value))
}

/// All scalars of a value in their order, keys included; what is not known is its place.
pub(super) fn flat(node: Node) -> Vec<String> {
    let mut texts = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if let Some(text) = plain(node) {
            texts.push(text.to_owned());
        } else if node.is_scalar() {
            texts.push(format!("{:?}", node.span()));
        }
        let entries = node.entries().into_iter().flat_map(|entry| [entry.key, entry.value]);
        let below: Vec<Node> = node.items().chain(entries).collect();
        open.extend(below.into_iter().rev());
    }
    texts
}

/// Whether a collection may hold more than can be read of it, or whether it is one.
pub(super) fn is_open(node: Node) -> bool {
    node.is_damaged()
        || node.is_half_typed()
        || node.text().is_some_and(|text| text.value.contains(HOLE))
}

/// The entries of a mapping of words, but for what is still being typed.
pub(super) fn pairs(node: Node<'_>) -> impl Iterator<Item = (Spanned<String>, Node<'_>)> {
    let entries = node.entries().into_iter().filter(|entry| !entry.is_half_typed());
    entries.filter_map(|entry| Some((word(entry.key)?, entry.value)))
}

/// A scalar with what a template leaves open in it; `None` for what is no scalar.
pub(super) fn text(node: Node) -> Option<Text> {
    node.text().map(|whole| {
        let mut text = Text::empty(whole.span);
        for (part, span) in node.parts() {
            match part.contains(HOLE) {
                true => text.push_unknown(span, "…"),
                false => text.push(part, span, Origin::Written),
            }
        }
        text
    })
}

pub(super) fn string(node: Option<Node>) -> Setting<String> {
    setting(node, word)
}

pub(super) fn integer(node: Option<Node>) -> Setting<i64> {
    setting(node, Node::integer)
}

pub(super) fn flag(node: Option<Node>) -> Setting<bool> {
    setting(node, Node::truth)
}

/// The string under a mapping's key.
pub(super) fn string_of(mapping: Node, key: &str) -> Setting<String> {
    of(mapping, key, string)
}

pub(super) fn integer_of(mapping: Node, key: &str) -> Setting<i64> {
    of(mapping, key, integer)
}

pub(super) fn flag_of(mapping: Node, key: &str) -> Setting<bool> {
    of(mapping, key, flag)
}

/// The words under a mapping's key, a `command` or its `args`.
pub(super) fn command_of(mapping: Node, key: &str) -> Setting<Command> {
    of(mapping, key, |node| {
        let Some(list) = node.filter(|node| !node.is_null()) else { return Setting::Absent };
        let words: Option<Vec<Text>> = list.items().map(text).collect();
        match words {
            Some(words) if list.is_sequence() && !is_open(list) => {
                Setting::set(Command::Exec(words), list.span())
            }
            _ => Setting::Unresolved(list.span()),
        }
    })
}

/// What `read` finds in the mapping under a key, if that is there.
pub(super) fn within<T>(mapping: Node, key: &str, read: impl Fn(Node) -> Setting<T>) -> Setting<T> {
    inside(&held(mapping, key), read)
}

/// What `read` finds in a mapping, if that is there.
pub(super) fn inside<T>(held: &Setting<Node>, read: impl Fn(Node) -> Setting<T>) -> Setting<T> {
    match held {
        Setting::Set(node) => read(node.value),
        Setting::Unresolved(span) => Setting::Unresolved(*span),
        Setting::Absent | Setting::NotApplicable => Setting::Absent,
    }
}

/// The mapping under a mapping's key.
pub(super) fn held<'t>(mapping: Node<'t>, key: &str) -> Setting<Node<'t>> {
    let is_mapping = mapping.is_mapping() || mapping.is_null();
    match mapping.get(key) {
        None if !is_mapping || mapping.may_have(key) => Setting::Unresolved(mapping.span()),
        None => Setting::Absent,
        Some(node) => Setting::set(node, node.span()),
    }
}

/// What `read` makes of the value under `key`; not absent where the mapping may hold more.
fn of<T>(mapping: Node, key: &str, read: impl Fn(Option<Node>) -> Setting<T>) -> Setting<T> {
    match held(mapping, key) {
        Setting::Set(node) => read(Some(node.value)),
        Setting::Unresolved(span) => Setting::Unresolved(span),
        Setting::Absent | Setting::NotApplicable => read(None),
    }
}

fn setting<'t, T>(
    node: Option<Node<'t>>,
    read: impl Fn(Node<'t>) -> Option<Spanned<T>>,
) -> Setting<T> {
    match node {
        None => Setting::Absent,
        Some(node) => match read(node) {
            Some(value) => Setting::Set(value),
            None if node.is_null() && !node.is_damaged() => Setting::Absent,
            None => Setting::Unresolved(node.span()),
        },
    }
}
