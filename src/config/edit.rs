//! Changes to the text of a configuration file.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::finding::Severity;
use crate::source::{Edit, Files, SourceFile, Span};

use super::{Assignment, RuleLevel, parse};

/// The edit that switches a rule off in a configuration; `None` if that cannot be done without
/// rewriting what stands there.
pub fn switch_off(file: &SourceFile, rule: &str) -> Option<Edit> {
    let (table, _) = DeTable::parse_recoverable(&file.text);
    let off = format!("{rule} = \"off\"\n");
    let rules = table.get_ref().get("rules").map(|rules| rules.get_ref());
    let (range, text) = match rules {
        Some(DeValue::Table(rules)) => match rules.get(rule) {
            Some(level) if level.get_ref().as_str().is_some() => {
                (level.span(), "\"off\"".to_owned())
            }
            Some(options) => {
                let level = options.get_ref().as_table()?.get("level")?;
                (level.span(), "\"off\"".to_owned())
            }
            None => {
                let header = |line: &&str| line.trim_start().starts_with("[rules]");
                let header = file.text.split_inclusive('\n').find(header)?;
                let at = header.as_ptr() as usize - file.text.as_ptr() as usize + header.len();
                let start = if header.ends_with('\n') { "" } else { "\n" };
                (at..at, format!("{start}{off}"))
            }
        },
        Some(_) => return None,
        None => {
            let at = file.text.len();
            let gap = match file.text.trim_end_matches(['\n', '\r']).len() {
                0 => "",
                length if length == at => "\n\n",
                _ => "\n",
            };
            (at..at, format!("{gap}[rules]\n{off}"))
        }
    };
    let edit = Edit { span: Span::new(file.id, range.start, range.end), text };
    is_off(file, &edit, rule).then_some(edit)
}

/// Whether an edit does what it is meant to, and nothing is wrong after it that was right before.
fn is_off(file: &SourceFile, edit: &Edit, rule: &str) -> bool {
    let mut text = file.text.to_string();
    text.replace_range(edit.span.range(), &edit.text);
    let mut files = Files::default();
    let after = files.add(&file.path, text);
    let read = |file: &SourceFile| {
        let (layer, findings) = parse(file, Path::new("/"));
        (layer, findings.iter().filter(|finding| finding.severity == Severity::Error).count())
    };
    let ((layer, problems), (_, known)) = (read(files.get(after)), read(file));
    let sets = |assignment: &Assignment| matches!(assignment, Assignment::Level(id, RuleLevel::Off) if *id == rule);
    let holds = layer
        .parts
        .iter()
        .any(|part| part.paths.is_none() && part.assignments.iter().any(|it| sets(&it.value)));
    holds && problems <= known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(text: &str) -> Option<String> {
        let mut files = Files::default();
        let id = files.add("plimsoll.toml", text);
        let edit = switch_off(files.get(id), "dockerfile-syntax")?;
        let mut text = text.to_owned();
        text.replace_range(edit.span.range(), &edit.text);
        Some(text)
    }

    #[test]
    fn a_rule_is_switched_off_where_rules_are_set() {
        for (before, after) in [
            ("", "[rules]\ndockerfile-syntax = \"off\"\n"),
            ("pedantic = true\n", "pedantic = true\n\n[rules]\ndockerfile-syntax = \"off\"\n"),
            ("pedantic = true", "pedantic = true\n\n[rules]\ndockerfile-syntax = \"off\"\n"),
            (
                "[rules] # ours\nduplicate-key = \"note\"\n",
                "[rules] # ours\ndockerfile-syntax = \"off\"\nduplicate-key = \"note\"\n",
            ),
            ("[rules]", "[rules]\ndockerfile-syntax = \"off\"\n"),
            ("rules.dockerfile-syntax = 'note'", "rules.dockerfile-syntax = \"off\""),
            (
                "[rules]\ndockerfile-syntax = { level = \"error\" }\n",
                "[rules]\ndockerfile-syntax = { level = \"off\" }\n",
            ),
        ] {
            assert_eq!(off(before).as_deref(), Some(after), "{before}");
        }
    }

    #[test]
    fn nothing_is_offered_that_would_break_it() {
        assert_eq!(off("rules = {}"), None);
        assert_eq!(off("rules = 1\n"), None);
        assert_eq!(off("text = \"\"\"\n[rules]\n\"\"\"\nrules.duplicate-key = 'off'"), None);
    }
}
