//! Reading again after an edit: only the instructions around it are parsed, and take the places of
//! those that stood there. What stands behind them moves, which costs less than to read it.

use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{Change, Placed, SourceFile, Span};
use crate::syntax::Parsed;

use super::lines::Lines;
use super::parse::{self, Parser};
use super::{
    Arguments, File, Flag, Heredoc, Instruction, Keyword, Logical, Pair, Places, Torn, Word,
};

/// What is left of an earlier reading: what began before some byte of the earlier text, and what
/// began from another one on, which has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    until: u32,
    from: u32,
    by: u32,
}

impl Left {
    /// How far something has moved that was there before; `None` if it was read again.
    pub fn shift(&self, before: Span) -> Option<u32> {
        match self.is_behind(before) {
            true => Some(self.by),
            false => self.is_ahead(before).then_some(0),
        }
    }

    /// Whether something stood before all that was read again.
    pub fn is_ahead(&self, before: Span) -> bool {
        before.start < self.until
    }

    /// Whether something stood behind all that was read again.
    pub fn is_behind(&self, before: Span) -> bool {
        before.start >= self.from
    }
}

/// Reads a file of which an earlier text was read: the same as [`parse`](super::parse) would.
pub fn parse_again(file: &SourceFile, before: &str, parsed: Parsed<File>) -> (Parsed<File>, Left) {
    let places = Places::of_file(file);
    let Parsed { mut tree, comments, mut errors } = parsed;
    let mut parser = Parser::new(&file.text, &places, tree.dialect);
    if parser.tree.syntax != tree.syntax || parser.is_json() {
        return (super::parse(file), Left { until: 0, from: u32::MAX, by: 0 });
    }
    // What the instructions ask for is looked at in all of them, whatever is left of them.
    if !errors.is_empty() {
        errors.truncate(errors.len() - parse::check(&mut tree).len());
    }
    let change = Change::between(before, &file.text);
    let kept = kept(&tree.instructions, &change);
    let mut left = Left { until: 0, from: u32::MAX, by: change.growth as u32 };
    if let Some(last) = kept.checked_sub(1).map(|last| &tree.instructions[last]) {
        let at = behind(last, before);
        left.until = at as u32;
        parser.go_on(at, last.lines.1 + 1, &mut tree);
    }
    let mut next = tree.instructions.len();
    while let Some(line) = parser.lines.peek() {
        let then = line.start.checked_add_signed(-change.growth).filter(|at| *at >= change.end);
        // From where an instruction followed, all is read as it was.
        let is_same = parser.is_between() && parser.tree.escape == tree.escape;
        let found = then.filter(|_| is_same).and_then(|at| following(&tree, before, at));
        if let Some(found) = found {
            let lines = line.number.wrapping_sub(tree.instructions[found - 1].lines.1 + 1);
            shift(&mut tree.instructions[found..], left.by, lines);
            left.from = (line.start as u32).wrapping_sub(left.by);
            next = found;
            break;
        }
        parser.line(line);
    }
    tree.instructions.splice(kept..next, parser.tree.instructions);
    parser.tree.instructions = tree.instructions;
    parser.comments = left.splice(comments, parser.comments, |comment| comment.span);
    parser.errors = left.splice(errors, parser.errors, |error| error.span);
    (parser.finish(), left)
}

impl Left {
    /// Things in order, once those that were read again have taken their places.
    fn splice<T: Placed>(&self, mut all: Vec<T>, new: Vec<T>, span: fn(&T) -> Span) -> Vec<T> {
        let at = |byte: u32| all.partition_point(|one| span(one).start < byte);
        let (start, end) = (at(self.until), at(self.from));
        all[end..].shift(self.by);
        all.splice(start..end, new);
        all
    }
}

/// How many instructions are what they were, although something behind them changed.
fn kept(instructions: &[Instruction], change: &Change) -> usize {
    let begun = instructions.partition_point(|it| it.span.start as usize <= change.start);
    // The one before looks at the line that follows.
    let kept = begun.saturating_sub(2);
    // A heredoc's end was looked for in all that follows.
    let is_open = |it: &Instruction| {
        use Keyword::{Add, Copy, Onbuild, Run};
        it.broken && matches!(it.kind, Add | Copy | Onbuild | Run)
    };
    instructions[..kept].iter().position(is_open).unwrap_or(kept)
}

/// Where the line behind an instruction of a text begins, or where the text ends.
fn behind(instruction: &Instruction, text: &str) -> usize {
    let end = instruction.span.end as usize;
    text[end..].find('\n').map_or(text.len(), |length| end + length + 1)
}

/// The number of the instruction that comes next at a place, if one ended just before it.
fn following(tree: &File, text: &str, at: usize) -> Option<usize> {
    let next = tree.instructions.partition_point(|it| (it.span.start as usize) < at);
    let last = tree.instructions.get(next.checked_sub(1)?)?;
    (behind(last, text) == at).then_some(next)
}

/// Moves instructions by as many bytes and lines.
fn shift(instructions: &mut [Instruction], bytes: u32, lines: u32) {
    if (bytes, lines) == (0, 0) {
        return;
    }
    instructions.par_iter_mut().with_min_len(1024).for_each(|instruction| {
        instruction.shift(bytes);
        let (first, last) = &mut instruction.lines;
        (*first, *last) = (first.wrapping_add(lines), last.wrapping_add(lines));
    });
}

impl Parser<'_> {
    /// Reads on from where a line begins behind an instruction.
    fn go_on(&mut self, at: usize, number: u32, before: &mut File) {
        self.lines = Lines::at(self.lines.text(), at, number);
        self.in_directives = false;
        self.tree.escape = before.escape;
        self.tree.directives = std::mem::take(&mut before.directives);
    }

    /// Whether what comes next depends on nothing that was read before, the escape apart.
    fn is_between(&self) -> bool {
        self.doc.is_empty() && !self.in_directives
    }
}

/// The places in all that it has, but for its lines: those of an instruction within another are
/// not known.
impl Placed for Instruction {
    fn shift(&mut self, by: u32) {
        let Self {
            span,
            lines: _,
            kind: _,
            keyword,
            flags,
            arguments,
            heredocs,
            doc,
            empty_continuations,
            logical,
            range: _,
            broken: _,
            torn,
        } = self;
        span.shift(by);
        keyword.shift(by);
        flags.shift(by);
        arguments.shift(by);
        heredocs.shift(by);
        doc.shift(by);
        empty_continuations.shift(by);
        Arc::make_mut(logical).shift(by);
        if let Arguments::Trigger(trigger) = arguments {
            trigger.share(logical);
        }
        if let Some(Torn { word, head }) = torn.as_deref_mut() {
            word.shift(by);
            head.shift(by);
        }
    }
}

impl Instruction {
    fn share(&mut self, whole: &Arc<Logical>) {
        self.logical = Arc::clone(whole);
        if let Arguments::Trigger(trigger) = &mut self.arguments {
            trigger.share(whole);
        }
    }
}

impl Placed for Arguments {
    fn shift(&mut self, by: u32) {
        match self {
            Self::None => {}
            Self::Text(word) => word.shift(by),
            Self::Json { span, strings } => {
                span.shift(by);
                strings.shift(by);
            }
            Self::Words(words) => words.shift(by),
            Self::Pairs(pairs) => pairs.shift(by),
            Self::Health { kind, command } => {
                kind.shift(by);
                command.shift(by);
            }
            Self::Trigger(trigger) => trigger.shift(by),
        }
    }
}

impl Placed for Word {
    fn shift(&mut self, by: u32) {
        let Self { value: _, span, range: _ } = self;
        span.shift(by);
    }
}

impl Placed for Flag {
    fn shift(&mut self, by: u32) {
        let Self { text, name, value } = self;
        text.shift(by);
        name.shift(by);
        value.shift(by);
    }
}

impl Placed for Pair {
    fn shift(&mut self, by: u32) {
        let Self { key, value, legacy: _ } = self;
        key.shift(by);
        value.shift(by);
    }
}

impl Placed for Heredoc {
    fn shift(&mut self, by: u32) {
        let Self { marker, name, descriptor: _, expand: _, chomp: _, body, text, terminator } =
            self;
        marker.shift(by);
        name.shift(by);
        body.shift(by);
        text.shift(by);
        terminator.shift(by);
    }
}
