//! YAML to trees that know where everything stands. Aliases stay edges, merge keys are resolved
//! as they are asked for, and a broken document keeps what could be read of it.

mod again;
mod build;
mod common;
mod complaint;
mod draft;
mod mend;
mod pieces;
mod recover;
mod scalar;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, hash_map};
use std::iter;
use std::ops::Range;
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use crate::source::{FileId, SourceFile, Span, Spanned};
use crate::syntax::Parsed;

use build::Builder;
use pieces::Cooked;

pub use again::parse_again;
pub use common::{Common, Distance};
pub use draft::Draft;

/// Reads all documents of a file. What cannot be read is an error and leaves damage in the tree;
/// duplicate keys are no error here (see [`Tree::duplicates`]).
pub fn parse(file: &SourceFile) -> Parsed<Arc<Tree>> {
    recover::parse(Builder::new(file), file, &file.text, 0)
}

/// Reads the YAML that a scalar of the file holds, in place; `None` if its text does not stand
/// there as it is, but for the indentation of a block.
pub fn parse_within(file: &SourceFile, scalar: Node) -> Option<Parsed<Arc<Tree>>> {
    let content = scalar.content_span();
    let start = match scalar.style()? {
        Style::Literal | Style::Folded => {
            file.text.get(..content.start as usize)?.rfind('\n').map_or(0, |end| end + 1)
        }
        Style::Plain | Style::Single | Style::Double => {
            let same = scalar.plain_text() == file.text.get(content.range());
            same.then_some(content.start as usize)?
        }
    };
    let text = file.text.get(..content.end as usize)?;
    Some(recover::parse(Builder::new(file), file, text, start))
}

/// Reads a template whose actions are masked. What does not parse may well parse when they have
/// run.
pub fn parse_masked(file: &SourceFile, masked: Masked) -> Parsed<Arc<Tree>> {
    let Masked { text, actions, holes, branches } = masked;
    let builder = Builder::of_template(file, actions, holes, branches);
    recover::parse(builder, file, &text, 0)
}

/// A template's text with its actions taken out. All ranges are bytes.
#[derive(Debug)]
pub struct Masked {
    /// As long as the template, and every byte outside of actions at its place.
    pub text: String,
    /// All actions, in order.
    pub actions: Vec<Range<u32>>,
    /// Those that may have been any number of entries or items, in order.
    pub holes: Vec<Range<u32>>,
    /// What stands between the actions that decide whether it is there, an outer branch before
    /// those in it.
    pub branches: Vec<Range<u32>>,
}

/// All documents of one file in one arena. Holds the file's text.
#[derive(Debug)]
pub struct Tree {
    file: FileId,
    text: Arc<str>,
    /// Further files that parts of it stand in, for a tree that was put together.
    others: Vec<Other>,
    /// In preorder, so that the children of a node directly follow it.
    slots: Vec<Slot>,
    documents: Vec<Document>,
    cooked: Vec<Cooked>,
    /// The texts of all `cooked` scalars.
    texts: String,
    pieces: Vec<pieces::Piece>,
    tags: Vec<Property>,
    anchors: Vec<Property>,
    duplicates: Vec<Duplicate>,
    /// Bytes that were left out because nobody could make sense of them; sorted.
    damage: Vec<Range<u32>>,
    /// The same for values, of which it is known where they belong.
    unknown: Vec<Range<u32>>,
    /// Of a template: its actions, in order.
    actions: Vec<Range<u32>>,
    /// Of a template: its branches, each with the index of the one around it.
    branches: Vec<(Range<u32>, Option<u32>)>,
    /// Nodes that aliases stand for, each with the index of the one around it.
    anchored: Vec<(Range<u32>, Option<u32>)>,
    /// Aliases by what they stand for, as an index in `anchored`.
    aliases: Vec<(u32, u32)>,
}

/// A further file of a tree. Offsets count on through all of its files.
#[derive(Debug)]
struct Other {
    file: FileId,
    text: Arc<str>,
    /// The offset of its first byte.
    start: u32,
}

/// One document of a file.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    root: NodeId,
    span: Span,
    is_damaged: bool,
}

/// A node of some tree, to keep beside that tree. Remembers through which alias it was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    slot: u32,
    /// The slot of the alias, or [`NONE`].
    used: u32,
}

/// A node of a tree, looked at. An alias is never seen: its target is.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: NodeId,
}

/// A key of a mapping with its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    pub key: Node<'t>,
    pub value: Node<'t>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, `~`, `null`, or an alias without a target.
    Null,
    Scalar,
    Sequence,
    Mapping,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

/// A key that stands twice in one mapping; the last one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The second, or a later one.
    pub key: NodeId,
    pub first: NodeId,
}

/// How many uses of one place are told.
const USES: usize = 3;

const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// Bytes of the file.
    start: u32,
    end: u32,
    /// The slot behind this one and all below it.
    after: u32,
    /// Of a scalar: the index in `cooked`, or [`NONE`] if its text stands in the source as it is.
    /// Of an alias: the slot it stands for, or [`NONE`]. Of a mapping: the flags below, and in the
    /// bits above them the [`mark`]s of its keys.
    data: u32,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Null,
    Scalar(Style),
    Sequence,
    Mapping,
    Alias,
}

/// Some of a mapping's keys are plain `<<`.
const MERGES: u32 = 1;
/// Some of a mapping's keys stand there twice.
const REPEATS: u32 = 2;
/// Some of a mapping's keys are decided by a template's actions.
const OPEN_KEYS: u32 = 4;
const FLAGS: u32 = MERGES | REPEATS | OPEN_KEYS;

/// The bit by which it is mostly known that a mapping does not have a key.
pub fn mark(key: &str) -> u32 {
    let first = key.as_bytes().first().copied().unwrap_or_default();
    let kinds = u32::BITS - FLAGS.count_ones();
    1 << (FLAGS.count_ones() + (key.len() as u32 * 7 + u32::from(first)) % kinds)
}

/// A tag or an anchor of a node, as it is written; sorted by `slot`.
#[derive(Clone, Copy, Debug)]
struct Property {
    slot: u32,
    start: u32,
    end: u32,
}

impl Document {
    pub fn root(self, tree: &Tree) -> Node<'_> {
        tree.node(self.root)
    }

    /// From its `---`, or else the end of the one before, to where the next one starts.
    pub fn span(self) -> Span {
        self.span
    }

    /// There is a syntax error in it.
    pub fn is_damaged(self) -> bool {
        self.is_damaged
    }
}

impl Tree {
    /// A tree of a file, before anything is read.
    fn empty(file: FileId, text: Arc<str>) -> Self {
        Self {
            file,
            text,
            others: Vec::new(),
            slots: Vec::new(),
            documents: Vec::new(),
            cooked: Vec::new(),
            texts: String::new(),
            pieces: Vec::new(),
            tags: Vec::new(),
            anchors: Vec::new(),
            duplicates: Vec::new(),
            damage: Vec::new(),
            unknown: Vec::new(),
            actions: Vec::new(),
            branches: Vec::new(),
            anchored: Vec::new(),
            aliases: Vec::new(),
        }
    }

    pub fn documents(&self) -> impl ExactSizeIterator<Item = Document> + '_ {
        self.documents.iter().copied()
    }

    /// The first node of the first document, which a tree that was put together has.
    pub fn first(&self) -> NodeId {
        NodeId { slot: 0, used: NONE }
    }

    /// The node of an id that this tree gave out.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { tree: self, id }
    }

    /// Keys that stand twice in one mapping, in the order in which their mappings end. Of a
    /// template there are none, for they may stand in different branches.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    pub fn file(&self) -> FileId {
        self.file
    }

    /// What of a document may not be meant as it is read: all from the line above the first one
    /// that could not be read.
    pub fn broken(&self, document: Document) -> Option<Span> {
        let Span { start, end, .. } = document.span;
        let first = within(&self.damage, start, end).next()?.start.max(start);
        let above = self.text.get(start as usize..first as usize)?;
        let above = above.trim_end_matches([' ', '\n', '\r']);
        let line = above.rfind('\n').map_or(0, |end| end + 1) as u32;
        Some(Span { start: start + line, ..document.span })
    }

    /// The document that a place of the file stands in.
    pub fn document_at(&self, place: Span) -> Option<Document> {
        let behind = self.documents.partition_point(|document| document.span.start <= place.start);
        self.documents.get(behind.checked_sub(1)?).copied()
    }

    /// Whether it is a template: what is left out of it is what its actions decide.
    pub fn is_template(&self) -> bool {
        !self.actions.is_empty()
    }

    /// The anchor that the alias at an offset stands for.
    pub fn aliased(&self, at: u32) -> Option<Span> {
        let mut there = self.slots.iter().filter(|slot| slot.start <= at && at <= slot.end);
        let alias = there.find(|slot| slot.shape == Shape::Alias && slot.data != NONE)?;
        self.property(&self.anchors, alias.data).map(|anchor| anchor.span)
    }

    /// The scalar at an offset.
    pub fn scalar_at(&self, at: u32) -> Option<Node<'_>> {
        let is_it = |slot: &Slot| {
            matches!(slot.shape, Shape::Scalar(_)) && slot.start <= at && at <= slot.end
        };
        let slot = self.slots.iter().position(is_it)? as u32;
        Some(self.node(NodeId { slot, used: NONE }))
    }

    /// The aliases through which a place is used, one after another: those of the innermost
    /// anchor around it first, and for an alias that is itself used elsewhere, where. At most
    /// [`USES`].
    pub fn uses(&self, place: Span) -> Vec<Span> {
        let mut uses = Vec::new();
        if place.file == self.file {
            self.add_uses(place.start, place.end, &mut uses, USES);
        }
        uses
    }

    fn add_uses(&self, start: u32, end: u32, uses: &mut Vec<Span>, depth: usize) {
        let begun = self.anchored.partition_point(|(anchored, _)| anchored.start <= start);
        let mut next = begun.checked_sub(1);
        while let Some(index) = next.filter(|_| uses.len() < USES) {
            let (anchored, outer) = &self.anchored[index];
            next = outer.map(|outer| outer as usize);
            if end > anchored.end {
                continue;
            }
            let first = self.aliases.partition_point(|(of, _)| (*of as usize) < index);
            let own = self.aliases[first..].iter().take(USES);
            for (_, alias) in own.take_while(|(of, _)| *of as usize == index) {
                let alias = self.slot(*alias);
                let before = uses.len();
                if depth > 0 {
                    self.add_uses(alias.start, alias.end, uses, depth - 1);
                }
                if uses.len() == before && uses.len() < USES {
                    uses.push(self.span(alias.start, alias.end));
                }
            }
        }
    }

    fn span(&self, start: u32, end: u32) -> Span {
        match self.others.iter().rev().find(|other| other.start <= start) {
            Some(Other { file, start: first, .. }) => {
                Span { file: *file, start: start - first, end: end - first }
            }
            None => Span { file: self.file, start, end },
        }
    }

    /// The text between two offsets.
    fn source(&self, start: u32, end: u32) -> Option<&str> {
        let span = self.span(start, end);
        let other = self.others.iter().find(|other| other.file == span.file);
        other.map_or(&self.text, |other| &other.text).get(span.range())
    }

    fn slot(&self, slot: u32) -> Slot {
        self.slots[slot as usize]
    }

    /// The children of a collection's slot.
    fn children(&self, slot: u32) -> impl Iterator<Item = u32> + '_ {
        let after = self.slot(slot).after;
        let mut next = slot + 1;
        iter::from_fn(move || {
            let child = (next < after).then_some(next)?;
            next = self.slot(child).after;
            Some(child)
        })
    }

    /// Whether all of it could be read and says what it means where it stands: it has no anchors
    /// and no tags.
    pub fn is_plain(&self) -> bool {
        let has_no_properties = self.anchors.is_empty() && self.tags.is_empty();
        has_no_properties && self.is_whole() && self.others.is_empty()
    }

    /// Whether all of it could be read, and nothing is decided by a template.
    fn is_whole(&self) -> bool {
        self.damage.is_empty() && self.unknown.is_empty() && self.actions.is_empty()
    }

    /// Whether damage touches a range of bytes.
    fn is_damaged(&self, start: u32, end: u32) -> bool {
        within(&self.damage, start, end).next().is_some()
    }

    /// Whether damage touches the value that stands there.
    fn is_unknown(&self, Range { start, end }: Range<u32>) -> bool {
        self.is_damaged(start, end) || within(&self.unknown, start, end).next().is_some()
    }

    fn property(&self, properties: &[Property], slot: u32) -> Option<Spanned<&str>> {
        let index = properties.binary_search_by_key(&slot, |property| property.slot).ok()?;
        let Property { start, end, .. } = properties[index];
        Some(Spanned::new(self.source(start, end)?, self.span(start, end)))
    }
}

impl<'t> Node<'t> {
    pub fn id(self) -> NodeId {
        self.id
    }

    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Where the value stands: quotes and a block scalar's header included, comments and line
    /// ends behind it not. Of nothing: an empty span where it would stand.
    pub fn span(self) -> Span {
        let slot = self.slot();
        self.tree.span(slot.start, slot.end)
    }

    /// The outermost `*alias` through which the value was reached.
    pub fn used_at(self) -> Option<Span> {
        let alias = self.tree.slots.get(self.id.used as usize)?;
        Some(self.tree.span(alias.start, alias.end))
    }

    pub fn kind(self) -> Kind {
        match self.slot().shape {
            Shape::Null | Shape::Alias => Kind::Null,
            Shape::Scalar(_) => Kind::Scalar,
            Shape::Sequence => Kind::Sequence,
            Shape::Mapping => Kind::Mapping,
        }
    }

    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    pub fn is_mapping(self) -> bool {
        self.kind() == Kind::Mapping
    }

    pub fn is_sequence(self) -> bool {
        self.kind() == Kind::Sequence
    }

    pub fn is_scalar(self) -> bool {
        self.kind() == Kind::Scalar
    }

    /// Something in it could not be read or is decided by a template's actions, so nothing can be
    /// said to be missing from it, and a scalar's text is unknown.
    pub fn is_damaged(self) -> bool {
        let slot = self.slot();
        match slot.shape {
            Shape::Alias => true,
            Shape::Scalar(_) => self.is_templated() || self.tree.is_unknown(slot.start..slot.end),
            Shape::Null if slot.start < slot.end => self.tree.is_unknown(slot.start..slot.end),
            // What stands next to nothing may have been meant as the value.
            Shape::Null => self.tree.is_unknown(self.surroundings()),
            Shape::Sequence | Shape::Mapping if self.is_sound() => false,
            Shape::Sequence | Shape::Mapping => {
                let mut collections = vec![self];
                while let Some(collection) = collections.pop() {
                    if collection.is_touched() || collection.half_typed().next().is_some() {
                        return true;
                    }
                    collections.extend(collection.merged());
                }
                false
            }
        }
    }

    /// Whether a mapping may have this key, although it cannot be read.
    pub fn may_have(self, key: &str) -> bool {
        if self.is_sound() {
            return false;
        }
        let mut typed = self.half_typed().filter_map(|entry| entry.key.text());
        self.is_touched()
            || typed.any(|typed| key.starts_with(typed.value))
            || self.merged().into_iter().any(Node::is_damaged)
    }

    /// A key of the mapping has no colon yet.
    pub fn is_half_typed(self) -> bool {
        self.half_typed().next().is_some()
    }

    /// Nothing in or next to a collection is broken or decided by a template, and it merges
    /// nothing: so it is with most.
    fn is_sound(self) -> bool {
        let slot = self.slot();
        if slot.shape == Shape::Mapping && slot.data & FLAGS != 0 {
            return false;
        }
        if self.tree.is_whole() {
            return true;
        }
        let Range { start, end } = self.surroundings();
        let unknown = &self.tree.unknown;
        let next = unknown.partition_point(|range| range.end < start);
        unknown.get(next).is_none_or(|range| range.start > end) && !self.tree.is_damaged(start, end)
    }

    fn half_typed(self) -> impl Iterator<Item = Entry<'t>> {
        self.own_entries().filter(|entry| entry.is_half_typed())
    }

    /// An action of a template stands in it: what a scalar says is unknown then.
    pub fn is_templated(self) -> bool {
        self.actions().next().is_some()
    }

    /// The actions of a template that stand in it, braces included.
    pub fn actions(self) -> impl Iterator<Item = Span> + 't {
        let Slot { start, end, .. } = self.slot();
        let tree = self.tree;
        within(&tree.actions, start, end).map(move |action| tree.span(action.start, action.end))
    }

    /// What stands between the actions that decide whether or how often this is there: the
    /// innermost branch of an `if`, `with` or `range` of a template. Whoever has another branch
    /// than what it stands in may not be there.
    pub fn branch(self) -> Option<Span> {
        let Slot { start, end, .. } = self.slot();
        let started = self.tree.branches.partition_point(|(branch, _)| branch.start <= start);
        let mut index = started.checked_sub(1)?;
        loop {
            let (branch, outer) = &self.tree.branches[index];
            if end <= branch.end {
                return Some(self.tree.span(branch.start, branch.end));
            }
            index = outer.as_ref().map(|outer| *outer as usize)?;
        }
    }

    /// The value of a mapping's key: its own, or else that of a mapping that it merges.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// The entry of a mapping's key: its own, or else that of a mapping that it merges.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        let slot = self.slot();
        if slot.shape != Shape::Mapping || slot.data & (mark(key) | MERGES) == 0 {
            return None;
        }
        if slot.data & MERGES == 0 { self.own_entry(key) } else { self.entry_of_all(key) }
    }

    /// An entry of a mapping that merges others.
    fn entry_of_all(self, key: &str) -> Option<Entry<'t>> {
        let (mut mapping, mut mappings) = (self, Vec::new());
        loop {
            if let Some(found) = mapping.own_entry(key).filter(|entry| !entry.is_merge()) {
                return Some(found);
            }
            mappings.extend(mapping.merged().into_iter().rev());
            mapping = mappings.pop()?;
        }
    }

    /// The value below several keys, each in the value of the one before.
    pub fn at(self, path: &[&str]) -> Option<Node<'t>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The first of [`entries`](Self::entries).
    pub fn first_entry(self) -> Option<Entry<'t>> {
        match self.is_plain_mapping() {
            true => self.own_entries().next(),
            false => self.entries().into_iter().next(),
        }
    }

    /// Whether its entries are all that it has, each once.
    fn is_plain_mapping(self) -> bool {
        let slot = self.slot();
        slot.shape != Shape::Mapping || slot.data & FLAGS == 0
    }

    /// The entries of a mapping in their order, then what it merges. Of a key that is there twice
    /// the last value.
    pub fn entries(self) -> Vec<Entry<'t>> {
        if self.is_plain_mapping() {
            return self.own_entries().collect();
        }
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut mappings = vec![self];
        while let Some(mapping) = mappings.pop() {
            let own = entries.len();
            for entry in mapping.own_entries().filter(|entry| !entry.is_merge()) {
                let place = entry.key.plain_text().map(|key| places.entry(key));
                match place {
                    Some(hash_map::Entry::Occupied(place)) => {
                        if *place.get() >= own {
                            entries[*place.get()] = entry;
                        }
                        continue;
                    }
                    Some(hash_map::Entry::Vacant(place)) => drop(place.insert(entries.len())),
                    None => {}
                }
                entries.push(entry);
            }
            mappings.extend(mapping.merged().into_iter().rev());
        }
        entries
    }

    /// The items of a sequence.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> + 't {
        let children = (self.slot().shape == Shape::Sequence)
            .then(move || self.tree.children(self.id.slot).map(move |slot| self.below(slot)));
        children.into_iter().flatten()
    }

    /// A scalar's text without quotes and escapes, numbers and truths as they are written, and
    /// where it stands; `None` for null, collections, and what is damaged or templated.
    pub fn text(self) -> Option<Spanned<&'t str>> {
        self.plain_text().map(|text| Spanned::new(text, self.content_span()))
    }

    /// Like [`span`](Self::span), without quotes and without a block scalar's header.
    pub fn content_span(self) -> Span {
        let content = self.content();
        self.tree.span(content.start, content.end)
    }

    /// Where the bytes `range` of [`text`](Self::text) stand in the source: the smallest span
    /// that holds them, escapes and line folds whole.
    pub fn span_of_text(self, range: Range<usize>) -> Span {
        let content = self.content();
        let Some(cooked) = self.cooked() else {
            let content = self.content_span();
            let length = (content.end - content.start) as usize;
            let end = range.end.min(length);
            return content.part(range.start.min(end)..end);
        };
        let source = pieces::source_of(self.pieces(cooked), range.start as u32..range.end as u32);
        let start = source.start.clamp(content.start, content.end);
        self.tree.span(start, source.end.clamp(start, content.end))
    }

    /// The stretches of a scalar's [`text`](Self::text), each with where it stands: as it is, if
    /// that is as long, or else written in another way.
    pub fn parts(self) -> SmallVec<[(&'t str, Span); 1]> {
        let Some(text) = self.plain_text() else { return SmallVec::new() };
        let Some(cooked) = self.cooked() else { return smallvec![(text, self.content_span())] };
        let starts =
            self.pieces(cooked).iter().map(|piece| (piece.start() as usize).min(text.len()));
        let starts: Vec<usize> = iter::once(0).chain(starts).chain([text.len()]).collect();
        let parts = starts.windows(2).filter(|part| part[0] < part[1]);
        parts.map(|part| (&text[part[0]..part[1]], self.span_of_text(part[0]..part[1]))).collect()
    }

    pub fn style(self) -> Option<Style> {
        match self.slot().shape {
            Shape::Scalar(style) => Some(style),
            _ => None,
        }
    }

    /// The tag as it is written, `!` included.
    pub fn tag(self) -> Option<Spanned<&'t str>> {
        self.tree.property(&self.tree.tags, self.id.slot)
    }

    /// The anchor as it is written, `&` included.
    pub fn anchor(self) -> Option<Spanned<&'t str>> {
        self.tree.property(&self.tree.anchors, self.id.slot)
    }

    /// A truth of YAML 1.2: plain `true` or `false`.
    pub fn truth(self) -> Option<Spanned<bool>> {
        self.typed(scalar::truth)
    }

    /// A plain integer: decimal, `0x`, `0b`, and octal as both `0o644` and `0644`.
    pub fn integer(self) -> Option<Spanned<i64>> {
        self.typed(scalar::integer)
    }

    /// A plain number, whole or not.
    pub fn float(self) -> Option<Spanned<f64>> {
        self.typed(scalar::float)
    }

    /// A plain `yes`, `no`, `on`, `off`, `y`, `n`: a truth in YAML 1.1 and a string in 1.2.
    pub fn legacy_bool(self) -> Option<Spanned<bool>> {
        self.typed(scalar::legacy_bool)
    }

    /// A scalar that is neither a truth, of YAML 1.1 or 1.2, nor a number.
    pub fn is_string(self) -> bool {
        let is_other = |text: &str| {
            scalar::truth(text).is_some()
                || scalar::legacy_bool(text).is_some()
                || scalar::float(text).is_some()
        };
        self.is_scalar() && self.typed(|text| is_other(text).then_some(())).is_none()
    }

    /// A plain `0644`: octal in YAML 1.1 and for Go, decimal in YAML 1.2.
    pub fn is_legacy_octal(self) -> bool {
        self.typed(|text| scalar::is_legacy_octal(text).then_some(())).is_some()
    }

    /// A plain `22:22`: a number to base 60 in YAML 1.1, a string in 1.2.
    pub fn is_sexagesimal(self) -> bool {
        self.typed(|text| scalar::is_sexagesimal(text).then_some(())).is_some()
    }

    fn slot(self) -> Slot {
        self.tree.slot(self.id.slot)
    }

    /// From the end of what stands before it to the start of what stands behind it.
    fn surroundings(self) -> Range<u32> {
        let slot = self.slot();
        let before = match self.id.slot.checked_sub(1).map(|before| self.tree.slot(before)) {
            Some(Slot { shape: Shape::Sequence | Shape::Mapping, start, .. }) => start,
            Some(before) => before.end,
            None => 0,
        };
        let behind = self.tree.slots.get(slot.after as usize);
        let behind = behind.map_or(self.tree.text.len() as u32, |next| next.start);
        before.min(slot.start)..behind.max(slot.end)
    }

    /// Whether damage is in or next to a collection (it may have been meant to be in it), or what
    /// it merges is unknown.
    fn is_touched(self) -> bool {
        let slot = self.slot();
        let Range { start, end } = self.surroundings();
        self.tree.is_damaged(start, end)
            || (slot.shape == Shape::Mapping && slot.data & OPEN_KEYS != 0)
            || self.merge_values().any(|value| value.slot().shape == Shape::Alias)
    }

    fn cooked(self) -> Option<&'t Cooked> {
        let slot = self.slot();
        match slot.shape {
            Shape::Scalar(_) => self.tree.cooked.get(slot.data as usize),
            _ => None,
        }
    }

    fn pieces(self, cooked: &Cooked) -> &'t [pieces::Piece] {
        &self.tree.pieces[cooked.pieces.start as usize..cooked.pieces.end as usize]
    }

    /// The offsets of [`content_span`](Self::content_span).
    fn content(self) -> Range<u32> {
        let slot = self.slot();
        match (slot.shape, self.cooked()) {
            (_, Some(cooked)) => cooked.content.clone(),
            (Shape::Scalar(Style::Single | Style::Double), None) => {
                slot.start + 1..(slot.end - 1).max(slot.start + 1)
            }
            (_, None) => slot.start..slot.end,
        }
    }

    /// Whether [`plain_text`](Self::plain_text) is this one.
    fn is_plainly(self, text: &str) -> bool {
        // Most keys are told apart by how long they are written.
        (self.cooked().is_some() || self.content().len() == text.len())
            && self.plain_text() == Some(text)
    }

    fn plain_text(self) -> Option<&'t str> {
        let slot = self.slot();
        let is_scalar = matches!(slot.shape, Shape::Scalar(_));
        if !is_scalar || !self.tree.is_whole() && self.is_damaged() {
            return None;
        }
        match self.cooked() {
            Some(Cooked { text, .. }) => {
                self.tree.texts.get(text.start as usize..text.end as usize)
            }
            None => {
                let content = self.content();
                self.tree.source(content.start, content.end)
            }
        }
    }

    /// What an untagged plain scalar means.
    fn typed<T>(self, read: impl Fn(&str) -> Option<T>) -> Option<Spanned<T>> {
        if self.style() != Some(Style::Plain) || self.tag().is_some_and(|tag| is_string(tag.value))
        {
            return None;
        }
        let text = self.text()?;
        Some(Spanned::new(read(text.value)?, text.span))
    }

    /// The node at a slot below this one, or what it is an alias of.
    fn below(self, slot: u32) -> Node<'t> {
        let used = self.id.used;
        let found = self.tree.slot(slot);
        let id = match found.shape {
            Shape::Alias if found.data != NONE => {
                NodeId { slot: found.data, used: if used == NONE { slot } else { used } }
            }
            _ => NodeId { slot, used },
        };
        self.tree.node(id)
    }

    /// A mapping's entries as they are written, `<<` among them.
    fn own_entries(self) -> impl Iterator<Item = Entry<'t>> + 't {
        let mapping = self.slot().shape == Shape::Mapping;
        let mut children = mapping.then(|| self.tree.children(self.id.slot)).into_iter().flatten();
        iter::from_fn(move || {
            let (key, value) = (children.next()?, children.next()?);
            Some(Entry { key: self.below(key), value: self.below(value) })
        })
    }

    /// The last of a mapping's own entries that has this key.
    fn own_entry(self, key: &str) -> Option<Entry<'t>> {
        let mapping = self.slot();
        if mapping.shape != Shape::Mapping || mapping.data & mark(key) == 0 {
            return None;
        }
        let end = mapping.after;
        let may_repeat = mapping.data & (REPEATS | OPEN_KEYS) != 0;
        let (mut at, mut found) = (self.id.slot + 1, None);
        while at < end {
            let slot = self.tree.slot(at);
            let value = slot.after;
            // Most keys are told apart by how long they are written.
            let length = (slot.end - slot.start) as usize;
            let may_be = match slot.shape {
                Shape::Scalar(Style::Plain) if slot.data == NONE => length == key.len(),
                Shape::Scalar(_) | Shape::Alias => true,
                Shape::Null | Shape::Sequence | Shape::Mapping => false,
            };
            if may_be && self.below(at).is_plainly(key) {
                found = Some(Entry { key: self.below(at), value: self.below(value) });
                if !may_repeat {
                    break;
                }
            }
            at = self.tree.slot(value).after;
        }
        found
    }

    /// The mappings that this one merges directly, the first of them the strongest.
    fn merged(self) -> Vec<Node<'t>> {
        self.merge_values().filter(|value| value.is_mapping()).collect()
    }

    /// What a mapping's `<<` name, lists opened.
    fn merge_values(self) -> impl Iterator<Item = Node<'t>> + 't {
        let slot = self.slot();
        let merges = slot.shape == Shape::Mapping && slot.data & MERGES != 0;
        let entries = merges.then(|| self.own_entries()).into_iter().flatten();
        entries.filter(|entry| entry.is_merge()).flat_map(|Entry { value, .. }| {
            let single = (!value.is_sequence()).then_some(value);
            value.items().chain(single)
        })
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let span = self.span();
        write!(f, "{:?} at {}..{}", self.kind(), span.start, span.end)
    }
}

impl Entry<'_> {
    /// The key has no colon yet, so it may be one that is still being typed.
    pub fn is_half_typed(self) -> bool {
        let end = self.key.slot().end;
        self.key.tree.unknown.binary_search_by_key(&end, |range| range.start).is_ok()
    }

    fn is_merge(self) -> bool {
        self.key.style() == Some(Style::Plain) && self.key.plain_text() == Some("<<")
    }
}

/// Those of some ordered ranges that touch another one.
fn within(ranges: &[Range<u32>], start: u32, end: u32) -> impl Iterator<Item = &Range<u32>> {
    let first = ranges.partition_point(|range| range.end <= start);
    ranges[first..].iter().take_while(move |range| range.start < end)
}

/// Whether a tag makes a string of whatever is written.
fn is_string(tag: &str) -> bool {
    matches!(tag, "!" | "!!str" | "!<tag:yaml.org,2002:str>")
}
