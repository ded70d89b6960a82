//! The markers of here-documents in a logical line.

use std::ops::Range;

use super::word::{self, Part};

/// A redirection that opens a here-document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// All of it.
    pub range: Range<usize>,
    /// The delimiter as written, and without its quotes.
    pub delimiter: Range<usize>,
    pub name: String,
    pub descriptor: u32,
    pub chomp: bool,
    pub expand: bool,
}

/// The markers in a logical line. BuildKit splits it into words as if it were one shell word
/// list with `\` as escape: a quote that is not closed or a substitution that it does not know
/// leaves no marker at all, and text before `${name:-…}` in the same word is lost.
pub(super) fn markers(line: &str) -> Vec<Marker> {
    if !line.contains('<') || !line.contains("<<") {
        return Vec::new();
    }
    let mut markers = Vec::new();
    let mut pending: Option<Range<usize>> = None;
    for word in words(line) {
        let whole = pending.take().map_or(word.start, |before| before.start)..word.end;
        let text = &line[word.clone()];
        // `<< EOF` is one redirection; `<<- EOF` is not.
        if text.trim_start_matches(|c: char| c.is_ascii_digit()) == "<<" {
            pending = Some(whole);
        } else {
            markers.extend(marker(line, whole));
        }
    }
    markers
}

/// The marker that a word is, blanks allowed after its `<<`.
pub(super) fn marker(line: &str, range: Range<usize>) -> Option<Marker> {
    let text = &line[range.clone()];
    let (descriptor, rest) = text.split_once("<<")?;
    if !descriptor.bytes().all(|byte| byte.is_ascii_digit()) || rest.contains('<') {
        return None;
    }
    let bare = rest.strip_prefix('-');
    let delimiter = bare.unwrap_or(rest).trim_start_matches([' ', '\t']);
    let delimiter = range.end - delimiter.len()..range.end;
    let parts = word::parse(line, delimiter.clone(), '\\');
    let name = word::unquoted(line, &parts);
    let wrong = parts.iter().any(|part| matches!(part, Part::Error { .. }));
    if wrong || name.is_empty() || line[delimiter.clone()].starts_with(char::is_whitespace) {
        return None;
    }
    Some(Marker {
        range,
        descriptor: descriptor.parse().unwrap_or(0),
        chomp: bare.is_some(),
        expand: !line[delimiter.clone()].contains(['\'', '"']),
        delimiter,
        name,
    })
}

fn words(line: &str) -> Vec<Range<usize>> {
    let parts = word::parse(line, 0..line.len(), '\\');
    if let Some(Part::Error { .. }) = parts.last() {
        return Vec::new();
    }
    let mut words = Vec::new();
    let mut start: Option<usize> = None;
    let mut end = 0;
    for part in parts {
        let (range, quoted, modified) = match part {
            Part::Literal { range, quoted } => (range, quoted, false),
            Part::Variable(variable) => {
                (variable.range, variable.quoted, variable.modifier.is_some())
            }
            Part::Error { .. } => continue,
        };
        // A quote or an escape stands before it.
        if range.start > end && start.is_none() {
            start = Some(end);
        }
        if modified && !quoted {
            start = None;
        }
        if quoted {
            start.get_or_insert(range.start);
        } else {
            for (offset, c) in line[range.clone()].char_indices() {
                if c.is_whitespace() {
                    words.extend(start.take().map(|start| start..range.start + offset));
                } else {
                    start.get_or_insert(range.start + offset);
                }
            }
        }
        end = range.end;
    }
    words.extend(start.map(|start| start..line.len()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<String> {
        markers(line).into_iter().map(|marker| marker.name).collect()
    }

    #[test]
    fn a_marker_is_a_word_of_its_own() {
        assert_eq!(names("RUN <<A cat && 3<<-\"B c\" x"), ["A", "B c"]);
        assert_eq!(names("RUN cat << EOF <<\\ A"), ["EOF", " A"]);
        for line in [
            "RUN cat <<- EOF",
            "RUN cat<<EOF",
            "RUN a <<< x",
            "RUN a \\<\\<A",
            "RUN <<",
            "RUN <<\u{c}A",
        ] {
            assert!(names(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_split_has_no_markers() {
        assert!(names("RUN echo it's && cat <<EOF").is_empty());
        assert!(names("RUN cat <<${y:-EOF}").is_empty());
    }
}
