//! The arguments of a program, split into options and operands as the program does it.

use super::Word;
use crate::source::Span;

/// How a program reads its options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OptionSyntax {
    /// Options that take a value, with their dashes: `-o`, `--output`.
    pub values: &'static [&'static str],
    /// `-name` is one option, not the letters `-n`, `-a`, `-m`, `-e`; `--name` is the same one.
    pub single_dash: bool,
}

/// One argument.
#[derive(Clone, Debug)]
pub enum Argument<'a> {
    /// Letters that stand together each come alone.
    Option {
        /// With its dashes: `-y`, `--yes`.
        name: String,
        value: Option<OptionValue>,
        /// The word it stands in; the value may be the next one.
        word: &'a Word,
    },
    Operand(&'a Word),
}

/// What an option is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionValue {
    /// `None` when only running decides.
    pub text: Option<String>,
    pub span: Span,
}

impl OptionValue {
    fn of(word: &Word) -> Self {
        Self { text: word.literal().map(Into::into), span: word.span }
    }
}

/// Splits `words`, the program's own name excluded. All after `--` are operands.
pub fn arguments<'a>(
    words: &'a [Word],
    syntax: OptionSyntax,
) -> impl Iterator<Item = Argument<'a>> {
    let mut found = Vec::with_capacity(words.len());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.prefix();
        if text == "--" && !word.is_dynamic() {
            break;
        }
        if text.len() < 2 || !text.starts_with('-') {
            found.push(Argument::Operand(word));
            continue;
        }
        let takes_value = |name: &str| syntax.values.contains(&name);
        if text.starts_with("--") || syntax.single_dash {
            let dashes = usize::from(syntax.single_dash && text.starts_with("--"));
            let text = &text[dashes..];
            let (name, value) = match text.split_once('=') {
                Some((name, _)) => (name, Some(glued(word, dashes + name.len() + 1))),
                None if takes_value(text) => (text, words.next().map(OptionValue::of)),
                None => (text, None),
            };
            found.push(Argument::Option { name: name.to_owned(), value, word });
            continue;
        }
        for (at, letter) in text.char_indices().skip(1) {
            let name = format!("-{letter}");
            let rest = at + letter.len_utf8();
            // As apt has it: `-q=2`.
            if text[rest..].starts_with('=') {
                found.push(Argument::Option { name, value: Some(glued(word, rest + 1)), word });
                break;
            }
            if !takes_value(&name) {
                found.push(Argument::Option { name, value: None, word });
                continue;
            }
            let value = match rest < text.len() || word.is_dynamic() {
                true => Some(glued(word, rest)),
                false => words.next().map(OptionValue::of),
            };
            found.push(Argument::Option { name, value, word });
            break;
        }
    }
    found.extend(words.map(Argument::Operand));
    found.into_iter()
}

/// The value that begins at byte `start` of the word's text.
fn glued(word: &Word, start: usize) -> OptionValue {
    OptionValue {
        text: word.literal().map(|text| text[start..].to_owned()),
        span: word.span_from(start),
    }
}
