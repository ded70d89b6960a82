//! JSON as far as BuildKit looks for it: an exec form's array, or a whole file that only names its
//! frontend; the strings with their places.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// What a text that may be a JSON array is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Array {
    /// Each string's value and its bytes, quotes included.
    Strings(Vec<(String, Range<usize>)>),
    /// An array, but the value at these bytes is not a string.
    NotStrings(Range<usize>),
    /// No JSON array: shell form.
    No,
}

/// Go's limit; BuildKit takes what is deeper for no JSON at all.
const DEEPEST: usize = 10_000;

/// Reads all of `text` as an array of strings.
pub(super) fn array(text: &str) -> Array {
    if !text.trim_start().starts_with('[') {
        return Array::No;
    }
    let mut reader = Reader { text, chars: text.char_indices().peekable() };
    match reader.array() {
        Some((strings, None)) => Array::Strings(strings),
        Some((_, Some(other))) => Array::NotStrings(other),
        None => Array::No,
    }
}

/// The value of `key`, and its bytes within the quotes, if all of `text` is an object of strings.
pub(super) fn member(text: &str, key: &str) -> Option<(String, Range<usize>)> {
    let mut reader = Reader { text, chars: text.char_indices().peekable() };
    reader.member(key)
}

struct Reader<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

type Strings = Vec<(String, Range<usize>)>;

impl Reader<'_> {
    /// The strings of the outer array, and the first value in it that is none.
    fn array(&mut self) -> Option<(Strings, Option<Range<usize>>)> {
        let mut strings = Vec::new();
        let mut other: Option<Range<usize>> = None;
        self.blanks();
        self.expect('[')?;
        self.blanks();
        if !self.take(']') {
            loop {
                self.blanks();
                let start = self.at();
                let string = self.value()?;
                let range = start..self.at();
                match string {
                    Some(string) => strings.push((string, range)),
                    None => other = other.or(Some(range)),
                }
                self.blanks();
                if self.take(']') {
                    break;
                }
                self.expect(',')?;
            }
        }
        self.blanks();
        self.chars.peek().is_none().then_some((strings, other))
    }

    /// The last of several counts, as in Go.
    fn member(&mut self, key: &str) -> Option<(String, Range<usize>)> {
        let mut found = None;
        self.blanks();
        self.expect('{')?;
        loop {
            self.blanks();
            let name = self.key()?;
            self.blanks();
            let start = self.at() + 1;
            let value = self.string()?;
            if name == key {
                found = Some((value, start..self.at() - 1));
            }
            self.blanks();
            if self.take('}') {
                break;
            }
            self.expect(',')?;
        }
        self.blanks();
        found.filter(|_| self.chars.peek().is_none())
    }

    /// Any value; `Some(Some(_))` is a string. Nested ones are checked without recursion.
    fn value(&mut self) -> Option<Option<String>> {
        // The closing bracket of every array and object that is open.
        let mut open: Vec<char> = Vec::new();
        loop {
            self.blanks();
            let (start, first) = *self.chars.peek()?;
            let mut empty = false;
            match first {
                '"' => {
                    let string = self.string()?;
                    if open.is_empty() {
                        return Some(Some(string));
                    }
                }
                '[' | '{' => {
                    self.chars.next();
                    open.push(if first == '[' { ']' } else { '}' });
                    // The outer array counts too.
                    if open.len() >= DEEPEST {
                        return None;
                    }
                    self.blanks();
                    empty = self.chars.peek().map(|(_, c)| *c) == open.last().copied();
                    if !empty {
                        if first == '{' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                't' => self.literal("true")?,
                'f' => self.literal("false")?,
                'n' => self.literal("null")?,
                _ => self.number(start)?,
            }
            // Behind a value: what closes, and whether another one follows.
            loop {
                if !empty {
                    self.blanks();
                }
                empty = false;
                let Some(close) = open.last().copied() else { return Some(None) };
                if self.take(close) {
                    open.pop();
                    continue;
                }
                self.expect(',')?;
                if close == '}' {
                    self.blanks();
                    self.key()?;
                }
                break;
            }
        }
    }

    fn key(&mut self) -> Option<String> {
        let key = self.string()?;
        self.blanks();
        self.expect(':').map(|()| key)
    }

    fn string(&mut self) -> Option<String> {
        self.expect('"')?;
        let mut value = String::new();
        loop {
            match self.chars.next()?.1 {
                '"' => return Some(value),
                '\\' => match self.chars.next()?.1 {
                    c @ ('"' | '\\' | '/') => value.push(c),
                    'b' => value.push('\u{8}'),
                    'f' => value.push('\u{c}'),
                    'n' => value.push('\n'),
                    'r' => value.push('\r'),
                    't' => value.push('\t'),
                    'u' => {
                        let unit = self.hex()?;
                        value.push(self.scalar(unit)?);
                    }
                    _ => return None,
                },
                '\0'..='\u{1f}' => return None,
                c => value.push(c),
            }
        }
    }

    /// The character of a UTF-16 unit, with the second half of a pair when one follows. Half a
    /// pair is U+FFFD, as in Go.
    fn scalar(&mut self, unit: u32) -> Option<char> {
        if !(0xd800..0xdc00).contains(&unit) {
            return Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if !self.text[self.at()..].starts_with("\\u") {
            return Some(char::REPLACEMENT_CHARACTER);
        }
        let before = self.chars.clone();
        self.chars.nth(1);
        let low = self.hex()?;
        if (0xdc00..0xe000).contains(&low) {
            return char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        }
        self.chars = before;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |value, _| Some(value * 16 + self.chars.next()?.1.to_digit(16)?))
    }

    fn number(&mut self, start: usize) -> Option<()> {
        self.take('-');
        if !self.take('0') {
            self.digits()?;
        }
        if self.take('.') {
            self.digits()?;
        }
        if self.take('e') || self.take('E') {
            if !self.take('+') {
                self.take('-');
            }
            self.digits()?;
        }
        // Go reads it as a 64-bit float; one that is too large makes the text no JSON.
        self.text[start..self.at()].parse::<f64>().ok().filter(|value| value.is_finite()).map(drop)
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at();
        while self.chars.next_if(|(_, c)| c.is_ascii_digit()).is_some() {}
        (self.at() > start).then_some(())
    }

    fn literal(&mut self, literal: &str) -> Option<()> {
        literal.chars().try_for_each(|c| self.expect(c))
    }

    fn blanks(&mut self) {
        while self.chars.next_if(|(_, c)| matches!(c, ' ' | '\t' | '\r' | '\n')).is_some() {}
    }

    fn expect(&mut self, c: char) -> Option<()> {
        self.take(c).then_some(())
    }

    fn take(&mut self, c: char) -> bool {
        self.chars.next_if(|(_, next)| *next == c).is_some()
    }

    fn at(&mut self) -> usize {
        self.chars.peek().map_or(self.text.len(), |(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Option<Vec<String>> {
        match array(text) {
            Array::Strings(strings) => Some(strings.into_iter().map(|(value, _)| value).collect()),
            _ => None,
        }
    }

    #[test]
    fn strings_are_unquoted_and_placed() {
        let text = r#"["a", "\u00e9\n" ]"#;
        assert_eq!(strings(text).unwrap(), ["a", "é\n"]);
        let Array::Strings(strings) = array(text) else { panic!() };
        assert_eq!(&text[strings[1].1.clone()], r#""\u00e9\n""#);
    }

    #[test]
    fn surrogates_pair_or_are_replaced() {
        assert_eq!(strings(r#"["\ud83d\ude00"]"#).unwrap(), ["😀"]);
        assert_eq!(strings(r#"["\ud83d\u0041"]"#).unwrap(), ["\u{fffd}A"]);
        assert_eq!(strings(r#"["\ude00x"]"#).unwrap(), ["\u{fffd}x"]);
    }

    #[test]
    fn what_is_not_quite_json_is_none() {
        for text in ["['a']", "[\"a\",]", "[\"a\"] x", r#"["\W"]"#, "[", "", "[01]", "[1e999]"] {
            assert_eq!(array(text), Array::No, "{text}");
        }
    }

    #[test]
    fn another_value_is_found_at_its_place() {
        for (text, value) in [
            (r#"["a", 1]"#, "1"),
            (r#"[{"a": [true, {}], "b": -1.5e+3}, 2]"#, r#"{"a": [true, {}], "b": -1.5e+3}"#),
            ("[[]]", "[]"),
            ("[null]", "null"),
        ] {
            let Array::NotStrings(range) = array(text) else { panic!("{text}") };
            assert_eq!(&text[range], value);
        }
    }

    #[test]
    fn a_member_is_found_in_an_object_of_strings_only() {
        let text = " {\"a\": \"b\" , \"syntax\":\"x\\u002fy\"}\n";
        let (value, range) = member(text, "syntax").unwrap();
        assert_eq!((value.as_str(), &text[range]), ("x/y", "x\\u002fy"));
        for text in ["{}", r#"{"syntax": 1}"#, r#"{"syntax": "a"} x"#, r#"{"a": "syntax"}"#, "["] {
            assert_eq!(member(text, "syntax"), None, "{text}");
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(array(&deep(1_000_000)), Array::No);
        assert!(matches!(array(&deep(10_000)), Array::NotStrings(_)));
        assert_eq!(array(&deep(10_001)), Array::No);
    }
}
