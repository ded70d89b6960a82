//! Documents put together from nodes of several trees, each of which keeps its place.

use std::sync::Arc;

use crate::source::Span;

use super::build::joined;
use super::pieces::{Cooked, Piece};
use super::{
    Document, Entry, FLAGS, NONE, Node, NodeId, Other, Property, Shape, Slot, Style, Tree,
};

/// A document that is being changed. What is opened up is a copy; the rest stays a node.
#[derive(Clone, Debug)]
pub enum Draft<'t> {
    Node(Node<'t>),
    /// Keys and values; the node says where it stands.
    Mapping(Node<'t>, Vec<(Draft<'t>, Draft<'t>)>),
    Sequence(Node<'t>, Vec<Draft<'t>>),
    /// Texts, each with where it is written, in order and all in the file of the node.
    Scalar(Node<'t>, Vec<(String, Span)>),
}

impl<'t> Draft<'t> {
    /// The entries of a mapping, to be changed.
    pub fn entries(&mut self) -> Option<&mut Vec<(Self, Self)>> {
        if let Self::Node(node) = self {
            let node = *node;
            if !node.is_mapping() {
                return None;
            }
            let copy = |Entry { key, value }| (Self::Node(key), Self::Node(value));
            *self = Self::Mapping(node, node.entries().into_iter().map(copy).collect());
        }
        match self {
            Self::Mapping(_, entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a sequence, to be changed.
    pub fn items(&mut self) -> Option<&mut Vec<Self>> {
        if let Self::Node(node) = self {
            let node = *node;
            if !node.is_sequence() {
                return None;
            }
            *self = Self::Sequence(node, node.items().map(Self::Node).collect());
        }
        match self {
            Self::Sequence(_, items) => Some(items),
            _ => None,
        }
    }

    /// A mapping's value, to be changed.
    pub fn get(&mut self, key: &str) -> Option<&mut Self> {
        let entries = self.entries()?;
        entries.iter_mut().find(|(own, _)| own.is(key)).map(|(_, value)| value)
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Node(node) => node.text().map(|text| text.value.to_owned()),
            Self::Scalar(_, parts) => Some(parts.iter().map(|(text, _)| text.as_str()).collect()),
            Self::Mapping(..) | Self::Sequence(..) => None,
        }
    }

    /// Whether it is a scalar with this text.
    pub fn is(&self, text: &str) -> bool {
        match self {
            Self::Node(node) => node.text().is_some_and(|own| own.value == text),
            other => other.text().is_some_and(|own| own == text),
        }
    }

    /// Makes it a tree of one document.
    pub fn build(&self) -> Arc<Tree> {
        let place = self.place();
        let mut tree = Tree::empty(place.span().file, text_of(place));
        tree.add(self);
        tree.damage = joined(tree.damage);
        tree.documents.push(Document {
            root: NodeId { slot: 0, used: NONE },
            span: place.span(),
            is_damaged: !tree.damage.is_empty(),
        });
        Arc::new(tree)
    }

    /// The node that says where it stands.
    pub fn place(&self) -> Node<'t> {
        match self {
            Self::Node(node)
            | Self::Mapping(node, _)
            | Self::Sequence(node, _)
            | Self::Scalar(node, _) => *node,
        }
    }
}

/// The text of the file that a node stands in.
fn text_of(node: Node) -> Arc<str> {
    let file = node.span().file;
    let other = node.tree.others.iter().find(|other| other.file == file);
    Arc::clone(other.map_or(&node.tree.text, |other| &other.text))
}

impl Tree {
    fn add(&mut self, draft: &Draft) {
        match draft {
            Draft::Node(node) => self.copy(*node),
            Draft::Mapping(place, entries) => {
                let slot = self.open(*place, Shape::Mapping, true);
                for (key, value) in entries {
                    self.add(key);
                    self.add(value);
                }
                self.close(slot);
            }
            Draft::Sequence(place, items) => {
                let slot = self.open(*place, Shape::Sequence, true);
                items.iter().for_each(|item| self.add(item));
                self.close(slot);
            }
            Draft::Scalar(place, parts) => {
                let shape = Shape::Scalar(place.style().unwrap_or(Style::Plain));
                let slot = self.open(*place, shape, true);
                self.cook(slot, parts);
                self.close(slot);
            }
        }
    }

    /// Copies a node with all below it; aliases and merges are resolved.
    fn copy(&mut self, node: Node) {
        let slot = self.open(node, node.slot().shape, false);
        for Entry { key, value } in node.entries() {
            self.copy(key);
            self.copy(value);
        }
        node.items().for_each(|item| self.copy(item));
        if let Some(cooked) = node.cooked() {
            // The offsets of one scalar all move alike.
            let content = node.content_span();
            let start = self.offset(node, content.start);
            let first = self.pieces.len() as u32;
            let moved = |old: u32| old - cooked.content.start + start;
            self.pieces.extend(node.pieces(cooked).iter().map(|piece| piece.moved(moved)));
            let text = node.plain_text().unwrap_or_default();
            self.keep(slot, text, first, start..moved(cooked.content.end));
        }
        self.close(slot);
    }

    fn open(&mut self, node: Node, shape: Shape, is_given: bool) -> usize {
        let span = node.span();
        let (start, end) = (self.offset(node, span.start), self.offset(node, span.end));
        let slot = self.slots.len();
        let data = if shape == Shape::Mapping { !FLAGS } else { NONE };
        self.slots.push(Slot { start, end, after: 0, data, shape });
        // What is damaged in a collection is somewhere in it; what can be read of it stays.
        // What a template's actions decide is decided where a draft gives the text.
        let decided = node.is_templated() && matches!(shape, Shape::Scalar(_)) && is_given;
        match node.is_damaged() && !decided {
            true if node.is_scalar() => self.damage.push(start..end.max(start + 1)),
            true => self.damage.push(end..end + 1),
            false => {}
        }
        if let Some(tag) = node.tag().filter(|_| matches!(shape, Shape::Scalar(_))) {
            let (start, end) = (self.offset(node, tag.span.start), self.offset(node, tag.span.end));
            self.tags.push(Property { slot: slot as u32, start, end });
        }
        slot
    }

    fn close(&mut self, slot: usize) {
        self.slots[slot].after = self.slots.len() as u32;
    }

    /// Gives a scalar the text that `parts` come to.
    fn cook(&mut self, slot: usize, parts: &[(String, Span)]) {
        let shift = self.slots[slot].start;
        let Some(((_, first), (_, last))) = parts.first().zip(parts.last()) else { return };
        let base = shift - self.span(shift, shift).start;
        let pieces = self.pieces.len() as u32;
        let mut text = String::new();
        for (part, span) in parts {
            let source = base + span.start..base + span.end;
            self.pieces.push(Piece::new(text.len() as u32, source));
            text.push_str(part);
        }
        let content = base + first.start.min(last.start)..base + first.end.max(last.end);
        self.pieces.push(Piece::new(text.len() as u32, content.end..content.end));
        let place = &mut self.slots[slot];
        (place.start, place.end) = (content.start, content.end);
        self.keep(slot, &text, pieces, content);
    }

    /// Keeps a scalar's text, whose pieces are the last from `first` on.
    fn keep(&mut self, slot: usize, text: &str, first: u32, content: std::ops::Range<u32>) {
        let start = self.texts.len() as u32;
        self.texts.push_str(text);
        self.slots[slot].data = self.cooked.len() as u32;
        self.cooked.push(Cooked {
            text: start..self.texts.len() as u32,
            pieces: first..self.pieces.len() as u32,
            content,
        });
    }

    /// Where a byte of the file of `node` is, counted through all files of this tree.
    fn offset(&mut self, node: Node, at: u32) -> u32 {
        let file = node.span().file;
        if file == self.file {
            return at;
        }
        if let Some(other) = self.others.iter().find(|other| other.file == file) {
            return other.start + at;
        }
        let (last, length) = match self.others.last() {
            Some(other) => (other.start, other.text.len()),
            None => (0, self.text.len()),
        };
        // One more, so that the end of a file is not the start of the next.
        let start = last + length as u32 + 1;
        self.others.push(Other { file, text: text_of(node), start });
        start + at
    }
}
