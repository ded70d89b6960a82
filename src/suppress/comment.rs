//! `# plimsoll: ignore[rule-a, rule-b] reason`.

use crate::model::Document;
use crate::source::{Edit, SourceFile, Span};
use crate::syntax::Comment;

use super::scope::Nodes;
use super::{Name, Suppression, Suppressions, foreign, rules_of};

/// Reads the comments of a file, ours and those of other tools.
pub fn read(file: &SourceFile, document: &Document, nodes: &Nodes, into: &mut Suppressions) {
    for comment in &document.comments {
        let text = file.text_at(comment.span);
        match word(text) {
            Some(at) => own(file, *comment, at, nodes, into),
            None => foreign::comment(file, *comment, nodes, into),
        }
    }
}

/// Where the text behind `plimsoll:` starts in a comment that speaks to plimsoll. Other text, and
/// another `#`, may stand before it.
fn word(text: &str) -> Option<usize> {
    text.match_indices("plimsoll:")
        .find(|(at, _)| text[..*at].trim_end().ends_with('#'))
        .map(|(at, word)| at + word.len())
}

/// Where the list of a comment ends that is of this kind, `ignore` or `ignore-file`, and names
/// rules.
pub fn names_end(text: &str, kind: &str) -> Option<usize> {
    let rest = text[word(text)?..].trim_start();
    let list = rest.strip_prefix(kind)?.strip_prefix('[')?;
    let (names, behind) = list.split_once(']')?;
    (!names.trim().is_empty()).then_some(text.len() - behind.len() - 1)
}

fn own(file: &SourceFile, comment: Comment, at: usize, nodes: &Nodes, into: &mut Suppressions) {
    let text = file.text_at(comment.span);
    let rest = text[at..].trim_start();
    let start = text.len() - rest.len();
    if rest.starts_with("environment=") {
        return;
    }
    let kind =
        &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len())];
    let is_file = match kind {
        "ignore" => false,
        "ignore-file" => true,
        _ => {
            let help = "write `ignore[rule] reason`, `ignore-file[rule] reason` \
                        or `environment=development`";
            let message = "this says nothing that plimsoll understands".to_owned();
            into.malformed.push((comment.span, message, Some(help.to_owned())));
            return;
        }
    };
    let Some((names, reason)) =
        rest[kind.len()..].strip_prefix('[').and_then(|list| list.split_once(']'))
    else {
        let message = format!("`{kind}` names no rules, so nothing is silenced");
        let help = format!("write `{kind}[rule] reason`");
        into.malformed.push((comment.span, message, Some(help)));
        return;
    };
    if is_file && nodes.first.is_some_and(|first| first < comment.span.start) {
        let message = "`ignore-file` stands below the top of the file, so nothing is silenced";
        let help = "move it above everything else";
        into.malformed.push((comment.span, message.to_owned(), Some(help.to_owned())));
        return;
    }
    let whole = Span::new(file.id, 0, file.text.len());
    let scope = if is_file { Some(whole) } else { nodes.under(file, comment, true) };
    // What stands on nothing can silence nothing: it is told as unused.
    let scope = scope.unwrap_or(Span { start: comment.span.end, ..comment.span });
    let list = comment.span.part(start + kind.len() + 1..start + kind.len() + 1 + names.len());
    into.all.push(Suppression {
        span: comment.span,
        scope,
        names: listed(file, list, &mut into.malformed),
        reason: !reason.trim_matches(|c: char| !c.is_alphanumeric()).is_empty(),
        own: true,
        removal: Some(Edit { span: removal(file, comment), text: String::new() }),
    });
}

/// The names of a list between commas; those that are no rule's are told.
pub(super) fn listed(
    file: &SourceFile,
    list: Span,
    malformed: &mut Vec<(Span, String, Option<String>)>,
) -> Vec<Name> {
    let text = file.text_at(list);
    let mut names = Vec::new();
    let mut at = 0;
    for part in text.split_inclusive(',') {
        let name = part.trim_end_matches(',').trim();
        let start = at + part.find(name).unwrap_or_default();
        let span = list.part(start..start + name.len());
        // With the comma behind it, or, at the end, the one before it.
        let is_last = at + part.len() == text.len();
        let from = if is_last { text[..at].trim_end_matches([',', ' ']).len() } else { start };
        let to = if is_last {
            start + name.len()
        } else {
            let behind = &text[at + part.len()..];
            at + part.len() + (behind.len() - behind.trim_start().len())
        };
        at += part.len();
        match rules_of(name) {
            Ok(rules) => {
                let removal = Edit { span: list.part(from..to), text: String::new() };
                names.push(Name { span, rules, removal });
            }
            Err(help) => {
                let message = if name.is_empty() {
                    "no rule is named here".to_owned()
                } else {
                    format!("there is no rule `{name}`, so nothing is silenced")
                };
                malformed.push((span, message, help));
            }
        }
    }
    names
}

/// A comment with the blanks before it, or, if it has its line for itself, the whole line.
fn removal(file: &SourceFile, comment: Comment) -> Span {
    let line = file.line(comment.span.start);
    let Some(span) = file.line_span(line) else { return comment.span };
    if comment.own_line {
        let end = file.line_span(line + 1).map_or(file.text.len() as u32, |next| next.start);
        return Span { end, ..span };
    }
    let before = file.text_at(Span { end: comment.span.start, ..span });
    Span { start: span.start + before.trim_end().len() as u32, ..comment.span }
}
