//! Variables replaced as BuildKit replaces them, each part of the result with its place.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::text::{Origin, Text};
use crate::source::Span;
use crate::syntax::dockerfile::word::{self, Modifier, Part, Variable};
use crate::syntax::dockerfile::{Logical, Word, quoted};

use super::pattern;

/// A longer value is not followed up: it counts as unknown.
const LONGEST: usize = 1 << 16;

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
    variables: HashMap<String, Binding>,
    before: Vec<(String, Option<Binding>)>,
}

impl Scope {
    pub fn get(&self, name: &str) -> Option<&Binding> {
        self.variables.get(name)
    }

    pub fn set(&mut self, name: &str, binding: Binding) {
        let before = self.variables.insert(name.to_owned(), binding);
        self.before.push((name.to_owned(), before));
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

    /// The text as it stands.
    fn plain(&self) -> Text {
        let mut text = Text::empty(self.span);
        self.push(&(0..self.text.len()), &Origin::Written, &mut text);
        text
    }

    fn span(&self, range: &std::ops::Range<usize>) -> Span {
        match self.exact {
            Some((logical, start)) => logical.span(start + range.start, start + range.end),
            None => self.span,
        }
    }

    /// Pushes the bytes `range`, piece by piece where a continued line cuts them.
    fn push(&self, range: &std::ops::Range<usize>, origin: &Origin, out: &mut Text) {
        let Some((logical, start)) = self.exact else {
            return out.push(&self.text[range.clone()], self.span, origin.clone());
        };
        let mut at = range.start;
        for span in logical.pieces(start + range.start, start + range.end) {
            let length = span.range().len();
            out.push(&self.text[at..at + length], span, origin.clone());
            at += length;
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
    pub escape: char,
}

/// A run of an expanded text that is split into words as a whole or not at all.
struct Run {
    text: Text,
    quoted: bool,
    /// BuildKit forgets what it has of a word when a `${name:-word}` follows.
    forgets: bool,
}

impl Expander<'_> {
    /// The text with its variables replaced; or why BuildKit would refuse it.
    pub fn expand(&mut self, source: Source<'_>) -> Result<Text, String> {
        if self.is_plain(source.text) {
            return Ok(source.plain());
        }
        let mut out = Text::empty(source.span);
        for run in self.runs(source)? {
            out.append(&run.text);
        }
        Ok(out)
    }

    /// The same for `EXPOSE`: unquoted blanks separate words, also those within values.
    pub fn words(&mut self, source: Source<'_>) -> Result<Vec<Text>, String> {
        let mut words = Vec::new();
        let mut word: Option<Text> = None;
        for run in self.runs(source)? {
            let empty = || Text::empty(source.span);
            if run.forgets {
                word = None;
            }
            if run.quoted {
                word.get_or_insert_with(empty).append(&run.text);
                continue;
            }
            let mut start = 0;
            let value = run.text.value();
            for piece in value.split_inclusive(char::is_whitespace) {
                let kept = piece.trim_end_matches(char::is_whitespace);
                if !kept.is_empty() {
                    let slice = run.text.slice(start..start + kept.len());
                    word.get_or_insert_with(empty).append(&slice);
                }
                if kept.len() < piece.len() {
                    words.extend(word.take());
                }
                start += piece.len();
            }
        }
        words.extend(word);
        words.retain(|word| !word.value().is_empty());
        // A word alone knows its own place.
        Ok(words.into_iter().map(|word| word.slice(0..word.value().len())).collect())
    }

    /// Whether a text stands for itself.
    fn is_plain(&self, text: &str) -> bool {
        !text.contains(['$', '"', '\'', self.escape])
    }

    fn runs(&mut self, source: Source<'_>) -> Result<Vec<Run>, String> {
        let parts = word::parse(source.text, 0..source.text.len(), self.escape);
        let mut runs = Vec::with_capacity(parts.len());
        for part in &parts {
            let mut text = Text::empty(source.span);
            self.part(source, part, &Origin::Written, &mut text)
                .map_err(|error| format!("failed to process {}: {error}", quoted(source.text)))?;
            runs.push(match part {
                Part::Variable(variable) => Run {
                    text,
                    quoted: variable.quoted,
                    forgets: variable.modifier.is_some() && !variable.quoted,
                },
                Part::Literal { quoted, .. } => Run { text, quoted: *quoted, forgets: false },
                Part::Error { .. } => Run { text, quoted: true, forgets: false },
            });
        }
        Ok(runs)
    }

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

    /// The word of a modifier; its literal parts are of that origin.
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
        let name = &source.text[variable.name.clone()];
        let span = source.span(&variable.range);
        // What the modifier says is looked at first, and refused whether it is wanted or not.
        let word = match &variable.modifier {
            None => None,
            Some(Modifier::Default { word, .. }) => {
                let origin = Origin::Default { name: name.to_owned() };
                Some(self.word(source, word, &origin)?)
            }
            Some(
                Modifier::Alternative { word, .. }
                | Modifier::Required { word, .. }
                | Modifier::TrimPrefix(word)
                | Modifier::TrimSuffix(word)
                | Modifier::Replace { pattern: word, .. },
            ) => Some(self.word(source, word, &Origin::Written)?),
            Some(Modifier::Unsupported { modifier, word }) => {
                self.word(source, word, &Origin::Written)?;
                return Err(format!("unsupported modifier ({modifier}) in substitution"));
            }
        };
        let replacement = match &variable.modifier {
            Some(Modifier::Replace { replacement, .. }) => {
                Some(self.word(source, replacement, &Origin::Written)?)
            }
            _ => None,
        };
        let (value, defined) = match self.scope.get(name) {
            Some(Binding::Value { text, defined }) => (Some(Arc::clone(text)), *defined),
            Some(Binding::Unknown) => (None, None),
            None if self.open => (None, None),
            None => return self.unset(name, span, variable, word, replacement, out),
        };
        let Some(value) = value else {
            // Nothing known sets it, so its default counts; anything else is open.
            match (&variable.modifier, word) {
                (Some(Modifier::Default { .. }), Some(word)) => out.append(&word),
                _ => out.push_unknown(span, name),
            }
            return Ok(());
        };
        let origin = Origin::Variable { name: name.to_owned(), defined };
        let empty = value.value().is_empty();
        match (&variable.modifier, word) {
            (Some(Modifier::Default { or_empty: true, .. }), Some(word)) if empty => {
                out.append(&word);
            }
            (Some(Modifier::Alternative { or_empty, .. }), Some(word)) => {
                if !(*or_empty && empty) {
                    out.append(&word);
                }
            }
            (Some(Modifier::Required { or_empty: true, .. }), Some(word)) if empty => {
                return Err(required(name, word.value(), "empty"));
            }
            (
                Some(Modifier::TrimPrefix(_) | Modifier::TrimSuffix(_) | Modifier::Replace { .. }),
                word,
            ) => {
                let changed = self.changed(variable, &value, word, replacement);
                match changed {
                    Some(changed) => out.push(&changed, span, origin),
                    None => out.push_unknown(span, name),
                }
            }
            _ => self.insert(&value, span, name, &origin, out),
        }
        Ok(())
    }

    /// What stands for a variable that certainly is not set.
    fn unset(
        &mut self,
        name: &str,
        span: Span,
        variable: &Variable,
        word: Option<Text>,
        replacement: Option<Text>,
        out: &mut Text,
    ) -> Result<(), String> {
        match (&variable.modifier, word) {
            (Some(Modifier::Default { .. }), Some(word)) => out.append(&word),
            (Some(Modifier::Required { .. }), Some(word)) => {
                return Err(required(name, word.value(), "unset"));
            }
            (Some(Modifier::Replace { .. }), word) => {
                let empty = Text::empty(span);
                if let Some(changed) = self.changed(variable, &empty, word, replacement) {
                    let name = name.to_owned();
                    out.push(&changed, span, Origin::Variable { name, defined: None });
                }
            }
            _ => {
                let name = name.to_owned();
                out.push("", span, Origin::Variable { name, defined: None });
            }
        }
        Ok(())
    }

    fn changed(
        &mut self,
        variable: &Variable,
        value: &Text,
        word: Option<Text>,
        replacement: Option<Text>,
    ) -> Option<String> {
        let (value, word) = (value.known()?, word?);
        let word = word.known()?;
        let greedy = |sign| word.strip_prefix(sign).map_or((word, false), |rest| (rest, true));
        let steps = &mut *self.budget;
        match &variable.modifier {
            Some(Modifier::TrimPrefix(_)) => {
                let (pattern, longest) = greedy('#');
                pattern::trim_prefix(value, pattern, longest, steps)
            }
            Some(Modifier::TrimSuffix(_)) => {
                let (pattern, longest) = greedy('%');
                pattern::trim_suffix(value, pattern, longest, steps)
            }
            Some(Modifier::Replace { all, .. }) => {
                pattern::replace(value, word, replacement?.known()?, *all, steps)
            }
            _ => None,
        }
    }

    /// Puts a variable's value in; what is unknown in it stays so, under its own name.
    fn insert(&mut self, value: &Text, span: Span, name: &str, origin: &Origin, out: &mut Text) {
        let length = value.value().len();
        if *self.budget < length || out.value().len() + length > LONGEST {
            return out.push_unknown(span, name);
        }
        *self.budget -= length;
        if value.known().is_some() {
            return out.push(value.value(), span, origin.clone());
        }
        for part in value.parts() {
            match &part.origin {
                Origin::Unknown { name } => out.push_unknown(span, name.as_str()),
                _ => out.push(&value.value()[part.range.clone()], span, origin.clone()),
            }
        }
    }
}

fn required(name: &str, message: &str, otherwise: &str) -> String {
    match message {
        "" => format!("{name}: is not allowed to be {otherwise}"),
        message => format!("{name}: {message}"),
    }
}
