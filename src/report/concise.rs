//! One line for each finding, for eyes, `grep` and editors that read compilers' output.

use std::io::{self, Write};

use super::{Reporter, Run, one_line, place};

pub struct Concise;

impl Reporter for Concise {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        for finding in &run.outcome.findings {
            let file = run.files.get(finding.span.file);
            let (start, _) = place(file, finding.span);
            let (path, message) = (one_line(&file.path), one_line(&finding.message));
            let (severity, rule) = (finding.severity.name(), finding.rule);
            let (line, column) = (start.line, start.column);
            writeln!(out, "{path}:{line}:{column}: {severity}[{rule}]: {message}")?;
        }
        Ok(())
    }
}
