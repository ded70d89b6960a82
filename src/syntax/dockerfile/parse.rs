//! The file from top to bottom: lines to instructions.

use std::ops::Range;
use std::sync::Arc;

use crate::source::{Span, Spanned};
use crate::syntax::{Comment, Parsed, SyntaxError};

use super::json::{self, Array};
use super::lines::{self, Line, Lines};
use super::quote::quoted;
use super::{
    Arguments, Dialect, Directive, File, Heredoc, Instruction, Keyword, Logical, Pair, Places,
    Torn, arguments, directive, heredoc,
};

/// `ONBUILD ONBUILD …` is always an error; from here on it is not even read.
const DEEPEST_TRIGGER: usize = 64;

/// Reads a text that stands in a file at `places`.
pub(super) fn parse(text: &str, places: &Places, dialect: Dialect) -> Parsed<File> {
    let mut parser = Parser::new(text, places, dialect);
    if parser.is_json() {
        return Parsed { tree: parser.tree, comments: Vec::new(), errors: Vec::new() };
    }
    while let Some(line) = parser.lines.peek() {
        parser.line(line);
    }
    parser.finish()
}

/// Takes what BuildKit's own frontend does not know out of what is wrong with the instructions,
/// where another frontend reads them, and gives the rest.
pub(super) fn check(tree: &mut File) -> Vec<SyntaxError> {
    let checked = super::check::file(tree);
    if !tree.has_foreign_frontend() {
        return checked;
    }
    let unknown = |error: &SyntaxError| error.message.starts_with("unknown ");
    let (unknown, wrong) = checked.into_iter().partition(unknown);
    tree.unknown = unknown;
    wrong
}

pub(super) struct Parser<'a> {
    places: &'a Places,
    pub lines: Lines<'a>,
    pub in_directives: bool,
    /// Comments that no instruction has followed yet.
    pub doc: Vec<Span>,
    pub tree: File,
    pub comments: Vec<Comment>,
    pub errors: Vec<SyntaxError>,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, places: &'a Places, dialect: Dialect) -> Self {
        let syntax = directive::syntax(text);
        let syntax = syntax.map(|(name, range)| Spanned::new(name, places.span(range)));
        Self {
            places,
            lines: Lines::new(text),
            in_directives: true,
            doc: Vec::new(),
            tree: File {
                escape: '\\',
                directives: Vec::new(),
                syntax,
                instructions: Vec::new(),
                dialect,
                unknown: Vec::new(),
            },
            comments: Vec::new(),
            errors: Vec::new(),
        }
    }
}

impl Parser<'_> {
    /// A file of JSON is no Dockerfile: the frontend that it names knows what it is.
    pub fn is_json(&self) -> bool {
        self.tree.has_foreign_frontend() && self.lines.text().trim_start().starts_with('{')
    }

    /// Reads the next line, with what belongs to it.
    pub fn line(&mut self, line: Line) {
        self.lines.advance(line);
        let start = self.indent(line);
        if line.too_long {
            self.too_long(line);
        } else if self.lines.text()[start..line.end].starts_with('#') {
            self.comment_or_directive(start, line);
        } else {
            self.in_directives = false;
            if start < line.end {
                self.instruction(start, line);
            }
        }
    }

    /// Looks at all that was read.
    pub fn finish(mut self) -> Parsed<File> {
        if self.tree.instructions.is_empty() && self.errors.is_empty() {
            let end = self.lines.text().len();
            self.error(self.span(end, end), "file with no instructions");
        }
        let Self { mut tree, comments, mut errors, .. } = self;
        // BuildKit reads the whole file before it looks at what the instructions say.
        errors.extend(check(&mut tree));
        Parsed { tree, comments, errors }
    }

    fn comment_or_directive(&mut self, start: usize, line: Line) {
        if self.in_directives {
            if let Some(directive) = self.directive(start, line) {
                return self.keep_directive(directive);
            }
            self.in_directives = false;
        }
        let span = self.span(start, line.end);
        self.comments.push(Comment { span, own_line: true });
        let is_empty = self.lines.text()[start + 1..line.end].trim().is_empty();
        // BuildKit takes one byte off, which is a blank where the `#` is indented.
        match is_empty && start == line.start {
            true => self.doc.clear(),
            false => self.doc.push(span),
        }
    }

    fn directive(&self, start: usize, line: Line) -> Option<Directive> {
        let text = &self.lines.text()[start..line.end];
        let (name, value) = directive::split(text, "#")?;
        let lower = text[name.clone()].to_ascii_lowercase();
        if !directive::is_known(&lower) {
            return None;
        }
        let span = |range: Range<usize>| self.span(start + range.start, start + range.end);
        Some(Directive {
            span: span(0..value.end),
            name: Spanned::new(lower, span(name)),
            value: Spanned::new(text[value.clone()].to_owned(), span(value)),
        })
    }

    fn keep_directive(&mut self, directive: Directive) {
        let name = &directive.name.value;
        if let Some(first) = self.tree.directives.iter().find(|other| other.name.value == *name) {
            let also = vec![(first.span, "first given here".to_owned())];
            let message = format!("only one {name} parser directive can be used");
            return self.errors.push(SyntaxError { span: directive.span, message, also });
        }
        if name == "escape" {
            match directive.value.value.as_str() {
                "\\" => {}
                "`" => self.tree.escape = '`',
                value => {
                    let message = format!("invalid escape token '{value}' does not match ` or \\");
                    self.error(directive.value.span, &message);
                }
            }
        }
        self.tree.directives.push(directive);
    }

    /// Reads an instruction that begins at `start` in `line`, with the lines that join to it.
    fn instruction(&mut self, start: usize, first: Line) {
        let mut logical = Logical::new(self.span(start, start));
        let mut empty_continuations = Vec::new();
        let mut torn = None;
        let mut last = first;
        let mut text = &self.lines.text()[start..first.end];
        let mut at = start;
        loop {
            let kept = lines::continued(text, self.tree.escape);
            let (end, joined) = (at + kept.unwrap_or(text).len(), logical.text().len());
            self.join(&mut logical, at..end);
            if kept.is_none() {
                let Some(word) = self.torn_off(logical.text()) else { break };
                if torn.is_none() {
                    let head = Arc::new(logical.clone());
                    let head = self.read(&head, 0..head.text().len(), 0);
                    torn = Some(Box::new(Torn { word, head }));
                    let text = logical.text();
                    let quote = arguments::open_quote(text, self.tree.escape);
                    let brace = text.rfind("${").filter(|at| !text[*at..].contains('}'));
                    let open = quote.into_iter().chain(brace).min();
                    if let Some(open) = open.filter(|open| *open >= joined) {
                        logical.truncate(open);
                    }
                }
                // Behind an operator a command began, which the line's end ends.
                let is_run = Keyword::of(first_word(logical.text())) == Keyword::Run;
                let before = logical.text()[..joined].trim_end();
                if is_run && before.ends_with(['&', '|', ';']) {
                    let feed = self.lines.text()[end..].find('\n').map(|feed| end + feed);
                    feed.into_iter().for_each(|feed| self.join(&mut logical, feed..feed + 1));
                }
            }
            let Some(next) = self.next_part(&mut last, &mut empty_continuations) else { break };
            at = next.start;
            text = &self.lines.text()[next.start..next.end];
        }
        let logical = Arc::new(logical);
        let told = self.errors.len();
        let mut instruction = self.read(&logical, 0..logical.text().len(), 0);
        self.heredocs(&mut instruction, &mut last);
        if torn.is_some() {
            // What is wrong with it, BuildKit never sees.
            self.errors.truncate(told);
        }
        instruction.lines = (first.number, last.number);
        let end = self.span(start, last.end.max(start)).end;
        instruction.span.end = end.max(instruction.span.start);
        instruction.doc = std::mem::take(&mut self.doc);
        instruction.empty_continuations = empty_continuations;
        instruction.torn = torn;
        self.tree.instructions.push(instruction);
    }

    /// The first word of the next line, if that is the rest of the instruction so far, from which
    /// a half-typed line cuts it off: it is indented or begins with an operator, and is no
    /// instruction.
    fn torn_off(&self, instruction: &str) -> Option<Spanned<String>> {
        // As nearly every instruction begins.
        if self.lines.next_byte()?.is_ascii_alphanumeric() {
            return None;
        }
        let mut lines = self.lines.rest();
        let (line, start) = loop {
            let line = lines.peek().filter(|line| !line.too_long)?;
            let start = self.indent(line);
            if !lines.text()[start..line.end].starts_with('#') {
                break (line, start);
            }
            lines.advance(line);
        };
        let text = &lines.text()[start..line.end];
        let word = first_word(text);
        // A word that goes on in the next line may be anything yet.
        if lines::continued(text, self.tree.escape).is_some_and(|text| !text.contains([' ', '\t']))
        {
            return None;
        }
        let is_rest = !word.is_empty()
            && (start > line.start || word.starts_with(['&', '|', ';', ')', '-', '"', '\'']))
            && Keyword::of(word) == Keyword::Unknown
            && !matches!(Keyword::of(first_word(instruction)), Keyword::From | Keyword::Unknown)
            // What follows may be a heredoc's.
            && !instruction.contains("<<");
        is_rest.then(|| Spanned::new(word.to_owned(), self.span(start, start + word.len())))
    }

    /// The next line that belongs to a continued instruction: comments and empty lines do not.
    fn next_part(&mut self, last: &mut Line, empty: &mut Vec<Span>) -> Option<Line> {
        while let Some(line) = self.lines.peek().filter(|line| !line.too_long) {
            self.lines.advance(line);
            *last = line;
            let start = self.indent(line);
            if start == line.end {
                empty.push(self.span(line.start, line.end));
            } else if self.lines.text()[start..].starts_with('#') {
                let span = self.span(start, line.end);
                self.comments.push(Comment { span, own_line: true });
            } else {
                return Some(line);
            }
        }
        None
    }

    /// Reads keyword, flags and arguments.
    fn read(&mut self, logical: &Arc<Logical>, range: Range<usize>, depth: usize) -> Instruction {
        let text = logical.text();
        let range = arguments::trim(text, range);
        let end = text[range.clone()].find(arguments::is_separator);
        let end = end.map_or(range.end, |length| range.start + length);
        let kind = Keyword::of(&text[range.start..end]);
        let rest = text[..range.end].len()
            - text[end..range.end].trim_start_matches(arguments::is_separator).len();
        let (flags, rest) = arguments::flags(logical, rest..range.end, self.tree.escape);
        let mut instruction = Instruction {
            span: logical.span(range.start, range.end),
            lines: (0, 0),
            kind,
            keyword: logical.word(range.start..end),
            flags,
            arguments: Arguments::None,
            heredocs: Vec::new(),
            doc: Vec::new(),
            empty_continuations: Vec::new(),
            logical: Arc::clone(logical),
            range,
            broken: false,
            torn: None,
        };
        if !rest.is_empty() {
            let (arguments, sound) = self.arguments(kind, logical, rest, depth);
            instruction.arguments = arguments;
            instruction.broken = !sound;
        }
        instruction
    }

    /// The arguments at `rest`, which is not empty, and whether BuildKit accepts them.
    fn arguments(
        &mut self,
        kind: Keyword,
        logical: &Arc<Logical>,
        rest: Range<usize>,
        depth: usize,
    ) -> (Arguments, bool) {
        let words = |rest| Arguments::Words(arguments::words(logical, rest));
        let whole = |rest| Arguments::Text(logical.word(rest));
        match kind {
            Keyword::Unknown => (Arguments::None, true),
            Keyword::From | Keyword::Expose => (words(rest), true),
            Keyword::Maintainer | Keyword::Stopsignal | Keyword::User | Keyword::Workdir => {
                (whole(rest), true)
            }
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => {
                self.json_or(logical, rest, whole)
            }
            Keyword::Add | Keyword::Copy | Keyword::Volume => self.json_or(logical, rest, words),
            Keyword::Arg => {
                let words = arguments::quoted_words(logical.text(), rest, self.tree.escape);
                let pairs = words.into_iter().map(|word| arguments::pair(logical, word));
                (Arguments::Pairs(pairs.collect()), true)
            }
            Keyword::Env | Keyword::Label => {
                let (pairs, sound) = self.pairs(kind, logical, rest);
                (Arguments::Pairs(pairs), sound)
            }
            Keyword::Healthcheck => {
                let text = &logical.text()[rest.clone()];
                let length = text.find(char::is_whitespace).unwrap_or(text.len());
                let kind = logical.word(rest.start..rest.start + length);
                let command = rest.end - text[length..].trim_start().len()..rest.end;
                let (command, sound) = match command.is_empty() {
                    true => (Arguments::None, true),
                    false => self.json_or(logical, command, whole),
                };
                (Arguments::Health { kind, command: Box::new(command) }, sound)
            }
            Keyword::Onbuild if depth < DEEPEST_TRIGGER => {
                let trigger = self.read(logical, rest, depth + 1);
                let sound = !trigger.broken;
                (Arguments::Trigger(Box::new(trigger)), sound)
            }
            Keyword::Onbuild => (Arguments::None, true),
        }
    }

    fn json_or(
        &mut self,
        logical: &Logical,
        rest: Range<usize>,
        otherwise: impl FnOnce(Range<usize>) -> Arguments,
    ) -> (Arguments, bool) {
        let start = rest.start;
        match json::array(&logical.text()[rest.clone()]) {
            Array::No => (otherwise(rest), true),
            Array::Strings(strings) => {
                let place = |range: Range<usize>| start + range.start..start + range.end;
                let strings = strings.into_iter();
                let strings =
                    strings.map(|(value, at)| logical.word_as(value, place(at))).collect();
                (Arguments::Json { span: logical.span(rest.start, rest.end), strings }, true)
            }
            Array::NotStrings(other) => {
                self.error(
                    logical.span(start + other.start, start + other.end),
                    "when using JSON array syntax, arrays must be comprised of strings only",
                );
                (otherwise(rest), false)
            }
        }
    }

    fn pairs(&mut self, kind: Keyword, logical: &Logical, rest: Range<usize>) -> (Vec<Pair>, bool) {
        let text = logical.text();
        let words = arguments::quoted_words(text, rest.clone(), self.tree.escape);
        let Some(first) = words.first() else { return (Vec::new(), true) };
        if !text[first.clone()].contains('=') {
            let line = &text[rest.clone()];
            let key = line.find(arguments::is_separator).unwrap_or(line.len());
            let value = line[key..].trim_start_matches(arguments::is_separator);
            let place = rest.end - value.len()..rest.end;
            let key = logical.word(rest.start..rest.start + key);
            if key.value.len() == line.len() {
                let message = format!("{} must have two arguments", kind.name());
                self.error(key.span, &message);
                return (vec![Pair { key, value: None, legacy: true }], false);
            }
            return (vec![Pair { key, value: Some(logical.word(place)), legacy: true }], true);
        }
        let pairs: Vec<_> = words.into_iter().map(|word| arguments::pair(logical, word)).collect();
        let mut sound = true;
        // A quote that is left open makes many of one.
        let is_open = arguments::open_quote(&text[rest], self.tree.escape).is_some();
        let told = if is_open { 1 } else { pairs.len() };
        for pair in pairs.iter().filter(|pair| pair.value.is_none()).take(told) {
            let message = format!(
                "Syntax error - can't find = in {}. Must be of the form: name=value",
                quoted(&pair.key.value)
            );
            self.error(pair.key.span, &message);
            sound = false;
        }
        (pairs, sound)
    }

    /// Reads the bodies that the instruction's heredocs announce; `last` is the last line read.
    fn heredocs(&mut self, instruction: &mut Instruction, last: &mut Line) {
        let reader = instruction.trigger().unwrap_or(instruction);
        let takes = matches!(reader.kind, Keyword::Run | Keyword::Copy | Keyword::Add);
        if !takes || reader.kind == Keyword::Run && reader.arguments.is_json() {
            return;
        }
        let logical = Arc::clone(&instruction.logical);
        for marker in heredoc::markers(logical.text()) {
            let Some(terminator) = self.lines.find(&marker.name, marker.chomp) else {
                self.error(
                    logical.span(marker.range.start, marker.range.end),
                    "unterminated heredoc",
                );
                instruction.broken = true;
                return;
            };
            let tabs =
                if marker.chomp { terminator.end - marker.name.len() } else { terminator.start };
            instruction.heredocs.push(Heredoc {
                marker: logical.word(marker.range),
                name: logical.word_as(marker.name, marker.delimiter),
                descriptor: marker.descriptor,
                expand: marker.expand,
                chomp: marker.chomp,
                body: self.span(last.next, terminator.start),
                text: self.body(last.next..terminator.start, marker.chomp),
                terminator: self.span(tabs, terminator.end),
            });
            *last = terminator;
        }
        if let Arguments::Trigger(trigger) = &mut instruction.arguments {
            trigger.heredocs.clone_from(&instruction.heredocs);
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        self.places.span(start..end)
    }

    /// Adds a part of the text to a logical line.
    fn join(&self, logical: &mut Logical, range: Range<usize>) {
        for (part, source) in self.places.pieces(range) {
            logical.push(&self.lines.text()[part], source);
        }
    }

    /// The lines of a heredoc, without the tabs before them if it chomps.
    fn body(&self, range: Range<usize>, chomp: bool) -> Logical {
        let mut text = Logical::new(self.span(range.start, range.start));
        if !chomp {
            self.join(&mut text, range);
            return text;
        }
        let mut at = range.start;
        for line in self.lines.text()[range].split_inclusive('\n') {
            let tabs = line.len() - line.trim_start_matches('\t').len();
            self.join(&mut text, at + tabs..at + line.len());
            at += line.len();
        }
        text
    }

    fn too_long(&mut self, line: Line) {
        let message =
            format!("dockerfile line greater than max allowed size of {}", lines::LONGEST);
        self.error(self.span(line.start, line.end), &message);
    }

    fn error(&mut self, span: Span, message: &str) {
        self.errors.push(SyntaxError { span, message: message.to_owned(), also: Vec::new() });
    }

    /// Where the text of a line begins, behind white space of any kind.
    fn indent(&self, line: Line) -> usize {
        line.end - self.lines.text()[line.start..line.end].trim_start().len()
    }
}

fn first_word(text: &str) -> &str {
    text.split(arguments::is_separator).next().unwrap_or_default()
}
