//! Flags, words and pairs: windows into the logical line.

use std::ops::Range;

use smol_str::SmolStr;

use super::{Flag, Logical, Pair, Word};

/// What separates keyword, flags and words: ASCII blanks, a lone CR among them.
pub fn is_separator(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

/// The part of `range` that Unicode white space does not frame.
pub(super) fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.end - part.trim_start().len();
    start..start + text[start..range.end].trim_end().len()
}

impl Logical {
    /// The word at `range`, as written.
    pub(super) fn word(&self, range: Range<usize>) -> Word {
        self.word_as(&self.text()[range.clone()], range)
    }

    pub(super) fn word_as(&self, value: impl Into<SmolStr>, range: Range<usize>) -> Word {
        Word { value: value.into(), span: self.span(range.start, range.end), range }
    }
}

/// Reads the flags at the start of `range`; gives what is left after them. Between quotes of either
/// kind, too, `escape` escapes.
pub(super) fn flags(
    logical: &Logical,
    range: Range<usize>,
    escape: char,
) -> (Vec<Flag>, Range<usize>) {
    let text = logical.text();
    let mut flags = Vec::new();
    let mut at = range.start;
    loop {
        at += text[at..range.end].len() - text[at..range.end].trim_start_matches(blank).len();
        if !text[at..range.end].starts_with("--") {
            return (flags, trim(text, at..range.end));
        }
        let start = at;
        let mut value = String::new();
        // Where the `=` stands, in the value and in the logical line.
        let mut equals: Option<(usize, usize)> = None;
        let mut quote = None;
        let mut quoted = false;
        let mut chars = text[at..range.end].char_indices();
        at = range.end;
        while let Some((offset, c)) = chars.next() {
            match c {
                c if quote == Some(c) => quote = None,
                '\'' | '"' if quote.is_none() => {
                    quote = Some(c);
                    quoted = true;
                }
                c if quote.is_none() && blank(c) => {
                    at = start + offset;
                    break;
                }
                c => {
                    let next = if c == escape { chars.next() } else { Some((offset, c)) };
                    let Some((offset, c)) = next else { break };
                    if c == '=' && equals.is_none() {
                        equals = Some((value.len(), start + offset));
                    }
                    value.push(c);
                }
            }
        }
        if value == "--" && !quoted {
            return (flags, trim(text, at..range.end));
        }
        let (name, argument) = match equals {
            None => (logical.word_as(unflagged(&value), start + 2..at), None),
            Some((split, place)) => (
                logical.word_as(unflagged(&value[..split]), start + 2..place.max(start + 2)),
                Some(logical.word_as(&value[split + 1..], place + 1..at)),
            ),
        };
        flags.push(Flag { text: logical.word_as(value, start..at), name, value: argument });
    }
}

fn unflagged(text: &str) -> &str {
    text.strip_prefix("--").unwrap_or(text)
}

fn blank(c: char) -> bool {
    is_separator(c) || c == '\n'
}

/// The words between blanks.
pub(super) fn words(logical: &Logical, range: Range<usize>) -> Vec<Word> {
    let text = &logical.text()[range.clone()];
    if text.is_empty() {
        return Vec::new();
    }
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        let length = text[at..].find(is_separator);
        let end = length.map_or(text.len(), |length| at + length);
        words.push(logical.word(range.start + at..range.start + end));
        if length.is_none() {
            return words;
        }
        at = text.len() - text[end..].trim_start_matches(is_separator).len();
    }
}

/// The words of `key=value` lists: quotes and escapes keep blanks together, and stay. An
/// escape at the very end is left out.
pub(super) fn quoted_words(text: &str, range: Range<usize>, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start: Option<usize> = None;
    let mut quote = None;
    let mut end = range.end;
    let mut chars = text[range.clone()].char_indices();
    while let Some((offset, c)) = chars.next() {
        let at = range.start + offset;
        if quote.is_none() && c.is_whitespace() {
            words.extend(start.take().map(|start| start..at));
            continue;
        }
        start.get_or_insert(at);
        if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '\'' | '"') {
            quote = Some(c);
        } else if c == escape && quote != Some('\'') && chars.next().is_none() {
            end = at;
        }
    }
    words.extend(start.filter(|start| *start < end).map(|start| start..end));
    words
}

/// Where a quote begins that nothing ends.
pub(super) fn open_quote(text: &str, escape: char) -> Option<usize> {
    let mut open = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (open, c) {
            (Some((_, quote)), c) if c == quote => open = None,
            (None, '\'' | '"') => open = Some((at, c)),
            (None | Some((_, '"')), c) if c == escape => drop(chars.next()),
            _ => {}
        }
    }
    open.map(|(at, _)| at)
}

/// The pair that a word of `ENV`, `LABEL` or `ARG` is; without `=` only a key.
pub(super) fn pair(logical: &Logical, word: Range<usize>) -> Pair {
    let text = &logical.text()[word.clone()];
    let equals = text.find('=').map(|at| word.start + at);
    Pair {
        key: logical.word(word.start..equals.unwrap_or(word.end)),
        value: equals.map(|at| logical.word(at + 1..word.end)),
        legacy: false,
    }
}
