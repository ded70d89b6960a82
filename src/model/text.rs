//! Text after expansion, which still knows where each part of it was written.

use std::ops::Range;

use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use crate::source::{Span, Spanned};

/// Stands in a [`Text`]'s value for a part that is not known. No format lets it occur itself.
pub const HOLE: char = '\u{fffc}';

/// A value as `ARG`, `ENV` or Compose interpolation leaves it. Parts that cannot be known are a
/// [`HOLE`] in it, so that the rest can still be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    value: String,
    span: Span,
    /// Mostly it is written in one piece.
    parts: SmallVec<[Part; 1]>,
}

/// A run of a [`Text`]'s value that has one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Bytes of the value.
    pub range: Range<usize>,
    /// Where it was written: the literal itself, the default within `${V:-default}`, or the whole
    /// `${V}` that a variable or nothing known replaces.
    pub span: Span,
    pub origin: Origin,
}

/// Where a part of a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It stands there; byte for byte, if the part is as long as its span.
    Written,
    /// The default of `${name:-default}`, because nothing known sets `name`.
    Default { name: SmolStr },
    /// The value of a variable, and where that was set, if in view.
    Variable { name: SmolStr, defined: Option<Span> },
    /// Nothing in view says what `name` is.
    Unknown { name: SmolStr },
}

impl Text {
    /// An empty text at `span`, to be filled with [`Text::push`].
    pub fn empty(span: Span) -> Self {
        Self { value: String::new(), span, parts: SmallVec::new() }
    }

    /// A text without variables.
    pub fn written(text: Spanned<String>) -> Self {
        let part = Part { range: 0..text.value.len(), span: text.span, origin: Origin::Written };
        Self { value: text.value, span: text.span, parts: smallvec![part] }
    }

    /// Appends a known part.
    pub fn push(&mut self, text: &str, span: Span, origin: Origin) {
        let start = self.value.len();
        self.value.push_str(text);
        self.parts.push(Part { range: start..self.value.len(), span, origin });
    }

    /// Appends a part that only `name` could tell.
    pub fn push_unknown(&mut self, span: Span, name: impl Into<SmolStr>) {
        let origin = Origin::Unknown { name: name.into() };
        self.push(HOLE.encode_utf8(&mut [0; 4]), span, origin);
    }

    /// Appends another text, parts and all.
    pub fn append(&mut self, other: &Self) {
        for part in &other.parts {
            self.push(&other.value[part.range.clone()], part.span, part.origin.clone());
        }
    }

    /// Moves each place that it knows.
    pub fn move_places(&mut self, place: impl Fn(&mut Span)) {
        place(&mut self.span);
        for part in &mut self.parts {
            place(&mut part.span);
            if let Origin::Variable { defined: Some(span), .. } = &mut part.origin {
                place(span);
            }
        }
    }

    /// The bytes `range` of the value as a text of their own.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let mut slice = Self::empty(self.span_of(range.clone()));
        for part in self.touched(&range) {
            let (start, end) = (part.range.start.max(range.start), part.range.end.min(range.end));
            if start < end {
                let text = &self.value[start..end];
                slice.push(text, part.written(&range), part.origin.clone());
            }
        }
        slice
    }

    /// The expanded value, with a [`HOLE`] for each unknown part.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The value for people, with `${name}` for each unknown part.
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        for part in &self.parts {
            match &part.origin {
                Origin::Unknown { name } => shown.extend(["${", name, "}"]),
                _ => shown.push_str(&self.value[part.range.clone()]),
            }
        }
        shown
    }

    /// Where all of it is written, variables unexpanded.
    pub fn span(&self) -> Span {
        self.span
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The value, if every part of it is known.
    pub fn known(&self) -> Option<&str> {
        (!self.value.contains(HOLE)).then_some(&self.value)
    }

    /// The first variable that nothing in view sets.
    pub fn unknown(&self) -> Option<&str> {
        self.parts.iter().find_map(|part| match &part.origin {
            Origin::Unknown { name } => Some(name.as_str()),
            _ => None,
        })
    }

    /// The part in which the value's byte `at` lies; an empty value has none.
    pub fn part_at(&self, at: usize) -> Option<&Part> {
        self.touched(&(at..at)).iter().find(|part| part.range.contains(&at))
    }

    /// Where the value's byte `at` stands, if it stands there as it is.
    pub fn place_of(&self, at: usize) -> Option<Span> {
        let part = self.part_at(at).filter(|part| part.is_verbatim())?;
        Some(part.written(&(at..at + 1)))
    }

    /// Where the bytes `range` of the value are written: exact within literals, else the whole of
    /// each variable that has a share in it. An empty range is a point, or the whole text.
    pub fn span_of(&self, range: Range<usize>) -> Span {
        if range.is_empty() {
            let point = |part: &Part| {
                let written = part.written(&part.range);
                let length = (written.end - written.start) as usize;
                let at = range.start - part.range.start;
                (length == part.range.len()).then(|| written.part(at..at))
            };
            let mut touched = self
                .touched(&range)
                .iter()
                .filter(|part| part.range.start <= range.start && range.start <= part.range.end);
            return touched.find_map(point).unwrap_or(self.span);
        }
        let mut touched = self
            .touched(&range)
            .iter()
            .filter(|part| part.range.start < range.end && range.start < part.range.end)
            .map(|part| part.written(&range));
        match touched.next() {
            Some(first) => touched.fold(first, Span::to),
            None => self.span,
        }
    }

    /// The parts that have a share in a range or border on it; they lie one behind the other.
    fn touched(&self, range: &Range<usize>) -> &[Part] {
        let first = self.parts.partition_point(|part| part.range.end < range.start);
        let rest = &self.parts[first..];
        &rest[..rest.partition_point(|part| part.range.start <= range.end)]
    }
}

impl Part {
    /// Where the share of `range` (bytes of the value) in this part is written.
    fn written(&self, range: &Range<usize>) -> Span {
        if !self.is_verbatim() {
            return self.span;
        }
        let start = range.start.max(self.range.start) - self.range.start;
        let end = range.end.min(self.range.end) - self.range.start;
        self.span.part(start..end)
    }

    /// Whether it stands in the file byte for byte.
    fn is_verbatim(&self) -> bool {
        matches!(self.origin, Origin::Written | Origin::Default { .. })
            && self.span.range().len() == self.range.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn span(start: usize, end: usize) -> Span {
        Span::new(FileId(0), start, end)
    }

    #[test]
    fn a_default_is_underlined_alone() {
        let mut text = Text::empty(span(0, 19));
        text.push("app:", span(0, 4), Origin::Written);
        let name = "TAG".into();
        text.push("latest", span(11, 17), Origin::Default { name });
        assert_eq!(text.value(), "app:latest");
        assert_eq!(text.span_of(4..10), span(11, 17));
        assert_eq!(text.span_of(0..3), span(0, 3));
        assert_eq!(text.span_of(2..6), span(2, 13));
    }

    #[test]
    fn a_slice_knows_its_own_places() {
        let mut text = Text::empty(span(0, 19));
        text.push("app:", span(0, 4), Origin::Written);
        text.push("latest", span(11, 17), Origin::Default { name: "TAG".into() });
        let slice = text.slice(2..6);
        assert_eq!((slice.value(), slice.span()), ("p:la", span(2, 13)));
        assert_eq!(slice.span_of(2..4), span(11, 13));
        assert_eq!(text.slice(4..4).span(), span(4, 4));
        let mut twice = text.slice(0..1);
        twice.append(&text.slice(9..10));
        assert_eq!((twice.value(), twice.span_of(1..2)), ("at", span(16, 17)));
    }

    #[test]
    fn an_unknown_part_leaves_the_rest_readable() {
        let mut text = Text::empty(span(0, 15));
        text.push_unknown(span(0, 6), "REG");
        text.push("/a:latest", span(6, 15), Origin::Written);
        assert_eq!(text.known(), None);
        assert_eq!(text.unknown(), Some("REG"));
        assert_eq!(text.shown(), "${REG}/a:latest");
        let tag = text.value().find("latest").unwrap_or_default();
        assert_eq!(text.span_of(tag..tag + 6), span(9, 15));
    }
}
