//! What a shell text is made of. Every span is the file's.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::Shell;
use super::programs::Wrapped;
use super::walk::Found;
use crate::source::Span;

/// A text and the shell that is given it.
#[derive(Clone, Debug)]
pub struct Script {
    pub shell: Shell,
    /// Empty when the shell is none whose grammar we know.
    pub list: List,
    /// Found when they are first asked for.
    pub(super) found: OnceLock<Found>,
}

/// Pipelines that run one after another.
#[derive(Clone, Debug, Default)]
pub struct List {
    pub items: SmallVec<[Item; 1]>,
}

/// One pipeline of a list and what joins it to the next.
#[derive(Clone, Debug)]
pub struct Item {
    pub pipeline: Arc<Pipeline>,
    pub separator: Separator,
}

/// What stands after a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `;`, a line end, or the end of the list.
    Then,
    /// `&`
    Background,
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands joined by `|` or `|&`; mostly just one.
#[derive(Clone, Debug)]
pub struct Pipeline {
    pub span: Span,
    /// Preceded by `!`.
    pub negated: bool,
    pub commands: SmallVec<[Node; 1]>,
}

#[derive(Clone, Debug)]
pub enum Node {
    Simple(Command),
    Compound(Box<Compound>),
}

/// A simple command: assignments, then words of which the first is what runs.
#[derive(Clone, Debug, Default)]
pub struct Command {
    pub assignments: Vec<Assignment>,
    pub words: Vec<Word>,
    pub redirections: Vec<Redirection>,
    /// The text that it hands to a shell: `sh -c '…'`, `eval '…'`, `su -c '…'`; or that
    /// `echo '…' |` hands to it; or, without a shell, what `find -exec` runs.
    pub inner: Option<Box<Script>>,
    /// What runs the program, outermost first.
    pub(super) wrapped: Box<[Wrapped]>,
    /// The last component of the program's path, if it is all text.
    pub(super) named: Option<SmolStr>,
}

/// `name=value` before a command or alone.
#[derive(Clone, Debug)]
pub struct Assignment {
    pub span: Span,
    pub name: SmolStr,
    /// Without parts when nothing follows the `=`.
    pub value: Word,
}

/// `if`, `{ …; }`, a function: whatever holds lists.
#[derive(Clone, Debug)]
pub struct Compound {
    /// From its first word to its last, redirections included.
    pub span: Span,
    pub kind: Kind,
    /// The name and the words of `for`, the word and the patterns of `case`, the name of a
    /// function, the operands and operators of `[[`.
    pub words: Vec<Word>,
    /// In the order of the text.
    pub bodies: Vec<Body>,
    pub redirections: Vec<Redirection>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `( … )`
    Subshell,
    /// `{ …; }`
    Group,
    If,
    /// `for` and `select`
    For,
    /// `while` and `until`
    While,
    Case,
    Function,
    /// `[[ … ]]`
    Test,
    /// `(( … ))`
    Arithmetic,
}

#[derive(Clone, Debug)]
pub struct Body {
    pub role: Role,
    pub list: List,
}

/// What the list of a compound command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its success decides what runs next.
    Condition,
    /// Runs in some cases, or in none.
    Branch,
    /// Runs always: a subshell's or a group's.
    Main,
}

#[derive(Clone, Debug)]
pub struct Redirection {
    /// From the number of the descriptor, if there is one, to the end of the target.
    pub span: Span,
    /// `>`, `2>&1`'s `>&`, `<<-`.
    pub operator: &'static str,
    /// As written before the operator: `2`, `{fd}`.
    pub descriptor: Option<SmolStr>,
    /// Missing only where the text is broken.
    pub target: Option<Word>,
    /// Filled when the line ends, long after the redirection was read. For a `<<<` that a shell is
    /// given, what it makes of it.
    pub(super) heredoc: Option<Arc<OnceLock<Heredoc>>>,
}

impl Redirection {
    /// The text that follows a `<<`; `None` for other operators, but for a `<<<` of a shell.
    pub fn heredoc(&self) -> Option<&Heredoc> {
        self.heredoc.as_ref()?.get()
    }
}

/// The lines under a `<<`.
#[derive(Clone, Debug)]
pub struct Heredoc {
    /// A single literal when the delimiter is quoted, or when a shell reads it.
    pub body: Word,
    /// What the body says, when it goes to a shell.
    pub script: Option<Script>,
}

/// One word as written, quotes and substitutions and all.
#[derive(Clone, Debug)]
pub struct Word {
    pub span: Span,
    /// In the order of the text. None for nothing, not for `""`.
    pub parts: Parts,
}

#[derive(Clone, Debug)]
pub struct Part {
    /// Without the quotes around it.
    pub span: Span,
    /// Stands in quotes or is escaped: neither split nor expanded as a pattern.
    pub quoted: bool,
    pub kind: PartKind,
}

#[derive(Clone, Debug)]
pub enum PartKind {
    /// Text without quotes and escapes.
    Literal(SmolStr),
    Variable(Box<Variable>),
    /// `$(…)` or backquotes.
    Substitution(Box<List>),
    /// `<(…)` or `>(…)`.
    Process(Box<List>),
    /// `$((…))`: what is substituted in it.
    Arithmetic(Box<[Part]>),
    /// `(…)` after a `=`.
    Array(Box<[Word]>),
}

/// `$NAME` or `${NAME…}`.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Without subscript; `@`, `1`, `?` and the like count.
    pub name: SmolStr,
    /// What follows the name within the braces, up to the argument: `:-`, `%%`, `/`; else empty.
    pub operator: &'static str,
    /// What follows the operator.
    pub argument: Parts,
}

/// Mostly there is just one.
pub type Parts = SmallVec<[Part; 1]>;

impl Script {
    pub(super) fn new(shell: Shell, list: List) -> Self {
        Self { shell, list, found: OnceLock::new() }
    }

    /// Whether the shell is one whose grammar we know: if not, nothing is known of the text.
    pub fn is_readable(&self) -> bool {
        self.shell.dialect.is_posix()
    }
}

impl Pipeline {
    /// Its simple commands; those within compound commands are not counted.
    pub fn simple(&self) -> impl DoubleEndedIterator<Item = &Command> {
        self.commands.iter().filter_map(Node::simple)
    }
}

impl Node {
    pub fn simple(&self) -> Option<&Command> {
        match self {
            Self::Simple(command) => Some(command),
            Self::Compound(_) => None,
        }
    }
}

impl Command {
    /// Of these words alone.
    pub(super) fn new(words: Vec<Word>) -> Self {
        let mut command = Self { words, ..Self::default() };
        command.find_program();
        command
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assignments.is_empty() && self.redirections.is_empty()
    }

    /// From the first to the last of its words, assignments and redirections; `None` when it has
    /// none of them.
    pub fn span(&self) -> Option<Span> {
        let words = self.words.iter().map(|word| word.span);
        let assignments = self.assignments.iter().map(|assignment| assignment.span);
        let redirections = self.redirections.iter().map(|redirection| redirection.span);
        words.chain(assignments).chain(redirections).reduce(Span::to)
    }
}

impl Word {
    /// What the shell makes of the word when nothing but its text decides.
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        literal(&self.parts)
    }

    /// The text before the first part that only running decides: `lib` of `lib$NAME.so`.
    pub fn prefix(&self) -> Cow<'_, str> {
        if let [part] = &*self.parts {
            return Cow::Borrowed(part.literal().unwrap_or_default());
        }
        let known = self.parts.iter().take_while(|part| part.literal().is_some()).count();
        literal(&self.parts[..known]).unwrap_or_default()
    }

    /// The literal behind the last `/`: the program that `/usr/bin/env` or `$HOME/bin/env` names.
    /// `None` when that is not all text.
    pub fn file_name(&self) -> Option<Cow<'_, str>> {
        if let Some(text) = self.literal() {
            return Some(match text {
                Cow::Borrowed(text) => Cow::Borrowed(after_slash(text)),
                Cow::Owned(text) => Cow::Owned(after_slash(&text).to_owned()),
            });
        }
        let (_, name) = self.parts.last()?.literal()?.rsplit_once('/')?;
        Some(Cow::Borrowed(name))
    }

    /// The word when it is written without quotes or escapes, as keywords and operators are.
    pub(super) fn bare(&self) -> Option<&str> {
        match &*self.parts {
            [Part { quoted: false, kind: PartKind::Literal(text), .. }] => Some(text),
            _ => None,
        }
    }

    /// Whether a variable, a substitution or arithmetic has a say in it.
    pub fn is_dynamic(&self) -> bool {
        self.parts.iter().any(|part| part.literal().is_none())
    }

    /// The variables named in it, in order; those within substitutions are not counted.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Variable(variable) => Some(&**variable),
            _ => None,
        })
    }

    /// Where the word stands from byte `start` of [`Word::prefix`] on, closing quotes excluded.
    pub fn span_from(&self, start: usize) -> Span {
        let end = self.parts.last().map_or(self.span.end, |part| part.span.end);
        self.point(start).map_or(self.span, |start| Span { start, end, ..self.span })
    }

    /// Where the bytes `start..end` of [`Word::prefix`] stand.
    pub fn span_of(&self, start: usize, end: usize) -> Span {
        match (self.point(start), self.point(end)) {
            (Some(start), Some(end)) if start <= end => Span { start, end, ..self.span },
            _ => self.span,
        }
    }

    fn point(&self, offset: usize) -> Option<u32> {
        let mut before = 0;
        for part in &self.parts {
            let text = part.literal()?;
            let within = offset - before;
            // Behind a line continuation, the text and its place differ in length.
            let straight = part.span.range().len() == text.len();
            if within == 0 {
                return Some(part.span.start);
            }
            if within <= text.len() {
                let end = (within == text.len()).then_some(part.span.end);
                return if straight { Some(part.span.start + within as u32) } else { end };
            }
            before += text.len();
        }
        None
    }
}

impl Part {
    /// The text of a literal.
    pub fn literal(&self) -> Option<&str> {
        match &self.kind {
            PartKind::Literal(text) => Some(text),
            _ => None,
        }
    }
}

fn literal(parts: &[Part]) -> Option<Cow<'_, str>> {
    if let [part] = parts {
        return part.literal().map(Cow::Borrowed);
    }
    let texts: Option<String> = parts.iter().map(Part::literal).collect();
    texts.map(Cow::Owned)
}

fn after_slash(path: &str) -> &str {
    path.bytes().rposition(|byte| byte == b'/').map_or(path, |slash| &path[slash + 1..])
}
