use crate::source::{FileId, Span};

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
}

impl Logical {
    pub(super) fn new(file: FileId, source: usize, text: &str) -> Self {
        Self { file, text: text.to_owned(), start: source as u32, more: Vec::new() }
    }

    pub(super) fn push(&mut self, source: usize, text: &str) {
        if self.text.is_empty() {
            self.start = source as u32;
        } else {
            self.more.push(Piece { logical: self.text.len() as u32, source: source as u32 });
        }
        self.text.push_str(text);
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The source of the bytes `start..end`, from the first to the last. Nothing is an empty
    /// span just behind what stands before it.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let behind = |offset: usize| match offset {
            0 => self.source(0),
            _ => self.source(offset - 1) + 1,
        };
        let from = if start < end { self.source(start) } else { behind(start) };
        Span::new(self.file, from, behind(end))
    }

    /// The source of the bytes `start..end`, without what lies between: a continued line's
    /// `\` and line end, comments, empty lines.
    pub fn pieces(&self, start: usize, end: usize) -> impl Iterator<Item = Span> {
        let mut index = self.index(start);
        let mut at = start;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let from = self.piece(index).source_of(at);
            let next = self.more.get(index);
            let until = next.map_or(self.text.len(), |next| next.logical as usize).min(end);
            let span = Span::new(self.file, from, from + until - at);
            (at, index) = (until, index + 1);
            Some(span)
        })
    }

    /// Where the byte at `offset` stands in the file.
    fn source(&self, offset: usize) -> usize {
        self.piece(self.index(offset)).source_of(offset)
    }

    /// The number of the piece that the byte at `offset` is in.
    fn index(&self, offset: usize) -> usize {
        self.more.partition_point(|piece| piece.logical as usize <= offset)
    }

    fn piece(&self, index: usize) -> Piece {
        match index.checked_sub(1).and_then(|index| self.more.get(index)) {
            Some(piece) => *piece,
            None => Piece { logical: 0, source: self.start },
        }
    }
}

impl Piece {
    fn source_of(self, offset: usize) -> usize {
        self.source as usize + offset - self.logical as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_across_lines_has_one_span_and_its_pieces() {
        // `RUN ab\⏎cd` and a second line that begins 8 bytes further on than the first ends.
        let mut logical = Logical::new(FileId(0), 10, "RUN ab");
        logical.push(18, "cd");
        assert_eq!(logical.text(), "RUN abcd");
        assert_eq!(logical.span(4, 8), Span::new(FileId(0), 14, 20));
        let pieces: Vec<_> = logical.pieces(4, 8).map(Span::range).collect();
        assert_eq!(pieces, [14..16, 18..20]);
        assert_eq!(logical.span(4, 6), Span::new(FileId(0), 14, 16));
        assert_eq!(logical.span(8, 8), Span::new(FileId(0), 20, 20));
        assert_eq!(logical.pieces(8, 8).count(), 0);
    }

    #[test]
    fn an_empty_first_line_leaves_no_trace() {
        let mut logical = Logical::new(FileId(0), 0, "");
        assert_eq!(logical.span(0, 0).range(), 0..0);
        logical.push(2, "FROM a");
        assert_eq!(logical.span(0, 4).range(), 2..6);
    }
}
