//! Shell text to commands: lists, pipelines, words and what is nested in them, whatever the
//! text lacks. Reads the grammar that POSIX shells and bash share.

mod compound;
mod inner;
mod moved;
mod options;
mod parser;
mod programs;
mod shells;
mod tokens;
mod tree;
mod walk;
mod words;

use std::ops::Range;

pub use options::{Argument, OptionSyntax, OptionValue, arguments};
pub use programs::{Program, Wrapper};
pub use shells::{Dialect, Shell};
pub use tokens::TOO_DEEP;
pub use tree::{
    Assignment, Body, Command, Compound, Heredoc, Item, Kind, List, Node, Part, PartKind, Parts,
    Pipeline, Redirection, Role, Script, Separator, Variable, Word,
};
pub use walk::{Context, Site};

use crate::source::{Span, Spanned};
use crate::syntax::Parsed;

/// Reads `text`, which `shell` is given. `place` says where a range of its bytes stands in the
/// file, so that every span of the result is the file's. A text that no POSIX shell reads has an
/// empty list: `shell` says whose it is. What cannot be read costs one error, and the commands
/// around it are kept.
pub fn parse(text: &str, shell: Shell, place: &dyn Fn(Range<usize>) -> Span) -> Parsed<Script> {
    if !shell.dialect.is_posix() {
        let script = Script::new(shell, List::default());
        return Parsed { tree: script, comments: Vec::new(), errors: Vec::new() };
    }
    parser::parse(text, shell, place)
}

/// A command that is started without a shell, word by word: exec form, or a manifest's list.
/// `place` says where a range of bytes of a word, given by its index, stands in the file.
pub fn exec(
    words: &[Spanned<String>],
    place: &dyn Fn(usize, Range<usize>) -> Span,
) -> Parsed<Script> {
    parser::exec(words, place)
}

#[cfg(test)]
mod tests;
