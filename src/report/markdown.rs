//! A table for a pull request or a job's summary.

use std::io::{self, Write};

use super::text::summary;
use super::{Reporter, Run, one_line, place, sentence};

pub struct Markdown;

/// Bytes. GitHub refuses a summary of more than 1 MiB.
const LARGEST: usize = 900 << 10;

impl Reporter for Markdown {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        let findings = &run.outcome.findings;
        writeln!(out, "### plimsoll: {}", summary(run))?;
        if findings.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n| Severity | Where | Rule | What |\n|---|---|---|---|")?;
        let mut written = 0;
        for (index, finding) in findings.iter().enumerate() {
            let file = run.files.get(finding.span.file);
            let (start, _) = place(file, finding.span);
            let row = format!(
                "| {} | {}:{}:{} | {} | {} |\n",
                finding.severity,
                cell(&file.path),
                start.line,
                start.column,
                finding.rule,
                cell(&sentence(finding)).replace('\n', "<br>"),
            );
            written += row.len();
            if written > LARGEST {
                return writeln!(out, "\n… and {} more", findings.len() - index);
            }
            out.write_all(row.as_bytes())?;
        }
        Ok(())
    }
}

/// Text that stays in its cell and is no markup, but for code in backticks.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for line in text.split('\n') {
        if !cell.is_empty() {
            cell.push('\n');
        }
        let mut is_code = false;
        let closed = line.matches('`').count() % 2 == 0;
        for c in one_line(line).chars() {
            match c {
                '`' if closed => {
                    is_code = !is_code;
                    cell.push(c);
                }
                '|' => cell.push_str("\\|"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' if !is_code => {
                    cell.extend(['\\', c])
                }
                '<' if !is_code => cell.push_str("&lt;"),
                '&' if !is_code => cell.push_str("&amp;"),
                c => cell.push(c),
            }
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_in_its_cell() {
        assert_eq!(cell("`a|b` <img> _x_"), "`a\\|b` &lt;img> \\_x\\_");
        assert_eq!(cell("one ` tick"), "one \\` tick");
        assert_eq!(cell("a\nb"), "a\nb");
    }
}
