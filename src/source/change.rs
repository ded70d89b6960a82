//! From one text of a file to the next.

use super::{Span, Spanned};

/// What changed: bytes of the earlier text, and how many more there are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub start: usize,
    pub end: usize,
    pub growth: isize,
}

impl Change {
    pub fn between(before: &str, after: &str) -> Self {
        let (before, after) = (before.as_bytes(), after.as_bytes());
        let start = alike(before.chunks(CHUNK).zip(after.chunks(CHUNK)));
        let start = start + alike(before[start..].chunks(1).zip(after[start..].chunks(1)));
        let (rest, new) = (&before[start..], &after[start..]);
        let behind = alike(rest.rchunks(CHUNK).zip(new.rchunks(CHUNK)));
        let (rest, new) = (&rest[..rest.len() - behind], &new[..new.len() - behind]);
        let behind = behind + alike(rest.rchunks(1).zip(new.rchunks(1)));
        let growth = after.len() as isize - before.len() as isize;
        Self { start, end: before.len() - behind, growth }
    }

    /// Where something stands now that stood behind it.
    pub fn moved(&self, at: usize) -> usize {
        at.saturating_add_signed(self.growth)
    }
}

const CHUNK: usize = 256;

/// How many bytes are the same before the first that are not.
fn alike<'a>(pairs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> usize {
    pairs.take_while(|(one, other)| one == other).map(|(one, _)| one.len()).sum()
}

/// What knows its places in a file.
pub trait Placed {
    /// Moves it by as many bytes; what moves back wraps around.
    fn shift(&mut self, by: u32);
}

impl Placed for Span {
    fn shift(&mut self, by: u32) {
        self.start = self.start.wrapping_add(by);
        self.end = self.end.wrapping_add(by);
    }
}

impl<T> Placed for Spanned<T> {
    fn shift(&mut self, by: u32) {
        self.span.shift(by);
    }
}

impl<T: Placed> Placed for Option<T> {
    fn shift(&mut self, by: u32) {
        self.iter_mut().for_each(|it| it.shift(by));
    }
}

impl<T: Placed> Placed for [T] {
    fn shift(&mut self, by: u32) {
        self.iter_mut().for_each(|it| it.shift(by));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_what_differs() {
        let long = "x".repeat(CHUNK + 10);
        for (before, after, change) in [
            ("abc", "abxc", (2, 2, 1)),
            ("aaa", "aa", (2, 3, -1)),
            ("", "a", (0, 0, 1)),
            ("abcd", "axd", (1, 3, -1)),
        ] {
            for (head, tail) in [("", ""), (long.as_str(), ""), ("", &long), (&long, &long)] {
                let (before, after) =
                    (format!("{head}{before}{tail}"), format!("{head}{after}{tail}"));
                let (start, end, growth) = change;
                let change = Change { start: head.len() + start, end: head.len() + end, growth };
                assert_eq!(Change::between(&before, &after), change, "{before} {after}");
            }
        }
        assert_eq!(Change::between("abc", "abc"), Change { start: 3, end: 3, growth: 0 });
    }
}
