use std::ops::Range;

use crate::source::{FileId, SourceFile, Span};

/// Where the bytes of a Dockerfile's text stand in a file: piece by piece, for it may be written
/// within a text of another format, with escapes and indentation.
#[derive(Clone, Debug)]
pub struct Places {
    file: FileId,
    /// In order and without gaps: where each begins in the text, and all of its source. If both
    /// are as long they agree byte for byte, else the source is only ever used whole.
    pieces: Vec<(usize, Span)>,
    length: usize,
}

impl Places {
    /// Of a text that is all of a file.
    pub fn of_file(file: &SourceFile) -> Self {
        let length = file.text.len();
        Self { file: file.id, pieces: vec![(0, Span::new(file.id, 0, length))], length }
    }

    /// Of a text that is put together of `pieces`, each with its length and its source.
    pub fn new(file: FileId, pieces: impl Iterator<Item = (usize, Span)>) -> Self {
        let mut places = Self { file, pieces: Vec::new(), length: 0 };
        for (length, span) in pieces.filter(|(length, _)| *length > 0) {
            places.pieces.push((places.length, span));
            places.length += length;
        }
        places
    }

    pub fn file(&self) -> FileId {
        self.file
    }

    /// The source of some bytes, from the first to the last; of none, a point.
    pub fn span(&self, range: Range<usize>) -> Span {
        if let [(0, whole)] = *self.pieces
            && whole.range().len() == self.length
        {
            return whole.part(range);
        }
        let mut pieces = self.pieces(range.clone());
        match (pieces.next(), pieces.last()) {
            (Some((_, first)), Some((_, last))) => first.to(last),
            (Some((_, only)), None) => only,
            (None, _) => self.point(range.start),
        }
    }

    /// The runs of bytes that a range of the text is made of, each with its source.
    pub fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, Span)> {
        let first = self.index(range.start);
        let ends = self.pieces.iter().map(|(start, _)| *start).skip(first + 1);
        let pieces = self.pieces.iter().skip(first).zip(ends.chain([self.length]));
        pieces.map_while(move |((start, span), end)| {
            let part = range.start.max(*start)..range.end.min(end);
            if part.is_empty() {
                return None;
            }
            let is_same = span.range().len() == end - start;
            let source = match is_same {
                true => span.part(part.start - start..part.end - start),
                false => *span,
            };
            Some((part, source))
        })
    }

    /// Where the byte at an offset of the text is, or, at its end, the end.
    fn point(&self, at: usize) -> Span {
        let Some((start, span)) = self.pieces.get(self.index(at)) else {
            return Span::new(self.file, 0, 0);
        };
        let into = (at - start).min(span.range().len());
        span.part(into..into)
    }

    fn index(&self, at: usize) -> usize {
        self.pieces.partition_point(|(start, _)| *start <= at).saturating_sub(1)
    }
}
