//! Dockerfiles within Compose files: where they stand, and how to read them there.

use std::collections::BTreeSet;

use crate::source::{SourceFile, Span};
use crate::syntax::yaml::{Node, Style, Tree};

/// A Dockerfile within another file.
pub struct Part {
    pub span: Span,
    /// How far it is indented, in bytes.
    pub margin: usize,
    /// The file, with Compose's escapes taken away; its places are the same.
    pub file: SourceFile,
}

/// What every `dockerfile_inline` of a Compose file says, if it is a literal block: in it text
/// and source are the same line by line. One that Compose interpolates is left out.
pub fn parts(file: &SourceFile, tree: &Tree) -> Vec<Part> {
    let mut seen = BTreeSet::new();
    tree.documents()
        .filter_map(|document| document.root(tree).get("services"))
        .flat_map(Node::entries)
        .filter_map(|service| service.value.at(&["build", "dockerfile_inline"]))
        .filter(|node| node.style() == Some(Style::Literal))
        .filter_map(|node| part(file, node.text()?.span))
        .filter(|part| seen.insert(part.span))
        .collect()
}

fn part(file: &SourceFile, span: Span) -> Option<Part> {
    let line = file.line_span(file.line(span.start))?;
    let text = file.text_at(line);
    let margin = text.len() - text.trim_start_matches(' ').len();
    let span = Span { start: line.start, ..span };
    let file = unescaped(file, span)?;
    Some(Part { span, margin, file })
}

/// The file with ` $` for each `$$` in the span; `None` if Compose puts anything else there, or
/// if the blank would part a word.
fn unescaped(file: &SourceFile, span: Span) -> Option<SourceFile> {
    if !file.text_at(span).contains('$') {
        return Some(file.clone());
    }
    let mut text = file.text.to_string();
    let mut at = span.start as usize;
    while let Some(found) = text[at..span.end as usize].find('$') {
        at += found;
        let parts = text[..at].ends_with(|c: char| c.is_alphanumeric() || "/:-._@".contains(c));
        if !text[at..].starts_with("$$") || parts {
            return None;
        }
        text.replace_range(at..at + 2, " $");
        at += 2;
    }
    Some(file.with_text(text))
}
