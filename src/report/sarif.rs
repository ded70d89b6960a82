//! SARIF 2.1.0, as GitHub code scanning wants it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use crate::finding::{Finding, Fix, Severity};
use crate::fingerprint::unique_digests;
use crate::rule::{Group, Page};
use crate::rules::entry;
use crate::source::{Edit, Files, SourceFile, Span};

use super::{Reporter, Run, place, repository_path, sentence};

pub struct Sarif;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun<'a> {
    tool: Value,
    automation_details: Value,
    column_kind: &'static str,
    results: Vec<SarifResult<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Text<'a>,
    locations: [Location<'a>; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix<'a>>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints {
    primary_location_line_hash: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix<'a> {
    description: Text<'a>,
    artifact_changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Text<'a>,
}

impl Reporter for Sarif {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        let findings = &run.outcome.findings;
        let mut rules: BTreeMap<&str, usize> =
            findings.iter().map(|finding| (finding.rule, 0)).collect();
        rules.values_mut().enumerate().for_each(|(index, place)| *place = index);
        let pages = rules.keys().filter_map(|id| entry(id)).map(|entry| &entry.page);
        let driver = json!({
            "name": "plimsoll",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": pages.map(rule).collect::<Vec<_>>(),
        });
        let results = findings
            .iter()
            .zip(unique_digests(&run.fingerprints()))
            .map(|(finding, digest)| result(run.files, finding, rules[finding.rule], digest))
            .collect();
        let log = Log {
            schema: SCHEMA,
            version: "2.1.0",
            runs: [SarifRun {
                tool: json!({ "driver": driver }),
                automation_details: json!({ "id": "plimsoll/" }),
                column_kind: "unicodeCodePoints",
                results,
            }],
        };
        serde_json::to_writer(&mut *out, &log)?;
        writeln!(out)
    }
}

fn rule(page: &Page) -> Value {
    let is_secure = page.group == Group::Secure;
    let mut tags = vec![page.group.name()];
    tags.extend(page.formats.iter().map(|format| format.name()));
    tags.extend(is_secure.then_some("security"));
    let mut properties = json!({
        "tags": tags,
        "precision": "high",
        "problem.severity": match page.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "recommendation",
        },
    });
    if is_secure {
        // GitHub calls 7 and more high, 4 and more medium.
        properties["security-severity"] = match page.severity {
            Severity::Error => "8.0",
            Severity::Warning => "5.0",
            Severity::Note => "2.0",
        }
        .into();
    }
    json!({
        "id": page.id,
        "name": page.id,
        "shortDescription": { "text": page.summary },
        "fullDescription": { "text": reason(page) },
        "help": { "text": page.body(), "markdown": page.body() },
        "defaultConfiguration": { "level": page.severity.name() },
        "properties": properties,
    })
}

/// The first paragraph of the page's reason.
fn reason(page: &Page) -> String {
    let body = page.section("Why").and_then(|why| page.text.get(why.body.clone()));
    let first = body.unwrap_or_default().trim().split("\n\n").next().unwrap_or_default();
    first.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn result<'a>(
    files: &'a Files,
    finding: &'a Finding,
    rule_index: usize,
    digest: String,
) -> SarifResult<'a> {
    SarifResult {
        rule_id: finding.rule,
        rule_index,
        level: finding.severity.name(),
        message: Text { text: sentence(finding).into() },
        locations: [location(files, finding.span, None, None)],
        partial_fingerprints: Fingerprints { primary_location_line_hash: digest },
        related_locations: finding
            .also
            .iter()
            .enumerate()
            .map(|(id, (span, message))| location(files, *span, Some(id), Some(message)))
            .collect(),
        fixes: finding.fixes.iter().map(|found| fix(files, found)).collect(),
    }
}

fn location<'a>(
    files: &Files,
    span: Span,
    id: Option<usize>,
    message: Option<&'a str>,
) -> Location<'a> {
    let file = files.get(span.file);
    Location {
        id,
        physical_location: Physical {
            artifact_location: artifact(file),
            region: region(file, span),
        },
        message: message.map(|message| Text { text: message.into() }),
    }
}

fn fix<'a>(files: &Files, fix: &'a Fix) -> SarifFix<'a> {
    let replacement = |edit: &'a Edit| Replacement {
        deleted_region: region(files.get(edit.span.file), edit.span),
        inserted_content: Text { text: edit.text.as_str().into() },
    };
    let change = fix.edits.first().map(|first| Change {
        artifact_location: artifact(files.get(first.span.file)),
        replacements: fix.edits.iter().map(replacement).collect(),
    });
    SarifFix {
        description: Text { text: fix.title.as_str().into() },
        artifact_changes: change.into_iter().collect(),
    }
}

fn region(file: &SourceFile, span: Span) -> Region {
    let (start, end) = place(file, span);
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// A path as a relative URI.
fn artifact(file: &SourceFile) -> Artifact {
    let mut uri = String::new();
    for byte in repository_path(file).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    Artifact { uri }
}
