//! What to say of a parser's error, and where.

use granit_parser::ErrorKind;

use crate::source::{SourceFile, Span};
use crate::syntax::SyntaxError;

/// The error at an offset of `text`, which has the file's places.
pub fn syntax_error(file: &SourceFile, text: &str, at: usize, kind: &ErrorKind) -> SyntaxError {
    let at = boundary(text, at);
    let is_at_end = text[at..].starts_with(['\n', '\r']) || at == text.len();
    let (start, end) = if is_at_end {
        let end = text[..at].trim_end().len();
        let start = text[..end].char_indices().next_back().map_or(end, |(start, _)| start);
        (start, end)
    } else {
        let rest = &text[at..];
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        (at, at + if rest.starts_with(['[', ']', '{', '}']) { first } else { word.max(first) })
    };
    let (start, end) = tab(text, at).filter(|_| is_about_tabs(kind)).unwrap_or((start, end));
    let span = Span::new(file.id, start, end);
    SyntaxError { span, message: message(kind), also: Vec::new() }
}

fn is_about_tabs(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}

/// The tabs that indent the line at `at`, or else the next ones.
fn tab(text: &str, at: usize) -> Option<(usize, usize)> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let indent = text[line..].len() - text[line..].trim_start_matches([' ', '\t']).len();
    let indented = text[line..line + indent].find('\t').map(|tab| line + tab);
    let start = indented.or_else(|| text[at..].find('\t').map(|tab| at + tab))?;
    let rest = &text[start..];
    Some((start, start + rest.len() - rest.trim_start_matches('\t').len()))
}

fn message(kind: &ErrorKind) -> String {
    let text = match kind {
        ErrorKind::UnclosedQuotedScalar => "this quote is never closed",
        ErrorKind::DocumentIndicatorInQuotedScalar => {
            "this quote is not closed before the document ends"
        }
        ErrorKind::UnclosedFlowCollection { open: '[' } => "this `[` is never closed",
        ErrorKind::UnclosedFlowCollection { .. } => "this `{` is never closed",
        kind if is_about_tabs(kind) => "a tab cannot indent in YAML: use spaces",
        ErrorKind::MappingValueNotAllowed => {
            "no value can start here: the indentation is wrong, or text with a colon needs quotes"
        }
        ErrorKind::MappingKeyNotAllowed => "no key can stand here",
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "this is neither a `key: value` nor a continued text: a colon is missing"
        }
        ErrorKind::ExpectedBlockMappingKey => "a key is expected here: the indentation is wrong",
        ErrorKind::ExpectedBlockSequenceEntry => {
            "an item `- ` is expected here: the indentation is wrong"
        }
        ErrorKind::BlockSequenceEntryNotAllowed => "no item `- ` can stand here",
        ErrorKind::ExpectedFlowMappingSeparator => "a `,` or `}` is expected here",
        ErrorKind::ExpectedFlowSequenceSeparator => "a `,` or `]` is expected here",
        ErrorKind::InvalidColonPlacement => "a `:` cannot stand here: is a bracket not closed?",
        ErrorKind::InvalidIndentation | ErrorKind::InvalidFlowScalarIndent => {
            "the indentation fits nothing above"
        }
        ErrorKind::RecursionLimitExceeded => "this is nested too deeply",
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            return format!(
                "the control character U+{:04X} cannot stand here",
                u32::from(*character)
            );
        }
        ErrorKind::UnexpectedCharacter { character } => {
            return format!("no value can start with `{character}`: it needs quotes");
        }
        ErrorKind::UnknownQuotedScalarEscape => "this has a `\\` escape that YAML does not know",
        ErrorKind::MisplacedFlowCollectionEnd => "this bracket closes nothing",
        ErrorKind::UndeclaredTagHandle => "no `%TAG` declares the handle of this tag",
        _ => return kind.to_string(),
    };
    text.to_owned()
}

/// The last offset up to `at` at which a character starts.
pub fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}
