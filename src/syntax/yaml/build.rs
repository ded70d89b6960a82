//! The parser's events to slots of a tree, with spans mended where the parser's are not exact.

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, StructureStyle};

use std::ops::Range;
use std::sync::Arc;

use crate::source::{SourceFile, Span};
use crate::syntax::{Comment, Parsed, SyntaxError};

use super::mend::{Damage, Places};
use super::pieces::{self, Cooked};
use super::scalar;
use super::{
    Document, Duplicate, FLAGS, MERGES, NONE, NodeId, OPEN_KEYS, Property, REPEATS, Shape, Slot,
    Style, Tree, is_string, mark,
};

/// How many values aliases may stand for in all, beyond the bytes of the file: whoever walks a
/// tree through its aliases never meets more. Real files stay far below, bombs far above.
const ALIASED: u64 = 100_000;
/// How deep values may be nested through aliases, for whoever walks a tree by recursion.
const DEPTH: usize = 512;

pub fn options(comments: bool) -> Options {
    let mut options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        max_buffered_comment_events: usize::MAX,
    };
    options.set_emit_comments(comments);
    options
}

/// Why a document could not be read to its end.
#[derive(Debug)]
pub struct Stop {
    /// Where in the file the document begins, its directives and comments included.
    pub document: usize,
    /// What the parser stumbled over.
    pub error: ScanError,
}

/// Collects the documents of a file.
pub struct Builder {
    pub tree: Tree,
    pub comments: Vec<Comment>,
    pub errors: Vec<SyntaxError>,
    /// How many values the aliases up to here stand for.
    aliased: u64,
    has_bomb: bool,
}

/// Reads a stretch of a file. Its offsets are of `text`; what goes into the tree is of the file.
struct Reader<'b> {
    out: &'b mut Builder,
    text: &'b str,
    places: &'b Places,
    /// Open collections, outermost first.
    open: Vec<Open>,
    /// By the parser's number for it.
    anchors: Vec<Anchor>,
    /// The end of the last token.
    last: usize,
}

#[derive(Clone, Copy)]
struct Open {
    slot: u32,
    anchor: usize,
    /// `aliased` when it began.
    aliased: u64,
    children: u32,
    /// The end of the last of them.
    last: usize,
    /// How many collections are nested in it, aliases followed.
    height: usize,
    is_flow: bool,
}

#[derive(Clone, Copy)]
struct Anchor {
    slot: u32,
    /// How many values it holds and how many collections are nested, aliases followed; `None`
    /// while it is open.
    size: Option<(u64, usize)>,
}

/// What a broken document has left is cut back to this.
struct Mark {
    slots: usize,
    documents: usize,
    cooked: usize,
    texts: usize,
    pieces: usize,
    tags: usize,
    anchors: usize,
    duplicates: usize,
    errors: usize,
    aliased: u64,
}

impl Builder {
    pub fn new(file: &SourceFile) -> Self {
        Self {
            tree: Tree::empty(file.id, Arc::clone(&file.text)),
            comments: Vec::new(),
            errors: Vec::new(),
            aliased: 0,
            has_bomb: false,
        }
    }

    /// For a template, of which a masked text is read (see [`Masked`](super::Masked)).
    pub fn of_template(
        file: &SourceFile,
        actions: Vec<Range<u32>>,
        holes: Vec<Range<u32>>,
        branches: Vec<Range<u32>>,
    ) -> Self {
        let mut builder = Self::new(file);
        builder.tree.actions = actions;
        builder.tree.damage = holes;
        builder.tree.branches = nested(branches);
        builder
    }

    /// Adds the documents of `text`. With an error, those before it stay, and of its own document
    /// what stands before it only if `keep_partial`.
    pub fn add(&mut self, text: &str, places: &Places, keep_partial: bool) -> Result<(), Stop> {
        let mut mark = self.mark();
        let mut document = 0;
        // A document that nothing ends may yet turn out to be broken where it seemed to end.
        let mut ended: Option<(Mark, usize)> = None;
        let mut reader =
            Reader { out: self, text, places, open: Vec::new(), anchors: Vec::new(), last: 0 };
        for event in Parser::new_from_str_with_options(text, options(true)) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    if keep_partial {
                        reader.close_all(place(&error));
                    } else {
                        self.cut_back(&mark, places.file(document));
                    }
                    return Err(Stop { document: places.file(document), error });
                }
            };
            let is_end = matches!(event, Event::DocumentEnd);
            let is_marker = match event {
                Event::DocumentStart(is_explicit, _) => is_explicit,
                Event::DocumentEnd => !span.is_empty(),
                _ => false,
            };
            reader.event(event, span);
            if is_end {
                ended = Some((reader.out.mark(), reader.last));
            }
            if is_marker && let Some(ended) = ended.take() {
                (mark, document) = ended;
            }
        }
        Ok(())
    }

    /// What was collected, and what was left out of it.
    pub fn finish(mut self, mut damage: Damage) -> Parsed<Arc<Tree>> {
        damage.lost.append(&mut self.tree.damage);
        self.tree.damage = joined(damage.lost);
        self.tree.unknown = joined(damage.unknown);
        let mut end = self.tree.text.len() as u32;
        for index in (0..self.tree.documents.len()).rev() {
            let start = self.tree.documents[index].span.start;
            let is_damaged = self.tree.is_unknown(start..end);
            let document = &mut self.tree.documents[index];
            (document.span.end, document.is_damaged) = (end, is_damaged);
            end = start;
        }
        self.index_aliases();
        Parsed { tree: Arc::new(self.tree), comments: self.comments, errors: self.errors }
    }

    /// Notes what aliases stand for.
    fn index_aliases(&mut self) {
        let slots = self.tree.slots.iter().zip(0..);
        let is_alias = |slot: &Slot| slot.shape == Shape::Alias && slot.data != NONE;
        let mut aliases: Vec<(u32, u32)> = slots
            .filter(|(slot, _)| is_alias(slot))
            .map(|(slot, index)| (slot.data, index))
            .collect();
        aliases.sort_unstable();
        let mut anchored: Vec<u32> = aliases.iter().map(|(of, _)| *of).collect();
        anchored.dedup();
        for (of, _) in &mut aliases {
            *of = anchored.binary_search(of).unwrap_or_default() as u32;
        }
        let range = |of: u32| {
            let Slot { start, end, .. } = self.tree.slot(of);
            start..end
        };
        self.tree.anchored = nested(anchored.into_iter().map(range).collect());
        self.tree.aliases = aliases;
    }

    fn mark(&self) -> Mark {
        Mark {
            slots: self.tree.slots.len(),
            documents: self.tree.documents.len(),
            cooked: self.tree.cooked.len(),
            texts: self.tree.texts.len(),
            pieces: self.tree.pieces.len(),
            tags: self.tree.tags.len(),
            anchors: self.tree.anchors.len(),
            duplicates: self.tree.duplicates.len(),
            errors: self.errors.len(),
            aliased: self.aliased,
        }
    }

    /// Forgets what came after `mark`, and the comments from `document` on.
    fn cut_back(&mut self, mark: &Mark, document: usize) {
        self.tree.slots.truncate(mark.slots);
        self.tree.documents.truncate(mark.documents);
        self.tree.cooked.truncate(mark.cooked);
        self.tree.texts.truncate(mark.texts);
        self.tree.pieces.truncate(mark.pieces);
        self.tree.tags.truncate(mark.tags);
        self.tree.anchors.truncate(mark.anchors);
        self.tree.duplicates.truncate(mark.duplicates);
        // The comment behind a `---` alone is told before that document, which is empty, has ended.
        let before = |comment: &Comment| (comment.span.start as usize) < document;
        self.comments.truncate(self.comments.partition_point(before));
        self.errors.truncate(mark.errors);
        self.aliased = mark.aliased;
    }
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: granit_parser::Span) {
        let range = span.byte_range().unwrap_or_default();
        if let Some(tag) = span.tag_span().and_then(|tag| tag.byte_range()) {
            let property = self.property(self.out.tree.slots.len() as u32, tag);
            self.out.tree.tags.push(property);
        }
        match event {
            Event::DocumentStart(is_explicit, _) => {
                let start = if is_explicit { range.start } else { self.last };
                self.last = if is_explicit { range.end } else { self.last };
                let root = NodeId { slot: self.out.tree.slots.len() as u32, used: NONE };
                let span = self.span(start..self.last);
                self.out.tree.documents.push(Document { root, span, is_damaged: false });
            }
            Event::DocumentEnd => self.last = range.end,
            Event::Comment(..) => {
                let line = self.text[..range.start].trim_end_matches([' ', '\t']);
                let own_line = line.is_empty() || line.ends_with(['\n', '\r', '\u{feff}']);
                self.out.comments.push(Comment { span: self.span(range), own_line });
            }
            Event::Scalar(value, style, anchor, _) => {
                let slot = self.out.tree.slots.len() as u32;
                self.scalar(&value, style, range);
                self.anchor(anchor, slot, Some((1, 0)));
            }
            Event::Anchor(id, _) => {
                let slot = self.anchors.get(id).map_or(NONE, |anchor| anchor.slot);
                let property = self.property(slot, range);
                self.out.tree.anchors.push(property);
            }
            Event::Alias(id) => self.alias(id, range),
            Event::UnresolvedAlias(name) => {
                let message = format!("no `&{name}` stands before this alias");
                self.error(range.clone(), message);
                self.push(range, Shape::Alias, NONE);
            }
            Event::SequenceStart(style, anchor, _) => {
                // The parser starts a sequence that is not indented behind its first dash.
                let in_mapping = self.open.last().is_some_and(|open| self.is_mapping(open.slot));
                let start = match style {
                    StructureStyle::Block if in_mapping => self.skip(self.last, b":?"),
                    _ => range.start,
                };
                self.open(Shape::Sequence, style, anchor, start);
                self.last = start + 1;
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(Shape::Mapping, style, anchor, range.start);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            _ => {}
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, range: Range<usize>) {
        let style = match style {
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            ScalarStyle::Plain => Style::Plain,
        };
        match style {
            Style::Plain => {
                let slot = self.out.tree.slots.len() as u32;
                let tag = self.out.tree.tags.last().filter(|tag| tag.slot == slot);
                let tag = tag
                    .and_then(|tag| self.out.tree.text.get(tag.start as usize..tag.end as usize));
                let is_string = tag.is_some_and(is_string);
                // The parser says `~` for nothing.
                let value = if range.is_empty() { "" } else { value };
                let range = if range.is_empty() { self.nothing(range.start) } else { range };
                if scalar::is_null(value) && !is_string {
                    self.push(range, Shape::Null, NONE);
                } else {
                    self.text(style, range.clone(), range, value);
                }
            }
            Style::Single | Style::Double => {
                let content = range.start + 1..(range.end - 1).max(range.start + 1);
                self.text(style, range, content, value);
            }
            Style::Literal | Style::Folded => {
                let header = self.skip(self.last, b":-?").min(range.start);
                let content = self.text[range.clone()].trim_end_matches([' ', '\t', '\r', '\n']);
                let content = range.start..range.start + content.len();
                let end = if content.is_empty() {
                    let line = self.text[header..].lines().next().unwrap_or_default();
                    header + line.find([' ', '\t']).unwrap_or(line.len())
                } else {
                    content.end
                };
                let content = if content.is_empty() { end..end } else { content };
                self.text(style, header..end, content, value);
            }
        }
    }

    /// Adds a scalar whose text is `value`, read from `content`.
    fn text(&mut self, style: Style, range: Range<usize>, content: Range<usize>, value: &str) {
        let is_block = matches!(style, Style::Literal | Style::Folded);
        if !is_block && self.text[content.clone()] == *value {
            self.push(range, Shape::Scalar(style), NONE);
            return;
        }
        let texts = self.out.tree.texts.len() as u32;
        let first = self.out.tree.pieces.len() as u32;
        let start = self.places.file(content.start) as u32;
        self.out.tree.texts.push_str(value);
        let source = &self.text[content.clone()];
        pieces::align(style, source, start, value, &mut self.out.tree.pieces);
        let cooked = self.out.tree.cooked.len() as u32;
        self.out.tree.cooked.push(Cooked {
            text: texts..self.out.tree.texts.len() as u32,
            pieces: first..self.out.tree.pieces.len() as u32,
            content: start..self.places.file(content.end) as u32,
        });
        self.push(range, Shape::Scalar(style), cooked);
    }

    fn alias(&mut self, id: usize, range: Range<usize>) {
        let Some(anchor) = self.anchors.get(id).copied() else {
            self.push(range, Shape::Alias, NONE);
            return;
        };
        let limit = ALIASED + self.out.tree.text.len() as u64;
        let refusal = match anchor.size {
            Some((size, height)) => {
                if self.open.len() + height > DEPTH {
                    Some("through this alias values are nested too deeply")
                } else if self.out.aliased + size <= limit {
                    self.out.aliased += size;
                    self.push(range, Shape::Alias, anchor.slot);
                    self.nest(height);
                    return;
                } else {
                    let is_first = !std::mem::replace(&mut self.out.has_bomb, true);
                    is_first.then_some(
                        "from here on aliases are left out: they stand for too many values",
                    )
                }
            }
            None => Some("this alias stands inside of what it refers to"),
        };
        if let Some(message) = refusal {
            self.error(range.clone(), message.to_owned());
        }
        self.push(range, Shape::Alias, NONE);
    }

    /// Notes that the innermost open collection holds one of `height`.
    fn nest(&mut self, height: usize) {
        if let Some(open) = self.open.last_mut() {
            open.height = open.height.max(height);
        }
    }

    /// Where nothing stands instead of a value: behind the colon of its key.
    fn nothing(&self, parsed: usize) -> Range<usize> {
        let is_value = self
            .open
            .last()
            .is_some_and(|open| open.children % 2 == 1 && self.is_mapping(open.slot));
        let colon = self.skip(self.last, b"");
        let at = match self.text.as_bytes().get(colon) {
            Some(b':') if is_value => parsed.max(colon + 1),
            _ => parsed,
        };
        at..at
    }

    fn open(&mut self, shape: Shape, style: StructureStyle, anchor: usize, start: usize) {
        let slot = self.push(start..start, shape, 0);
        self.anchor(anchor, slot, None);
        let (aliased, is_flow) = (self.out.aliased, style == StructureStyle::Flow);
        let (children, last, height) = (0, start, 0);
        self.open.push(Open { slot, anchor, aliased, children, last, height, is_flow });
    }

    /// Closes the innermost collection, which ends at `end` if a bracket does it.
    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let bytes = self.text.as_bytes();
        let bracket = end.checked_sub(1).and_then(|last| bytes.get(last));
        let end =
            if open.is_flow && matches!(bracket, Some(b']' | b'}')) { end } else { open.last };
        let after = self.out.tree.slots.len() as u32;
        let slot = &mut self.out.tree.slots[open.slot as usize];
        slot.end = slot.start.max(self.places.file(end) as u32);
        slot.after = after;
        self.last = end;
        if let Some(outer) = self.open.last_mut() {
            outer.last = end;
        }
        let size = u64::from(after - open.slot) + self.out.aliased - open.aliased;
        self.anchor(open.anchor, open.slot, Some((size, open.height + 1)));
        self.nest(open.height + 1);
        if self.is_mapping(open.slot) {
            self.check_keys(open.slot);
        }
    }

    /// Closes what is open where the text breaks off.
    fn close_all(&mut self, end: usize) {
        while let Some(open) = self.open.last() {
            if self.is_mapping(open.slot) && open.children % 2 == 1 {
                let end = end.max(self.last);
                self.push(end..end, Shape::Null, NONE);
            }
            self.close(0);
        }
        let documents = &self.out.tree.documents;
        if documents.last().is_some_and(|last| last.root.slot as usize == self.out.tree.slots.len())
        {
            // A document has a root, also if nothing of it can be read.
            let end = end.max(self.last);
            self.push(end..end, Shape::Null, NONE);
        }
    }

    /// Notes merge keys and duplicate keys of a mapping.
    fn check_keys(&mut self, mapping: u32) {
        let (flags, mut duplicates) = repeated_keys(&self.out.tree, mapping);
        if self.out.tree.actions.is_empty() {
            self.out.tree.duplicates.append(&mut duplicates);
        }
        self.out.tree.slots[mapping as usize].data = flags;
    }

    fn push(&mut self, range: Range<usize>, shape: Shape, data: u32) -> u32 {
        let slot = self.out.tree.slots.len() as u32;
        let Span { start, end, .. } = self.span(range.clone());
        self.out.tree.slots.push(Slot { start, end, after: slot + 1, data, shape });
        if let Some(open) = self.open.last_mut() {
            open.children += 1;
            open.last = range.end;
        }
        self.last = range.end;
        slot
    }

    fn anchor(&mut self, id: usize, slot: u32, size: Option<(u64, usize)>) {
        if id == 0 {
            return;
        }
        if self.anchors.len() <= id {
            self.anchors.resize(id + 1, Anchor { slot: NONE, size: None });
        }
        self.anchors[id] = Anchor { slot, size };
    }

    fn error(&mut self, range: Range<usize>, message: String) {
        let span = self.span(range);
        self.out.errors.push(SyntaxError { span, message, also: Vec::new() });
    }

    fn span(&self, range: Range<usize>) -> Span {
        let (start, end) = (self.places.file(range.start), self.places.file(range.end));
        Span::new(self.out.tree.file, start, end)
    }

    fn property(&self, slot: u32, range: Range<usize>) -> Property {
        let Span { start, end, .. } = self.span(range);
        Property { slot, start, end }
    }

    fn is_mapping(&self, slot: u32) -> bool {
        self.out.tree.slot(slot).shape == Shape::Mapping
    }

    /// The next byte from `from` on that is no blank and neither in a comment, a tag or an
    /// anchor, nor one of the `indicators` (which a blank must follow).
    fn skip(&self, from: usize, indicators: &[u8]) -> usize {
        let bytes = self.text.as_bytes();
        let is_blank = |at: usize| bytes.get(at).is_none_or(|b| b.is_ascii_whitespace());
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            at += match byte {
                // The last three are a byte order mark.
                b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf => 1,
                b'#' => bytes[at..].iter().take_while(|b| **b != b'\n').count(),
                b'&' | b'!' => bytes[at..].iter().take_while(|b| !b.is_ascii_whitespace()).count(),
                byte if indicators.contains(byte) && is_blank(at + 1) => 1,
                _ => break,
            };
        }
        at
    }
}

/// The flags and marks of a mapping, and its keys that stand there twice.
pub fn repeated_keys(tree: &Tree, mapping: u32) -> (u32, Vec<Duplicate>) {
    let node = tree.node(NodeId { slot: mapping, used: NONE });
    let mut flags = 0;
    let mut keys: Vec<(&str, NodeId)> = Vec::new();
    for entry in node.own_entries() {
        if entry.is_merge() {
            flags |= MERGES;
        }
        match entry.key.plain_text() {
            _ if entry.key.is_templated() => flags |= OPEN_KEYS,
            Some(key) => {
                flags |= mark(key);
                keys.push((key, entry.key.id()));
            }
            None => flags |= !FLAGS,
        }
    }
    keys.sort_unstable();
    let mut duplicates: Vec<Duplicate> = Vec::new();
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        let first = group[0].1;
        duplicates.extend(group[1..].iter().map(|(_, key)| Duplicate { key: *key, first }));
    }
    if !duplicates.is_empty() {
        flags |= REPEATS;
        duplicates.sort_unstable_by_key(|duplicate| duplicate.key);
    }
    (flags, duplicates)
}

/// Ranges in order and disjoint, with those that overlap made one.
pub fn joined(mut ranges: Vec<Range<u32>>) -> Vec<Range<u32>> {
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, range| {
        let overlaps = next.start <= range.end;
        if overlaps {
            range.end = range.end.max(next.end);
        }
        overlaps
    });
    ranges
}

/// Adds to each of some nested ranges the index of the one around it.
fn nested(ranges: Vec<Range<u32>>) -> Vec<(Range<u32>, Option<u32>)> {
    let mut around: Vec<(u32, u32)> = Vec::new();
    let with_outer = ranges.into_iter().zip(0..).map(|(range, index)| {
        while around.last().is_some_and(|(end, _)| *end < range.end) {
            around.pop();
        }
        let outer = around.last().map(|(_, outer)| *outer);
        around.push((range.end, index));
        (range, outer)
    });
    with_outer.collect()
}

/// Where the parser stumbled, in bytes of what it was given.
pub fn place(error: &ScanError) -> usize {
    error.marker().byte_offset().unwrap_or_default()
}
