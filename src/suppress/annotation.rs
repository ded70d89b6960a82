//! Annotations of Kubernetes objects and pod templates that silence findings.

use crate::model::{Document, Format};
use crate::source::{Edit, SourceFile, Span};
use crate::syntax::yaml::{Entry, Node};

use super::comment::listed;
use super::{Suppression, Suppressions, foreign};

const OWN: &str = "plimsoll.dev/";
const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// Reads the annotations of all objects and pod templates of a file.
pub fn read(file: &SourceFile, document: &Document, into: &mut Suppressions) {
    let Some(tree) = document.yaml().filter(|_| document.format == Format::Kubernetes) else {
        return;
    };
    // Few files have any, and looking for them costs a walk.
    if !foreign::DOMAINS.iter().chain([&OWN]).any(|domain| file.text.contains(domain)) {
        return;
    }
    for part in tree.documents() {
        visit(file, part.root(tree), into);
    }
}

fn visit(file: &SourceFile, node: Node, into: &mut Suppressions) {
    if let Some(annotations) = node.at(&["metadata", "annotations"]) {
        for entry in annotations.entries() {
            annotation(file, node, entry, into);
        }
    }
    let written = |node: &Node| node.used_at().is_none();
    node.entries()
        .into_iter()
        .map(|entry| entry.value)
        .chain(node.items())
        .filter(written)
        .for_each(|child| visit(file, child, into));
}

/// Reads one annotation of the object, or of the pod template, that `holder` is.
fn annotation(file: &SourceFile, holder: Node, entry: Entry, into: &mut Suppressions) {
    let (Some(key), Some(value)) = (entry.key.text(), entry.value.text()) else { return };
    let Some(what) = key.value.strip_prefix(OWN) else {
        let rules = foreign::annotation(key.value, value.value);
        return foreign::push(key.span, holder.span(), rules, into);
    };
    let scopes = match what.strip_prefix("ignore") {
        Some("") => vec![holder.span()],
        Some(rest) if rest.starts_with('.') => {
            let mut scopes = Vec::new();
            containers(holder, &rest[1..], &mut scopes);
            scopes
        }
        _ => {
            let message = format!("`{}` says nothing that plimsoll understands", key.value);
            let help = "write `plimsoll.dev/ignore` or `plimsoll.dev/ignore.CONTAINER`";
            into.malformed.push((key.span, message, Some(help.to_owned())));
            return;
        }
    };
    if scopes.is_empty() {
        let message = format!("`{}` names a container that is not there", key.value);
        into.malformed.push((key.span, message, None));
    }
    let text = value.value;
    let end = text.find(':').unwrap_or(text.len());
    let reason = text[end..].chars().any(char::is_alphanumeric);
    // Where escapes or folds stand in the way, the value as a whole is the list.
    let list = entry.value.span_of_text(0..end);
    if file.text_at(list) != &text[..end] {
        return;
    }
    for scope in scopes {
        into.all.push(Suppression {
            span: key.span,
            scope,
            names: listed(file, list, &mut into.malformed),
            reason,
            own: true,
            removal: removal(file, entry),
        });
    }
}

/// The containers of this name below an object or a pod template.
fn containers(node: Node, name: &str, found: &mut Vec<Span>) {
    for entry in node.entries().into_iter().filter(|entry| entry.value.used_at().is_none()) {
        let key = entry.key.text().map(|key| key.value);
        if key.is_some_and(|key| CONTAINERS.contains(&key)) {
            let of_name = |item: &Node| {
                item.get("name").and_then(Node::text).is_some_and(|text| text.value == name)
            };
            found.extend(entry.value.items().filter(of_name).map(Node::span));
        } else {
            containers(entry.value, name, found);
        }
    }
    node.items().filter(|item| item.used_at().is_none()).for_each(|item| {
        containers(item, name, found);
    });
}

/// The lines of an entry, if it has them for itself.
fn removal(file: &SourceFile, entry: Entry) -> Option<Edit> {
    let span = entry.key.span().to(entry.value.span());
    let line = file.line(span.start);
    let start = file.line_span(line)?.start;
    let end = file.line_span(file.line(span.end))?.end;
    let before = file.text_at(Span { start, end: span.start, ..span });
    let behind = file.text_at(Span { start: span.end, end, ..span });
    let next = file.line_span(file.line(span.end) + 1);
    let alone = before.trim().is_empty() && behind.trim().is_empty();
    alone.then(|| Edit {
        span: Span { start, end: next.map_or(end, |next| next.start), ..span },
        text: String::new(),
    })
}
