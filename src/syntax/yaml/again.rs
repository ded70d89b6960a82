//! Reading again after an edit: only the documents or entries around it are parsed, and take the
//! places of those that stood there. An entry of a block mapping that parses by itself, indented
//! as before, parses the same where it stands; one that does not is mended as it would be there.

use std::ops::Range;
use std::sync::Arc;

use crate::source::{Change, Placed, SourceFile};
use crate::syntax::{Comment, Parsed};

use super::build::{Builder, repeated_keys};
use super::mend::{Damage, Places};
use super::pieces::{Cooked, Piece};
use super::recover::{self, Cut, has_marker};
use super::{Document, Duplicate, NONE, NodeId, Property, REPEATS, Shape, Slot, Tree};

/// Reads a file of which an earlier text was read without an error, with the comments of that:
/// the same as [`parse`](super::parse) would. `None` if it takes more than a part of it to be read.
pub fn parse_again(
    file: &SourceFile,
    before: &Arc<Tree>,
    comments: &[Comment],
) -> Option<Parsed<Arc<Tree>>> {
    if before.text == file.text {
        let (tree, comments) = (Arc::clone(before), comments.to_vec());
        return Some(Parsed { tree, comments, errors: Vec::new() });
    }
    let is_plain = before.damage.is_empty()
        && before.unknown.is_empty()
        && before.anchors.is_empty()
        && before.others.is_empty()
        && !before.is_template();
    if !is_plain {
        return None;
    }
    let edit = Change::between(&before.text, &file.text);
    let parts = parts(before, &edit);
    parts.iter().rev().find_map(|part| part.read(file, before, comments, &edit))
}

/// Whole documents, or entries of one block mapping, with at least one on either side of what
/// changed, if there is one.
struct Part {
    /// Whole lines of the earlier text.
    bytes: Range<usize>,
    /// Those of the earlier tree that it holds.
    slots: Range<u32>,
    documents: Range<usize>,
    /// Of entries: how deep they are indented.
    column: usize,
    /// Of entries: where the first key behind what changed stands, or the end of the text; `None`
    /// if it stands behind the last of them.
    good: Option<usize>,
    /// The mappings around them, outermost first.
    around: Vec<u32>,
}

/// The parts that may be read anew, each smaller than the one before.
fn parts(tree: &Tree, edit: &Change) -> Vec<Part> {
    let starts: Vec<usize> =
        tree.documents.iter().map(|document| document.span.start as usize).collect();
    let Some(run) = Run::around(edit, &starts) else { return Vec::new() };
    let root = |document: usize| match tree.documents.get(document) {
        Some(document) => document.root.slot,
        None => tree.slots.len() as u32,
    };
    let end_of = |document: usize| starts.get(document).copied().unwrap_or(tree.text.len());
    let bytes = if run.wide.start == 0 { 0 } else { starts[run.wide.start] }..end_of(run.wide.end);
    let begins =
        |at: usize| at == 0 || at == tree.text.len() || tree.text.get(at..).is_some_and(is_marker);
    let mut parts = Vec::new();
    if run.wide != (0..starts.len()) && begins(bytes.start) && begins(bytes.end) {
        parts.push(Part {
            bytes,
            slots: root(run.wide.start)..root(run.wide.end),
            documents: run.wide.clone(),
            column: 0,
            good: None,
            around: Vec::new(),
        });
    }
    let Some(document) = run.only else { return parts };
    let document_end = end_of(document + 1);
    let (mut mapping, mut end) = (root(document), document_end);
    let mut around = Vec::new();
    while let Some(part) = Entries::of(tree, mapping) {
        let Some(run) = Run::around(edit, &part.starts) else { break };
        around.push(mapping);
        let end_of = |entry: usize| part.starts.get(entry).copied().unwrap_or(end);
        let bytes = part.starts[run.wide.start]..end_of(run.wide.end);
        let behind = part.starts.get(run.last + 1).map(|start| start + part.column);
        // A block ends in another way before the next document.
        if bytes.end < document_end || document_end == tree.text.len() {
            parts.push(Part {
                bytes,
                slots: part.slots[run.wide.start]..part.slots[run.wide.end],
                // The one that they are in stays where it begins.
                documents: document + 1..document + 1,
                column: part.column,
                good: behind.or(Some(end).filter(|end| *end == tree.text.len())),
                around: around.clone(),
            });
        }
        let Some(entry) = run.only else { break };
        end = end_of(entry + 1);
        mapping = tree.slot(part.slots[entry]).after;
    }
    parts
}

/// Neighbours of which some changed.
struct Run {
    /// Those that changed, with one on either side.
    wide: Range<usize>,
    /// The last one that changed.
    last: usize,
    /// The one that changed, if it is only one.
    only: Option<usize>,
}

impl Run {
    /// Of those that start at these places.
    fn around(edit: &Change, starts: &[usize]) -> Option<Self> {
        let first = starts.partition_point(|start| *start <= edit.start).checked_sub(1)?;
        let last = starts.partition_point(|start| *start <= edit.end) - 1;
        let wide = first.saturating_sub(1)..(last + 2).min(starts.len());
        Some(Self { wide, last, only: (first == last).then_some(first) })
    }
}

/// The entries of a block mapping, each beginning on a line of its own.
struct Entries {
    /// Of their lines.
    starts: Vec<usize>,
    /// Of their keys, and then the one behind them.
    slots: Vec<u32>,
    column: usize,
}

impl Entries {
    fn of(tree: &Tree, mapping: u32) -> Option<Self> {
        let Slot { start, after, shape, .. } = *tree.slots.get(mapping as usize)?;
        if shape != Shape::Mapping {
            return None;
        }
        let line = tree.text[..start as usize].rfind('\n').map_or(0, |end| end + 1);
        let column = start as usize - line;
        let mut slots: Vec<u32> = tree.children(mapping).step_by(2).collect();
        let mut starts = Vec::with_capacity(slots.len());
        for key in &slots {
            let Slot { start, end, .. } = tree.slot(*key);
            let start = (start as usize).checked_sub(column)?;
            starts.push(start);
            // Of a key that is not written nobody knows on which line it is.
            if end as usize == start + column || !is_indented(&tree.text, start, column) {
                return None;
            }
        }
        // Else it is in braces.
        (tree.slot(*slots.first()?).start == start).then_some(())?;
        slots.push(after);
        Some(Self { starts, slots, column })
    }
}

/// Whether a line starts here whose content, or what may be content, stands in a column.
fn is_indented(text: &str, line: usize, column: usize) -> bool {
    (line == 0 || text.as_bytes().get(line - 1) == Some(&b'\n'))
        && text.as_bytes()[line..].iter().take(column).all(|byte| *byte == b' ')
}

fn is_marker(text: &str) -> bool {
    text.strip_prefix("---").is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n']))
}

impl Part {
    fn read(
        &self,
        file: &SourceFile,
        before: &Tree,
        comments: &[Comment],
        edit: &Change,
    ) -> Option<Parsed<Arc<Tree>>> {
        let Range { start, end } = self.bytes;
        if edit.end >= end && end < before.text.len() {
            return None;
        }
        let end = edit.moved(end);
        let text = file.text.get(start..end)?;
        if text.len() > file.text.len() / 2 {
            return None;
        }
        let (read, damage) = self.parse(file, before, start..end)?;
        let Builder { tree: new, comments: new_comments, errors, .. } = read;
        let last = new.slots.last()?;
        let repeats = |tree: &Tree, mapping: &u32| tree.slot(*mapping).data & REPEATS != 0;
        let has_repeated = !self.around.is_empty() && repeats(&new, &0)
            || self.around.iter().any(|mapping| repeats(before, mapping));
        let is_plain = new.anchors.is_empty() && !has_repeated;
        // The parser puts nothing, and a block of nothing, where the next thing begins, which it
        // did not see.
        let is_empty = last.cooked().is_some_and(|cooked| new.cooked[cooked].text.is_empty());
        let is_whole = (last.end as usize) < end && !is_empty || end == file.text.len();
        // How a document is mended depends on what ends it.
        let sound = new.documents.last().map_or(0, |document| document.span.start);
        let is_mended =
            !self.around.is_empty() || errors.iter().all(|error| error.span.end <= sound);
        if !is_plain || !is_whole || !is_mended || !self.fits(&new, text) {
            return None;
        }
        let mut builder = Builder::new(file);
        builder.errors = errors;
        builder.tree = self.splice(before, new, file, edit);
        let of_part = begun_in(comments, &self.bytes, |comment| comment.span.start);
        let moved = |comment: &Comment| {
            let mut comment = *comment;
            comment.shift(edit.growth as u32);
            comment
        };
        let of_part = Splice { at: of_part, new: &new_comments };
        builder.comments = of_part.into(comments, |comment| *comment, moved);
        if let Some(mapping) = self.around.last() {
            let (flags, duplicates) = repeated_keys(&builder.tree, *mapping);
            if flags & REPEATS != 0 || !duplicates.is_empty() {
                return None;
            }
            builder.tree.slots[*mapping as usize].data = flags;
        }
        Some(builder.finish(damage))
    }

    /// What stands there now, and what of it was left out.
    fn parse(
        &self,
        file: &SourceFile,
        before: &Tree,
        Range { start, end }: Range<usize>,
    ) -> Option<(Builder, Damage)> {
        let mut read = Builder::new(file);
        if self.around.is_empty() {
            return Some(recover::read(read, file, &file.text[..end], start));
        }
        if read.add(&file.text[start..end], &Places::from(start), false).is_ok() {
            return Some((read, Damage::default()));
        }
        // Directives hold for all of a document.
        let (above, text) = file.text.split_at(start);
        let has_directives = above.starts_with('%') || above.contains("\n%");
        let good = self.good.filter(|_| before.documents.len() == 1 && !has_directives)?;
        let good = before.text.len() - good;
        let cut = Cut { text, above, base: start, column: self.column, good };
        recover::read_entries(file, &cut, file.text.len() - end)
    }

    /// Whether what was read can take the place of what stood there.
    fn fits(&self, new: &Tree, text: &str) -> bool {
        if self.around.is_empty() {
            return self.bytes.start == 0 || is_marker(text);
        }
        let is_alone = new.documents.len() == 1 && !has_marker(text);
        let entries = Entries::of(new, 0).filter(|it| it.column == self.column);
        is_alone && entries.is_some_and(|entries| entries.starts[0] == self.bytes.start)
    }

    fn splice(&self, before: &Tree, new: Tree, file: &SourceFile, edit: &Change) -> Tree {
        // The mapping as which entries were read is none of them.
        let extra = u32::from(!self.around.is_empty());
        let Range { start: first, end: behind } = self.slots;
        // By their slots: an empty block's content stands where the next thing begins.
        let cooked_from = |slot: u32| {
            let mut slots = before.slots[slot as usize..].iter();
            slots.find_map(Slot::cooked).unwrap_or(before.cooked.len())
        };
        let cooked = cooked_from(first)..cooked_from(behind);
        let of = |range: fn(&Cooked) -> &Range<u32>, all: usize| {
            let start =
                |at: usize| before.cooked.get(at).map_or(all, |it| range(it).start as usize);
            start(cooked.start)..start(cooked.end)
        };
        let texts = of(|cooked| &cooked.text, before.texts.len());
        let pieces = of(|cooked| &cooked.pieces, before.pieces.len());
        let inner = Shift {
            slots: first.wrapping_sub(extra),
            bytes: 0,
            cooked: cooked.start as u32,
            texts: texts.start as u32,
            pieces: pieces.start as u32,
        };
        let grown = |new: usize, old: usize| (new as u32).wrapping_sub(old as u32);
        let outer = Shift {
            slots: grown(new.slots.len(), (behind - first + extra) as usize),
            bytes: edit.growth as u32,
            cooked: grown(new.cooked.len(), cooked.len()),
            texts: grown(new.texts.len(), texts.len()),
            pieces: grown(new.pieces.len(), pieces.len()),
        };
        let mut tree = Tree::empty(before.file, Arc::clone(&file.text));
        let slots =
            Splice { at: first as usize..behind as usize, new: &new.slots[extra as usize..] };
        tree.slots = slots.into(&before.slots, |it| inner.slot(*it), |it| outer.slot(*it));
        for mapping in &self.around {
            let slot = &mut tree.slots[*mapping as usize];
            let is_last = slot.after == behind;
            slot.end = if is_last { new.slots[0].end } else { shifted(slot.end, outer.bytes) };
            slot.after = shifted(slot.after, outer.slots);
        }
        let tags = begun_in(&before.tags, &self.bytes, |tag| tag.start);
        let tags = Splice { at: tags, new: &new.tags };
        tree.tags = tags.into(&before.tags, |it| inner.property(*it), |it| outer.property(*it));
        let cooked = Splice { at: cooked, new: &new.cooked };
        tree.cooked = cooked.into(&before.cooked, |it| inner.cooked(it), |it| outer.cooked(it));
        let piece = |it: &Piece, by: u32| it.moved(|at| shifted(at, by));
        let pieces = Splice { at: pieces, new: &new.pieces };
        tree.pieces = pieces.into(&before.pieces, |it| *it, |it| piece(it, outer.bytes));
        // In the order in which their mappings end, of which none is around the part.
        let repeated_from = |slot: u32| {
            let found = before.duplicates.iter().position(|repeated| repeated.key.slot >= slot);
            found.unwrap_or(before.duplicates.len())
        };
        let repeated =
            Splice { at: repeated_from(first)..repeated_from(behind), new: &new.duplicates };
        tree.duplicates =
            repeated.into(&before.duplicates, |it| inner.duplicate(*it), |it| outer.duplicate(*it));
        let whole = if self.around.is_empty() { new.documents.as_slice() } else { &[] };
        let documents = Splice { at: self.documents.clone(), new: whole };
        tree.documents =
            documents.into(&before.documents, |it| inner.document(*it), |it| outer.document(*it));
        let around = [&before.texts[..texts.start], &before.texts[texts.end..]];
        tree.texts = [around[0], &new.texts, around[1]].concat();
        tree
    }
}

/// What takes the place of some of many things.
struct Splice<'a, T> {
    at: Range<usize>,
    new: &'a [T],
}

impl<T: Clone> Splice<'_, T> {
    /// All of them then, once what is new and what stands behind it have been moved.
    fn into(self, before: &[T], inner: impl Fn(&T) -> T, outer: impl Fn(&T) -> T) -> Vec<T> {
        let mut all = Vec::with_capacity(before.len() - self.at.len() + self.new.len());
        all.extend_from_slice(&before[..self.at.start]);
        all.extend(self.new.iter().map(inner));
        all.extend(before[self.at.end..].iter().map(outer));
        all
    }
}

/// How far things move; what moves back wraps around.
struct Shift {
    slots: u32,
    bytes: u32,
    cooked: u32,
    texts: u32,
    pieces: u32,
}

impl Slot {
    pub(super) fn cooked(&self) -> Option<usize> {
        let is_cooked = matches!(self.shape, Shape::Scalar(_)) && self.data != NONE;
        is_cooked.then_some(self.data as usize)
    }
}

impl Shift {
    fn slot(&self, slot: Slot) -> Slot {
        Slot {
            start: shifted(slot.start, self.bytes),
            end: shifted(slot.end, self.bytes),
            after: shifted(slot.after, self.slots),
            data: if slot.cooked().is_some() { shifted(slot.data, self.cooked) } else { slot.data },
            shape: slot.shape,
        }
    }

    fn cooked(&self, cooked: &Cooked) -> Cooked {
        let by = |range: &Range<u32>, by| shifted(range.start, by)..shifted(range.end, by);
        Cooked {
            text: by(&cooked.text, self.texts),
            pieces: by(&cooked.pieces, self.pieces),
            content: by(&cooked.content, self.bytes),
        }
    }

    fn property(&self, property: Property) -> Property {
        Property {
            slot: shifted(property.slot, self.slots),
            start: shifted(property.start, self.bytes),
            end: shifted(property.end, self.bytes),
        }
    }

    fn duplicate(&self, Duplicate { key, first }: Duplicate) -> Duplicate {
        let moved = |id: NodeId| NodeId { slot: shifted(id.slot, self.slots), ..id };
        Duplicate { key: moved(key), first: moved(first) }
    }

    fn document(&self, mut document: Document) -> Document {
        document.root = NodeId { slot: shifted(document.root.slot, self.slots), ..document.root };
        document.span.shift(self.bytes);
        document
    }
}

fn shifted(at: u32, by: u32) -> u32 {
    at.wrapping_add(by)
}

/// Which of some things in order begin within some bytes.
fn begun_in<T>(all: &[T], bytes: &Range<usize>, start: impl Fn(&T) -> u32) -> Range<usize> {
    let at = |byte: usize| all.partition_point(|one| (start(one) as usize) < byte);
    at(bytes.start)..at(bytes.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Files};
    use crate::syntax::yaml;

    const SERVICES: &str = "# a project\nservices:\n  a:\n    image: x:1 # one\n    command: [\"a\\tb\", b]\n\n  \
        # the second\n  b:\n    image: >-\n      y:2\n    environment:\n      A: 'it''s'\n      B: !!str 1\n      \
        C: two\n        lines\n  c: {image: z}\n  d:\n    image: \"q\\x41\"\n    ports:\n    - \"1:1\"\n    \
        - 2:2\nvolumes:\n  v:\n  w: {}\n  \"x\": ~\n";
    const OBJECTS: &str = "%YAML 1.2\n---\n# one\na: 1\nb:\n  c: |+\n    text\n\n--- # two\nkind: X\nmetadata:\n  \
        name: 'it''s'\n  labels: {a: b,\n    c: \"\\u00e9\"}\n---\n---\n- a\n- b: 1\n  c: 2\n---\nlast:\n  one: \
        !x y\n  two: [1,\n  2]\n  three: \"a\n    b\"\n...\n---\nx: |\n y\n";

    fn file(text: &str) -> SourceFile {
        let mut files = Files::default();
        let id = files.add("a.yaml", text.to_owned());
        assert_eq!(id, FileId(0));
        files.get(id).clone()
    }

    fn shown(parsed: &Parsed<Arc<Tree>>) -> String {
        format!("{:?} {:?} {:?}", parsed.tree, parsed.comments, parsed.errors)
    }

    /// What a part was enough for; it has to say the same as the whole then.
    fn again(before: &Parsed<Arc<Tree>>, text: &str) -> Option<Parsed<Arc<Tree>>> {
        let file = file(text);
        let again = parse_again(&file, &before.tree, &before.comments)?;
        let whole = shown(&yaml::parse(&file));
        assert_eq!(shown(&again), whole, "{}\n---- became\n{text}", before.tree.text);
        Some(again)
    }

    fn agrees(before: &Parsed<Arc<Tree>>, text: &str) -> bool {
        again(before, text).is_some()
    }

    #[test]
    fn a_part_read_again_is_as_in_the_whole() {
        let snippets = [
            "#",
            " ",
            "\n",
            "x",
            ":",
            "\"",
            "{",
            "---\n",
            "...\n",
            "&a ",
            "!t ",
            "a: b\n",
            "    a: b\n",
            "? ",
            "|\n",
            "\r\n",
            "é",
        ];
        let mut parts = 0;
        for text in [SERVICES.to_owned(), OBJECTS.to_owned(), format!("{SERVICES}...\n{OBJECTS}")] {
            let before = yaml::parse(&file(&text));
            assert_eq!(before.errors, []);
            let mut snippets = snippets.iter().cycle();
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                for snippet in snippets.by_ref().take(5) {
                    let edited = format!("{}{snippet}{}", &text[..at], &text[at..]);
                    parts += usize::from(agrees(&before, &edited));
                }
                let end = (at + 1 + at % 20).min(text.len());
                if text.is_char_boundary(end) {
                    let edited = format!("{}{}", &text[..at], &text[end..]);
                    parts += usize::from(agrees(&before, &edited));
                }
            }
        }
        assert!(parts > 500, "only {parts} edits took but a part");
    }

    #[test]
    fn a_broken_part_is_mended_as_in_the_whole() {
        let service = |number: usize| {
            format!(
                "  s{number}:\n    image: x:1\n    privileged: true\n    environment:\n      A: ${{B:-c}}\n      \
                 C: 'd'\n    # and\n    command: [\"a\", b]\n    ports:\n    - 1:1\n    labels:\n      \
                 text: |\n        one\n        two\n    depends_on: [web]\n"
            )
        };
        let services: String = (0..7).map(service).collect();
        let text = format!("# all\nname: x\nservices:\n{services}");
        let before = yaml::parse(&file(&text));
        assert_eq!(before.errors, []);
        let (mut mended, mut broken) = (0, 0);
        let middle = text.find("  s3:").unwrap_or_default()..text.find("  s4:").unwrap_or_default();
        let mut try_one = |edited: &str| {
            let part = again(&before, edited);
            let is_part = part.is_some();
            let read = part.unwrap_or_else(|| yaml::parse(&file(edited)));
            broken += usize::from(!read.errors.is_empty());
            mended += usize::from(!read.errors.is_empty() && is_part);
        };
        for at in middle.step_by(3) {
            for snippet in ["#", "\"", ":", "  "] {
                try_one(&format!("{}{snippet}{}", &text[..at], &text[at..]));
            }
            for length in [1, 6] {
                try_one(&format!("{}{}", &text[..at], &text[at + length..]));
            }
        }
        assert!(mended * 3 > broken, "only {mended} of {broken} were mended in part");
    }

    #[test]
    fn what_is_as_it_was_is_taken_as_it_was() {
        let before = yaml::parse(&file("a: &x 1\nb: *x\n"));
        let same = parse_again(&file("a: &x 1\nb: *x\n"), &before.tree, &before.comments);
        assert!(same.is_some_and(|same| Arc::ptr_eq(&same.tree, &before.tree)));
    }

    #[test]
    fn the_last_entry_is_a_part_as_well() {
        let text = format!(
            "services:\n{}",
            (0..9).map(|at| format!("  s{at}:\n    b: c\n")).collect::<String>()
        );
        let before = yaml::parse(&file(&text));
        assert!(agrees(&before, &format!("{text}    d: e\n")));
    }
}
