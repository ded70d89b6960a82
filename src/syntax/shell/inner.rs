//! Texts within texts: here-documents, backquotes, and what a command hands to a shell.

use std::ops::Range;
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use super::programs::{Handed, echoed_words, fed_shell, found, handed_text};
use super::tokens::{Parser, Pending};
use super::words::Within;
use super::{
    Command, Dialect, Heredoc, Item, List, Node, Part, PartKind, Parts, Pipeline, Script,
    Separator, Shell, Word,
};
use crate::source::{FileId, Span};
use crate::syntax::{Comment, SyntaxError};

/// How often a text may be handed on: `sh -c "sh -c …"`.
const MAX_HANDED: usize = 8;

impl Parser<'_> {
    /// The here-document whose lines stand at `range`.
    pub fn heredoc(&mut self, range: Range<usize>, pending: &Pending) -> Heredoc {
        let text = &self.text[range.clone()];
        let span = self.span(range.start, range.end);
        let script = pending.shell.map(|shell| {
            let handed = Requoted::unescaped(self.text, range.clone(), pending.escapes);
            self.hand(&handed, shell)
        });
        // What a shell reads is not read twice: that would double with each nesting.
        let parts = if script.is_some() || pending.escapes.is_empty() {
            let kind = PartKind::Literal(text.into());
            smallvec![Part { span, quoted: true, kind }]
        } else {
            self.within(text, range.start, Within::Heredoc)
        };
        Heredoc { body: Word { span, parts }, script }
    }

    /// The parts of a piece of this text that stands at byte `start`.
    fn within(&mut self, text: &str, start: usize, within: Within) -> Parts {
        let place = |range: Range<usize>| self.span(start + range.start, start + range.end);
        let mut inner = Parser::new(text, &place);
        (inner.depth, inner.handed) = (self.depth, self.handed);
        let mut parts = Parts::new();
        inner.parts(within, &mut parts);
        let Parser { comments, errors, .. } = inner;
        self.adopt(comments, errors);
        parts
    }

    /// What a shell makes of a text that it is handed.
    fn hand(&mut self, handed: &Requoted, shell: Shell) -> Script {
        let list = match shell.dialect.is_posix() && self.handed < MAX_HANDED {
            true => self.list_of(handed, self.handed + 1),
            false => List::default(),
        };
        Script::new(shell, list)
    }

    /// The commands between backquotes.
    pub fn backquoted(&mut self, open: usize, range: Range<usize>, in_quotes: bool) -> List {
        let escapes = if in_quotes { "`\\$\"" } else { "`\\$" };
        let requoted = Requoted::unescaped(self.text, range, escapes);
        let handed = self.handed;
        self.nested(open, |parser| parser.list_of(&requoted, handed)).unwrap_or_default()
    }

    fn list_of(&mut self, requoted: &Requoted, handed: usize) -> List {
        let place = |range: Range<usize>| {
            let origin = requoted.origin(range);
            self.span(origin.start, origin.end)
        };
        let mut inner = Parser::new(&requoted.text, &place);
        (inner.depth, inner.handed) = (self.depth, handed);
        let list = inner.script();
        let Parser { comments, errors, .. } = inner;
        self.adopt(comments, errors);
        list
    }

    fn adopt(&mut self, comments: Vec<Comment>, errors: Vec<SyntaxError>) {
        self.comments.extend(comments);
        if self.errors.is_empty() {
            self.errors = errors;
        }
    }

    /// What the command hands to a shell, where the words that it hands, which stand at
    /// `ranges`, leave it to be read; or the commands that `find` runs.
    pub fn inner(&mut self, command: &Command, ranges: &[Range<usize>]) -> Option<Script> {
        let program = command.program()?;
        let found = found(command, &program);
        if !found.is_empty() {
            return Some(self.found(command, ranges, found));
        }
        let Handed { shell, words } = handed_text(command, &program)?;
        self.hand_words(&command.words[words.clone()], &ranges[words], shell)
    }

    /// What a shell makes of a here-string that it is given, which stands at `range`.
    pub fn here_string(
        &mut self,
        word: &Word,
        range: Range<usize>,
        shell: Shell,
    ) -> Option<Heredoc> {
        let script = self.hand_words(std::slice::from_ref(word), &[range], shell);
        // The target of the redirection has the text.
        let body = Word { span: word.span, parts: SmallVec::new() };
        script.map(|script| Heredoc { body, script: Some(script) })
    }

    /// What a command writes into a pipe, if that stands in it; its words stand at `ranges`.
    pub fn echoed(&self, command: &Command, ranges: &[Range<usize>]) -> Option<Echoed> {
        let words = echoed_words(command, &command.program()?)?;
        let text = self.requote(&command.words[words.clone()], &ranges[words.clone()])?;
        let is_known = !command.words[words].iter().any(Word::is_dynamic);
        Some(Echoed { text, is_known })
    }

    /// What a shell makes of what is written into its pipe.
    pub fn piped(&mut self, command: &Command, echoed: Echoed) -> Option<Script> {
        let is_fed = command.redirections.iter().any(|it| it.operator.starts_with('<'));
        let shell = fed_shell(command).filter(|_| !is_fed)?;
        Some(self.hand_text(&echoed, shell))
    }

    fn hand_words(
        &mut self,
        words: &[Word],
        ranges: &[Range<usize>],
        shell: Shell,
    ) -> Option<Script> {
        let text = self.requote(words, ranges)?;
        let is_known = !words.iter().any(Word::is_dynamic);
        Some(self.hand_text(&Echoed { text, is_known }, shell))
    }

    fn hand_text(&mut self, handed: &Echoed, shell: Shell) -> Script {
        let mark = self.mark();
        let script = self.hand(&handed.text, shell);
        // What a variable holds may mend what looks broken.
        if !handed.is_known {
            self.reset(mark);
        }
        script
    }

    fn found(
        &mut self,
        command: &Command,
        ranges: &[Range<usize>],
        found: Vec<Range<usize>>,
    ) -> Script {
        let mut script = Script::new(Shell::new(Dialect::Exec), List::default());
        for words in found {
            let ranges = &ranges[words.clone()];
            let span = command.words[words.start].span.to(command.words[words.end - 1].span);
            let words = command.words[words].to_vec();
            let mut command = Command::new(words);
            // One `find` in another is not followed: that would go deep.
            if command.program().is_some_and(|program| program.name != "find") {
                command.inner = self.inner(&command, ranges).map(Box::new);
            }
            let commands = smallvec![Node::Simple(command)];
            let pipeline = Arc::new(Pipeline { span, negated: false, commands });
            script.list.items.push(Item { pipeline, separator: Separator::Then });
        }
        script
    }

    /// What a shell makes of words, with their variables left as they are; `None` when commands
    /// decide it.
    fn requote(&self, words: &[Word], ranges: &[Range<usize>]) -> Option<Requoted> {
        let is_known = |part: &Part| match &part.kind {
            PartKind::Literal(_) => true,
            PartKind::Variable(variable) => {
                variable.argument.iter().all(|it| it.literal().is_some())
            }
            _ => false,
        };
        let mut parts = words.iter().flat_map(|word| &word.parts);
        let has_text = parts.clone().any(|part| part.literal().is_some());
        if !has_text || !parts.all(is_known) {
            return None;
        }
        let mut text = Requoted::default();
        for (index, range) in ranges.iter().enumerate() {
            if index > 0 {
                text.push(" ", ranges[index - 1].end);
            }
            self.requote_word(range.clone(), &mut text);
        }
        Some(text)
    }

    fn requote_word(&self, range: Range<usize>, text: &mut Requoted) {
        // Again, for the bytes of the text: the word's own spans are those of the file.
        let written = &self.text[range.clone()];
        let place = |range: Range<usize>| Span::new(FileId(0), range.start, range.end);
        for part in Parser::new(written, &place).word(Within::Word).parts {
            match part.literal() {
                Some(literal) => {
                    text.push(literal, range.start + part.span.end as usize - literal.len());
                }
                None => {
                    text.push(&written[part.span.range()], range.start + part.span.start as usize)
                }
            }
        }
    }
}

/// A text that goes to another command.
pub(super) struct Echoed {
    text: Requoted,
    /// No variable is in it.
    is_known: bool,
}

/// A text that lost quotes or escapes, and where its bytes were.
#[derive(Default)]
struct Requoted {
    text: String,
    /// Byte of `text`, byte of the text it came from; both rising, straight up to the next one.
    pieces: Vec<(usize, usize)>,
}

impl Requoted {
    /// The bytes `range` of `text` without the backslashes that stand before one of `escapes`.
    fn unescaped(text: &str, range: Range<usize>, escapes: &str) -> Self {
        let mut requoted = Self::default();
        let mut start = range.start;
        let bytes = text.as_bytes();
        let mut at = start;
        while at + 1 < range.end {
            if bytes[at] != b'\\' {
                at += 1;
            } else if escapes.as_bytes().contains(&bytes[at + 1]) {
                requoted.push(&text[start..at], start);
                start = at + 1;
                at += 2;
            } else {
                at += 1;
            }
        }
        requoted.push(&text[start..range.end], start);
        requoted
    }

    /// Adds `text`, which stands at byte `at`.
    fn push(&mut self, text: &str, at: usize) {
        if !text.is_empty() {
            self.pieces.push((self.text.len(), at));
            self.text.push_str(text);
        }
    }

    /// Where a range of the text was; nothing is just behind the byte before it.
    fn origin(&self, range: Range<usize>) -> Range<usize> {
        let end = range.end.checked_sub(1).map_or(self.point(0), |last| self.point(last) + 1);
        let start = if range.is_empty() { end } else { self.point(range.start) };
        start..end
    }

    fn point(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.0 <= at);
        let Some((from, to)) = after.checked_sub(1).map(|index| self.pieces[index]) else {
            return 0;
        };
        to + (at - from)
    }
}
