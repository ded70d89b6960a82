//! Texts within texts: what a shell takes out of its quotes to hand it to another.

use std::ops::Range;

/// A text that lost quotes or escapes, and where its bytes were.
#[derive(Default)]
pub(super) struct Requoted {
    pub text: String,
    /// Byte of `text`, byte of the text it came from; both rising, straight up to the next one.
    pieces: Vec<(usize, usize)>,
}

impl Requoted {
    /// The bytes `range` of `text`, of a here-document or between backquotes, as a shell hands
    /// them on: without the backslashes that escape for it.
    pub fn unescaped(text: &str, range: Range<usize>, in_quotes: bool) -> Self {
        let mut requoted = Self::default();
        let mut start = range.start;
        let bytes = text.as_bytes();
        let mut at = start;
        while at + 1 < range.end {
            let escaped = bytes[at + 1];
            if bytes[at] != b'\\' {
                at += 1;
            } else if matches!(escaped, b'`' | b'\\' | b'$') || in_quotes && escaped == b'"' {
                requoted.push(&text[start..at], start);
                start = at + 1;
                at += 2;
            } else {
                at += 1;
            }
        }
        requoted.push(&text[start..range.end], start);
        requoted
    }

    /// A text that lost nothing and stands at byte `at`.
    pub fn verbatim(text: &str, at: usize) -> Self {
        let mut requoted = Self::default();
        requoted.push(text, at);
        requoted
    }

    /// Adds `text`, which stands at byte `at`.
    pub fn push(&mut self, text: &str, at: usize) {
        if !text.is_empty() {
            self.pieces.push((self.text.len(), at));
            self.text.push_str(text);
        }
    }

    /// Where a range of the text was.
    pub fn origin(&self, range: Range<usize>) -> Range<usize> {
        let start = self.point(range.start);
        match range.is_empty() {
            true => start..start,
            false => start..self.point(range.end - 1) + 1,
        }
    }

    fn point(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.0 <= at);
        let Some((from, to)) = after.checked_sub(1).map(|index| self.pieces[index]) else {
            return 0;
        };
        to + (at - from)
    }
}
