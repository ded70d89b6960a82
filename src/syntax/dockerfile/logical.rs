use std::cell::Cell;
use std::ops::Range;

use crate::source::{FileId, Placed, Span};

/// A line of instructions after its continued lines are joined, and where each byte of it
/// stands in the file: piece by piece, each a run of bytes that lie together in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logical {
    file: FileId,
    text: String,
    /// Where the first piece, which begins at 0, stands in the file.
    start: u32,
    /// The pieces behind it, ordered in both. Most lines have none.
    more: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    logical: u32,
    source: u32,
    /// Of what is written in another way, an escape for one: how long its source is as a whole.
    whole: Option<u32>,
}

impl Logical {
    /// An empty text, at a place of a file.
    pub(super) fn new(place: Span) -> Self {
        Self { file: place.file, text: String::new(), start: place.start, more: Vec::new() }
    }

    pub(super) fn push(&mut self, text: &str, source: Span) {
        let (logical, length) = (self.text.len() as u32, source.end - source.start);
        let whole = (length as usize != text.len()).then_some(length);
        let last = self.piece(self.more.len());
        if self.text.is_empty() && whole.is_none() {
            self.start = source.start;
        } else if whole.is_some() || last.source_of(self.text.len()) != Some(source.start) {
            self.more.push(Piece { logical, source: source.start, whole });
        }
        self.text.push_str(text);
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        self.more.retain(|piece| (piece.logical as usize) < length);
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The source of the bytes `start..end`, from the first to the last. Nothing is an empty
    /// span just behind what stands before it.
    pub fn span(&self, start: usize, end: usize) -> Span {
        self.span_near(start, end, &Cell::new(0))
    }

    /// The same for one who asks for many: `near` is the piece that the last one ended in.
    pub fn span_near(&self, start: usize, end: usize, near: &Cell<usize>) -> Span {
        for index in [near.get(), near.get() + 1] {
            if let Some(span) = self.span_in(index, start, end) {
                near.set(index);
                return span;
            }
        }
        let source = |offset: usize| {
            near.set(self.index(offset));
            self.source_in(near.get(), offset)
        };
        let behind = |offset: usize| match offset.checked_sub(1) {
            None => source(0).start,
            Some(last) => source(last).end,
        };
        let from = if start < end { source(start).start } else { behind(start) };
        Span { file: self.file, start: from, end: behind(end) }
    }

    /// The source of bytes that are some, and all in this piece, if there is one.
    fn span_in(&self, index: usize, start: usize, end: usize) -> Option<Span> {
        if index > self.more.len() {
            return None;
        }
        let piece = self.piece(index);
        let until = self.more.get(index).map_or(self.text.len(), |next| next.logical as usize);
        let is_in = piece.logical as usize <= start && start < end && end <= until;
        let from = piece.source_of(start).filter(|_| is_in)?;
        Some(Span { file: self.file, start: from, end: from + (end - start) as u32 })
    }

    /// The runs of bytes that `start..end` is made of, each with its source, without what lies
    /// between: a continued line's `\` and line end, comments, empty lines.
    pub fn pieces(&self, start: usize, end: usize) -> impl Iterator<Item = (Range<usize>, Span)> {
        let mut index = self.index(start);
        let mut at = start;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let next = self.more.get(index);
            let until = next.map_or(self.text.len(), |next| next.logical as usize).min(end);
            let piece = (at..until, self.source(at).to(self.source(until - 1)));
            (at, index) = (until, index + 1);
            Some(piece)
        })
    }

    /// Where the byte at `offset` stands in the file, or what stands for it.
    fn source(&self, offset: usize) -> Span {
        self.source_in(self.index(offset), offset)
    }

    fn source_in(&self, index: usize, offset: usize) -> Span {
        let piece = self.piece(index);
        let (start, length) = match piece.source_of(offset) {
            Some(start) => (start, 1),
            None => (piece.source, piece.whole.unwrap_or_default()),
        };
        Span { file: self.file, start, end: start + length }
    }

    /// The number of the piece that the byte at `offset` is in.
    fn index(&self, offset: usize) -> usize {
        self.more.partition_point(|piece| piece.logical as usize <= offset)
    }

    fn piece(&self, index: usize) -> Piece {
        match index.checked_sub(1).and_then(|index| self.more.get(index)) {
            Some(piece) => *piece,
            None => Piece { logical: 0, source: self.start, whole: None },
        }
    }
}

impl Placed for Logical {
    fn shift(&mut self, by: u32) {
        let Self { file: _, text: _, start, more } = self;
        *start = start.wrapping_add(by);
        for Piece { logical: _, source, whole: _ } in more {
            *source = source.wrapping_add(by);
        }
    }
}

impl Piece {
    /// Where a byte stands; `None` if that is only known of all of the piece.
    fn source_of(self, offset: usize) -> Option<u32> {
        let into = (offset as u32).wrapping_sub(self.logical);
        self.whole.is_none().then_some(self.source.wrapping_add(into))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_across_lines_has_one_span_and_its_pieces() {
        // `RUN ab\⏎cd` and a second line that begins 8 bytes further on than the first ends.
        let span = |start, end| Span::new(FileId(0), start, end);
        let mut logical = Logical::new(span(10, 10));
        logical.push("RUN ab", span(10, 16));
        logical.push("cd", span(18, 20));
        assert_eq!(logical.text(), "RUN abcd");
        assert_eq!(logical.span(4, 8), Span::new(FileId(0), 14, 20));
        let pieces: Vec<_> = logical.pieces(4, 8).map(|(_, span)| span.range()).collect();
        assert_eq!(pieces, [14..16, 18..20]);
        assert_eq!(logical.span(4, 6), Span::new(FileId(0), 14, 16));
        assert_eq!(logical.span(8, 8), Span::new(FileId(0), 20, 20));
        assert_eq!(logical.pieces(8, 8).count(), 0);
    }

    #[test]
    fn a_place_is_the_same_wherever_one_looked_before() {
        let span = |start, end| Span::new(FileId(0), start, end);
        let mut logical = Logical::new(span(10, 10));
        for (text, start, end) in [("ab", 10, 12), ("c", 14, 15), ("\"", 20, 22), ("de", 22, 24)] {
            logical.push(text, span(start, end));
        }
        let length = logical.text().len();
        let ranges = (0..=length).flat_map(|start| (start..=length).map(move |end| (start, end)));
        for (start, end) in ranges {
            for near in 0..6 {
                let found = logical.span_near(start, end, &Cell::new(near));
                assert_eq!(found, logical.span(start, end), "{start}..{end} from {near}");
            }
        }
        assert_eq!(logical.span(2, 5), span(14, 23));
    }

    #[test]
    fn an_empty_first_line_leaves_no_trace() {
        let span = |start, end| Span::new(FileId(0), start, end);
        let mut logical = Logical::new(span(0, 0));
        assert_eq!(logical.span(0, 0).range(), 0..0);
        logical.push("FROM a", span(2, 8));
        assert_eq!(logical.span(0, 4).range(), 2..6);
    }

    #[test]
    fn an_escape_is_underlined_whole() {
        // `a\"b`, of which the quote is written with two bytes.
        let span = |start, end| Span::new(FileId(0), start, end);
        let mut logical = Logical::new(span(5, 5));
        logical.push("a", span(5, 6));
        logical.push("\"", span(6, 8));
        logical.push("b", span(8, 9));
        assert_eq!(logical.span(0, 2).range(), 5..8);
        assert_eq!(logical.span(1, 3).range(), 6..9);
        assert_eq!(logical.span(2, 3).range(), 8..9);
        let pieces: Vec<_> = logical.pieces(0, 3).map(|(_, span)| span.range()).collect();
        assert_eq!(pieces, [5..6, 6..8, 8..9]);
    }
}
