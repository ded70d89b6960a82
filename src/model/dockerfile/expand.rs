//! Variables replaced as BuildKit replaces them, each part of the result with its place.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::model::text::{HOLE, Origin, Text};
use crate::source::Span;
use crate::syntax::dockerfile::word::{self, Modifier, Part, Variable};
use crate::syntax::dockerfile::{Heredoc, Logical, Word, quoted};

use super::pattern;

/// A longer value is not followed up: it counts as unknown.
pub(super) const LONGEST: usize = 1 << 16;

/// What a variable is at some point of a build.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    /// Its value, which may have unknown parts, and where it was given.
    Value { text: Arc<Text>, defined: Option<Span> },
    /// Declared, and nothing in view gives it a value.
    Unknown,
}

/// The variables in force. What a stage changes can be taken back, so that stages may share it.
#[derive(Debug, Default)]
pub(super) struct Scope {
    variables: HashMap<SmolStr, Binding>,
    before: Vec<(SmolStr, Option<Binding>)>,
}

impl Scope {
    pub fn get(&self, name: &str) -> Option<&Binding> {
        self.variables.get(name)
    }

    pub fn set(&mut self, name: &str, binding: Binding) {
        let name = SmolStr::from(name);
        let before = self.variables.insert(name.clone(), binding);
        self.before.push((name, before));
    }

    pub fn mark(&self) -> usize {
        self.before.len()
    }

    /// Takes back everything since `mark`.
    pub fn restore(&mut self, mark: usize) {
        for (name, before) in self.before.drain(mark..).rev() {
            match before {
                Some(binding) => self.variables.insert(name, binding),
                None => self.variables.remove(&name),
            };
        }
    }
}

/// A text to expand, and how its bytes lead to the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    text: &'a str,
    /// The logical line that the text is a window of, and where it begins there; without it
    /// every part has the place of the whole.
    exact: Option<(&'a Logical, usize)>,
    span: Span,
}

impl<'a> Source<'a> {
    /// A word is expanded as its value says; its bytes are known where no quotes or escapes
    /// were taken away.
    pub fn of(logical: &'a Logical, word: &'a Word) -> Self {
        let raw = &logical.text()[word.range.clone()];
        let quoted = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
        let exact = if raw == word.value {
            Some((logical, word.range.start))
        } else if quoted == Some(&word.value) {
            Some((logical, word.range.start + 1))
        } else {
            None
        };
        Self { text: &word.value, exact, span: word.span }
    }

    /// What stands between the markers of a heredoc.
    pub fn of_body(heredoc: &'a Heredoc) -> Self {
        let content = &heredoc.text;
        Self { text: content.text(), exact: Some((content, 0)), span: heredoc.body }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        match self.exact {
            Some((logical, start)) => logical.span(start + range.start, start + range.end),
            None => self.span,
        }
    }

    pub fn as_written(&self) -> Text {
        let mut text = Text::empty(self.span);
        self.push(&(0..self.text.len()), &Origin::Written, &mut text);
        text
    }

    /// Pushes the bytes `range`, piece by piece where a continued line cuts them.
    fn push(&self, range: &Range<usize>, origin: &Origin, out: &mut Text) {
        let Some((logical, start)) = self.exact else {
            return out.push(&self.text[range.clone()], self.span, origin.clone());
        };
        for (piece, span) in logical.pieces(start + range.start, start + range.end) {
            let is_same = piece.len() == span.range().len();
            // A hole is there where the file around decides.
            let mut at = 0;
            for part in logical.text()[piece].split_inclusive(HOLE) {
                let known = part.trim_end_matches(HOLE);
                let (hole, end) = (at + known.len(), at + part.len());
                let place = |range| if is_same { span.part(range) } else { span };
                if at < hole {
                    out.push(known, place(at..hole), origin.clone());
                }
                if hole < end {
                    out.push_unknown(place(hole..end), "…");
                }
                at = end;
            }
        }
    }
}

/// Looks variables up and puts texts together.
pub(super) struct Expander<'a> {
    pub scope: &'a Scope,
    /// What nobody set may still be set by the base image: it is unknown, not empty.
    pub open: bool,
    /// How many more bytes may be made; then all variables are unknown.
    pub budget: &'a mut usize,
    /// Is set when there is a variable to replace.
    pub expands: &'a mut bool,
    pub escape: char,
}

/// What is known of a variable where it is used.
enum Found {
    Value {
        text: Arc<Text>,
        defined: Option<Span>,
    },
    /// Something out of view decides.
    Unknown,
    /// Certainly nothing sets it.
    Unset,
}

impl Expander<'_> {
    /// The text with its variables replaced; or why BuildKit would refuse it.
    pub fn expand(&mut self, source: Source<'_>) -> Result<Text, String> {
        let whole = 0..source.text.len();
        if !source.text.contains(['$', '"', '\'', self.escape]) {
            return Ok(source.as_written());
        }
        self.parts(source, &word::parse(source.text, whole, self.escape))
    }

    /// The same of a heredoc's body.
    pub fn body(&mut self, source: Source<'_>) -> Result<Text, String> {
        self.parts(source, &word::parse_body(source.text))
    }

    fn parts(&mut self, source: Source<'_>, parts: &[Part]) -> Result<Text, String> {
        self.word(source, parts, &Origin::Written).map_err(|error| refused(source, &error))
    }

    /// The same for `EXPOSE`: unquoted blanks separate words, also those within values.
    pub fn words(&mut self, source: Source<'_>) -> Result<Vec<Text>, String> {
        let mut words = vec![Text::empty(source.span)];
        for part in word::parse(source.text, 0..source.text.len(), self.escape) {
            let mut text = Text::empty(source.span);
            self.part(source, &part, &Origin::Written, &mut text)
                .map_err(|error| refused(source, &error))?;
            let quoted = match &part {
                Part::Literal { quoted, .. } => *quoted,
                Part::Variable(variable) => variable.quoted,
                Part::Error { .. } => true,
            };
            // BuildKit forgets what it has of a word when a `${name:-word}` follows.
            if let (Part::Variable(Variable { modifier: Some(_), .. }), false) = (&part, quoted) {
                words.pop();
                words.push(Text::empty(source.span));
            }
            let mut start = 0;
            for piece in text.value().split_inclusive(|c: char| !quoted && c.is_whitespace()) {
                let end = start + piece.len();
                let kept = if quoted { piece } else { piece.trim_end() };
                if let Some(word) = words.last_mut() {
                    word.append(&text.slice(start..start + kept.len()));
                }
                if kept.len() < piece.len() {
                    words.push(Text::empty(source.span));
                }
                start = end;
            }
        }
        words.retain(|word| !word.value().is_empty());
        // A word alone knows its own place.
        Ok(words.into_iter().map(|word| word.slice(0..word.value().len())).collect())
    }

    /// Adds a part; a literal one is of that origin.
    fn part(
        &mut self,
        source: Source<'_>,
        part: &Part,
        origin: &Origin,
        out: &mut Text,
    ) -> Result<(), String> {
        match part {
            Part::Literal { range, .. } => source.push(range, origin, out),
            Part::Variable(variable) => self.variable(source, variable, out)?,
            Part::Error { message, .. } => return Err(message.clone()),
        }
        Ok(())
    }

    /// The word of a modifier. It is looked at, and may be refused, whether it is wanted or not.
    fn word(
        &mut self,
        source: Source<'_>,
        parts: &[Part],
        origin: &Origin,
    ) -> Result<Text, String> {
        let mut text = Text::empty(source.span);
        for part in parts {
            self.part(source, part, origin, &mut text)?;
        }
        Ok(text)
    }

    fn variable(
        &mut self,
        source: Source<'_>,
        variable: &Variable,
        out: &mut Text,
    ) -> Result<(), String> {
        *self.expands = true;
        let name = &source.text[variable.name.clone()];
        let span = source.span(&variable.range);
        let found = self.found(name);
        let is_empty = |text: &Text, or_empty: &bool| *or_empty && text.value().is_empty();
        let Some(modifier) = &variable.modifier else {
            self.insert(name, span, &found, out);
            return Ok(());
        };
        let written = &Origin::Written;
        match modifier {
            Modifier::Default { or_empty, word } => {
                let origin = Origin::Default { name: name.into() };
                let word = self.word(source, word, &origin)?;
                match &found {
                    Found::Value { text, .. } if !is_empty(text, or_empty) => {
                        self.insert(name, span, &found, out);
                    }
                    // Nothing known sets it, so its default counts.
                    _ => out.append(&word),
                }
            }
            Modifier::Alternative { or_empty, word } => {
                let word = self.word(source, word, written)?;
                match &found {
                    Found::Value { text, .. } if !is_empty(text, or_empty) => out.append(&word),
                    // Whoever asks for it that way knows that it may be missing.
                    Found::Unknown => out.push_unknown(span, format!("{name}:+…")),
                    _ => {}
                }
            }
            Modifier::Required { or_empty, word } => {
                let word = self.word(source, word, written)?;
                match &found {
                    Found::Unset => return Err(required(name, word.value(), "unset")),
                    Found::Value { text, .. } if is_empty(text, or_empty) => {
                        return Err(required(name, word.value(), "empty"));
                    }
                    _ => self.insert(name, span, &found, out),
                }
            }
            Modifier::TrimPrefix(word) => {
                let word = self.word(source, word, written)?;
                let (pattern, longest) = greedy(&word, '#');
                self.change(name, span, &found, out, |value, steps| {
                    pattern::trim_prefix(value, pattern?, longest, steps)
                });
            }
            Modifier::TrimSuffix(word) => {
                let word = self.word(source, word, written)?;
                let (pattern, longest) = greedy(&word, '%');
                self.change(name, span, &found, out, |value, steps| {
                    pattern::trim_suffix(value, pattern?, longest, steps)
                });
            }
            Modifier::Replace { all, pattern, replacement } => {
                let pattern = self.word(source, pattern, written)?;
                let text = self.word(source, replacement, written)?;
                self.change(name, span, &found, out, |value, steps| {
                    pattern::replace(value, pattern.known()?, text.known()?, *all, steps)
                });
            }
            Modifier::Unsupported { modifier, word } => {
                self.word(source, word, written)?;
                return Err(format!("unsupported modifier ({modifier}) in substitution"));
            }
        }
        Ok(())
    }

    fn found(&self, name: &str) -> Found {
        match self.scope.get(name) {
            Some(Binding::Value { text, defined }) => {
                Found::Value { text: Arc::clone(text), defined: *defined }
            }
            Some(Binding::Unknown) => Found::Unknown,
            None if self.open => Found::Unknown,
            None => Found::Unset,
        }
    }

    /// Puts a variable's value in; what is unknown in it stays so, under its own name.
    fn insert(&mut self, name: &str, span: Span, found: &Found, out: &mut Text) {
        let variable = |defined| Origin::Variable { name: name.into(), defined };
        let (value, origin) = match found {
            Found::Unknown => return out.push_unknown(span, name),
            Found::Unset => return out.push("", span, variable(None)),
            Found::Value { text, defined } => (text, variable(*defined)),
        };
        let length = value.value().len();
        if *self.budget < length || out.value().len() + length > LONGEST {
            return out.push_unknown(span, name);
        }
        *self.budget -= length;
        if value.known().is_some() {
            return out.push(value.value(), span, origin);
        }
        for part in value.parts() {
            match &part.origin {
                Origin::Unknown { name } => out.push_unknown(span, name.as_str()),
                _ => out.push(&value.value()[part.range.clone()], span, origin.clone()),
            }
        }
    }

    /// Puts in what `change` makes of a variable's value, with as many steps as are left; it is
    /// unknown when that is.
    fn change(
        &mut self,
        name: &str,
        span: Span,
        found: &Found,
        out: &mut Text,
        change: impl FnOnce(&str, &mut usize) -> Option<String>,
    ) {
        let (value, defined) = match found {
            Found::Value { text, defined } => (text.known(), *defined),
            Found::Unset => (Some(""), None),
            Found::Unknown => (None, None),
        };
        match value.and_then(|value| change(value, self.budget)) {
            Some(changed) if out.value().len() + changed.len() <= LONGEST => {
                out.push(&changed, span, Origin::Variable { name: name.into(), defined });
            }
            _ => out.push_unknown(span, name),
        }
    }
}

/// The pattern, if it is known, and whether the longest match is meant: its sign is doubled.
fn greedy(word: &Text, sign: char) -> (Option<&str>, bool) {
    match word.known().map(|pattern| (pattern.strip_prefix(sign), pattern)) {
        Some((Some(pattern), _)) => (Some(pattern), true),
        Some((None, pattern)) => (Some(pattern), false),
        None => (None, false),
    }
}

fn refused(source: Source<'_>, error: &str) -> String {
    format!("failed to process {}: {error}", quoted(source.text))
}

fn required(name: &str, message: &str, otherwise: &str) -> String {
    match message {
        "" => format!("{name}: is not allowed to be {otherwise}"),
        message => format!("{name}: {message}"),
    }
}
