//! What a run says, in the formats that people and machines read. Each format writes a finished
//! run; none filters, decides on colour or on the exit code.

mod checkstyle;
mod concise;
mod github;
mod gitlab;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod rdjson;
mod sarif;
mod text;
mod xml;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};

use crate::finding::Finding;
use crate::fingerprint::{Fingerprint, fingerprints};
use crate::lint::Outcome;
use crate::model::Workspace;
use crate::source::{Encoding, FileId, Files, SourceFile, Span};

pub use json::Position;
pub use text::write_findings;

/// A finished run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    pub files: &'a Files,
    pub workspace: &'a Workspace,
    pub outcome: &'a Outcome,
}

/// One way to write a run.
pub trait Reporter {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()>;
}

/// The formats by name: `--format`, its help and its completion all read this.
pub static FORMATS: &[(&str, &(dyn Reporter + Sync))] = &[
    ("text", &text::Text),
    ("concise", &concise::Concise),
    ("json", &json::Json),
    ("jsonl", &jsonl::JsonLines),
    ("sarif", &sarif::Sarif),
    ("github", &github::Github),
    ("gitlab", &gitlab::Gitlab),
    ("junit", &junit::Junit),
    ("checkstyle", &checkstyle::Checkstyle),
    ("rdjson", &rdjson::Rdjson),
    ("markdown", &markdown::Markdown),
];

impl Run<'_> {
    /// The fingerprints of the findings, in their order.
    pub fn fingerprints(&self) -> Vec<Fingerprint> {
        fingerprints(self.files, self.workspace, &self.outcome.findings)
    }
}

/// The format of this name.
pub fn format(name: &str) -> Option<&'static (dyn Reporter + Sync)> {
    FORMATS.iter().find(|(known, _)| *known == name).map(|(_, reporter)| *reporter)
}

/// What is wrong and, on a line of its own, what to do about it.
fn sentence(finding: &Finding) -> String {
    match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone().into_owned(),
    }
}

/// The path from the root of the repository, which is what its host knows.
fn repository_path(file: &SourceFile) -> &str {
    if file.project_path.is_empty() { &file.path } else { &file.project_path }
}

/// The files that were linted, each with its findings.
fn by_file<'a>(run: &Run<'a>) -> Vec<(&'a SourceFile, Vec<&'a Finding>)> {
    let mut found: HashMap<FileId, Vec<&Finding>> = HashMap::new();
    for finding in &run.outcome.findings {
        found.entry(finding.span.file).or_default().push(finding);
    }
    let checked = run.outcome.checked.iter().map(|checked| checked.file);
    checked.map(|file| (run.files.get(file), found.remove(&file).unwrap_or_default())).collect()
}

/// Text without line ends and other control characters.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        Cow::Owned(text.replace(char::is_control, " "))
    } else {
        Cow::Borrowed(text)
    }
}

/// A place as people count: lines and columns from 1, columns in characters.
fn place(file: &SourceFile, span: Span) -> (Position, Position) {
    let at = |offset: u32| {
        let position = file.position(offset, Encoding::Utf32);
        Position { line: position.line + 1, column: position.column + 1, byte: offset }
    };
    (at(span.start), at(span.end))
}
