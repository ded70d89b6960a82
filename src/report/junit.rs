//! JUnit's XML: a suite for each file, a failed case for each finding, a passed one for a file
//! without any.

use std::io::{self, Write};

use crate::finding::Finding;
use crate::source::SourceFile;

use super::xml::escape;
use super::{Reporter, Run, by_file, place, sentence};

pub struct Junit;

impl Reporter for Junit {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        let findings = &run.outcome.findings;
        let suites = by_file(run);
        let clean = suites.iter().filter(|(_, findings)| findings.is_empty()).count();
        let tests = findings.len() + clean.max(usize::from(suites.is_empty()));
        let failures = findings.len();
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(
            out,
            "<testsuites name=\"plimsoll\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
        )?;
        if suites.is_empty() {
            suite("plimsoll", 0, out)?;
            passed("plimsoll", out)?;
            writeln!(out, "  </testsuite>")?;
        }
        for (file, findings) in suites {
            suite(&file.path, findings.len(), out)?;
            if findings.is_empty() {
                passed(&file.path, out)?;
            }
            for finding in findings {
                failed(file, finding, out)?;
            }
            writeln!(out, "  </testsuite>")?;
        }
        writeln!(out, "</testsuites>")
    }
}

fn suite(name: &str, failures: usize, out: &mut dyn Write) -> io::Result<()> {
    let (name, tests) = (escape(name), failures.max(1));
    writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    )
}

fn passed(name: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "    <testcase name=\"plimsoll\" classname=\"{}\"/>", escape(name))
}

fn failed(file: &SourceFile, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let (start, _) = place(file, finding.span);
    let (rule, line, column) = (finding.rule, start.line, start.column);
    let (severity, message) = (finding.severity.name(), escape(&finding.message));
    let text = format!("{}:{line}:{column}: {}", file.path, sentence(finding));
    writeln!(
        out,
        "    <testcase name=\"{rule}:{line}:{column}\" classname=\"{}\">\
         <failure type=\"{severity}\" message=\"{message}\">{}</failure></testcase>",
        escape(&file.path),
        escape(&text)
    )
}
