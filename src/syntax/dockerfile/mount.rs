//! The options of `RUN --mount=`: comma-separated, quoted as in CSV.

use super::{Logical, Word};

/// `key=value`, or only `key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountOption {
    /// As written; keys are compared without regard to case.
    pub key: Word,
    pub value: Option<Word>,
}

impl MountOption {
    pub fn is(&self, key: &str) -> bool {
        self.key.value.eq_ignore_ascii_case(key)
    }
}

/// The options of a `--mount` flag's value. Where quotes or escapes were taken away before,
/// each option has the place of the whole value.
pub fn options(logical: &Logical, flag: &Word) -> Vec<MountOption> {
    let exact = flag.value.len() == flag.range.len();
    fields(&flag.value)
        .into_iter()
        .map(|(start, field)| {
            let word = |from: usize, text: &str| {
                let at = flag.range.start + start + from;
                let range = if exact { at..at + text.len() } else { flag.range.clone() };
                logical.word_as(text, range)
            };
            match field.split_once('=') {
                None => MountOption { key: word(0, &field), value: None },
                Some((key, value)) => {
                    let value = word(key.len() + 1, value);
                    MountOption { key: word(0, key), value: Some(value) }
                }
            }
        })
        .collect()
}

/// Why a flag's value is no list of fields, in the words of Go's reader of CSV.
pub(super) fn problem(text: &str) -> Option<String> {
    let tell = |column: usize, what: &str| {
        Some(format!("failed to parse csv mounts: parse error on line 1, column {column}: {what}"))
    };
    if text.is_empty() {
        return Some("failed to parse csv mounts: EOF".to_owned());
    }
    let mut at = 0;
    while at <= text.len() {
        let Some(quoted) = text[at..].strip_prefix('"') else {
            let length = text[at..].find(',').unwrap_or(text.len() - at);
            if let Some(quote) = text[at..at + length].find('"') {
                return tell(at + quote + 1, "bare \" in non-quoted-field");
            }
            at += length + 1;
            continue;
        };
        let end = at + 1 + closing(quoted);
        if end == text.len() {
            return tell(at + 2, "extraneous or missing \" in quoted-field");
        }
        if !matches!(text.as_bytes().get(end + 1), None | Some(b',')) {
            return tell(end + 1, "extraneous or missing \" in quoted-field");
        }
        at = end + 2;
    }
    None
}

/// Fields and where their text begins. A quoted field cannot occur where places are exact: the
/// quotes of the flag went before.
fn fields(text: &str) -> Vec<(usize, String)> {
    let mut fields = Vec::new();
    let mut at = 0;
    while at <= text.len() {
        let rest = &text[at..];
        if let Some(quoted) = rest.strip_prefix('"') {
            let length = closing(quoted);
            let field = quoted[..length].replace("\"\"", "\"");
            fields.push((at + 1, field));
            let after = at + 1 + length;
            at = text[after..].find(',').map_or(text.len() + 1, |comma| after + comma + 1);
        } else {
            let length = rest.find(',').unwrap_or(rest.len());
            fields.push((at, rest[..length].to_owned()));
            at += length + 1;
        }
    }
    fields
}

/// Where the quote that is not doubled stands, or the end.
fn closing(text: &str) -> usize {
    let mut at = 0;
    while let Some(quote) = text[at..].find('"') {
        at += quote;
        if !text[at + 1..].starts_with('"') {
            return at;
        }
        at += 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_as_in_csv() {
        let fields: Vec<_> = fields("type=bind,\"source=a,\"\"b\",target=/x,")
            .into_iter()
            .map(|(_, field)| field)
            .collect();
        assert_eq!(fields, ["type=bind", "source=a,\"b", "target=/x", ""]);
    }

    #[test]
    fn quotes_stand_around_whole_fields() {
        for right in ["a", "a,\"b,c\"", "\"a\"\"b\",c", ","] {
            assert_eq!(problem(right), None, "{right}");
        }
        let column = |text| problem(text).unwrap().split(' ').nth(11).unwrap().to_owned();
        assert_eq!(column("type=ssh [\"a\"]"), "11:");
        assert_eq!(column("type=bind,\"source=a,b\"x,target=/x"), "22:");
    }
}
