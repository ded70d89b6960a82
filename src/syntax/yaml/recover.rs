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
        let cut = Cut::whole(&text[document..end], document);
        let Some((mended, given_up)) = mend(&cut) else { break };
        damage.lost.extend(mended.damage.lost);
        damage.unknown.extend(mended.damage.unknown);
        damage.lost.extend(given_up.map(|from| from as u32..end as u32));
        // This reads all, or else up to what was given up.
        let _ = builder.add(&mended.text, &mended.places, true);
        from = end;
    }
    (builder, damage)
}

/// Reads entries that do not parse, as they would be read and mended in the whole document;
/// `None` if that takes more than them. `behind` are the bytes of the cut behind them.
pub fn read_entries(file: &SourceFile, cut: &Cut, behind: usize) -> Option<(Builder, Damage)> {
    let (mended, None) = mend(cut)? else { return None };
    let mut events = Parser::new_from_str_with_options(cut.text, options(true));
    let error = events.find_map(Result::err)?;
    let text = &mended.text[..mended.text.len() - behind];
    if has_marker(text) {
        return None;
    }
    let mut builder = Builder::new(file);
    let at = cut.base + place(&error);
    builder.errors.push(syntax_error(file, &file.text, at, error.kind()));
    builder.add(text, &mended.places, true).ok()?;
    Some((builder, mended.damage))
}

/// Whether a document may start or end on one of the lines.
pub fn has_marker(text: &str) -> bool {
    let mut lines = text.split(['\n', '\r']);
    lines.any(|line| line.starts_with("---") || line.starts_with("..."))
}

/// What is mended: a document, or what of one stands from an entry of a block mapping on, of which
/// only some entries can be at fault.
pub struct Cut<'t> {
    pub text: &'t str,
    /// What of the document stands above it.
    pub above: &'t str,
    /// Where it stands in the file.
    pub base: usize,
    /// How deep the entries are indented.
    pub column: usize,
    /// The bytes from the first good key behind them on: whoever reads up to that reads the rest as
    /// before. None if they are the last of the document.
    pub good: usize,
}

impl<'t> Cut<'t> {
    /// All of a document.
    fn whole(text: &'t str, base: usize) -> Self {
        Self { text, above: "", base, column: 0, good: 0 }
    }

    /// Whether nothing up to the end of this line ends the mapping that the entries are of.
    fn holds(&self, text: &str, at: usize) -> bool {
        let is_within = |line: &str| {
            let content = line.trim_start_matches(' ');
            let is_nothing = content.trim_start().is_empty() || content.starts_with('#');
            is_nothing || line.len() - content.len() >= self.column
        };
        let end = line_at(text, boundary(text, at)).end;
        self.column == 0 || text[..end].split(['\n', '\r']).all(is_within)
    }

    /// Whether lines are its own to mend.
    fn may_mend(&self, text: &str, lines: &[Range<usize>]) -> bool {
        let end = text.len() - self.good;
        let begins = |line: &Range<usize>| line.start > 0 || self.above.is_empty();
        lines.iter().all(|line| begins(line) && (line.end < end || self.good == 0))
    }
}

/// Mends a document, as far as it goes: from where on it was given up, if at all. `None` if what is
/// cut out of it does not tell.
fn mend(cut: &Cut) -> Option<(Mended, Option<usize>)> {
    let mut mended = Mended::new(cut.text, cut.base);
    let length = cut.above.len() + cut.text.len();
    let mut budget = REREAD + 4 * length;
    let mut stuck = stumble(&mended.text, cut)?;
    for _ in 0..ROUNDS {
        let Some(error) = stuck else { return Some((mended, None)) };
        let mut best: Option<(Mended, Option<Stumble>)> = None;
        let suspects = error.suspects(&mended.text);
        if !cut.may_mend(&mended.text, &suspects) {
            return None;
        }
        for mend in mends(cut.above, &mended.text, &suspects) {
            let attempt = mended.with(&mend);
            let then = stumble(&attempt.text, cut)?;
            // To make the attempt costs some of what it costs to read it.
            let cost = then.map_or(length, |then| cut.above.len() + then.at) + length / 16 + 1;
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
    Some((mended, given_up))
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

/// The first error in a document's text, if any; `None` if what is cut out of it does not tell.
fn stumble(text: &str, cut: &Cut) -> Option<Option<Stumble>> {
    let end = text.len() - cut.good;
    let mut open: Vec<Option<usize>> = Vec::new();
    let (mut last, mut children) = (0, 0);
    for event in Parser::new_from_str_with_options(text, options(false)) {
        let (event, range) = match event {
            Ok((event, span)) => (event, span.byte_range()),
            Err(error) => {
                let at = place(&error);
                let bracket = open.iter().rev().find_map(|bracket| *bracket);
                let is_told = (at < end || cut.good == 0) && cut.holds(text, at);
                return is_told.then_some(Some(Stumble { at, bracket, last }));
            }
        };
        let is_node = matches!(
            event,
            Event::Scalar(..)
                | Event::Alias(_)
                | Event::UnresolvedAlias(_)
                | Event::SequenceStart(..)
                | Event::MappingStart(..)
        );
        if is_node && open.len() == 1 {
            let is_key = children % 2 == 0;
            if is_key && cut.good > 0 && range.as_ref().is_some_and(|range| range.start == end) {
                return cut.holds(text, end).then_some(None);
            }
            children += 1;
        }
        last = range.as_ref().map_or(last, |range| range.end.max(last));
        match event {
            Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                let at = range.map(|range| range.start);
                // A pair in a flow sequence is a mapping without a bracket of its own.
                let is_bracket = |at: &usize| text[*at..].starts_with(['[', '{']);
                open.push(at.filter(|at| style == StructureStyle::Flow && is_bracket(at)));
            }
            Event::SequenceEnd | Event::MappingEnd => drop(open.pop()),
            _ => {}
        }
    }
    (cut.good == 0 && cut.holds(text, text.len())).then_some(None)
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
