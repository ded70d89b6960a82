//! For people: the finding, the underlined text, one line of help, a summary at a glance.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;

use codespan_reporting::diagnostic::{self, Diagnostic, Label};
use codespan_reporting::files::{Error, Files as CodespanFiles};
use codespan_reporting::term::termcolor::Ansi;
use codespan_reporting::term::{self, Chars, DisplayStyle};

use crate::finding::{Finding, Severity};
use crate::lint::credentials;
use crate::model::environment::Environment;
use crate::source::{FileId, Files, Span};

use super::{Reporter, Run};

/// With colours; whoever owns the stream strips them where they are not wanted.
pub struct Text;

/// A line longer than this (bytes) is not drawn: nobody could find the underline.
const LONGEST_DRAWN_LINE: usize = 400;

impl Reporter for Text {
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        let outcome = run.outcome;
        let tokens = run.workspace.documents.iter().flat_map(|document| &document.tokens);
        let credentials = match outcome.findings.is_empty() {
            true => Vec::new(),
            false => credentials(run.workspace),
        };
        let hidden = credentials.iter().chain(tokens.map(|(span, _)| span));
        draw(&Shown::new(run.files, hidden), &outcome.findings, out)?;
        writeln!(out, "{}", summary(run))
    }
}

/// Draws findings about files that hold no credentials.
pub fn write_findings(files: &Files, findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    draw(&Shown::new(files, []), findings, out)
}

fn draw<'a>(shown: &'a Shown<'a>, findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    let rich = term::Config { chars: Chars::box_drawing(), ..term::Config::default() };
    let plain = term::Config { display_style: DisplayStyle::Medium, ..rich.clone() };
    for finding in findings {
        let config = if is_drawable(shown.files, finding) { &rich } else { &plain };
        let mut ansi = Ansi::new(&mut *out);
        term::emit_to_write_style(&mut ansi, config, shown, &drawn(finding)).map_err(|error| {
            match error {
                Error::Io(error) => error,
                other => io::Error::other(other),
            }
        })?;
        if !std::ptr::eq(config, &rich) {
            writeln!(out)?;
        }
    }
    Ok(())
}

fn drawn(finding: &Finding) -> Diagnostic<FileId> {
    let severity = match finding.severity {
        Severity::Error => diagnostic::Severity::Error,
        Severity::Warning => diagnostic::Severity::Warning,
        Severity::Note => diagnostic::Severity::Note,
    };
    let mut labels = vec![Label::primary(finding.span.file, finding.span.range())];
    labels.extend(
        finding
            .also
            .iter()
            .map(|(span, text)| Label::secondary(span.file, span.range()).with_message(text)),
    );
    let notes = finding.help.iter().map(|help| format!("help: {help}")).collect();
    Diagnostic::new(severity)
        .with_code(finding.rule)
        .with_message(printable(&finding.message))
        .with_labels(labels)
        .with_notes(notes)
}

fn is_drawable(files: &Files, finding: &Finding) -> bool {
    let short = |span: &Span| {
        let file = files.get(span.file);
        let first = file.line(span.start);
        let last = file.line(span.end);
        (first..=last).take(20).all(|line| {
            file.line_span(line).is_none_or(|span| span.range().len() <= LONGEST_DRAWN_LINE)
        })
    };
    short(&finding.span) && finding.also.iter().all(|(span, _)| short(span))
}

pub(super) fn summary(run: &Run) -> String {
    let outcome = run.outcome;
    let files = count(outcome.checked.len(), "file");
    let development = outcome
        .checked
        .iter()
        .filter(|checked| checked.environment == Environment::Development)
        .count();
    let mut told: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| {
            let of = |finding: &&Finding| finding.severity == severity;
            let number = outcome.findings.iter().filter(of).count();
            (number > 0).then(|| count(number, severity.name()))
        })
        .collect();
    if told.is_empty() {
        told.push("nothing found".to_owned());
    }
    let mut summary = format!("{} in {files}", told.join(", "));
    if development > 0 {
        summary += &format!(", {development} judged as development");
    }
    if !outcome.suppressed.is_empty() {
        summary += &format!("; {} suppressed", outcome.suppressed.len());
    }
    if !outcome.known.is_empty() {
        summary += &format!("; {} known", outcome.known.len());
    }
    summary
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The files as they may be shown: control characters, which could drive the terminal, are
/// replaced byte for byte, and so are credentials.
struct Shown<'a> {
    files: &'a Files,
    /// Of each file, once it is asked for: every finding asks for all of it.
    texts: Vec<OnceCell<Cow<'a, str>>>,
    hidden: HashMap<FileId, Vec<Range<usize>>>,
}

impl<'a> Shown<'a> {
    fn new<'s>(files: &'a Files, spans: impl IntoIterator<Item = &'s Span>) -> Self {
        let mut hidden: HashMap<FileId, Vec<Range<usize>>> = HashMap::new();
        for span in spans {
            hidden.entry(span.file).or_default().push(span.range());
        }
        Self { files, texts: files.iter().map(|_| OnceCell::new()).collect(), hidden }
    }

    fn shown(&self, id: FileId) -> Cow<'a, str> {
        let text = printable(&self.files.get(id).text);
        let Some(hidden) = self.hidden.get(&id) else { return text };
        let mut bytes = text.into_owned().into_bytes();
        for range in hidden {
            let letters = bytes[range.clone()].iter_mut().filter(|byte| **byte != b'\n');
            letters.for_each(|byte| *byte = b'*');
        }
        Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl<'a> CodespanFiles<'a> for Shown<'a> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = Cow<'a, str>;

    fn name(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.files.get(id).path)
    }

    fn source(&'a self, id: FileId) -> Result<Cow<'a, str>, Error> {
        let text = self.texts.get(id.0 as usize).ok_or(Error::FileMissing)?;
        Ok(Cow::Borrowed(text.get_or_init(|| self.shown(id))))
    }

    fn line_index(&'a self, id: FileId, byte: usize) -> Result<usize, Error> {
        Ok(self.files.get(id).line(byte as u32) as usize)
    }

    fn line_range(&'a self, id: FileId, line: usize) -> Result<Range<usize>, Error> {
        let file = self.files.get(id);
        let range = file.line_span(line as u32).map(Span::range);
        let next = file.line_span(line as u32 + 1).map(|next| next.start as usize);
        range
            .map(|range| range.start..next.unwrap_or(file.text.len()))
            .ok_or(Error::LineTooLarge { given: line, max: line })
    }
}

fn printable(text: &str) -> Cow<'_, str> {
    let drives = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(drives) { Cow::Owned(text.replace(drives, "?")) } else { Cow::Borrowed(text) }
}
