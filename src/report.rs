//! What a run says, in the formats that people and machines read. Each format writes a finished
//! run; none filters, decides on colour or on the exit code.

mod json;
mod text;

use std::io::{self, Write};

use crate::lint::Outcome;
use crate::source::{Encoding, Files, SourceFile, Span};

pub use json::Position;
pub use text::write_findings;

/// A finished run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    pub files: &'a Files,
    pub outcome: &'a Outcome,
}

/// One way to write a run.
pub trait Reporter {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()>;
}

/// The formats by name: `--format`, its help and its completion all read this.
pub static FORMATS: &[(&str, &(dyn Reporter + Sync))] =
    &[("text", &text::Text), ("json", &json::Json)];

/// The format of this name.
pub fn format(name: &str) -> Option<&'static (dyn Reporter + Sync)> {
    FORMATS.iter().find(|(known, _)| *known == name).map(|(_, reporter)| *reporter)
}

/// A place as people count: lines and columns from 1, columns in characters.
fn place(file: &SourceFile, span: Span) -> (Position, Position) {
    let at = |offset: u32| {
        let position = file.position(offset, Encoding::Utf32);
        Position { line: position.line + 1, column: position.column + 1, byte: offset }
    };
    (at(span.start), at(span.end))
}
