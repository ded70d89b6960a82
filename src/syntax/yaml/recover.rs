//! Reading on after an error: the guilty line is mended and the document read again. Of the lines
//! that may be guilty and the ways to mend them, that is taken after which the reader gets
//! furthest.

use granit_parser::{Event, Parser, StructureStyle};

use std::ops::Range;
use std::sync::Arc;

use crate::source::SourceFile;
use crate::syntax::Parsed;

use super::Tree;
use super::build::{Builder, Stop, options, place};
use super::complaint::{boundary, syntax_error};
use super::mend::{Damage, Mended, Places, line_at, mends};

/// How many lines of one document are mended before the rest of it is given up.
const ROUNDS: usize = 100;
/// How many bytes may be read again for one document, beyond four times its length.
const REREAD: usize = 1 << 20;

/// Reads `text`, which is the file's, or as long as it with blanks where it is not YAML, from a
/// byte on.
pub fn parse(builder: Builder, file: &SourceFile, text: &str, from: usize) -> Parsed<Arc<Tree>> {
    let (builder, damage) = read(builder, file, text, from);
    builder.finish(damage)
}

/// The same, before it is finished: what was read, and what was left out.
pub fn read(
    mut builder: Builder,
    file: &SourceFile,
    text: &str,
    mut from: usize,
) -> (Builder, Damage) {
    let mut damage = Damage::default();
    while from < text.len() {
        let Err(Stop { document, error }) = builder.add(&text[from..], &Places::from(from), false)
        else {
            break;
        };
        let end = next_document(text, document);
        let error = syntax_error(file, text, from + place(&error), error.kind());
        if builder.errors.last() != Some(&error) {
            builder.errors.push(error);
        }
        let (mended, given_up) = mend(&text[document..end], document);
        damage.lost.extend(mended.damage.lost);
        damage.unknown.extend(mended.damage.unknown);
        damage.lost.extend(given_up.map(|from| from as u32..end as u32));
        // This reads all, or else up to what was given up.
        let _ = builder.add(&mended.text, &mended.places, true);
        from = end;
    }
    (builder, damage)
}

/// Mends the document that stands at `base` in a file, as far as it goes: from where on it was
/// given up, if at all.
fn mend(text: &str, base: usize) -> (Mended, Option<usize>) {
    let mut mended = Mended::new(text, base);
    let mut budget = REREAD + 4 * text.len();
    let mut stuck = stumble(&mended.text);
    for _ in 0..ROUNDS {
        let Some(error) = stuck else { return (mended, None) };
        let mut best: Option<(Mended, Option<Stumble>)> = None;
        let suspects = error.suspects(&mended.text);
        for mend in mends(&mended.text, &suspects) {
            let attempt = mended.with(&mend);
            let then = stumble(&attempt.text);
            // To make the attempt costs some of what it costs to read it.
            let cost = then.map_or(text.len(), |then| then.at) + text.len() / 16 + 1;
            budget = budget.saturating_sub(cost);
            let reached = |mended: &Mended, at: Option<Stumble>| {
                at.map_or(usize::MAX, |error| mended.places.file(error.at))
            };
            let is_furthest = best.as_ref().is_none_or(|(best, best_then)| {
                reached(&attempt, then) > reached(best, *best_then)
            });
            if is_furthest {
                best = Some((attempt, then));
            }
            if then.is_none() || budget == 0 {
                break;
            }
        }
        let Some((attempt, then)) = best.filter(|_| budget > 0) else { break };
        (mended, stuck) = (attempt, then);
    }
    let given_up = stuck.map(|error| mended.places.file(error.at.min(mended.text.len())));
    (mended, given_up)
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
                // A pair in a flow sequence is a mapping without a bracket of its own.
                let is_bracket = |at: &usize| text[*at..].starts_with(['[', '{']);
                open.push(at.filter(|at| style == StructureStyle::Flow && is_bracket(at)));
            }
            Ok((Event::SequenceEnd | Event::MappingEnd, _)) => drop(open.pop()),
            Ok(_) => {}
            Err(error) => {
                let bracket = open.iter().rev().find_map(|bracket| *bracket);
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
        // What could not be read to its end began behind what could, and may end below.
        let blanks = |from: usize| text[from..].len() - text[from..].trim_start().len();
        let last = boundary(text, self.last);
        suspect(last + blanks(last));
        let end = line_at(text, boundary(text, self.at)).end;
        suspect(end + blanks(end));
        if let Some(bracket) = self.bracket {
            suspect(bracket);
        }
        if start > 0 {
            suspect(start - 1);
        }
        lines
    }
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
