//! Checkstyle's XML, which Jenkins and others read.

use std::io::{self, Write};

use crate::finding::Severity;

use super::xml::escape;
use super::{Reporter, Run, by_file, place, sentence};

pub struct Checkstyle;

impl Reporter for Checkstyle {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">")?;
        for (file, findings) in by_file(run).iter().filter(|(_, findings)| !findings.is_empty()) {
            writeln!(out, "  <file name=\"{}\">", escape(&file.path))?;
            for finding in findings {
                let (start, _) = place(file, finding.span);
                let severity = match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "info",
                };
                writeln!(
                    out,
                    "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" \
                     message=\"{}\" source=\"plimsoll.{}\"/>",
                    start.line,
                    start.column,
                    escape(&sentence(finding)),
                    finding.rule
                )?;
            }
            writeln!(out, "  </file>")?;
        }
        writeln!(out, "</checkstyle>")
    }
}
