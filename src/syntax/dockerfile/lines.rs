//! Physical lines, and which of them continue.

use std::collections::HashMap;

/// BuildKit's scanner gives up on a line of more bytes than this, line end excluded.
pub(super) const LONGEST: usize = 65_535;

/// One line of the file: byte offsets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub start: usize,
    /// Before the `\n` and any `\r` in front of it.
    pub end: usize,
    /// Where the next line starts.
    pub next: usize,
    pub number: u32,
    pub too_long: bool,
}

/// Reads lines one after another.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    number: u32,
    /// What the terminators of heredocs are looked up in, once one was not found.
    index: Option<Index<'a>>,
}

/// The lines from somewhere up to one that is too long to read, or the end.
#[derive(Clone, Debug)]
struct Index<'a> {
    until: usize,
    /// Where the last line of that text starts.
    exact: HashMap<&'a str, usize>,
    /// The same for lines without their leading tabs.
    bare: HashMap<&'a str, usize>,
}

impl<'a> Lines<'a> {
    /// A byte order mark is passed over.
    pub fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, number: 0, index: None }
    }

    /// Goes on at a line of which the place and the number are known.
    pub fn at(text: &'a str, at: usize, number: u32) -> Self {
        Self { text, at, number, index: None }
    }

    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Reads the same lines once more.
    pub fn rest(&self) -> Self {
        Self { index: None, ..*self }
    }

    /// What the next line begins with, be that its end; `None` when there is none.
    pub fn next_byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub fn peek(&self) -> Option<Line> {
        if self.at >= self.text.len() {
            return None;
        }
        let rest = &self.text[self.at..];
        let length = rest.find('\n').unwrap_or(rest.len());
        let returns = length - rest[..length].trim_end_matches('\r').len();
        Some(Line {
            start: self.at,
            end: self.at + length - returns,
            next: (self.at + length + 1).min(self.text.len()),
            number: self.number,
            too_long: length > LONGEST,
        })
    }

    pub fn advance(&mut self, line: Line) {
        self.at = line.next;
        self.number = line.number + 1;
    }

    /// Reads on behind the line that is `name`, or leaves everything as it is when there is
    /// none; `tabs` may stand before it. Linear over a whole file, found or not.
    pub fn find(&mut self, name: &str, tabs: bool) -> Option<Line> {
        if let Some(index) = &self.index
            && self.at < index.until
        {
            let last = if tabs { index.bare.get(name) } else { index.exact.get(name) };
            if last.is_none_or(|last| *last < self.at) {
                return None;
            }
        }
        let (at, number) = (self.at, self.number);
        while let Some(line) = self.peek().filter(|line| !line.too_long) {
            self.advance(line);
            let text = &self.text[line.start..line.end];
            if name == if tabs { text.trim_start_matches('\t') } else { text } {
                return Some(line);
            }
        }
        (self.at, self.number) = (at, number);
        self.build_index();
        None
    }

    fn build_index(&mut self) {
        let mut lines = self.rest();
        let (mut exact, mut bare) = (HashMap::new(), HashMap::new());
        while let Some(line) = lines.peek().filter(|line| !line.too_long) {
            lines.advance(line);
            let text = &self.text[line.start..line.end];
            exact.insert(text, line.start);
            bare.insert(text.trim_start_matches('\t'), line.start);
        }
        self.index = Some(Index { until: lines.at, exact, bare });
    }
}

/// The text without the escape that continues it, or `None` when it ends here. Blanks may
/// follow the escape; another escape before it takes its meaning away.
pub(super) fn continued(text: &str, escape: char) -> Option<&str> {
    let text = text.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!text.ends_with(escape)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_single_escape_continues() {
        assert_eq!(continued("a \\", '\\'), Some("a "));
        assert_eq!(continued("a \\ \t", '\\'), Some("a "));
        assert_eq!(continued("\\", '\\'), Some(""));
        assert_eq!(continued("a \\\\", '\\'), None);
        assert_eq!(continued("a \\\u{b}", '\\'), None);
        assert_eq!(continued("a `", '\\'), None);
    }

    #[test]
    fn a_terminator_that_is_behind_us_is_not_found() {
        let mut lines = Lines::new("A\n\tB\nC\n");
        assert!(lines.find("X", false).is_none());
        assert!(lines.find("B", false).is_none());
        assert_eq!(lines.find("B", true).map(|line| line.number), Some(1));
        assert!(lines.find("A", true).is_none());
        assert_eq!(lines.find("C", false).map(|line| line.number), Some(2));
    }
}
