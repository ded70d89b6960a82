//! The grammar: tokens to lists, pipelines and simple commands.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use super::programs::{Handed, fed_shell, handed_text, is_name};
use super::tokens::{Parser, Pending, Place, Token};
use super::{
    Assignment, Command, Compound, Dialect, Item, Kind, List, Node, Part, PartKind, Pipeline,
    Redirection, Script, Separator, Shell, Word,
};
use crate::source::{FileId, Span, Spanned};
use crate::syntax::Parsed;

/// Reads a text of a shell whose grammar is this one.
pub(super) fn parse(text: &str, shell: Shell, place: Place<'_>) -> Parsed<Script> {
    let mut parser = Parser::new(text, place);
    let list = parser.script();
    let Parser { comments, errors, .. } = parser;
    Parsed { tree: Script::new(shell, list), comments, errors }
}

/// Reads a command that is already split into words.
pub(super) fn exec(
    words: &[Spanned<String>],
    place: &dyn Fn(usize, Range<usize>) -> Span,
) -> Parsed<Script> {
    let quoted = |word: &Spanned<String>| {
        let kind = PartKind::Literal(word.value.as_str().into());
        Word { span: word.span, parts: smallvec![Part { span: word.span, quoted: true, kind }] }
    };
    let words = words.iter().map(quoted).collect();
    let mut command = Command::new(words);
    let mut tree = Script::new(Shell::new(Dialect::Exec), List::default());
    let (mut comments, mut errors) = (Vec::new(), Vec::new());
    if let Some(program) = command.program()
        && let Some(Handed { shell, words }) = handed_text(&command, &program)
        && let Some(text) = command.words[words.start].literal()
    {
        let inner = super::parse(&text, shell, &|range| place(words.start, range));
        command.inner = Some(Box::new(inner.tree));
        (comments, errors) = (inner.comments, inner.errors);
    }
    if let Some(span) = command.span() {
        let commands = smallvec![Node::Simple(command)];
        let pipeline = Arc::new(Pipeline { span, negated: false, commands });
        tree.list.items.push(Item { pipeline, separator: Separator::Then });
    }
    Parsed { tree, comments, errors }
}

/// How far is looked for the command that a pipe leads to.
const MAX_AHEAD: usize = 256;

impl Parser<'_> {
    /// The whole text.
    pub fn script(&mut self) -> List {
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

    pub fn unexpected_token(&mut self) {
        let text = &self.text[self.token_range.clone()];
        let message = match self.token {
            Token::End => "a command is missing before the end".to_owned(),
            Token::Newline => "a command is missing before the line's end".to_owned(),
            _ => format!("`{text}` is not expected here"),
        };
        self.unexpected(&message);
    }

    pub fn skip_newlines(&mut self) {
        while self.token == Token::Newline {
            self.bump();
        }
    }

    fn is_at_end(&self) -> bool {
        match self.token {
            Token::End | Token::Operator(")" | ";;" | ";&" | ";;&") => true,
            Token::Word(_) => matches!(
                self.keyword,
                "then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}"
            ),
            _ => false,
        }
    }

    /// Pipelines up to a token that closes something.
    pub fn list(&mut self) -> List {
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
            if let Some(pipeline) = pipeline {
                let separator = separator.unwrap_or(Separator::Then);
                list.items.push(Item { pipeline, separator });
            }
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
    fn pipeline(&mut self) -> Option<Arc<Pipeline>> {
        let start = self.token_range.start;
        let mut negated = false;
        loop {
            match self.keyword {
                "!" => negated = !negated,
                "time" if !self.is_program_of_time() => {}
                "-p" if self.before > start => {}
                _ => break,
            }
            self.bump();
        }
        let mut commands = SmallVec::new();
        self.echoed = None;
        loop {
            let echoed = self.echoed.take();
            if let Some(mut command) = self.command() {
                if let (Some(text), Node::Simple(shell)) = (echoed, &mut command)
                    && shell.inner.is_none()
                {
                    shell.inner = self.piped(shell, text).map(Box::new);
                }
                commands.push(command);
            }
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
        (!commands.is_empty()).then(|| Arc::new(Pipeline { span, negated, commands }))
    }

    /// Whether the `time` at hand is no keyword, which has no options but `-p`.
    fn is_program_of_time(&self) -> bool {
        let option = self.text[self.at..].trim_start_matches([' ', '\t']);
        option.starts_with('-') && !option.starts_with("-p")
    }

    pub fn command(&mut self) -> Option<Node> {
        let kind = match self.keyword {
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

    /// A redirection of `command`, or of a compound one.
    pub fn redirection(&mut self, command: Option<&Command>) -> Option<Redirection> {
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
        if !operator.bytes().any(|byte| matches!(byte, b'<' | b'>')) {
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
                let is_quoted = written.contains(['\'', '"', '\\']);
                self.heredocs.push(Pending {
                    delimiter: word.literal().map_or_else(|| written.into(), Into::into),
                    escapes: if is_quoted { "" } else { "`\\$" },
                    tabs: operator == "<<-",
                    shell: command.and_then(|it| fed_shell(it).or_else(|| self.piped_shell(it))),
                    body,
                });
            }
            if operator == "<<<"
                && let Some(shell) = command.and_then(fed_shell)
            {
                let word = word.clone();
                let text = self.here_string(&word, self.token_range.clone(), shell);
                heredoc = text.map(|text| Arc::new(OnceLock::from(text)));
            }
            target = self.bump().word();
        } else {
            self.unexpected("the target of a redirection is missing before this");
        }
        let span = self.span(start, self.before);
        Some(Redirection { span, operator, descriptor, target, heredoc })
    }

    /// The shell that a here-document goes to through `cat`: `cat <<EOF | bash`. The lines follow
    /// before what stands behind the delimiter is read.
    fn piped_shell(&self, command: &Command) -> Option<Shell> {
        let is_cat = matches!(&*command.words, [cat] if cat.bare() == Some("cat"));
        if !is_cat || !command.redirections.is_empty() {
            return None;
        }
        let rest = &self.text[self.token_range.end..];
        let end = (0..=rest.len().min(MAX_AHEAD)).rev().find(|at| rest.is_char_boundary(*at))?;
        let next = rest[..end].lines().next()?.trim_start_matches([' ', '\t']).strip_prefix('|')?;
        let place = |range: Range<usize>| Span::new(FileId(0), range.start, range.end);
        let mut ahead = Parser::new(next, &place);
        (ahead.depth, ahead.handed) = (self.depth, self.handed);
        ahead.bump();
        ahead.nested(0, Parser::simple)??.simple().and_then(fed_shell)
    }

    fn simple(&mut self) -> Option<Node> {
        let start = self.token_range.start;
        let mut command = Command::default();
        // How many words there were when the program was looked for among them.
        let mut looked_at = 0;
        let mut ranges = SmallVec::<[Range<usize>; 8]>::new();
        loop {
            match self.token {
                Token::Word(_) => {
                    let range = self.token_range.clone();
                    let Some(word) = self.bump().word() else { break };
                    let written = &self.text[range.clone()];
                    if command.words.is_empty()
                        && let Some(name) = assigned_name(&word, written)
                    {
                        command.assignments.push(assignment(name.into(), word));
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
                _ => {
                    if looked_at != command.words.len() {
                        looked_at = command.words.len();
                        command.find_program();
                    }
                    match self.redirection(Some(&command)) {
                        Some(redirection) => command.redirections.push(redirection),
                        None => break,
                    }
                }
            }
        }
        if command.is_empty() {
            if self.token_range.start == start {
                self.unexpected_token();
            }
            return None;
        }
        command.inner = self.inner(&command, &ranges).map(Box::new);
        if self.token == Token::Operator("|") {
            self.echoed = self.echoed(&command, &ranges);
        }
        Some(Node::Simple(command))
    }

    /// Whether the `(` at hand makes the command the head of a function.
    fn is_function(&self, command: &Command) -> bool {
        command.words.len() == 1
            && command.assignments.is_empty()
            && command.redirections.is_empty()
            && self.text[self.at..].trim_start_matches([' ', '\t']).starts_with(')')
    }
}

/// The name of the variable that a word assigns to, if it stands before the program.
fn assigned_name<'t>(word: &Word, written: &'t str) -> Option<&'t str> {
    let left = &written[..written.bytes().position(|byte| byte == b'=')?];
    let left = left.strip_suffix('+').unwrap_or(left);
    let name = left.split_once('[').map_or(left, |(name, _)| name);
    let is_element = left.len() == name.len() || left.ends_with(']');
    (is_name(name) && is_element && word.prefix().contains('=')).then_some(name)
}

fn assignment(name: SmolStr, mut word: Word) -> Assignment {
    let mut left = word.prefix().find('=').map_or(0, |at| at + 1);
    let value = Span { start: word.span_from(left).start, ..word.span };
    while left > 0 {
        let Some(Part { kind: PartKind::Literal(text), span, .. }) = word.parts.first_mut() else {
            break;
        };
        if left < text.len() {
            *text = text[left..].into();
            span.start = value.start;
            break;
        }
        left -= text.len();
        word.parts.remove(0);
    }
    Assignment { span: word.span, name, value: Word { span: value, parts: word.parts } }
}
