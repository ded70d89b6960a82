//! Text to tokens, and what the readers of tokens, words and commands share.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::inner::Echoed;
use super::words::Within;
use super::{Heredoc, Shell, Word, programs::is_name};
use crate::source::Span;
use crate::syntax::{Comment, SyntaxError};

/// How deep constructs may stand in one another. Real scripts stay below ten; the limit keeps a
/// hostile one from overflowing the stack.
const MAX_DEPTH: usize = 128;

/// What is said of a text that is given up, although a shell might read it.
pub const TOO_DEEP: &str = "this is nested too deep to be read";

pub(super) type Place<'a> = &'a dyn Fn(Range<usize>) -> Span;

#[derive(Clone, Debug)]
pub(super) enum Token {
    /// Before the first.
    Start,
    Word(Word),
    /// The digits or the `{name}` before a redirection.
    Descriptor(SmolStr),
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
pub(super) struct Pending {
    pub delimiter: SmolStr,
    /// What a backslash escapes in its body: nothing where the delimiter is quoted.
    pub escapes: &'static str,
    /// `<<-`
    pub tabs: bool,
    /// Whose input it is, when that is a shell.
    pub shell: Option<Shell>,
    pub body: Arc<OnceLock<Heredoc>>,
}

/// How far the lists beside the tree have come, to go back to.
pub(super) struct Mark {
    comments: usize,
    errors: usize,
    heredocs: usize,
}

pub(super) struct Parser<'a> {
    pub text: &'a str,
    pub place: Place<'a>,
    /// The first byte that is in no token yet.
    pub at: usize,
    /// The token to look at, and where it stands.
    pub token: Token,
    pub token_range: Range<usize>,
    /// The token when it is a word written as keywords are.
    pub keyword: &'static str,
    /// Where the token before it ended.
    pub before: usize,
    pub depth: usize,
    pub handed: usize,
    /// How many bytes may still be read a second time.
    rereads: usize,
    pub heredocs: Vec<Pending>,
    /// What the command before writes into the pipe behind it.
    pub echoed: Option<Echoed>,
    pub comments: Vec<Comment>,
    /// At most one: what comes behind the first is mostly its echo.
    pub errors: Vec<SyntaxError>,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, place: Place<'a>) -> Self {
        Self {
            text,
            place,
            at: 0,
            token: Token::Start,
            token_range: 0..0,
            keyword: "",
            before: 0,
            depth: 0,
            handed: 0,
            rereads: text.len(),
            heredocs: Vec::new(),
            echoed: None,
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
    pub fn unexpected(&mut self, message: &str) {
        let Range { start, end } = self.token_range;
        self.error(start, end, message);
    }

    /// Reads what is nested in something that began at `open`; gives up on the text when that
    /// goes too deep.
    pub fn nested<T>(&mut self, open: usize, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth == MAX_DEPTH {
            self.error(open, open + 1, TOO_DEEP);
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
        let (range, keyword, before) = (self.token_range.clone(), self.keyword, self.before);
        let mut heredocs = std::mem::take(&mut self.heredocs);
        let read = self.nested(open, read);
        heredocs.append(&mut self.heredocs);
        (self.token, self.token_range, self.before) = (token, range, before);
        self.keyword = keyword;
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
        self.keyword = match &next {
            Token::Word(word) => keyword(word.bare().unwrap_or_default()),
            _ => "",
        };
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

    pub fn skip_blanks(&mut self) {
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
        Some(match (first, self.byte(1), self.byte(2)) {
            (b'(', ..) => "(",
            (b')', ..) => ")",
            (b';', Some(b';'), Some(b'&')) => ";;&",
            (b';', Some(b';'), _) => ";;",
            (b';', Some(b'&'), _) => ";&",
            (b';', ..) => ";",
            (b'|', Some(b'|'), _) => "||",
            (b'|', Some(b'&'), _) => "|&",
            (b'|', ..) => "|",
            (b'&', Some(b'>'), Some(b'>')) => "&>>",
            (b'&', Some(b'>'), _) => "&>",
            (b'&', Some(b'&'), _) => "&&",
            (b'&', ..) => "&",
            // A process substitution.
            (b'<' | b'>', Some(b'('), _) => return None,
            (b'<', Some(b'<'), Some(b'<')) => "<<<",
            (b'<', Some(b'<'), Some(b'-')) => "<<-",
            (b'<', Some(b'<'), _) => "<<",
            (b'<', Some(b'&'), _) => "<&",
            (b'<', Some(b'>'), _) => "<>",
            (b'<', ..) => "<",
            (b'>', Some(b'>'), _) => ">>",
            (b'>', Some(b'&'), _) => ">&",
            (b'>', Some(b'|'), _) => ">|",
            (b'>', ..) => ">",
            _ => return None,
        })
    }

    /// The word from `start` to here when it numbers or names the descriptor of a redirection.
    fn descriptor(&self, start: usize) -> Option<SmolStr> {
        if !matches!(self.byte(0), Some(b'<' | b'>')) {
            return None;
        }
        let text = &self.text[start..self.at];
        let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let is_descriptor = match name {
            Some(name) => is_name(name),
            None => text.bytes().all(|byte| byte.is_ascii_digit()),
        };
        is_descriptor.then(|| text.into())
    }

    /// Takes the lines of the pending here-documents, which begin here.
    fn read_heredocs(&mut self) {
        for pending in self.heredocs.drain(..).collect::<SmallVec<[Pending; 1]>>() {
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
}

/// The keyword that a word is somewhere, with what is one only in its place, as `-p` of `time`.
fn keyword(word: &str) -> &'static str {
    macro_rules! any_of {
        ($($keyword:literal)*) => {
            match word {
                $($keyword => $keyword,)*
                _ => "",
            }
        };
    }
    any_of!("!" "{" "}" "-p" "=~" "[[" "]]" "do" "fi" "if" "in" "for" "case" "done" "elif" "else"
        "esac" "then" "time" "until" "while" "select" "function")
}

/// Where the line that holds byte `at` ends, its newline excluded.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length)
}
