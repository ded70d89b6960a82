//! `.env` files and `env_file`s, as compose-go's own parser reads them.

use std::ops::Range;

use crate::model::text::Text;
use crate::source::{SourceFile, Span, Spanned};

use super::template::{self, Found, Variables};

/// What an env file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFile {
    pub variables: Vec<Assignment>,
    /// Where Compose gives up and why; what stood before is kept.
    pub error: Option<Spanned<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub name: Spanned<String>,
    /// `None` where only the name stands, so that the caller's environment decides.
    pub value: Option<Text>,
}

/// Reads an env file; its values may use `variables` and those set above.
pub fn parse(file: &SourceFile, variables: &Variables) -> EnvFile {
    let text = &file.text;
    let mut parser =
        Parser { file, text, at: 0, known: variables.clone(), out: EnvFile::default() };
    if text.starts_with('\u{feff}') {
        parser.at = '\u{feff}'.len_utf8();
    }
    while parser.out.error.is_none() && parser.skip_to_statement() {
        parser.statement();
    }
    parser.out
}

struct Parser<'a> {
    file: &'a SourceFile,
    text: &'a str,
    at: usize,
    known: Variables,
    out: EnvFile,
}

impl Parser<'_> {
    /// Goes over blanks, line ends and comments; says whether anything follows.
    fn skip_to_statement(&mut self) -> bool {
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            if !self.text[self.at..].starts_with('#') {
                return self.at < self.text.len();
            }
            self.at = self.end_of_line(self.at);
        }
    }

    fn statement(&mut self) {
        let line_end = self.end_of_line(self.at);
        if let Some(rest) = self.text[self.at..line_end].strip_prefix("export")
            && rest.starts_with([' ', '\t'])
        {
            self.at = line_end - rest.trim_start().len();
        }
        let line = &self.text[self.at..line_end];
        let separator = line.find(['=', ':']);
        let name = line[..separator.unwrap_or(line.len())].trim_end();
        let span = self.span(self.at..self.at + name.len());
        let odd = |c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '-' | '[' | ']');
        if let Some(odd) = name.chars().find(|c| odd(*c)) {
            let message = format!("a variable's name cannot have `{odd}` in it");
            self.out.error = Some(Spanned::new(message, span));
            return;
        }
        let name = Spanned::new(name.to_owned(), span);
        let Some(separator) = separator else {
            self.at = line_end;
            self.out.variables.push(Assignment { name, value: None });
            return;
        };
        let rest = &line[separator + 1..];
        let start = self.at + separator + 1 + (rest.len() - rest.trim_start().len());
        let value = match self.text[start..].chars().next() {
            Some(quote @ ('"' | '\'')) => match self.quoted(start, quote) {
                Some(value) => value,
                None => {
                    let message = format!("this {quote} is never closed");
                    let span = self.span(start..line_end);
                    self.out.error = Some(Spanned::new(message, span));
                    return;
                }
            },
            _ => self.unquoted(start..line_end.max(start)),
        };
        match value.known() {
            Some(known) => self.known.replace(&name.value, known, Some(name.span)),
            None => self.known.forget(&name.value),
        }
        self.out.variables.push(Assignment { name, value: Some(value) });
    }

    /// Up to ` #` or the end of the line.
    fn unquoted(&mut self, range: Range<usize>) -> Text {
        self.at = range.end;
        let text = &self.text[range.clone()];
        let value = text.split(" #").next().unwrap_or_default().trim_end();
        self.expand(value, &[(0..value.len(), range.start)])
    }

    /// From a quote to its like, lines and escapes included.
    fn quoted(&mut self, start: usize, quote: char) -> Option<Text> {
        let mut value = String::new();
        // Runs of the value and where each stands in the file.
        let mut runs: Vec<(Range<usize>, usize)> = Vec::new();
        let mut chars = self.text[start + 1..].char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let here = start + 1 + at;
            let from = value.len();
            if c == quote {
                self.at = here + 1;
                let span = self.span(start + 1..here);
                return Some(if quote == '"' {
                    self.expand(&value, &runs)
                } else {
                    let mut text = Text::empty(span);
                    text.push(&value, span, crate::model::text::Origin::Written);
                    text
                });
            }
            match (c, chars.peek().map(|(_, next)| *next)) {
                ('\\', Some(next)) if next == quote => {
                    value.push(next);
                    chars.next();
                }
                ('\\', Some(next)) if quote == '"' => {
                    match escaped(next) {
                        Some(meant) => value.push_str(meant),
                        None => value.extend(['\\', next]),
                    }
                    chars.next();
                }
                _ => value.push(c),
            }
            match runs.last_mut() {
                Some((run, at))
                    if *at + run.len() == here && value.len() - from == c.len_utf8() =>
                {
                    run.end = value.len();
                }
                _ => runs.push((from..value.len(), here)),
            }
        }
        None
    }

    /// Interpolates a value whose `runs` stand at those bytes of the file.
    fn expand(&self, value: &str, runs: &[(Range<usize>, usize)]) -> Text {
        let place = |range: Range<usize>| {
            let run = runs.iter().rev().find(|(run, _)| run.start <= range.start);
            let (run, at) = run.cloned().unwrap_or((0..0, self.at));
            let start = at + (range.start - run.start);
            let end = (start + range.len()).min(self.text.len());
            self.span(start.min(end)..end)
        };
        let span = place(0..value.len());
        template::expand(value, span, &place, &self.known, &mut Found::default())
    }

    fn end_of_line(&self, from: usize) -> usize {
        self.text[from..].find('\n').map_or(self.text.len(), |length| from + length)
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file.id, range.start, range.end)
    }
}

/// What a backslash and this letter mean between double quotes. `\$` escapes interpolation.
fn escaped(letter: char) -> Option<&'static str> {
    Some(match letter {
        'a' => "\u{7}",
        'b' => "\u{8}",
        'c' => "",
        'f' => "\u{c}",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\u{b}",
        '$' => "$$",
        '"' => "\"",
        '\\' => "\\",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    type Shown = Vec<(String, Option<String>)>;

    fn read(text: &str) -> (Shown, Option<Range<usize>>) {
        let mut files = Files::default();
        let id = files.add(".env", text);
        let EnvFile { variables, error } = parse(files.get(id), &Variables::default());
        for variable in &variables {
            assert_eq!(files.text_at(variable.name.span), variable.name.value);
        }
        let shown = |variable: Assignment| {
            (variable.name.value, variable.value.map(|value| value.value().to_owned()))
        };
        let variables = variables.into_iter().map(shown).collect();
        (variables, error.map(|error| error.span.range()))
    }

    #[test]
    fn values_are_read_as_compose_reads_them() {
        for (text, expected) in [
            ("A=b", "b"),
            ("A = b # c", "b"),
            ("A=b#c", "b#c"),
            ("export A=b\r\n", "b"),
            ("A: b", "b"),
            ("A=\"b c\" # d", "b c"),
            ("A='$b \\n'", "$b \\n"),
            ("A=\"x\\ny\\$z\"", "x\ny$z"),
            ("A=\"two\nlines\"", "two\nlines"),
            ("A=", ""),
            ("B=x\nA=${B}y", "xy"),
            ("# c\n\n  A=${N:-d}", "d"),
            ("\u{feff}A=b", "b"),
        ] {
            let (variables, error) = read(text);
            assert_eq!(error, None, "{text}");
            let last = variables.last().and_then(|(_, value)| value.clone());
            assert_eq!(last.as_deref(), Some(expected), "{text}");
        }
        assert_eq!(read("A\nB=1").0[0], ("A".to_owned(), None));
    }

    #[test]
    fn what_compose_rejects_is_an_error_with_a_place() {
        assert_eq!(read("A=1\nB C=2").1, Some(4..7));
        assert_eq!(read("A=\"x\nB=1").1, Some(2..4));
        assert_eq!(read("A!=1").1, Some(0..2));
    }

    #[test]
    fn a_value_knows_where_it_stands() {
        let mut files = Files::default();
        let id = files.add(".env", "A=\"x y\"\nB=\"\\tz\"\n");
        let file = parse(files.get(id), &Variables::default());
        let place = |index: usize| {
            let value = file.variables[index].value.clone();
            value.map(|value| files.text_at(value.span()).to_owned())
        };
        assert_eq!(place(0).as_deref(), Some("x y"));
    }
}
