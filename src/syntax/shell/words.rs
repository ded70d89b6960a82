//! The inside of words: quotes, escapes, variables, substitutions.

use smol_str::SmolStr;

use super::tokens::{Parser, Token};
use super::{List, Part, PartKind, Parts, Variable, Word};

/// Where the parts that are being read stand, and so what ends them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// Up to a blank or an operator.
    Word,
    /// Up to the closing double quote.
    Quotes,
    /// Up to the `}` of `${`; `quoted` when that is in double quotes.
    Braces { quoted: bool },
    /// Up to the `))` of arithmetic.
    Arithmetic,
    /// Up to a blank that is not in parentheses: the right side of `=~`.
    Pattern,
    /// Up to the end of the text.
    Heredoc,
}

/// How the parts ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// At what ends them, which is consumed except for a word's.
    Closed,
    /// Arithmetic at a `)` that no second one follows: it was none.
    Mistaken,
    /// The text was over.
    Open,
}

impl Within {
    /// Bytes that are text wherever they stand in it.
    fn plain(self) -> &'static [bool; 256] {
        const WORD: [bool; 256] = all_but(b" \t\n\r|&;<>()\\'\"`$}");
        const QUOTES: [bool; 256] = all_but(b"\\\"`$");
        const HEREDOC: [bool; 256] = all_but(b"\\`$");
        match self {
            Self::Quotes => &QUOTES,
            Self::Heredoc => &HEREDOC,
            _ => &WORD,
        }
    }

    fn is_quoted(self) -> bool {
        matches!(self, Self::Quotes | Self::Braces { quoted: true } | Self::Heredoc)
    }
}

impl Parser<'_> {
    /// The word that begins here; without parts when none does.
    pub(super) fn word(&mut self, within: Within) -> Word {
        let start = self.at;
        let mut parts = Parts::new();
        self.parts(within, &mut parts);
        let span = match &*parts {
            [Part { span, quoted: false, kind: PartKind::Literal(text) }]
                if text.len() == self.at - start =>
            {
                *span
            }
            _ => self.span(start, self.at),
        };
        Word { span, parts }
    }

    /// Reads parts up to what ends them.
    pub(super) fn parts(&mut self, within: Within, parts: &mut Parts) -> Ended {
        let quoted = within.is_quoted();
        let first = self.at;
        let mut literal = self.at;
        // Those of an extended pattern or an arithmetic group that are open.
        let mut parentheses = 0_usize;
        let plain = within.plain();
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += rest.iter().take_while(|byte| plain[usize::from(**byte)]).count();
            let Some(byte) = self.byte(0) else { break };
            match (byte, within) {
                (b'"', Within::Quotes) | (b'}', Within::Braces { .. }) => {
                    self.literal(literal, quoted, parts);
                    self.at += 1;
                    return Ended::Closed;
                }
                (b'(', Within::Arithmetic | Within::Pattern) => {
                    parentheses += 1;
                    self.at += 1;
                }
                (b')', Within::Arithmetic) if parentheses == 0 => {
                    self.literal(literal, quoted, parts);
                    if self.byte(1) != Some(b')') {
                        return Ended::Mistaken;
                    }
                    self.at += 2;
                    return Ended::Closed;
                }
                (b')', Within::Arithmetic | Within::Pattern | Within::Word) if parentheses > 0 => {
                    parentheses -= 1;
                    self.at += 1;
                }
                (b' ' | b'\t' | b'\n' | b'\r', Within::Word | Within::Pattern)
                    if parentheses == 0 =>
                {
                    break;
                }
                (b'|' | b'&' | b';' | b')', Within::Word) if parentheses == 0 => break,
                (b'<' | b'>', Within::Word) if parentheses == 0 => {
                    if self.byte(1) != Some(b'(') {
                        break;
                    }
                    self.literal(literal, quoted, parts);
                    let open = self.at;
                    self.at += 2;
                    let list = self.substitution(open);
                    self.part(open, quoted, PartKind::Process(list.into()), parts);
                    literal = self.at;
                }
                (b'(', Within::Word) if parentheses > 0 => {
                    parentheses += 1;
                    self.at += 1;
                }
                (b'(', Within::Word) => match self.text.as_bytes()[first..self.at].last() {
                    Some(b'=') => {
                        self.literal(literal, quoted, parts);
                        self.array(parts);
                        literal = self.at;
                    }
                    Some(b'@' | b'?' | b'*' | b'+' | b'!') => {
                        parentheses += 1;
                        self.at += 1;
                    }
                    _ => break,
                },
                (b'\\', _) => {
                    self.literal(literal, quoted, parts);
                    self.escape(within, parts);
                    literal = self.at;
                }
                (b'\'', _) if !quoted => {
                    self.literal(literal, quoted, parts);
                    self.single_quotes(parts);
                    literal = self.at;
                }
                (b'"', _) if within != Within::Heredoc => {
                    self.literal(literal, quoted, parts);
                    self.double_quotes(parts);
                    literal = self.at;
                }
                (b'`', _) => {
                    self.literal(literal, quoted, parts);
                    self.backquotes(quoted, parts);
                    literal = self.at;
                }
                (b'$', _) => {
                    let dollar = self.at;
                    let behind = parts.len();
                    if self.dollar(quoted, parts) {
                        self.literal_before(behind, literal, dollar, quoted, parts);
                        literal = self.at;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.literal(literal, quoted, parts);
        if parentheses > 0 && within == Within::Word {
            self.error(first, self.at, "a `(` in this word is not closed");
        }
        match within {
            Within::Word | Within::Pattern | Within::Heredoc => Ended::Closed,
            _ => Ended::Open,
        }
    }

    /// Adds what was read from `start` to here as it is written.
    fn literal(&mut self, start: usize, quoted: bool, parts: &mut Parts) {
        if start < self.at {
            let kind = PartKind::Literal(self.text[start..self.at].into());
            self.part(start, quoted, kind, parts);
        }
    }

    /// Puts the text `start..end` before the part with this `index`.
    fn literal_before(
        &mut self,
        index: usize,
        start: usize,
        end: usize,
        quoted: bool,
        parts: &mut Parts,
    ) {
        if start < end {
            let kind = PartKind::Literal(self.text[start..end].into());
            parts.insert(index, Part { span: self.span(start, end), quoted, kind });
        }
    }

    fn part(&mut self, start: usize, quoted: bool, kind: PartKind, parts: &mut Parts) {
        // Where there are two, there are often more.
        if parts.len() == 1 {
            parts.reserve(3);
        }
        parts.push(Part { span: self.span(start, self.at), quoted, kind });
    }

    fn escape(&mut self, within: Within, parts: &mut Parts) {
        let start = self.at;
        self.at += 1;
        let Some(escaped) = self.text[self.at..].chars().next() else {
            return self.literal(start, true, parts);
        };
        if escaped == '\n' {
            self.at += 1;
            return;
        }
        let is_escape = match within {
            Within::Quotes => matches!(escaped, '"' | '\\' | '$' | '`'),
            Within::Braces { quoted: true } => matches!(escaped, '"' | '\\' | '$' | '`' | '}'),
            Within::Heredoc => matches!(escaped, '\\' | '$' | '`'),
            _ => true,
        };
        if !is_escape {
            // The backslash stands for itself; what follows it is read as usual.
            return self.literal(start, true, parts);
        }
        self.at += escaped.len_utf8();
        self.part(start, true, PartKind::Literal(SmolStr::from_iter([escaped])), parts);
    }

    fn single_quotes(&mut self, parts: &mut Parts) {
        let open = self.at;
        let start = open + 1;
        let length = self.text[start..].find('\'');
        self.at = length.map_or(self.text.len(), |length| start + length);
        let kind = PartKind::Literal(self.text[start..self.at].into());
        self.part(start, true, kind, parts);
        match length {
            Some(_) => self.at += 1,
            None => self.error(open, start, "this quote is not closed"),
        }
    }

    fn double_quotes(&mut self, parts: &mut Parts) {
        let open = self.at;
        self.at += 1;
        let before = parts.len();
        if self.nested(open, |parser| parser.parts(Within::Quotes, parts)) != Some(Ended::Closed) {
            self.error(open, open + 1, "this quote is not closed");
        } else if parts.len() == before {
            let span = self.span(open + 1, open + 1);
            parts.push(Part { span, quoted: true, kind: PartKind::Literal("".into()) });
        }
    }

    /// `$'…'`, whose escapes are those of C.
    fn c_quotes(&mut self, parts: &mut Parts) {
        let open = self.at;
        self.at += 2;
        let mut literal = self.at;
        while let Some(byte) = self.byte(0) {
            if byte == b'\'' {
                let kind = PartKind::Literal(self.text[literal..self.at].into());
                self.part(literal, true, kind, parts);
                self.at += 1;
                return;
            }
            if byte != b'\\' {
                self.at += 1;
                continue;
            }
            let Some((character, length)) = c_escape(&self.text[self.at + 1..]) else {
                self.at += 1;
                continue;
            };
            self.literal(literal, true, parts);
            let start = self.at;
            self.at += 1 + length;
            self.part(start, true, PartKind::Literal(SmolStr::from_iter([character])), parts);
            literal = self.at;
        }
        self.literal(literal, true, parts);
        self.error(open, open + 2, "this quote is not closed");
    }

    /// What begins with `$`; false, and nothing read, when that is only a dollar sign.
    fn dollar(&mut self, quoted: bool, parts: &mut Parts) -> bool {
        let start = self.at;
        match self.byte(1) {
            Some(b'(') => {
                if self.byte(2) == Some(b'(') {
                    self.at += 3;
                    if let Some(inside) = self.arithmetic(start) {
                        self.part(
                            start,
                            quoted,
                            PartKind::Arithmetic(inside.into_vec().into()),
                            parts,
                        );
                        return true;
                    }
                }
                self.at = start + 2;
                let list = self.substitution(start);
                self.part(start, quoted, PartKind::Substitution(list.into()), parts);
            }
            Some(b'{') => self.braces(quoted, parts),
            Some(b'\'') if !quoted => self.c_quotes(parts),
            Some(b'"') if !quoted => {
                self.at += 1;
                self.double_quotes(parts);
            }
            Some(byte) if byte == b'_' || byte.is_ascii_alphabetic() => {
                self.at += 1;
                let name = self.name();
                self.variable(start, name, quoted, parts);
            }
            Some(b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' | b'0'..=b'9') => {
                self.at += 2;
                let name = self.text[start + 1..self.at].into();
                self.variable(start, name, quoted, parts);
            }
            _ => {
                self.at += 1;
                return false;
            }
        }
        true
    }

    fn variable(&mut self, start: usize, name: SmolStr, quoted: bool, parts: &mut Parts) {
        let variable = Variable { name, operator: "", argument: Parts::new() };
        self.part(start, quoted, PartKind::Variable(Box::new(variable)), parts);
    }

    fn name(&mut self) -> SmolStr {
        let start = self.at;
        while self.byte(0).is_some_and(|byte| byte == b'_' || byte.is_ascii_alphanumeric()) {
            self.at += 1;
        }
        self.text[start..self.at].into()
    }

    fn braces(&mut self, quoted: bool, parts: &mut Parts) {
        let start = self.at;
        self.at += 2;
        // `${#name}` is a length and `${!name}` looks through it, but `${#}` and `${!}` are names.
        if matches!(self.byte(0), Some(b'#' | b'!')) && self.byte(1) != Some(b'}') {
            self.at += 1;
        }
        let mut name = self.name();
        if name.is_empty()
            && let Some(b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') = self.byte(0)
        {
            name = self.text[self.at..=self.at].into();
            self.at += 1;
        }
        if self.byte(0) == Some(b'[') {
            // No subscript is long, and a hostile one is not looked for again and again.
            let ahead = self.text.as_bytes()[self.at..].iter().take(128);
            let close = ahead.copied().position(|byte| matches!(byte, b']' | b'}'));
            if let Some(length) = close.filter(|length| self.byte(*length) == Some(b']')) {
                self.at += length + 1;
            }
        }
        let rest = &self.text[self.at..];
        let operator = OPERATORS.iter().copied().find(|it| rest.starts_with(it)).unwrap_or("");
        self.at += operator.len();
        let mut argument = Parts::new();
        let ended =
            self.nested(start, |parser| parser.parts(Within::Braces { quoted }, &mut argument));
        let variable = Variable { name, operator, argument };
        self.part(start, quoted, PartKind::Variable(Box::new(variable)), parts);
        if ended != Some(Ended::Closed) {
            self.error(start, start + 2, "this `${` is not closed");
        }
    }

    /// What stands between here and `))`; `None` when no arithmetic does, with nothing read.
    /// `open` is where it began.
    pub(super) fn arithmetic(&mut self, open: usize) -> Option<Parts> {
        let start = self.at;
        let kept = self.mark();
        let mut inside = Parts::new();
        let ended = self.nested(open, |parser| parser.parts(Within::Arithmetic, &mut inside));
        match ended {
            Some(Ended::Mistaken) if self.reread(self.at - start) => {
                self.at = start;
                self.reset(kept);
                return None;
            }
            Some(Ended::Closed) => {}
            _ => {
                self.at = self.text.len();
                self.error(open, start, "this arithmetic is not closed");
            }
        }
        Some(inside)
    }

    fn array(&mut self, parts: &mut Parts) {
        let open = self.at;
        self.at += 1;
        let words = self.aside(open, |parser| {
            let mut words = Vec::new();
            parser.bump();
            while !matches!(parser.token, Token::Operator(_) | Token::End) {
                if let Token::Word(word) = parser.bump() {
                    words.push(word);
                }
            }
            if parser.token != Token::Operator(")") {
                parser.error(open, open + 1, "this `(` is not closed");
            }
            words
        });
        self.part(open, false, PartKind::Array(words.unwrap_or_default().into()), parts);
    }

    /// The commands up to the closing parenthesis, which is consumed. `open` is where the
    /// construct began.
    fn substitution(&mut self, open: usize) -> List {
        self.aside(open, |parser| {
            parser.bump();
            let list = parser.list_up_to_parenthesis();
            if parser.token != Token::Operator(")") {
                parser.error(open, open + 2, "this substitution is not closed");
            }
            list
        })
        .unwrap_or_default()
    }

    fn backquotes(&mut self, quoted: bool, parts: &mut Parts) {
        let open = self.at;
        let mut end = open + 1;
        let bytes = self.text.as_bytes();
        while end < bytes.len() && bytes[end] != b'`' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let closed = end < bytes.len();
        // The text may end with a backslash.
        end = end.min(bytes.len());
        let list = self.backquoted(open, open + 1..end, quoted);
        self.at = if closed { end + 1 } else { end };
        self.part(open, quoted, PartKind::Substitution(list.into()), parts);
        if !closed {
            self.error(open, open + 1, "this backquote is not closed");
        }
    }
}

/// What may follow a name in braces, longer before shorter.
const OPERATORS: &[&str] = &[
    ":-", ":=", ":?", ":+", "##", "%%", "//", "^^", ",,", ":", "-", "=", "?", "+", "#", "%", "/",
    "^", ",", "@",
];

const fn all_but(special: &[u8]) -> [bool; 256] {
    let mut plain = [true; 256];
    let mut index = 0;
    while index < special.len() {
        plain[special[index] as usize] = false;
        index += 1;
    }
    plain
}

/// The character that an escape of `$'…'` stands for, and the length of what follows the
/// backslash; `None` for one that is left as it is.
fn c_escape(rest: &str) -> Option<(char, usize)> {
    let number = |start: usize, longest: usize, radix: u32| {
        let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
        let length = rest[start..].bytes().take(longest).take_while(is_digit).count();
        let code = u32::from_str_radix(&rest[start..start + length], radix).ok()?;
        // A zero ends the word, and other bytes beyond ASCII are only parts of a character.
        let is_whole = code > 0 && (code < 0x80 || rest.starts_with(['u', 'U']));
        char::from_u32(code).filter(|_| is_whole).map(|character| (character, start + length))
    };
    let character = match rest.bytes().next()? {
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b'e' | b'E' => '\u{1b}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\u{b}',
        byte @ (b'\\' | b'\'' | b'"' | b'?') => char::from(byte),
        b'x' => return number(1, 2, 16),
        b'u' => return number(1, 4, 16),
        b'U' => return number(1, 8, 16),
        b'0'..=b'7' => return number(0, 3, 8),
        _ => return None,
    };
    Some((character, 1))
}
