//! What a container starts: exec form, or a text that a shell is given.

use crate::source::{Span, Spanned};
use crate::syntax::shell::{self, Script, Shell};

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

const PROMPTS: [&str; 20] = [
    "bash", "dash", "erl", "ghci", "iex", "irb", "jshell", "julia", "lua", "node", "perl", "php",
    "pwsh", "pypy3", "python", "python3", "R", "scala", "sh", "zsh",
];

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

    /// What runs, as the kernel or the shell reads it, if all of it is known. Words of another file
    /// than the last have no place of their own.
    pub fn script(&self) -> Option<Script> {
        match self {
            Self::Exec(words) => {
                let last = words.last()?.span();
                let place = |word: &Text, span: Span| match word.span().file == last.file {
                    true => span,
                    false => last.part(0..0),
                };
                let known: Option<Vec<_>> = words
                    .iter()
                    .map(|it| Some(Spanned::new(it.known()?.to_owned(), place(it, it.span()))))
                    .collect();
                let within = |index: usize, range| {
                    let word: &Text = &words[index];
                    place(word, word.span_of(range))
                };
                Some(shell::exec(&known?, &within).tree)
            }
            Self::Shell { shell, text } => {
                let words: Vec<_> = shell.iter().map(|word| &word.value).collect();
                let place = |range| text.span_of(range);
                Some(shell::parse(text.known()?, Shell::of(&words), &place).tree)
            }
        }
    }

    /// Whether it is a shell or an interpreter that is given no program: what an image starts that
    /// is there for others to build on.
    pub fn is_prompt(&self) -> bool {
        let Some(line) = self.line() else { return false };
        let mut words = line.split_whitespace();
        let name = words.next().map(|word| word.rsplit('/').next().unwrap_or(word));
        let is_bare = words.next().is_none_or(|word| matches!(word, "-a" | "-i" | "-l"));
        is_bare && name.is_some_and(|name| PROMPTS.contains(&name))
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
