//! `replacements`, and `vars`, which they took the place of: values of one object in others.

use std::sync::Arc;

use crate::model::text::HOLE;
use crate::source::{FileId, Spanned};
use crate::syntax::yaml::{Draft, Node, NodeId, Tree};

use super::super::read;
use super::patch::Target;
use super::{Builder, Item};

impl Builder<'_> {
    /// Puts values where `replacements` and `vars` say.
    pub(super) fn replace(&mut self, file: FileId, root: Node, items: &mut [Item]) {
        let vars = root.get("vars").into_iter().flat_map(Node::items);
        let names = vars.filter_map(|var| read::plain(var.get("name")?));
        let names: Vec<String> = names.map(|name| format!("$({name})")).collect();
        if !names.is_empty() {
            items.iter_mut().for_each(|item| forget(item, &names));
        }
        for entry in root.get("replacements").into_iter().flat_map(Node::items) {
            let Some(path) = entry.get("path") else {
                replace(entry, items);
                continue;
            };
            let path = read::plain(path).and_then(|path| self.path(file, path));
            let Some(found) = path.as_ref().and_then(|path| self.files.find(path)) else {
                self.missed.extend(path);
                self.incomplete.insert(file);
                continue;
            };
            let found = found.id;
            let tree = self.source(found);
            for document in tree.documents().map(|document| document.root(&tree)) {
                let single = document.is_mapping().then_some(document);
                single.into_iter().chain(document.items()).for_each(|entry| replace(entry, items));
            }
        }
    }
}

/// Makes unknown what a variable of the kustomization stands in.
fn forget(item: &mut Item, names: &[String]) {
    let tree = Arc::clone(&item.tree);
    if let Some(draft) = without(tree.node(item.found.root), names) {
        item.replace(&draft);
    }
}

/// The node without the values of variables; `None` if it has none.
fn without<'t>(node: Node<'t>, names: &[String]) -> Option<Draft<'t>> {
    if let Some(text) = node.text() {
        let is_meant = names.iter().any(|name| text.value.contains(name.as_str()));
        return is_meant.then(|| unknown(node));
    }
    let mut draft = None;
    for (at, item) in node.items().enumerate() {
        if let Some(new) = without(item, names) {
            draft.get_or_insert(Draft::Node(node)).items()?[at] = new;
        }
    }
    for (at, entry) in node.entries().into_iter().enumerate() {
        if let Some(new) = without(entry.value, names) {
            draft.get_or_insert(Draft::Node(node)).entries()?[at].1 = new;
        }
    }
    draft
}

fn unknown(node: Node) -> Draft {
    Draft::Scalar(node, vec![(HOLE.to_string(), node.span())])
}

/// A value that is put elsewhere.
struct Value {
    tree: Arc<Tree>,
    node: NodeId,
    /// A part of it, if not all is meant.
    part: Option<Spanned<String>>,
}

fn replace(replacement: Node, items: &mut [Item]) {
    let value = replacement.get("source").and_then(|source| value(source, items));
    for target in replacement.get("targets").into_iter().flat_map(Node::items) {
        let Some(select) = target.get("select").map(Target::read) else { continue };
        let reject = target.get("reject").into_iter().flat_map(Node::items).map(Target::read);
        let reject: Vec<Target> = reject.collect();
        let paths = target.get("fieldPaths").into_iter().flat_map(Node::items);
        let paths: Vec<Vec<String>> = paths.filter_map(read::plain).map(steps).collect();
        for item in items.iter_mut() {
            if !select.matches(item) || reject.iter().any(|reject| reject.matches(item)) {
                continue;
            }
            let tree = Arc::clone(&item.tree);
            let object = tree.node(item.found.root);
            let mut draft = Draft::Node(object);
            for path in &paths {
                visit(&mut draft, path, &mut |old| {
                    let new = changed(old, value.as_ref(), target.get("options"));
                    *old = new;
                });
            }
            item.replace(&draft);
        }
    }
}

/// The value that a `source` names.
fn value(source: Node, items: &[Item]) -> Option<Value> {
    let target = Target::read(source);
    let item = items.iter().find(|item| target.matches(item))?;
    let path = source.get("fieldPath").map_or(Some("metadata.name"), read::plain)?;
    let mut node = item.tree.node(item.found.root);
    for step in steps(path) {
        node = match step.parse::<usize>() {
            Ok(at) if node.is_sequence() => node.items().nth(at)?,
            _ => match selector(&step) {
                Some((key, value)) => node.items().find(|item| {
                    item.get(key).and_then(read::plain).is_some_and(|own| own == value)
                })?,
                None => node.get(&step)?,
            },
        };
    }
    let options = source.get("options");
    let part = match options.and_then(|options| read::plain(options.get("delimiter")?)) {
        Some(delimiter) => {
            let (text, at) = (node.text()?, index(options));
            let part = text.value.split(delimiter).nth(usize::try_from(at).ok()?)?;
            let start = part.as_ptr() as usize - text.value.as_ptr() as usize;
            let span = node.span_of_text(start..start + part.len());
            Some(Spanned::new(part.to_owned(), span))
        }
        None => None,
    };
    Some(Value { tree: Arc::clone(&item.tree), node: node.id(), part })
}

/// What becomes of an old value.
fn changed<'t>(old: &Draft<'t>, value: Option<&'t Value>, options: Option<Node>) -> Draft<'t> {
    let place = old.place();
    let Some(value) = value else { return unknown(place) };
    let node = value.tree.node(value.node);
    let whole = node.text().map(|text| Spanned::new(text.value.to_owned(), text.span));
    let new = value.part.clone().or(whole);
    let delimiter = options.and_then(|options| read::plain(options.get("delimiter")?));
    match (delimiter, new) {
        (None, _) if value.part.is_none() => Draft::Node(node),
        (None, Some(new)) => Draft::Scalar(node, vec![(new.value, new.span)]),
        (Some(delimiter), Some(new)) => {
            let (Some(text), at) = (old.text(), index(options)) else { return unknown(place) };
            let mut pieces: Vec<&str> = text.split(delimiter).collect();
            match usize::try_from(at) {
                Err(_) => pieces.insert(0, &new.value),
                Ok(at) if at < pieces.len() => pieces[at] = &new.value,
                Ok(_) => pieces.push(&new.value),
            }
            // What is written in two files has the place of the one where it is used.
            Draft::Scalar(place, vec![(pieces.join(delimiter), place.content_span())])
        }
        (_, None) => unknown(place),
    }
}

fn index(options: Option<Node>) -> i64 {
    let at = options.and_then(|options| options.get("index")?.integer());
    at.map_or(0, |at| at.value)
}

/// Changes all values at a path.
fn visit<'t>(draft: &mut Draft<'t>, path: &[String], change: &mut dyn FnMut(&mut Draft<'t>)) {
    let Some((step, rest)) = path.split_first() else { return change(draft) };
    let is_list = draft.items().is_some();
    if !is_list {
        if let Some(value) = draft.get(step) {
            visit(value, rest, change);
        }
        return;
    }
    let wanted = selector(step);
    for (at, item) in draft.items().into_iter().flatten().enumerate() {
        let is_meant = match wanted {
            Some((key, value)) => item.get(key).is_some_and(|own| own.is(value)),
            None => step == "*" || step.parse() == Ok(at),
        };
        if is_meant {
            visit(item, rest, change);
        }
    }
}

/// Key and value of `[name=web]`.
fn selector(step: &str) -> Option<(&str, &str)> {
    step.strip_prefix('[')?.strip_suffix(']')?.split_once('=')
}

/// The steps of a path: `a.b\\.c.[name=x.y].0`.
fn steps(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut in_brackets = false;
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        in_brackets = c == '[' || in_brackets && c != ']';
        let last = steps.len() - 1;
        match c {
            '\\' => steps[last].extend(chars.next()),
            '.' if !in_brackets => steps.push(String::new()),
            c => steps[last].push(c),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps
}
