//! Where something stands in the structure of its file: what stays when lines move.

use std::iter::Peekable;
use std::slice::Iter;

use crate::source::SourceFile;
use crate::syntax::dockerfile::{self, Keyword};
use crate::syntax::yaml::Node;

use super::{Document, Tree};

/// The structural places of byte offsets, which must be sorted: `build/RUN` for an instruction
/// of the stage `build`, `services/web/image` for a value, with a list's items by their names.
pub fn places(file: &SourceFile, document: &Document, offsets: &[u32]) -> Vec<String> {
    let mut walk = Walk { offsets: offsets.iter().peekable(), places: Vec::new() };
    match &document.tree {
        Tree::Dockerfile(recipe) => walk.dockerfile(&recipe.tree),
        Tree::Yaml(tree) => {
            for part in tree.documents() {
                let root = part.root(tree);
                let named = |path: &[&str]| root.at(path).and_then(Node::text);
                let kind = named(&["kind"]).map_or("", |kind| kind.value);
                let name = named(&["metadata", "name"]).map_or("", |name| name.value);
                let head = [kind, name].join("/");
                walk.before(root.span().start, "");
                walk.node(root, head.trim_matches('/'));
                walk.before(part.span().end, "");
            }
        }
    }
    walk.before(file.text.len() as u32 + 1, "");
    walk.places
}

struct Walk<'a> {
    offsets: Peekable<Iter<'a, u32>>,
    places: Vec<String>,
}

impl Walk<'_> {
    /// What is left before `end` stands at `place`.
    fn before(&mut self, end: u32, place: &str) {
        while self.offsets.next_if(|offset| **offset < end).is_some() {
            self.places.push(place.to_owned());
        }
    }

    fn dockerfile(&mut self, tree: &dockerfile::File) {
        let mut stage = String::new();
        let mut count = 0;
        for instruction in &tree.instructions {
            self.before(instruction.span.start, &stage);
            if instruction.kind == Keyword::From {
                let words = instruction.arguments.words();
                let named = words.len() > 2 && words[1].value.eq_ignore_ascii_case("as");
                stage = if named { words[2].value.to_ascii_lowercase() } else { count.to_string() };
                count += 1;
            }
            let keyword = instruction.kind.name();
            self.before(instruction.span.end + 1, &format!("{stage}/{keyword}"));
        }
    }

    fn node(&mut self, node: Node, place: &str) {
        for entry in node.entries() {
            let (key, value) = (entry.key, entry.value);
            if key.used_at().is_some() || value.used_at().is_some() {
                continue;
            }
            let span = key.span().to(value.span());
            self.before(span.start, place);
            if self.is_next_before(span.end + 1) {
                let inner = join(place, key.text().map_or("?", |key| key.value));
                self.before(value.span().start.max(span.start), &inner);
                self.node(value, &inner);
                self.before(span.end + 1, &inner);
            }
        }
        for item in node.items().filter(|item| item.used_at().is_none()) {
            self.before(item.span().start, place);
            if self.is_next_before(item.span().end + 1) {
                let name = item.get("name").and_then(Node::text);
                let inner = join(place, name.map_or("-", |name| name.value));
                self.node(item, &inner);
                self.before(item.span().end + 1, &inner);
            }
        }
    }

    fn is_next_before(&mut self, end: u32) -> bool {
        self.offsets.peek().is_some_and(|offset| **offset < end)
    }
}

fn join(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::read;
    use crate::source::Files;

    fn place(path: &str, text: &str, at: &str) -> String {
        let mut files = Files::default();
        let id = files.add(path, text);
        let workspace = read(&files);
        let offset = text.find(at).unwrap() as u32;
        places(files.get(id), &workspace.documents[0], &[0, offset])[1].clone()
    }

    #[test]
    fn an_instruction_stands_in_its_stage() {
        let text = "FROM a AS build\nRUN x\nFROM b\nUSER y\n";
        assert_eq!(place("Dockerfile", text, "x"), "build/RUN");
        assert_eq!(place("Dockerfile", text, "y"), "1/USER");
    }

    #[test]
    fn a_value_stands_below_its_keys() {
        let text = "services:\n  web:\n    image: x\n    ports: [1, 2]\n";
        assert_eq!(place("compose.yaml", text, "x"), "services/web/image");
        assert_eq!(place("compose.yaml", text, "web"), "services/web");
        assert_eq!(place("compose.yaml", text, "2"), "services/web/ports/-");
    }

    #[test]
    fn an_item_goes_by_its_name_and_an_object_by_kind_and_name() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: b\n    image: x:1\n";
        assert_eq!(place("pod.yaml", text, "x:1"), "Pod/a/spec/containers/b/image");
    }
}
