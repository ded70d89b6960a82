//! The stable machine format; `version` grows when a reader would have to change.

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::{Applicability, Finding, Fix, Severity};
use crate::model::environment::Environment;
use crate::source::{Files, Span};

use super::{Reporter, Run, place};

pub struct Json;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    findings: Vec<JsonFinding<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
pub(super) struct JsonFinding<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    path: &'a str,
    span: JsonSpan,
    related: Vec<Related<'a>>,
    help: Option<&'a str>,
    fixes: Vec<JsonFix<'a>>,
}

#[derive(Serialize)]
struct JsonSpan {
    start: Position,
    end: Position,
}

/// A place in a file: line and column from 1, the column in characters; the byte from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
    pub byte: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    path: &'a str,
    span: JsonSpan,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    path: &'a str,
    span: JsonSpan,
    text: &'a str,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
    suppressed: usize,
    known: usize,
    files: usize,
    development_files: usize,
}

impl Reporter for Json {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        let findings = &run.outcome.findings;
        let count =
            |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let development = |environment| environment == Environment::Development;
        let report = Report {
            version: 1,
            findings: findings.iter().map(|found| finding(run.files, found)).collect(),
            summary: Summary {
                errors: count(Severity::Error),
                warnings: count(Severity::Warning),
                notes: count(Severity::Note),
                suppressed: run.outcome.suppressed.len(),
                known: run.outcome.known.len(),
                files: run.outcome.checked.len(),
                development_files: run
                    .outcome
                    .checked
                    .iter()
                    .filter(|checked| development(checked.environment))
                    .count(),
            },
        };
        serde_json::to_writer(&mut *out, &report)?;
        writeln!(out)
    }
}

pub(super) fn finding<'a>(files: &'a Files, finding: &'a Finding) -> JsonFinding<'a> {
    JsonFinding {
        rule: finding.rule,
        severity: finding.severity.name(),
        message: &finding.message,
        path: &files.get(finding.span.file).path,
        span: json_span(files, finding.span),
        related: finding
            .also
            .iter()
            .map(|(span, message)| Related {
                path: &files.get(span.file).path,
                span: json_span(files, *span),
                message,
            })
            .collect(),
        help: finding.help.as_deref(),
        fixes: finding.fixes.iter().map(|fix| json_fix(files, fix)).collect(),
    }
}

fn json_fix<'a>(files: &'a Files, fix: &'a Fix) -> JsonFix<'a> {
    JsonFix {
        title: &fix.title,
        applicability: match fix.applicability {
            Applicability::Manual => "manual",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        },
        edits: fix
            .edits
            .iter()
            .map(|edit| JsonEdit {
                path: &files.get(edit.span.file).path,
                span: json_span(files, edit.span),
                text: &edit.text,
            })
            .collect(),
    }
}

fn json_span(files: &Files, span: Span) -> JsonSpan {
    let (start, end) = place(files.get(span.file), span);
    JsonSpan { start, end }
}
