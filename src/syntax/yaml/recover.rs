//! Reading on after an error: the guilty line is blanked and the document read again. Of the
//! lines that may be guilty, that one is blanked after which the reader gets furthest.

use granit_parser::{ErrorKind, Event, Parser, StructureStyle};

use std::ops::Range;
use std::sync::Arc;

use crate::source::{SourceFile, Span};
use crate::syntax::{Parsed, SyntaxError};

use super::Tree;
use super::build::{Builder, Stop, options, place};

/// How many lines of one document are blanked before the rest of it is given up.
const ROUNDS: usize = 100;
/// How many bytes may be read again for one document, beyond four times its length.
const REREAD: usize = 1 << 20;

/// Reads `text`, which is the file's, or as long as it with blanks where it is not YAML, from a
/// byte on.
pub fn parse(
    mut builder: Builder,
    file: &SourceFile,
    text: &str,
    mut from: usize,
) -> Parsed<Arc<Tree>> {
    let mut damage: Vec<Range<u32>> = Vec::new();
    while from < text.len() {
        let Err(Stop { document, error }) = builder.add(&text[from..], from, false) else { break };
        let end = next_document(text, document);
        let error = syntax_error(file, text, from + place(&error), error.kind());
        if builder.errors.last() != Some(&error) {
            builder.errors.push(error);
        }
        let (masked, masks, readable) = mask(&text[document..end]);
        damage.extend(masks.iter().map(|mask| shift(mask, document)));
        // With the errors masked this reads all, or else up to what was given up.
        if builder.add(&masked, document, true).is_err() {
            damage.push(shift(&(readable..end - document), document));
        }
        from = end;
    }
    builder.finish(damage)
}

fn shift(range: &Range<usize>, by: usize) -> Range<u32> {
    (range.start + by) as u32..(range.end + by) as u32
}

/// A copy of a document's text with guilty lines blanked, these lines, and how far it can be read.
fn mask(text: &str) -> (String, Vec<Range<usize>>, usize) {
    let mut masked = text.to_owned();
    let mut masks: Vec<Range<usize>> = Vec::new();
    let mut budget = REREAD + 4 * text.len();
    let mut stuck = stumble(&masked);
    for _ in 0..ROUNDS {
        let Some(error) = stuck else { return (masked, masks, text.len()) };
        let mut best: Option<(Range<usize>, Option<Stumble>)> = None;
        for line in error.suspects(&masked) {
            let written = masked[line.clone()].to_owned();
            blank(&mut masked, line.clone());
            let then = stumble(&masked);
            masked.replace_range(line.clone(), &written);
            budget = budget.saturating_sub(then.map_or(text.len(), |then| then.at) + 1);
            let is_further = match &best {
                Some((_, Some(best))) => then.is_none_or(|then| then.at > best.at),
                _ => true,
            };
            if is_further {
                best = Some((line, then));
            }
            if then.is_none() {
                break;
            }
        }
        let Some((line, then)) = best.filter(|_| budget > 0) else {
            return (masked, masks, error.at.min(text.len()));
        };
        blank(&mut masked, line.clone());
        masks.push(line);
        stuck = then;
    }
    let readable = stuck.map_or(text.len(), |error| error.at.min(text.len()));
    (masked, masks, readable)
}

/// An error met while reading on trial.
#[derive(Clone, Copy, Debug)]
struct Stumble {
    at: usize,
    /// Where the innermost open bracket stands.
    bracket: Option<usize>,
    /// The end of the last token that was read well.
    last: usize,
}

/// The first error in a document's text.
fn stumble(text: &str) -> Option<Stumble> {
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut last = 0;
    for event in Parser::new_from_str_with_options(text, options(false)) {
        if let Ok((_, span)) = &event {
            last = span.byte_range().map_or(last, |range| range.end.max(last));
        }
        match event {
            Ok((Event::SequenceStart(style, ..) | Event::MappingStart(style, ..), span)) => {
                let at = span.byte_range().map(|range| range.start);
                open.push(at.filter(|_| style == StructureStyle::Flow));
            }
            Ok((Event::SequenceEnd | Event::MappingEnd, _)) => drop(open.pop()),
            Ok(_) => {}
            Err(error) => {
                let bracket = open.last().copied().flatten();
                return Some(Stumble { at: place(&error), bracket, last });
            }
        }
    }
    None
}

impl Stumble {
    /// Lines that may have caused it, the likeliest first; none of them blank.
    fn suspects(self, text: &str) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let mut suspect = |at: usize| {
            // An error at the end of a line or of the text is that of what stands before.
            let at = boundary(text, at);
            let line = line_at(text, at);
            let is_blank = text[line.clone()].trim().is_empty();
            let line =
                if is_blank { line_at(text, text[..line.start].trim_end().len()) } else { line };
            if !text[line.clone()].trim().is_empty() && !lines.contains(&line) {
                lines.push(line.clone());
            }
            line.start
        };
        let start = suspect(self.at);
        // What could not be read to its end began somewhere behind.
        let blanks = text.get(self.last..).map_or(0, |rest| rest.len() - rest.trim_start().len());
        suspect(self.last + blanks);
        if let Some(bracket) = self.bracket {
            suspect(bracket);
        }
        if start > 0 {
            suspect(start - 1);
        }
        lines
    }
}

/// The last offset up to `at` at which a character starts.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// The line around an offset, without its line end.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    start..end.max(start)
}

/// Replaces a line by as many blanks as it has bytes.
fn blank(text: &mut String, line: Range<usize>) {
    let length = text[line.clone()].trim_end_matches('\r').len();
    text.replace_range(line.start..line.start + length, &" ".repeat(length));
}

/// Where the document after the one at `from` starts: at its `---`, or at the end of the text.
fn next_document(text: &str, from: usize) -> usize {
    let mut at = from;
    let mut begun = false;
    for line in text[from..].split_inclusive('\n') {
        let content = line.trim_start_matches('\u{feff}').trim_end();
        let marker = content.strip_prefix("---");
        let is_marker = marker.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
        if is_marker && begun {
            return at;
        }
        // Directives and comments before a `---` are of the document that it starts.
        begun |= is_marker || !(content.is_empty() || content.starts_with(['#', '%']));
        at += line.len();
    }
    text.len()
}

fn syntax_error(file: &SourceFile, text: &str, at: usize, kind: &ErrorKind) -> SyntaxError {
    let at = boundary(text, at);
    let is_at_end = text[at..].starts_with(['\n', '\r']) || at == text.len();
    let (start, end) = if is_at_end {
        let end = text[..at].trim_end().len();
        let start = text[..end].char_indices().next_back().map_or(end, |(start, _)| start);
        (start, end)
    } else {
        let rest = &text[at..];
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        (at, at + if rest.starts_with(['[', ']', '{', '}']) { first } else { word.max(first) })
    };
    let (start, end) = tab(text, at).filter(|_| is_about_tabs(kind)).unwrap_or((start, end));
    let span = Span::new(file.id, start, end);
    SyntaxError { span, message: message(kind), also: Vec::new() }
}

fn is_about_tabs(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}

/// The tabs that indent the line at `at`, or else the next ones.
fn tab(text: &str, at: usize) -> Option<(usize, usize)> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let indent = text[line..].len() - text[line..].trim_start_matches([' ', '\t']).len();
    let indented = text[line..line + indent].find('\t').map(|tab| line + tab);
    let start = indented.or_else(|| text[at..].find('\t').map(|tab| at + tab))?;
    let rest = &text[start..];
    Some((start, start + rest.len() - rest.trim_start_matches('\t').len()))
}

fn message(kind: &ErrorKind) -> String {
    let text = match kind {
        ErrorKind::UnclosedQuotedScalar => "this quote is never closed",
        ErrorKind::DocumentIndicatorInQuotedScalar => {
            "this quote is not closed before the document ends"
        }
        ErrorKind::UnclosedFlowCollection { open: '[' } => "this `[` is never closed",
        ErrorKind::UnclosedFlowCollection { .. } => "this `{` is never closed",
        kind if is_about_tabs(kind) => "a tab cannot indent in YAML: use spaces",
        ErrorKind::MappingValueNotAllowed => {
            "no value can start here: the indentation is wrong, or text with a colon needs quotes"
        }
        ErrorKind::MappingKeyNotAllowed => "no key can stand here",
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "this is neither a `key: value` nor a continued text: a colon is missing"
        }
        ErrorKind::ExpectedBlockMappingKey => "a key is expected here: the indentation is wrong",
        ErrorKind::ExpectedBlockSequenceEntry => {
            "an item `- ` is expected here: the indentation is wrong"
        }
        ErrorKind::BlockSequenceEntryNotAllowed => "no item `- ` can stand here",
        ErrorKind::ExpectedFlowMappingSeparator => "a `,` or `}` is expected here",
        ErrorKind::ExpectedFlowSequenceSeparator => "a `,` or `]` is expected here",
        ErrorKind::InvalidColonPlacement => "a `:` cannot stand here: is a bracket not closed?",
        ErrorKind::InvalidIndentation | ErrorKind::InvalidFlowScalarIndent => {
            "the indentation fits nothing above"
        }
        ErrorKind::RecursionLimitExceeded => "this is nested too deeply",
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            return format!(
                "the control character U+{:04X} cannot stand here",
                u32::from(*character)
            );
        }
        ErrorKind::UnexpectedCharacter { character } => {
            return format!("no value can start with `{character}`: it needs quotes");
        }
        ErrorKind::UnknownQuotedScalarEscape => "this has a `\\` escape that YAML does not know",
        ErrorKind::MisplacedFlowCollectionEnd => "this bracket closes nothing",
        ErrorKind::UndeclaredTagHandle => "no `%TAG` declares the handle of this tag",
        _ => return kind.to_string(),
    };
    text.to_owned()
}
