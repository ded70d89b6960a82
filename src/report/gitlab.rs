//! GitLab's Code Quality report.

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::Severity;
use crate::fingerprint::unique_digests;

use super::{Reporter, Run, place, repository_path};

pub struct Gitlab;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl Reporter for Gitlab {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        let fingerprints = unique_digests(&run.fingerprints());
        let issues: Vec<Issue> = run
            .outcome
            .findings
            .iter()
            .zip(fingerprints)
            .map(|(finding, fingerprint)| {
                let file = run.files.get(finding.span.file);
                let (start, end) = place(file, finding.span);
                Issue {
                    // GitLab does not show `check_name`.
                    description: format!("{}: {}", finding.rule, finding.message),
                    check_name: finding.rule,
                    fingerprint,
                    severity: match finding.severity {
                        Severity::Error => "critical",
                        Severity::Warning => "major",
                        Severity::Note => "info",
                    },
                    location: Location {
                        path: repository_path(file),
                        lines: Lines { begin: start.line, end: end.line },
                    },
                }
            })
            .collect();
        serde_json::to_writer(&mut *out, &issues)?;
        writeln!(out)
    }
}
