//! Which bytes of the source a scalar's text comes from, where the two differ.

use std::ops::Range;

use super::Style;

/// A scalar whose text does not stand in the source as it is. All offsets are bytes.
#[derive(Clone, Debug)]
pub struct Cooked {
    /// In the tree's texts.
    pub text: Range<u32>,
    /// In the tree's pieces.
    pub pieces: Range<u32>,
    /// In the file, without quotes and header.
    pub content: Range<u32>,
}

/// A stretch of text, up to the next piece, and the source that it comes from. Where both are of
/// equal length they agree byte for byte; else the source is an escape or a fold, only ever used
/// whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it starts in the text.
    text: u32,
    /// Where it starts in the file.
    source: u32,
    /// How many bytes of the file it takes.
    length: u32,
}

impl Piece {
    /// The piece of a text that begins at `text`, read from `source`.
    pub fn new(text: u32, source: Range<u32>) -> Self {
        Self { text, source: source.start, length: source.len() as u32 }
    }

    /// The first byte of the text that it is the source of.
    pub fn start(self) -> u32 {
        self.text
    }

    /// The same piece of the text, from another place.
    pub fn moved(self, source: impl Fn(u32) -> u32) -> Self {
        Self { source: source(self.source), ..self }
    }
}

/// The source of a range of the text that `pieces` describe.
pub fn source_of(pieces: &[Piece], range: Range<u32>) -> Range<u32> {
    let at = |offset: u32| pieces.partition_point(|piece| piece.text <= offset).checked_sub(1);
    let Some(first) = at(range.start) else { return 0..0 };
    let whole = |index: usize| {
        let next = pieces.get(index + 1).map(|next| next.text - pieces[index].text);
        next.is_some_and(|length| length != pieces[index].length)
    };
    let piece = pieces[first];
    let into = if whole(first) { 0 } else { (range.start - piece.text).min(piece.length) };
    let start = piece.source + into;
    if range.is_empty() {
        return start..start;
    }
    let last = at(range.end - 1).unwrap_or(first);
    let piece = pieces[last];
    let into = if whole(last) { piece.length } else { (range.end - piece.text).min(piece.length) };
    start..(piece.source + into).max(start)
}

/// Aligns a scalar's `text` with the `source` that it was read from (quotes and header taken
/// off), which starts at `offset` in the file.
pub fn align(style: Style, source: &str, offset: u32, text: &str, pieces: &mut Vec<Piece>) {
    let mut aligner = Aligner { source, offset, text, from: 0, at: 0, pieces };
    match style {
        Style::Single => aligner.quoted(b'\''),
        Style::Double => aligner.quoted(b'\\'),
        Style::Plain | Style::Literal | Style::Folded => aligner.lines(),
    }
    // The end, so that the last piece has one as well.
    let (text, source) = (text.len() as u32, offset + source.len() as u32);
    aligner.pieces.push(Piece { text, source, length: 0 });
}

const BLANKS: [char; 2] = [' ', '\t'];

struct Aligner<'a> {
    source: &'a str,
    offset: u32,
    text: &'a str,
    /// How much of the source is done.
    from: usize,
    /// How much of the text is done.
    at: usize,
    pieces: &'a mut Vec<Piece>,
}

impl Aligner<'_> {
    /// Takes `text` bytes of the text and `source` bytes of the source for one another.
    fn take(&mut self, text: usize, source: usize) {
        if text > 0 {
            self.pieces.push(Piece {
                text: self.at as u32,
                source: self.offset + self.from as u32,
                length: source as u32,
            });
        }
        self.at += text;
        self.from += source;
    }

    /// Each line's content stands in the text as it is; folds and indentation are between.
    fn lines(&mut self) {
        let mut start = 0;
        for line in self.source.split_inclusive('\n') {
            let content = line.trim_start_matches([' ', '\t', '\r', '\n']);
            let indent = line.len() - content.len();
            let content = content.trim_end_matches([' ', '\t', '\r', '\n']);
            let rest = &self.text[self.at..];
            let between = rest.len() - rest.trim_start_matches([' ', '\t', '\n']).len();
            let begins = start + indent;
            start += line.len();
            if content.is_empty() || !rest[between..].starts_with(content) {
                continue;
            }
            // Blanks directly before the content are part of the text, but for a folded line end.
            let blanks = between - rest[..between].trim_end_matches(BLANKS).len();
            let kept = if blanks == between && self.at > 0 { 0 } else { blanks.min(indent) };
            self.fold(between - kept, begins - kept);
            let behind = rest[between + content.len()..].bytes();
            let same = behind.zip(line[indent + content.len()..].bytes());
            let length = kept + content.len() + same.take_while(|(a, b)| a == b).count();
            self.take(length, length);
        }
        self.from = self.source.len();
        self.take(self.text.len() - self.at, 0);
    }

    /// Takes `text` bytes of blanks for the source from the last content to `until`.
    fn fold(&mut self, text: usize, until: usize) {
        self.from = self.from.min(until);
        self.take(text, until - self.from);
        self.from = until;
    }

    /// Character by character, with `escape` before what is not meant as it stands.
    fn quoted(&mut self, escape: u8) {
        while self.from < self.source.len() && self.at < self.text.len() {
            let rest = &self.source.as_bytes()[self.from..];
            let run = rest.iter().take_while(|b| **b != escape && !matches!(b, b'\n' | b'\r'));
            let run = run.count();
            let ended = rest.len() == run;
            let line = match rest.get(run) {
                Some(b'\n' | b'\r') => trim_end(&rest[..run]),
                _ => run,
            };
            self.take(line.min(self.text.len() - self.at), line);
            if ended {
                break;
            }
            let rest = &self.source.as_bytes()[self.from..];
            if rest[0] == escape {
                self.escape(escape);
            } else {
                let fold = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
                let breaks = rest[..fold].iter().filter(|b| **b == b'\n').count();
                self.take(breaks.saturating_sub(1).max(1), fold);
            }
        }
    }

    fn escape(&mut self, escape: u8) {
        let rest = &self.source.as_bytes()[self.from..];
        let (mut length, mut text) = match rest.get(1) {
            _ if escape == b'\'' => (2, 1),
            Some(b'\n' | b'\r') => {
                let blank = rest[1..].iter().take_while(|b| b.is_ascii_whitespace()).count();
                let breaks = rest[1..=blank].iter().filter(|b| **b == b'\n').count();
                (1 + blank, breaks.saturating_sub(1))
            }
            Some(b'x') => (4, 0),
            Some(b'u') => (6, 0),
            Some(b'U') => (10, 0),
            _ => (2, 0),
        };
        let text_left = self.text.get(self.at..).unwrap_or_default();
        let decoded = text_left.chars().next().map_or(0, char::len_utf8);
        if text == 0 && !matches!(rest.get(1), Some(b'\n' | b'\r')) {
            text = decoded;
            // Only a surrogate pair makes one character of two escapes.
            if length == 6 && decoded == 4 {
                length = 12;
            }
        }
        length = length.min(rest.len());
        self.take(text.min(self.text.len() - self.at), length);
    }
}

fn trim_end(line: &[u8]) -> usize {
    line.iter().rposition(|b| !matches!(b, b' ' | b'\t')).map_or(0, |last| last + 1)
}
