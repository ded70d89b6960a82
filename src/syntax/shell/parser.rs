//! The grammar: tokens to lists, pipelines and commands.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::programs::{Handed, fed_shell, handed_text, is_name};
use super::requote::Requoted;
use super::words::Within;
use super::{
    Assignment, Body, Command, Compound, Dialect, Heredoc, Item, Kind, List, Node, Part, PartKind,
    Pipeline, Redirection, Role, Script, Separator, Shell, Word,
};
use crate::source::{FileId, Span, Spanned};
use crate::syntax::{Comment, Parsed, SyntaxError};

/// How deep constructs may stand in one another. Real scripts stay below ten; the limit keeps a
/// hostile one from overflowing the stack.
const MAX_DEPTH: usize = 128;

/// How often a text may be handed on: `sh -c "sh -c …"`.
const MAX_HANDED: usize = 8;

pub(super) type Place<'a> = &'a dyn Fn(Range<usize>) -> Span;

/// Reads a text of a shell whose grammar is this one.
pub(super) fn parse(text: &str, shell: Shell, place: Place<'_>) -> Parsed<Script> {
    let mut parser = Parser::new(text, place);
    let list = parser.script();
    let Parser { comments, errors, .. } = parser;
    Parsed { tree: Script { shell, list }, comments, errors }
}

/// Reads a command that is already split into words.
pub(super) fn exec(
    words: &[Spanned<String>],
    place: &dyn Fn(usize, Range<usize>) -> Span,
) -> Parsed<Script> {
    let quoted = |word: &Spanned<String>| {
        let kind = PartKind::Literal(word.value.as_str().into());
        Word { span: word.span, parts: vec![Part { span: word.span, quoted: true, kind }] }
    };
    let words = words.iter().map(quoted).collect();
    let mut command = Command { words, ..Command::default() };
    let mut tree = Script { shell: Shell::new(Dialect::Exec), list: List::default() };
    let (mut comments, mut errors) = (Vec::new(), Vec::new());
    if let Some(Handed { shell, word }) = handed_text(&command)
        && let Some(text) = command.words[word].literal()
    {
        let inner = super::parse(&text, shell, &|range| place(word, range));
        command.inner = Some(Box::new(inner.tree));
        (comments, errors) = (inner.comments, inner.errors);
    }
    if let Some(span) = command.span() {
        let commands = vec![Node::Simple(command)];
        let pipeline = Pipeline { span, negated: false, commands };
        tree.list.items.push(Item { pipeline, separator: Separator::Then });
    }
    Parsed { tree, comments, errors }
}

#[derive(Clone, Debug)]
pub(super) enum Token {
    /// Before the first.
    Start,
    Word(Word),
    /// The digits or the `{name}` before a redirection.
    Descriptor(String),
    Operator(&'static str),
    Newline,
    End,
}

impl Token {
    pub fn word(self) -> Option<Word> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }
}

impl PartialEq for Token {
    /// Words are never equal.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Operator(one), Self::Operator(other)) => one == other,
            (Self::Newline, Self::Newline) | (Self::End, Self::End) => true,
            _ => false,
        }
    }
}

/// A here-document whose lines have not come yet.
struct Pending {
    delimiter: String,
    /// Its body is taken as it is.
    quoted: bool,
    /// `<<-`
    tabs: bool,
    /// Whose input it is, when that is a shell.
    shell: Option<Shell>,
    body: Arc<OnceLock<Heredoc>>,
}

/// How far the lists beside the tree have come, to go back to.
pub(super) struct Mark {
    comments: usize,
    errors: usize,
    heredocs: usize,
}

pub(super) struct Parser<'a> {
    pub text: &'a str,
    place: Place<'a>,
    /// The first byte that is in no token yet.
    pub at: usize,
    /// The token to look at, and where it stands.
    pub token: Token,
    token_range: Range<usize>,
    /// Where the token before it ended.
    before: usize,
    depth: usize,
    handed: usize,
    /// How many bytes may still be read a second time.
    rereads: usize,
    heredocs: Vec<Pending>,
    comments: Vec<Comment>,
    /// At most one: what comes behind the first is mostly its echo.
    errors: Vec<SyntaxError>,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, place: Place<'a>) -> Self {
        Self {
            text,
            place,
            at: 0,
            token: Token::Start,
            token_range: 0..0,
            before: 0,
            depth: 0,
            handed: 0,
            rereads: text.len(),
            heredocs: Vec::new(),
            comments: Vec::new(),
            errors: Vec::new(),
        }
    }

    pub fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    pub fn span(&self, start: usize, end: usize) -> Span {
        (self.place)(start..end)
    }

    pub fn error(&mut self, start: usize, end: usize, message: &str) {
        if self.errors.is_empty() {
            let span = self.span(start, end.min(self.text.len()));
            self.errors.push(SyntaxError { span, message: message.to_owned(), also: Vec::new() });
        }
    }

    /// An error at the current token.
    fn unexpected(&mut self, message: &str) {
        let Range { start, end } = self.token_range;
        self.error(start, end, message);
    }

    /// Reads what is nested in something that began at `open`; gives up on the text when that
    /// goes too deep.
    pub fn nested<T>(&mut self, open: usize, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth == MAX_DEPTH {
            self.error(open, open + 1, "this is nested too deep to be read");
            self.at = self.text.len();
            return None;
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        Some(read)
    }

    /// Reads tokens in the middle of a word.
    pub fn aside<T>(&mut self, open: usize, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let token = std::mem::replace(&mut self.token, Token::Start);
        let (range, before) = (self.token_range.clone(), self.before);
        let mut heredocs = std::mem::take(&mut self.heredocs);
        let read = self.nested(open, read);
        heredocs.append(&mut self.heredocs);
        (self.token, self.token_range, self.before) = (token, range, before);
        self.heredocs = heredocs;
        read
    }

    pub fn mark(&self) -> Mark {
        Mark {
            comments: self.comments.len(),
            errors: self.errors.len(),
            heredocs: self.heredocs.len(),
        }
    }

    pub fn reset(&mut self, mark: Mark) {
        self.comments.truncate(mark.comments);
        self.errors.truncate(mark.errors);
        self.heredocs.truncate(mark.heredocs);
    }

    /// Whether so many bytes may be read once more. Only a hostile text asks often.
    pub fn reread(&mut self, bytes: usize) -> bool {
        let left = self.rereads.checked_sub(bytes);
        self.rereads = left.unwrap_or(0);
        left.is_some()
    }

    /// Moves to the next token and returns the one before it.
    pub fn bump(&mut self) -> Token {
        self.before = self.token_range.end;
        let next = self.lex();
        std::mem::replace(&mut self.token, next)
    }

    fn lex(&mut self) -> Token {
        self.skip_blanks();
        let start = self.at;
        let token = match self.byte(0) {
            None => Token::End,
            Some(b'\n') => {
                self.at += 1;
                Token::Newline
            }
            Some(byte) => match self.operator(byte) {
                Some(operator) => {
                    self.at += operator.len();
                    Token::Operator(operator)
                }
                None => {
                    let word = self.word(Within::Word);
                    match self.descriptor(start) {
                        Some(descriptor) => Token::Descriptor(descriptor),
                        None => Token::Word(word),
                    }
                }
            },
        };
        self.token_range = start..self.at;
        if matches!(token, Token::Newline | Token::End) && !self.heredocs.is_empty() {
            self.read_heredocs();
        }
        token
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.byte(0) {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\\') if self.byte(1) == Some(b'\n') => self.at += 2,
                Some(b'#') => {
                    let start = self.at;
                    self.at = line_end(self.text, start);
                    let line = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
                    let own_line = self.text[line..start].trim().is_empty();
                    let end = start + self.text[start..self.at].trim_end_matches('\r').len();
                    self.comments.push(Comment { span: self.span(start, end), own_line });
                }
                _ => return,
            }
        }
    }

    /// The operator that begins here.
    fn operator(&self, first: u8) -> Option<&'static str> {
        if !matches!(first, b'(' | b')' | b'<' | b'>' | b'|' | b'&' | b';') {
            return None;
        }
        if matches!(first, b'<' | b'>') && self.byte(1) == Some(b'(') {
            return None;
        }
        let rest = &self.text[self.at..];
        REDIRECTIONS.iter().chain(CONTROLS).copied().find(|operator| rest.starts_with(operator))
    }

    /// The word from `start` to here when it numbers or names the descriptor of a redirection.
    fn descriptor(&self, start: usize) -> Option<String> {
        if !matches!(self.byte(0), Some(b'<' | b'>')) {
            return None;
        }
        let text = &self.text[start..self.at];
        let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let is_descriptor = match name {
            Some(name) => is_name(name),
            None => text.bytes().all(|byte| byte.is_ascii_digit()),
        };
        is_descriptor.then(|| text.to_owned())
    }

    /// Takes the lines of the pending here-documents, which begin here.
    fn read_heredocs(&mut self) {
        for pending in std::mem::take(&mut self.heredocs) {
            let start = self.at;
            let end = loop {
                let line = self.at;
                if line == self.text.len() {
                    break line;
                }
                let line_end = line_end(self.text, line);
                self.at = (line_end + 1).min(self.text.len());
                let text = self.text[line..line_end].trim_end_matches('\r');
                let text = if pending.tabs { text.trim_start_matches('\t') } else { text };
                if text == pending.delimiter {
                    break line;
                }
            };
            let heredoc = self.heredoc(start..end, &pending);
            // Only this place fills it.
            let _ = pending.body.set(heredoc);
        }
    }

    fn heredoc(&mut self, range: Range<usize>, pending: &Pending) -> Heredoc {
        let text = &self.text[range.clone()];
        let parts = match pending.quoted {
            true => {
                let kind = PartKind::Literal(text.into());
                vec![Part { span: self.span(range.start, range.end), quoted: true, kind }]
            }
            false => self.within(text, range.start, Within::Heredoc),
        };
        let script = pending.shell.map(|shell| {
            let handed = match pending.quoted {
                true => Requoted::verbatim(text, range.start),
                false => Requoted::unescaped(self.text, range.clone(), false),
            };
            self.hand(&handed, shell)
        });
        Heredoc { body: Word { span: self.span(range.start, range.end), parts }, script }
    }

    /// The parts of a piece of this text that stands at byte `start`.
    fn within(&mut self, text: &str, start: usize, within: Within) -> Vec<Part> {
        let place = |range: Range<usize>| self.span(start + range.start, start + range.end);
        let mut inner = Parser::new(text, &place);
        (inner.depth, inner.handed) = (self.depth, self.handed);
        let mut parts = Vec::new();
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
        Script { shell, list }
    }

    /// The commands between backquotes.
    pub fn backquoted(&mut self, open: usize, range: Range<usize>, in_quotes: bool) -> List {
        let requoted = Requoted::unescaped(self.text, range, in_quotes);
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

    /// The whole text.
    fn script(&mut self) -> List {
        self.bump();
        let mut list = self.list();
        while self.token != Token::End {
            self.unexpected_token();
            self.bump();
            list.items.extend(self.list().items);
        }
        list
    }

    pub fn list_up_to_parenthesis(&mut self) -> List {
        let mut list = self.list();
        while !matches!(self.token, Token::Operator(")") | Token::End) {
            self.unexpected_token();
            self.bump();
            list.items.extend(self.list().items);
        }
        list
    }

    fn unexpected_token(&mut self) {
        let text = &self.text[self.token_range.clone()];
        let message = match self.token {
            Token::End => "a command is missing before the end".to_owned(),
            Token::Newline => "a command is missing before the line's end".to_owned(),
            _ => format!("`{text}` is not expected here"),
        };
        self.unexpected(&message);
    }

    /// The word at hand when it is written as keywords are.
    fn keyword(&self) -> &str {
        match &self.token {
            Token::Word(word) => word.bare().unwrap_or_default(),
            _ => "",
        }
    }

    fn skip_newlines(&mut self) {
        while self.token == Token::Newline {
            self.bump();
        }
    }

    fn is_at_end(&self) -> bool {
        match self.token {
            Token::End | Token::Operator(")" | ";;" | ";&" | ";;&") => true,
            Token::Word(_) => matches!(
                self.keyword(),
                "then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}"
            ),
            _ => false,
        }
    }

    /// Pipelines up to a token that closes something.
    fn list(&mut self) -> List {
        let mut list = List::default();
        let mut wanted = false;
        loop {
            self.skip_newlines();
            if self.is_at_end() {
                if wanted {
                    self.unexpected_token();
                }
                return list;
            }
            let start = self.token_range.start;
            let pipeline = self.pipeline();
            let separator = match self.token {
                Token::Operator("&&") => Some(Separator::And),
                Token::Operator("||") => Some(Separator::Or),
                Token::Operator("&") => Some(Separator::Background),
                Token::Operator(";") | Token::Newline => Some(Separator::Then),
                _ => None,
            };
            let ends_here = separator.is_none() && self.is_at_end();
            list.items.extend(pipeline.map(|pipeline| Item {
                pipeline,
                separator: separator.unwrap_or(Separator::Then),
            }));
            wanted = matches!(separator, Some(Separator::And | Separator::Or));
            if ends_here {
                return list;
            }
            if separator.is_none() {
                self.unexpected_token();
            }
            // A word that is left begins the next command.
            let is_stuck = self.token_range.start == start;
            if separator.is_some() || is_stuck || matches!(self.token, Token::Operator(_)) {
                self.bump();
            }
        }
    }

    /// Commands joined by pipes; `None`, and an error, where there is no command.
    fn pipeline(&mut self) -> Option<Pipeline> {
        let start = self.token_range.start;
        let mut negated = false;
        loop {
            match self.keyword() {
                "!" => negated = !negated,
                "time" => {}
                // Of the keyword `time` or of the program.
                word if word.starts_with('-') && self.before > start => {}
                _ => break,
            }
            self.bump();
        }
        let mut commands = Vec::with_capacity(1);
        loop {
            commands.extend(self.command());
            if !matches!(self.token, Token::Operator("|" | "|&")) {
                break;
            }
            self.bump();
            self.skip_newlines();
            if self.is_at_end() {
                self.unexpected_token();
                break;
            }
        }
        let span = self.span(start, self.before.max(start));
        (!commands.is_empty()).then_some(Pipeline { span, negated, commands })
    }

    fn command(&mut self) -> Option<Node> {
        let kind = match self.keyword() {
            "{" => Kind::Group,
            "if" => Kind::If,
            "for" | "select" => Kind::For,
            "while" | "until" => Kind::While,
            "case" => Kind::Case,
            "function" => Kind::Function,
            "[[" => Kind::Test,
            _ if self.token != Token::Operator("(") => return self.simple(),
            _ if self.byte(0) == Some(b'(') => Kind::Arithmetic,
            _ => Kind::Subshell,
        };
        let start = self.token_range.start;
        let compound = self.nested(start, |parser| parser.compound(kind));
        if compound.is_none() {
            self.bump();
        }
        compound.map(|compound| Node::Compound(Box::new(compound)))
    }

    fn compound(&mut self, kind: Kind) -> Compound {
        let start = self.token_range.start;
        let span = self.span(start, self.token_range.end);
        let mut compound = Compound {
            span,
            kind,
            words: Vec::new(),
            bodies: Vec::new(),
            redirections: Vec::new(),
        };
        match kind {
            Kind::Subshell => self.subshell(&mut compound),
            Kind::Group => {
                self.bump();
                self.body(&mut compound, Role::Main);
                self.expect("}");
            }
            Kind::If => self.if_(&mut compound),
            Kind::While => {
                self.bump();
                self.body(&mut compound, Role::Condition);
                self.do_(&mut compound);
            }
            Kind::For => self.for_(&mut compound),
            Kind::Case => self.case(&mut compound),
            Kind::Function => {
                self.bump();
                self.take_word(&mut compound, "the name of the function is missing");
                if self.token == Token::Operator("(") {
                    self.bump();
                    self.close_parenthesis();
                }
                self.function_body(&mut compound);
            }
            Kind::Test => self.test(&mut compound),
            Kind::Arithmetic => {
                let open = self.at - 1;
                self.at += 1;
                match self.arithmetic(open) {
                    Some(parts) => {
                        let span = self.span(open + 2, self.at);
                        compound.words.push(Word { span, parts });
                        self.bump();
                    }
                    None => {
                        self.at = open + 1;
                        compound.kind = Kind::Subshell;
                        self.subshell(&mut compound);
                    }
                }
            }
        }
        while let Some(redirection) = self.redirection(None) {
            compound.redirections.push(redirection);
        }
        compound.span = self.span(start, self.before);
        compound
    }

    fn body(&mut self, compound: &mut Compound, role: Role) {
        let list = self.list();
        if list.items.is_empty() {
            self.unexpected_token();
        }
        compound.bodies.push(Body { role, list });
    }

    fn expect(&mut self, keyword: &str) {
        if self.keyword() == keyword {
            self.bump();
        } else {
            self.unexpected(&format!("`{keyword}` is missing before this"));
        }
    }

    fn close_parenthesis(&mut self) {
        if self.token == Token::Operator(")") {
            self.bump();
        } else {
            self.unexpected("`)` is missing before this");
        }
    }

    fn take_word(&mut self, compound: &mut Compound, missing: &str) {
        match self.token {
            Token::Word(_) => compound.words.extend(self.bump().word()),
            _ => self.unexpected(missing),
        }
    }

    fn subshell(&mut self, compound: &mut Compound) {
        self.bump();
        self.body(compound, Role::Main);
        self.close_parenthesis();
    }

    fn if_(&mut self, compound: &mut Compound) {
        loop {
            self.bump();
            self.body(compound, Role::Condition);
            self.expect("then");
            self.body(compound, Role::Branch);
            if self.keyword() != "elif" {
                break;
            }
        }
        if self.keyword() == "else" {
            self.bump();
            self.body(compound, Role::Branch);
        }
        self.expect("fi");
    }

    fn do_(&mut self, compound: &mut Compound) {
        self.expect("do");
        self.body(compound, Role::Branch);
        self.expect("done");
    }

    fn for_(&mut self, compound: &mut Compound) {
        self.bump();
        if self.token == Token::Operator("(") && self.byte(0) == Some(b'(') {
            let open = self.token_range.start;
            self.at += 1;
            if let Some(parts) = self.arithmetic(open) {
                compound.words.push(Word { span: self.span(open + 2, self.at), parts });
            }
            self.bump();
        } else {
            self.take_word(compound, "the name of the variable is missing");
            self.skip_newlines();
            if self.keyword() == "in" {
                self.bump();
                while let Token::Word(_) = self.token {
                    self.take_word(compound, "");
                }
                if !matches!(self.token, Token::Operator(";") | Token::Newline) {
                    self.unexpected("`;` is missing before this");
                }
            }
        }
        if self.token == Token::Operator(";") {
            self.bump();
        }
        self.skip_newlines();
        if self.keyword() == "{" {
            self.bump();
            self.body(compound, Role::Branch);
            self.expect("}");
        } else {
            self.do_(compound);
        }
    }

    fn case(&mut self, compound: &mut Compound) {
        self.bump();
        self.take_word(compound, "the word to compare is missing");
        self.skip_newlines();
        self.expect("in");
        self.skip_newlines();
        while self.keyword() != "esac" && self.token != Token::End {
            if self.token == Token::Operator("(") {
                self.bump();
            }
            self.take_word(compound, "a pattern is missing before this");
            while self.token == Token::Operator("|") {
                self.bump();
                self.take_word(compound, "a pattern is missing before this");
            }
            if self.token != Token::Operator(")") {
                self.unexpected("`)` is missing before this");
            }
            self.bump();
            let list = self.list();
            compound.bodies.push(Body { role: Role::Branch, list });
            if !matches!(self.token, Token::Operator(";;" | ";&" | ";;&")) {
                break;
            }
            self.bump();
            self.skip_newlines();
        }
        self.expect("esac");
    }

    fn function_body(&mut self, compound: &mut Compound) {
        self.skip_newlines();
        let start = self.token_range.start;
        let command = self.command();
        let span = self.span(start, self.before.max(start));
        let commands = Vec::from_iter(command);
        if commands.is_empty() {
            return;
        }
        let pipeline = Pipeline { span, negated: false, commands };
        let list = List { items: vec![Item { pipeline, separator: Separator::Then }] };
        compound.bodies.push(Body { role: Role::Main, list });
    }

    fn test(&mut self, compound: &mut Compound) {
        self.bump();
        while self.keyword() != "]]" && self.token != Token::End {
            if self.keyword() == "=~" {
                self.skip_blanks();
                let pattern = self.word(Within::Pattern);
                compound.words.extend(self.bump().word());
                compound.words.push(pattern);
            } else {
                compound.words.extend(self.bump().word());
            }
        }
        self.expect("]]");
    }

    /// A redirection of `command`, or of a compound one.
    fn redirection(&mut self, command: Option<&Command>) -> Option<Redirection> {
        let start = self.token_range.start;
        let descriptor = match &self.token {
            Token::Descriptor(text) => {
                let text = text.clone();
                self.bump();
                Some(text)
            }
            _ => None,
        };
        let Token::Operator(operator) = self.token else { return None };
        if !REDIRECTIONS.contains(&operator) {
            return None;
        }
        self.bump();
        let mut heredoc = None;
        let mut target = None;
        if let Token::Word(word) = &self.token {
            // Before the next token, which may be the newline that the lines follow.
            if matches!(operator, "<<" | "<<-") {
                let written = &self.text[self.token_range.clone()];
                let body = Arc::clone(heredoc.insert(Arc::default()));
                self.heredocs.push(Pending {
                    delimiter: word.literal().map_or(written.to_owned(), Into::into),
                    quoted: written.contains(['\'', '"', '\\']),
                    tabs: operator == "<<-",
                    shell: command.and_then(fed_shell),
                    body,
                });
            }
            target = self.bump().word();
        } else {
            self.unexpected("the target of a redirection is missing before this");
        }
        let span = self.span(start, self.before);
        Some(Redirection { span, operator, descriptor, target, heredoc })
    }

    fn simple(&mut self) -> Option<Node> {
        let start = self.token_range.start;
        let mut command = Command::default();
        let mut ranges = Vec::new();
        loop {
            match self.token {
                Token::Word(_) => {
                    let range = self.token_range.clone();
                    let Some(word) = self.bump().word() else { break };
                    let written = &self.text[range.clone()];
                    if command.words.is_empty()
                        && let Some(name) = assigned_name(&word, written)
                    {
                        command.assignments.push(assignment(name.to_owned(), word));
                    } else {
                        ranges.push(range);
                        command.words.push(word);
                    }
                }
                Token::Operator("(") if self.is_function(&command) => {
                    self.bump();
                    self.bump();
                    let words = command.words;
                    return self.nested(start, |parser| {
                        let mut function = Compound {
                            span: parser.span(start, start),
                            kind: Kind::Function,
                            words,
                            bodies: Vec::new(),
                            redirections: Vec::new(),
                        };
                        parser.function_body(&mut function);
                        function.span = parser.span(start, parser.before);
                        Node::Compound(Box::new(function))
                    });
                }
                _ => match self.redirection(Some(&command)) {
                    Some(redirection) => command.redirections.push(redirection),
                    None => break,
                },
            }
        }
        if command.span().is_none() {
            if self.token_range.start == start {
                self.unexpected_token();
            }
            return None;
        }
        command.inner = self.inner(&command, &ranges).map(Box::new);
        Some(Node::Simple(command))
    }

    /// Whether the `(` at hand makes the command the head of a function.
    fn is_function(&self, command: &Command) -> bool {
        command.words.len() == 1
            && command.assignments.is_empty()
            && command.redirections.is_empty()
            && self.text[self.at..].trim_start_matches([' ', '\t']).starts_with(')')
    }

    /// What the command hands to a shell, where the words that it hands, which stand at
    /// `ranges`, leave it to be read.
    fn inner(&mut self, command: &Command, ranges: &[Range<usize>]) -> Option<Script> {
        let Handed { shell, word } = handed_text(command)?;
        let text = self.requote(&command.words[word], ranges[word].clone())?;
        let mark = self.mark();
        let script = self.hand(&text, shell);
        // What a variable holds may mend what looks broken.
        if command.words[word].is_dynamic() {
            self.reset(mark);
        }
        Some(script)
    }

    /// What a shell makes of a word, with its variables left as they are; `None` when commands
    /// decide it.
    fn requote(&self, word: &Word, range: Range<usize>) -> Option<Requoted> {
        let is_known = |part: &Part| match &part.kind {
            PartKind::Literal(_) => true,
            PartKind::Variable(variable) => {
                variable.argument.iter().all(|it| it.literal().is_some())
            }
            _ => false,
        };
        if !word.parts.iter().all(is_known) || word.parts.iter().all(|it| it.literal().is_none()) {
            return None;
        }
        let mut text = Requoted::default();
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
        Some(text)
    }
}

/// Longer before shorter.
const REDIRECTIONS: &[&str] =
    &["<<<", "<<-", "&>>", "<<", ">>", "<&", ">&", "<>", ">|", "&>", "<", ">"];

/// Longer before shorter.
const CONTROLS: &[&str] = &[";;&", "&&", "||", ";;", ";&", "|&", "(", ")", "|", "&", ";"];

/// Where the line that holds byte `at` ends, its newline excluded.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length)
}

/// The name of the variable that a word assigns to, if it stands before the program.
fn assigned_name<'t>(word: &Word, written: &'t str) -> Option<&'t str> {
    let (left, _) = written.split_once('=')?;
    let left = left.strip_suffix('+').unwrap_or(left);
    let name = left.split_once('[').map_or(left, |(name, _)| name);
    let is_element = left.len() == name.len() || left.ends_with(']');
    (is_name(name) && is_element && word.prefix().contains('=')).then_some(name)
}

fn assignment(name: String, mut word: Word) -> Assignment {
    let mut left = word.prefix().find('=').map_or(0, |at| at + 1);
    let value = Span { start: word.span_from(left).start, ..word.span };
    while left > 0 {
        let PartKind::Literal(text) = &mut word.parts[0].kind else { break };
        if left < text.len() {
            *text = text[left..].into();
            word.parts[0].span.start = value.start;
            break;
        }
        left -= text.len();
        word.parts.remove(0);
    }
    Assignment { span: word.span, name, value: Word { span: value, parts: word.parts } }
}
