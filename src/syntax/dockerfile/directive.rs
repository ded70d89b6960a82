//! `# syntax=`, `# escape=`, `# check=` at the top of the file.

use std::ops::Range;

use super::json;

/// Where name and value of `# name = value` stand in a line that begins with `sign`.
pub(super) fn split(line: &str, sign: &str) -> Option<(Range<usize>, Range<usize>)> {
    let blank = [' ', '\t', '\u{c}', '\r'];
    let rest = line.strip_prefix(sign)?.trim_start();
    let name = line.len() - rest.len();
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let rest = rest[length..].trim_start_matches(blank).strip_prefix('=')?;
    // Of nothing but blanks, the last one is the value.
    let value = match rest.trim_matches(blank) {
        "" => line.len() - rest.chars().next_back()?.len_utf8()..line.len(),
        value => {
            let start = line.len() - rest.trim_start_matches(blank).len();
            start..start + value.len()
        }
    };
    Some((name..name + length, value))
}

/// Whether BuildKit knows a directive of that name, in lower case.
pub(super) fn is_known(name: &str) -> bool {
    matches!(name, "syntax" | "escape" | "check")
}

/// The frontend that builds this file, and where it is named. BuildKit looks for it before it
/// parses: behind a shebang, in `#` comments at the very start of their lines, else in `//`
/// comments; else the whole file is a JSON object that says it.
pub(super) fn syntax(text: &str) -> Option<(String, Range<usize>)> {
    let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
    if text[start..].starts_with("#!") {
        start += text[start..].find('\n').map_or(text.len() - start, |end| end + 1);
    }
    let range = ["#", "//"].into_iter().find_map(|sign| {
        let mut at = start;
        for line in text[start..].split_inclusive('\n') {
            let (name, value) = split(line.trim_end_matches(['\n', '\r']), sign)?;
            match line[name].to_ascii_lowercase().as_str() {
                "syntax" => {
                    let words = line[value.clone()].trim_start();
                    let length = words.find(' ').unwrap_or(words.len());
                    let from = at + value.end - words.len();
                    return Some(from..from + length);
                }
                name if is_known(name) => at += line.len(),
                _ => return None,
            }
        }
        None
    });
    if let Some(range) = range {
        return Some((text[range.clone()].to_owned(), range));
    }
    let (value, range) = json::member(&text[start..], "syntax")?;
    Some((value, start + range.start..start + range.end))
}
