//! reviewdog's diagnostic format. Its columns count bytes.

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::{Finding, Severity};
use crate::source::{Encoding, Files, Span};

use super::{Reporter, Run, sentence};

pub struct Rdjson;

#[derive(Serialize)]
struct Report<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location<'a>,
}

impl Reporter for Rdjson {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        let findings = &run.outcome.findings;
        let report = Report {
            source: Source { name: "plimsoll" },
            diagnostics: findings.iter().map(|found| diagnostic(run.files, found)).collect(),
        };
        serde_json::to_writer(&mut *out, &report)?;
        writeln!(out)
    }
}

fn diagnostic<'a>(files: &'a Files, finding: &'a Finding) -> Diagnostic<'a> {
    // A suggestion is one edit, so that a fix of several cannot be told.
    let single = finding.fixes.iter().filter_map(|fix| match &fix.edits[..] {
        [edit] if edit.span.file == finding.span.file => Some(edit),
        _ => None,
    });
    Diagnostic {
        message: sentence(finding),
        location: location(files, finding.span),
        severity: match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Note => "INFO",
        },
        code: Code { value: finding.rule },
        suggestions: single
            .map(|edit| Suggestion { range: range(files, edit.span), text: &edit.text })
            .collect(),
        related_locations: finding
            .also
            .iter()
            .map(|(span, message)| Related { message, location: location(files, *span) })
            .collect(),
    }
}

fn location(files: &Files, span: Span) -> Location<'_> {
    Location { path: &files.get(span.file).path, range: range(files, span) }
}

fn range(files: &Files, span: Span) -> Range {
    let at = |offset| {
        let position = files.get(span.file).position(offset, Encoding::Utf8);
        Place { line: position.line + 1, column: position.column + 1 }
    };
    Range { start: at(span.start), end: at(span.end) }
}
