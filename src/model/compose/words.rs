//! Compose's own splitting of a `command` or `entrypoint` that is one string.

use std::ops::Range;

use crate::model::text::{Origin, Text};
use crate::source::{Span, Spanned};

/// A command line as Compose reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub words: Vec<Text>,
    /// What Compose drops without a word: everything from the first `;`, `&`, `|`, `<` or `>`
    /// that stands outside quotes.
    pub dropped: Option<Spanned<String>>,
}

/// Splits as `go-shellwords` does, which is no shell: quotes and backslashes count, variables and
/// operators do not. An error is where a quote or a parenthesis is left open or out of place.
pub fn split(text: &Text) -> Result<Words, Span> {
    let value = text.value();
    let mut words = Vec::new();
    let mut word = Word::default();
    let mut quote: Option<(char, usize)> = None;
    let mut escape: Option<usize> = None;
    let mut dropped = None;
    for (at, c) in value.char_indices() {
        let here = at..at + c.len_utf8();
        if let Some(backslash) = escape.take() {
            word.push(
                backslash..here.end,
                Some(match c {
                    't' => '\t',
                    'n' => '\n',
                    c => c,
                }),
            );
            continue;
        }
        match (c, quote) {
            ('\\', quote) if quote.is_none_or(|(open, _)| open != '\'') => escape = Some(at),
            (' ' | '\t' | '\r' | '\n', None) => words.extend(word.finish(text)),
            ('"' | '\'', Some((open, _))) if c == open => {
                quote = None;
                word.touch(here);
            }
            ('"' | '\'', None) => {
                quote = Some((c, at));
                word.touch(here);
            }
            ('`', None) => {
                quote = Some((c, at));
                word.push(here, None);
            }
            ('`', Some(('`', _))) | (')', Some(('(', _))) => {
                quote = None;
                word.push(here, None);
            }
            ('(', None) if word.ends_with_dollar(value) => {
                quote = Some((c, at));
                word.push(here, None);
            }
            ('(' | ')', None) | ('(', Some(('(', _))) => return Err(text.span_of(here)),
            (';' | '&' | '|' | '<' | '>', None) => {
                let start = if c == '>' { word.discard_number(value, at) } else { at };
                let end = value.trim_end().len();
                let words = text.slice(start..end);
                dropped = Some(Spanned::new(words.shown(), words.span()));
                break;
            }
            _ => word.push(here, None),
        }
    }
    if let Some(open) = escape.or(quote.map(|(_, at)| at)) {
        return Err(text.span_of(open..value.len()));
    }
    words.extend(word.finish(text));
    Ok(Words { words, dropped })
}

/// A word as it grows: ranges of the text, each as it stands or as one other character.
#[derive(Default)]
struct Word {
    range: Option<Range<usize>>,
    pieces: Vec<(Range<usize>, Option<char>)>,
}

impl Word {
    /// Says that the word has these bytes, even if they add nothing to it (a quote).
    fn touch(&mut self, range: Range<usize>) {
        let start = self.range.as_ref().map_or(range.start, |known| known.start);
        self.range = Some(start..range.end);
    }

    fn push(&mut self, range: Range<usize>, instead: Option<char>) {
        self.touch(range.clone());
        match self.pieces.last_mut() {
            Some((last, None)) if instead.is_none() && last.end == range.start => {
                last.end = range.end;
            }
            _ => self.pieces.push((range, instead)),
        }
    }

    fn ends_with_dollar(&self, value: &str) -> bool {
        matches!(self.pieces.last(), Some((range, None)) if value[range.clone()].ends_with('$'))
    }

    /// Drops the word if it is the number of what `>` at `at` redirects; says where that begins.
    fn discard_number(&mut self, value: &str, at: usize) -> usize {
        let start = self.range.as_ref().map_or(at, |range| range.start);
        if !value[start..].starts_with(|c: char| c.is_ascii_digit()) {
            return at;
        }
        *self = Self::default();
        start
    }

    fn finish(&mut self, text: &Text) -> Option<Text> {
        let range = self.range.take()?;
        let mut word = Text::empty(text.span_of(range));
        for (range, instead) in self.pieces.drain(..) {
            match instead {
                None => word.append(&text.slice(range)),
                Some(c) => {
                    let span = text.span_of(range);
                    word.push(c.encode_utf8(&mut [0; 4]), span, Origin::Written);
                }
            }
        }
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    type Read = (Vec<String>, Option<Range<usize>>);

    fn read(text: &str) -> Result<Read, Range<usize>> {
        let span = Span::new(FileId(0), 0, text.len());
        match split(&Text::written(Spanned::new(text.to_owned(), span))) {
            Ok(Words { words, dropped }) => Ok((
                words.iter().map(|word| word.value().to_owned()).collect(),
                dropped.map(|dropped| dropped.span.range()),
            )),
            Err(span) => Err(span.range()),
        }
    }

    #[test]
    fn quotes_and_backslashes_hold_words_together() {
        for (text, words) in [
            ("npm start", vec!["npm", "start"]),
            ("  a  'b c'  \"d 'e'\" ", vec!["a", "b c", "d 'e'"]),
            ("a\\ b c\\\\d 'e\\f'", vec!["a b", "c\\d", "e\\f"]),
            ("sh -c \"echo $HOME && id\"", vec!["sh", "-c", "echo $HOME && id"]),
            ("echo `a b` $(c d)", vec!["echo", "`a b`", "$(c d)"]),
            ("'' x", vec!["", "x"]),
            ("", vec![]),
        ] {
            let words = words.into_iter().map(str::to_owned).collect();
            assert_eq!(read(text), Ok((words, None)), "{text}");
        }
    }

    #[test]
    fn an_operator_ends_the_command() {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        assert_eq!(read("a b && c"), Ok((words(&["a", "b"]), Some(4..8))));
        assert_eq!(read("a>log"), Ok((words(&["a"]), Some(1..5))));
        assert_eq!(read("a 2>&1"), Ok((words(&["a"]), Some(2..6))));
    }

    #[test]
    fn open_quotes_and_stray_parentheses_are_errors() {
        assert_eq!(read("a 'b c"), Err(2..6));
        assert_eq!(read("a \"b"), Err(2..4));
        assert_eq!(read("a (b)"), Err(2..3));
        assert_eq!(read("a b\\"), Err(3..4));
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "a \"b c\"";
        let span = Span::new(FileId(0), 10, 10 + text.len());
        let Ok(Words { words, .. }) = split(&Text::written(Spanned::new(text.to_owned(), span)))
        else {
            panic!("no words");
        };
        assert_eq!(words[1].span().range(), 12..17);
        assert_eq!(words[1].span_of(2..3).range(), 15..16);
    }
}
