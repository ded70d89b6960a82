//! The words of a tag.

use std::ops::Range;

use crate::knowledge::tags::REVISIONS;

/// A piece of a tag between its `-`, `_` and `+`.
#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    /// What stands before the number: `alpine` of `alpine3.19`.
    pub letters: &'a str,
    /// The numbers that dots join.
    pub parts: Vec<u64>,
    /// Where they are, in bytes of the tag.
    pub number: Range<usize>,
    /// `1.30.x`
    pub wildcard: bool,
    /// What follows the numbers makes them one release: `8u292`, `4.0.0.Final`, `17beta1`.
    pub complete: bool,
    /// Each number has two digits or more, as in dates.
    pub padded: bool,
}

impl Word<'_> {
    /// `r50`: which build of what stands before it.
    pub fn is_rebuild(&self) -> bool {
        self.letters == "r" && self.parts.len() == 1 && self.text.len() == self.number.len() + 1
    }

    /// 7 to 64 hexadecimal digits, with letters and digits among them.
    pub fn is_hash(&self) -> bool {
        let word = self.text;
        let word = if word.len() > 7 { word.strip_prefix('g').unwrap_or(word) } else { word };
        let lower_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (7..=64).contains(&word.len())
            && word.bytes().all(lower_hex)
            && word.bytes().any(|byte| byte.is_ascii_digit())
            && word.bytes().any(|byte| byte.is_ascii_lowercase())
    }

    pub fn is_year(&self) -> bool {
        self.number.len() == 4 && matches!(self.parts[..], [1990..2100])
    }

    /// `20240115`, `20240115.1`, `1705312345`, `20240115T1200Z`
    pub fn is_bare_date(&self) -> bool {
        self.letters.is_empty() && self.text.bytes().take_while(u8::is_ascii_digit).count() >= 7
    }

    /// `2024.01.15`, `2025.7.21`; not `2024.1.3`, which is more often a month's third release.
    pub fn is_date(&self) -> bool {
        match self.parts[..] {
            [1990..2100, 1..=12, day @ 1..=31] => self.padded || day >= 13,
            _ => false,
        }
    }
}

/// The words of a tag, in order.
pub(super) fn words(tag: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = 0;
    for piece in tag.split(['-', '_', '+']) {
        let is_half_of_x86_64 =
            piece == "64" && words.last().is_some_and(|word| word.text == "x86");
        if !piece.is_empty() && !is_half_of_x86_64 {
            words.push(word(piece, start));
        }
        start += piece.len() + 1;
    }
    words
}

fn word(text: &str, offset: usize) -> Word<'_> {
    let digits = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (letters, mut rest) = text.split_at(digits);
    let mut parts = Vec::new();
    let mut padded = true;
    let mut end = digits;
    loop {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            break;
        }
        padded &= length >= 2;
        parts.push(rest[..length].parse().unwrap_or(u64::MAX));
        end += length;
        rest = &rest[length..];
        match rest.strip_prefix('.') {
            Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => {
                rest = after;
                end += 1;
            }
            _ => break,
        }
    }
    let wildcard = matches!(rest, ".x" | ".X" | ".*");
    let suffix = rest.trim_start_matches('.');
    let revision = suffix.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    let is_revision =
        REVISIONS.contains(&revision) && suffix.ends_with(|c: char| c.is_ascii_digit());
    let goes_on = rest.starts_with('.') && !suffix.is_empty() && !REVISIONS.contains(&suffix);
    let complete = !parts.is_empty() && !wildcard && (is_revision || goes_on);
    let end = if wildcard { end + 2 } else { end };
    Word { text, letters, parts, number: offset + digits..offset + end, wildcard, complete, padded }
}
