//! Text to trees: the grammars of Dockerfiles, YAML and shell. No meaning, no judgement.

pub mod dockerfile;
pub mod helm;
pub mod shell;
pub mod yaml;

use crate::source::{Placed, Span};

/// What a parser gives back: always a tree, however broken the text.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    pub tree: T,
    /// In the order of the file.
    pub comments: Vec<Comment>,
    /// In the order in which they were met; the first is the one that the format's own tool
    /// would stop at.
    pub errors: Vec<SyntaxError>,
}

impl<T> Parsed<T> {
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed { tree: change(self.tree), comments: self.comments, errors: self.errors }
    }
}

/// A comment, from its `#` to the end of the line, line end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
    /// Nothing but blanks stands before it.
    pub own_line: bool,
}

/// Something that the format's grammar does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub span: Span,
    /// One clause, lower case, without a full stop.
    pub message: String,
    /// Other places that belong to it, each with what to say there.
    pub also: Vec<(Span, String)>,
}

impl Placed for Comment {
    fn shift(&mut self, by: u32) {
        let Self { span, own_line: _ } = self;
        span.shift(by);
    }
}

impl Placed for SyntaxError {
    fn shift(&mut self, by: u32) {
        let Self { span, message: _, also } = self;
        span.shift(by);
        also.iter_mut().for_each(|(span, _)| span.shift(by));
    }
}
