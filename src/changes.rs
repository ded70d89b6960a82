//! Which lines changed: what `git diff` says, read.

use std::collections::HashMap;
use std::ops::Range;

use crate::finding::Finding;
use crate::source::{Files, Span};

/// The lines of files that changed, by the files' paths from the root of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// 0-based lines; `None` is all of a file.
    files: HashMap<String, Option<Vec<Range<u32>>>>,
}

impl Changes {
    /// Reads the output of `git diff --unified=0 --no-prefix`. Text that is none of it is passed
    /// over.
    pub fn parse(diff: &str) -> Self {
        let mut changes = Self::default();
        let mut path = None;
        // Lines of a hunk still to come: they may look like anything.
        let mut left = 0;
        for line in diff.lines() {
            if left > 0 {
                left -= u32::from(!line.starts_with('\\'));
            } else if let Some(name) = line.strip_prefix("+++ ") {
                path = Some(unquote(name.trim_end_matches('\t')));
            } else if let Some((removed, added)) = hunk(line)
                && let Some(path) = &path
            {
                left = removed + (added.end - added.start);
                let lines = changes.files.entry(path.clone()).or_insert_with(|| Some(Vec::new()));
                lines.iter_mut().for_each(|lines| lines.push(added.clone()));
            }
        }
        changes
    }

    /// All lines of a file are new.
    pub fn add_file(&mut self, path: &str) {
        self.files.insert(path.to_owned(), None);
    }

    /// Whether a finding, or a place that belongs to it, is on a line that changed. `path` tells
    /// a file's path from the root of the repository.
    pub fn touch(
        &self,
        files: &Files,
        finding: &Finding,
        path: impl Fn(&str) -> Option<String>,
    ) -> bool {
        let changed = |span: Span| {
            let file = files.get(span.file);
            let lines = path(&file.path).and_then(|path| self.files.get(&path));
            let (first, last) = (file.line(span.start), file.line(span.end));
            lines.is_some_and(|lines| {
                lines.as_ref().is_none_or(|lines| {
                    lines.iter().any(|lines| lines.start <= last && first < lines.end)
                })
            })
        };
        changed(finding.span) || finding.also.iter().any(|(span, _)| changed(*span))
    }
}

/// `@@ -1,2 +3,4 @@`: how many lines went, and which (0-based) came.
fn hunk(line: &str) -> Option<(u32, Range<u32>)> {
    let rest = line.strip_prefix("@@ -")?;
    let (removed, rest) = rest.split_once(" +")?;
    let (added, _) = rest.split_once(" @@")?;
    let range = |text: &str| -> Option<(u32, u32)> {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    let (start, count) = range(added)?;
    let start = start.saturating_sub(1);
    Some((range(removed)?.1, start..start.saturating_add(count)))
}

/// A path as git writes it: in quotes, with octal escapes, if it has unusual bytes.
fn unquote(name: &str) -> String {
    let Some(quoted) = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut bytes = Vec::new();
    let mut rest = quoted.bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let mut octal = String::new();
        while let Some(digit) = rest.next_if(|byte| octal.len() < 3 && (b'0'..b'8').contains(byte))
        {
            octal.push(char::from(digit));
        }
        bytes.extend(match u8::from_str_radix(&octal, 8) {
            Ok(byte) => Some(byte),
            Err(_) => rest.next().map(|byte| match byte {
                b'n' => b'\n',
                b't' => b'\t',
                other => other,
            }),
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_says_which_lines_came() {
        let diff = "diff --git a/x b/x\n--- x\n+++ x\n@@ -1,2 +3,4 @@ FROM\n-a\n-+++ y\n+b\n+b\n\
                    ++++ z\n+b\n@@ -9 +12 @@\n-a\n+b\n\\ No newline at end of file\n@@ -20,2 +22,0 @@\n\
                    -a\n-b\n--- \"caf\\303\\251\"\n+++ \"caf\\303\\251\"\n@@ -0,0 +1 @@\n+a\n@@ -8,0 +9 @@\n+a\n";
        let changes = Changes::parse(diff);
        assert_eq!(changes.files["x"], Some(vec![2..6, 11..12, 21..21]));
        assert_eq!(changes.files["café"], Some(vec![0..1, 8..9]));
        assert_eq!(changes.files.len(), 2);
    }
}
