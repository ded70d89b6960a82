//! Annotations of GitHub Actions: workflow commands that a job prints.

use std::io::{self, Write};

use crate::finding::Severity;

use super::{Reporter, Run, one_line, place, repository_path, sentence};

pub struct Github;

impl Reporter for Github {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        for finding in &run.outcome.findings {
            let file = run.files.get(finding.span.file);
            let (start, end) = place(file, finding.span);
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let path = property(repository_path(file));
            write!(out, "::{command} file={path},line={},endLine={}", start.line, end.line)?;
            // GitHub rejects columns where there is more than one line.
            if start.line == end.line {
                write!(out, ",col={},endColumn={}", start.column, end.column)?;
            }
            writeln!(out, ",title={}::{}", property(finding.rule), data(&sentence(finding)))?;
        }
        Ok(())
    }
}

fn data(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    one_line(&escaped).into_owned()
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_a_command_or_a_property() {
        assert_eq!(data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(property("a,b:c\n"), "a%2Cb%3Ac%0A");
    }
}
