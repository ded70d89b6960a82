use crate::source::{FileId, Span};

/// A line of instructions after its continued lines are joined, and where each byte of it
/// stands in the file: piece by piece, each a run of bytes that lie together in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logical {
    file: FileId,
    text: String,
    /// Ordered in both; never empty. The first piece begins at 0.
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    logical: u32,
    source: u32,
}

impl Logical {
    pub(super) fn new(file: FileId, source: usize, text: &str) -> Self {
        let pieces = vec![Piece { logical: 0, source: source as u32 }];
        Self { file, text: text.to_owned(), pieces }
    }

    pub(super) fn push(&mut self, source: usize, text: &str) {
        let piece = Piece { logical: self.text.len() as u32, source: source as u32 };
        if self.text.is_empty() {
            self.pieces.clear();
        }
        self.pieces.push(piece);
        self.text.push_str(text);
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The source of the bytes `start..end`, from the first to the last. Nothing is an empty
    /// span at its place.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let from = self.source(start);
        let to = if start < end { self.source(end - 1) + 1 } else { from };
        Span::new(self.file, from, to)
    }

    /// The source of the bytes `start..end`, without what lies between: a continued line's
    /// `\` and line end, comments, empty lines.
    pub fn pieces(&self, start: usize, end: usize) -> impl Iterator<Item = Span> {
        let first = self.piece(start);
        let mut at = start;
        self.pieces[first..].iter().enumerate().map_while(move |(index, piece)| {
            if at >= end {
                return None;
            }
            let next = self.pieces.get(first + index + 1);
            let until = next.map_or(self.text.len(), |next| next.logical as usize).min(end);
            let from = piece.source as usize + at - piece.logical as usize;
            let span = Span::new(self.file, from, from + until - at);
            at = until;
            Some(span)
        })
    }

    /// Where the byte at `offset` stands in the file. The end of the text is just behind its
    /// last byte.
    fn source(&self, offset: usize) -> usize {
        let piece = self.pieces[self.piece(offset)];
        piece.source as usize + offset - piece.logical as usize
    }

    fn piece(&self, offset: usize) -> usize {
        let at_end = offset == self.text.len() && offset > 0;
        let offset = if at_end { offset - 1 } else { offset };
        self.pieces.partition_point(|piece| piece.logical as usize <= offset).saturating_sub(1)
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
