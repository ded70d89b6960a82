//! Texts in which BuildKit replaces variables: literal parts, `$name`, `${name:-word}`.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// A part of such a text. All ranges are of the text that was read; what stands between two
/// parts is quotes and escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Characters that stand for themselves.
    Literal {
        range: Range<usize>,
        quoted: bool,
    },
    Variable(Variable),
    /// Here BuildKit stops reading, with this message; nothing follows.
    Error {
        at: usize,
        message: String,
    },
}

/// `$name` or `${name…}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// From the `$` to the end of the name or to the `}`.
    pub range: Range<usize>,
    pub name: Range<usize>,
    pub modifier: Option<Modifier>,
    /// Stands within double quotes: its value is not split into words.
    pub quoted: bool,
}

/// What `${…}` does with the value. `or_empty`: an empty value counts as unset (`:-`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// `-`: the word, when unset.
    Default { or_empty: bool, word: Vec<Part> },
    /// `+`: the word, when set.
    Alternative { or_empty: bool, word: Vec<Part> },
    /// `?`: the build fails when unset, and says the word.
    Required { or_empty: bool, word: Vec<Part> },
    /// `#` and `##`: without the shortest or longest prefix that matches. The pattern holds
    /// the second `#`.
    TrimPrefix(Vec<Part>),
    /// `%` and `%%`.
    TrimSuffix(Vec<Part>),
    /// `/` and `//`.
    Replace { all: bool, pattern: Vec<Part>, replacement: Vec<Part> },
    /// Anything else; the word is read, then this modifier is refused.
    Unsupported { modifier: String, word: Vec<Part> },
}

/// BuildKit sets no limit; the stack does.
const DEEPEST: usize = 64;

/// Reads all of `range`; `escape` takes the meaning of the character behind it away.
pub fn parse(text: &str, range: Range<usize>, escape: char) -> Vec<Part> {
    read(text, range, escape, true)
}

/// Reads the body of a heredoc, in which quotes stand for themselves and `\` escapes.
pub fn parse_body(text: &str) -> Vec<Part> {
    read(text, 0..text.len(), '\\', false)
}

fn read(text: &str, range: Range<usize>, escape: char, quotes: bool) -> Vec<Part> {
    let mut reader = Reader {
        text: &text[..range.end],
        offset: range.start,
        chars: text[range].char_indices().peekable(),
        escape,
        quotes,
        depth: 0,
    };
    let mut parts = Vec::new();
    if let Err(Part::Error { at, message }) = reader.until(None, false, &mut parts) {
        parts.push(Part::Error { at, message });
    }
    parts
}

/// The values of the literal parts and the variables as they are written: what stands there
/// before anything is replaced, without quotes and escapes.
pub fn unquoted(text: &str, parts: &[Part]) -> String {
    parts
        .iter()
        .map(|part| match part {
            Part::Literal { range, .. } => &text[range.clone()],
            Part::Variable(variable) => &text[variable.range.clone()],
            Part::Error { .. } => "",
        })
        .collect()
}

struct Reader<'a> {
    text: &'a str,
    offset: usize,
    chars: Peekable<CharIndices<'a>>,
    escape: char,
    /// Quotes mean something.
    quotes: bool,
    depth: usize,
}

/// `Err` is always [`Part::Error`].
type Outcome<T> = Result<T, Part>;

impl Reader<'_> {
    /// Reads up to and over `stop`, or to the end when there is none. `raw`: an escape stays
    /// part of the text.
    fn until(&mut self, stop: Option<char>, raw: bool, parts: &mut Vec<Part>) -> Outcome<()> {
        while let Some(c) = self.peek() {
            if stop == Some(c) {
                self.next();
                return Ok(());
            }
            match c {
                '\'' if self.quotes => self.single_quoted(parts)?,
                '"' if self.quotes => self.double_quoted(parts)?,
                '$' => self.dollar(false, parts)?,
                _ if c == self.escape => {
                    let start = self.at();
                    self.next();
                    let from = if raw { start } else { self.at() };
                    if self.next().is_none() && !raw {
                        continue;
                    }
                    push(parts, from..self.at(), true);
                }
                _ => {
                    let start = self.at();
                    self.next();
                    push(parts, start..self.at(), false);
                }
            }
        }
        match stop {
            None => Ok(()),
            Some(stop) => {
                self.error(format!("unexpected end of statement while looking for matching {stop}"))
            }
        }
    }

    fn single_quoted(&mut self, parts: &mut Vec<Part>) -> Outcome<()> {
        self.next();
        let start = self.at();
        loop {
            let end = self.at();
            match self.next() {
                Some('\'') => {
                    parts.push(Part::Literal { range: start..end, quoted: true });
                    return Ok(());
                }
                Some(_) => {}
                None => return self.error(unmatched("single-quote")),
            }
        }
    }

    fn double_quoted(&mut self, parts: &mut Vec<Part>) -> Outcome<()> {
        self.next();
        // Even nothing between quotes is a word.
        parts.push(Part::Literal { range: self.at()..self.at(), quoted: true });
        loop {
            let start = self.at();
            match self.peek() {
                None => return self.error(unmatched("double-quote")),
                Some('"') => {
                    self.next();
                    return Ok(());
                }
                Some('$') => self.dollar(true, parts)?,
                Some(c) => {
                    self.next();
                    let escape = self.escape;
                    let escaped = |c: &char| matches!(c, '"' | '$') || *c == escape;
                    if c == escape && self.peek().is_none() {
                        continue;
                    }
                    if c == escape && self.peek().as_ref().is_some_and(escaped) {
                        let start = self.at();
                        self.next();
                        push(parts, start..self.at(), true);
                    } else {
                        push(parts, start..self.at(), true);
                    }
                }
            }
        }
    }

    fn dollar(&mut self, quoted: bool, parts: &mut Vec<Part>) -> Outcome<()> {
        let start = self.at();
        self.next();
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                push(parts, start..name.end, quoted);
            } else {
                let range = start..name.end;
                parts.push(Part::Variable(Variable { range, name, modifier: None, quoted }));
            }
            return Ok(());
        }
        self.next();
        match self.peek() {
            None => return self.error("syntax error: missing '}'"),
            Some('{' | '}' | ':') => return self.error("syntax error: bad substitution"),
            Some(_) => {}
        }
        let name = self.name();
        let modifier = self.modifier()?;
        let range = start..self.at();
        parts.push(Part::Variable(Variable { range, name, modifier, quoted }));
        Ok(())
    }

    /// What stands between the name and the `}`, and the `}`.
    fn modifier(&mut self) -> Outcome<Option<Modifier>> {
        let mut sign = self.next();
        if sign == Some('}') {
            return Ok(None);
        }
        let or_empty = sign == Some(':');
        if or_empty {
            sign = self.next();
        }
        let shown = sign.unwrap_or(char::REPLACEMENT_CHARACTER);
        let modifier = format!("{}{shown}", if or_empty { ":" } else { "" });
        let refused = format!("unsupported modifier ({modifier}) in substitution");
        Ok(Some(match sign {
            Some('-') => Modifier::Default { or_empty, word: self.word('}', false)? },
            Some('+') => Modifier::Alternative { or_empty, word: self.word('}', false)? },
            Some('?') => Modifier::Required { or_empty, word: self.word('}', false)? },
            Some('#' | '%' | '/') | None if or_empty && sign.is_some_and(|c| c != '/') => {
                return self.error(refused);
            }
            Some('#') => Modifier::TrimPrefix(self.word('}', true)?),
            Some('%') => Modifier::TrimSuffix(self.word('}', true)?),
            Some('/') if !or_empty => {
                let all = self.peek() == Some('/');
                if all {
                    self.next();
                }
                let pattern = self.word('/', true)?;
                let replacement = self.word('}', true)?;
                Modifier::Replace { all, pattern, replacement }
            }
            _ if or_empty => Modifier::Unsupported { modifier, word: self.word('}', false)? },
            _ => return self.error(refused),
        }))
    }

    /// The word of a modifier. A wrong one stands in the parts as an error, because what comes
    /// before it is looked at first; one that does not end is wrong as a whole.
    fn word(&mut self, stop: char, raw: bool) -> Outcome<Vec<Part>> {
        if self.depth == DEEPEST {
            return self.error("substitution is nested too deeply");
        }
        self.depth += 1;
        let mut parts = Vec::new();
        let read = self.until(Some(stop), raw, &mut parts);
        self.depth -= 1;
        match read {
            Ok(()) => Ok(parts),
            Err(_) if self.peek().is_none() && stop == '/' => {
                self.error("syntax error: missing '/' in ${}")
            }
            Err(_) if self.peek().is_none() => self.error("syntax error: missing '}'"),
            Err(error) => Err(error),
        }
    }

    /// A name, a number, or one of the shell's special parameters; possibly nothing.
    fn name(&mut self) -> Range<usize> {
        let start = self.at();
        let word = |c: &char| c.is_alphanumeric() || *c == '_';
        match self.peek() {
            Some(c) if c.is_ascii_digit() => {
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.next();
                }
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => {
                self.next();
            }
            _ => {
                while self.peek().as_ref().is_some_and(word) {
                    self.next();
                }
            }
        }
        start..self.at()
    }

    fn error<T>(&mut self, message: impl Into<String>) -> Outcome<T> {
        Err(Part::Error { at: self.at(), message: message.into() })
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|(_, c)| *c)
    }

    fn next(&mut self) -> Option<char> {
        self.chars.next().map(|(_, c)| c)
    }

    fn at(&mut self) -> usize {
        self.chars.peek().map_or(self.text.len(), |(at, _)| self.offset + at)
    }
}

fn unmatched(quote: &str) -> String {
    format!("unexpected end of statement while looking for matching {quote}")
}

/// Adds literal text, to the last part when it goes on there.
fn push(parts: &mut Vec<Part>, range: Range<usize>, quoted: bool) {
    match parts.last_mut() {
        Some(Part::Literal { range: last, quoted: was })
            if *was == quoted && last.end == range.start =>
        {
            last.end = range.end;
        }
        _ => parts.push(Part::Literal { range, quoted }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let parts = parse(text, 0..text.len(), '\\');
        show(text, &parts)
    }

    fn show(text: &str, parts: &[Part]) -> String {
        let mut out = String::new();
        for part in parts {
            match part {
                Part::Literal { range, quoted: true } => {
                    out += &format!("'{}'", &text[range.clone()])
                }
                Part::Literal { range, .. } => out += &format!("<{}>", &text[range.clone()]),
                Part::Error { message, .. } => out += &format!("!{message}"),
                Part::Variable(variable) => {
                    let word = match &variable.modifier {
                        None => String::new(),
                        Some(Modifier::Default { word, .. }) => format!("-{}", show(text, word)),
                        Some(_) => "~".to_owned(),
                    };
                    out += &format!("${}{word}", &text[variable.name.clone()]);
                }
            }
        }
        out
    }

    #[test]
    fn quotes_and_escapes_are_not_part_of_a_text() {
        assert_eq!(shown(r#"a"b c"'d'\e"#), "<a>'b c''d''e'");
        assert_eq!(shown(r#""\$V \" \n""#), r#"'''$V ''" \n'"#);
        assert_eq!(shown("a\\"), "<a>");
    }

    #[test]
    fn names_end_where_shells_end_them() {
        assert_eq!(shown("$V_x$V-x"), "$V_x$V<-x>");
        assert_eq!(shown("$10x$$$"), "$10<x>$$<$>");
        assert_eq!(shown("${a:-${b:-c}d}e"), "$a-$b-<c><d><e>");
    }

    #[test]
    fn the_first_mistake_ends_the_text() {
        assert_eq!(shown("a${"), "<a>!syntax error: missing '}'");
        assert_eq!(shown("${V"), "!unsupported modifier (\u{fffd}) in substitution");
        assert_eq!(shown("${V/a}"), "!syntax error: missing '/' in ${}");
        assert_eq!(shown("${#V}"), "!unsupported modifier (V) in substitution");
        assert_eq!(
            shown("'a"),
            "!unexpected end of statement while looking for matching single-quote"
        );
    }

    #[test]
    fn depth_costs_no_stack() {
        let text = "${a:-".repeat(100_000);
        assert!(shown(&text).starts_with('!'));
    }
}
