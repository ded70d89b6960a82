//! What a container starts: exec form, or a text that a shell is given.

use crate::source::{Span, Spanned};

use super::text::Text;

/// An `ENTRYPOINT`, a `CMD`, a Compose or Kubernetes `command` or `args`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The words of the process, as the kernel gets them. Compose splits its strings into this
    /// form itself.
    Exec(Vec<Text>),
    /// A text that a shell runs as `shell words… text`.
    Shell {
        /// The shell and its options: `/bin/sh`, `-c`.
        shell: Vec<Spanned<String>>,
        /// The text, as the shell gets it.
        text: Text,
    },
}

impl Command {
    /// The words of an exec form that are all known; `None` for shell form or a variable.
    pub fn known_words(&self) -> Option<Vec<Spanned<&str>>> {
        match self {
            Self::Exec(words) => words
                .iter()
                .map(|word| word.known().map(|value| Spanned::new(value, word.span())))
                .collect(),
            Self::Shell { .. } => None,
        }
    }

    /// Its words, or its text, as one line, if all of it is known.
    pub fn line(&self) -> Option<String> {
        match self {
            Self::Exec(_) => {
                let words = self.known_words()?;
                Some(words.iter().map(|word| word.value).collect::<Vec<_>>().join(" "))
            }
            Self::Shell { text, .. } => Some(text.known()?.trim().to_owned()),
        }
    }

    /// Whether it starts nothing: `ENTRYPOINT []`.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Exec(words) if words.is_empty())
    }

    /// Where it is written, from its first word to its last; `None` if it is empty.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Exec(words) => {
                let (first, last) = (words.first()?, words.last()?);
                Some(first.span().to(last.span()))
            }
            Self::Shell { text, .. } => Some(text.span()),
        }
    }
}
