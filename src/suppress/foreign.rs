//! What other tools' comments and annotations silence: the rules that replace those they name.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::model::{Document, Tree};
use crate::rules::catalogue;
use crate::source::{Edit, SourceFile, Span};
use crate::syntax::Comment;

use super::scope::Nodes;
use super::{Name, Suppression, Suppressions, rules_of_tool};

/// How far a comment of another tool reaches.
enum Reach {
    /// The instruction or node below, or the line beside it.
    Node,
    Line,
    File,
}

/// Whether a comment may be one of another tool's suppressions.
pub fn is_word_of(comment: &str) -> bool {
    ["hadolint ", "check=", "tally ", "dclint ", "trivy:ignore:", ":skip="]
        .iter()
        .any(|word| comment.contains(word))
}

/// Reads a comment; most are none of these.
pub fn comment(file: &SourceFile, comment: Comment, nodes: &Nodes, into: &mut Suppressions) {
    let text = file.text_at(comment.span).trim_start_matches('#').trim_start();
    let Some((reach, rules)) = read(text) else { return };
    let scope = match reach {
        Reach::File => Some(Span::new(file.id, 0, file.text.len())),
        Reach::Node => nodes.under(file, comment, false),
        Reach::Line => nodes.line(file, comment),
    };
    if let Some(scope) = scope {
        push(comment.span, scope, rules, into);
    }
}

/// `# check=skip=Rule` at the head of a Dockerfile, which is a directive there.
pub fn directives(document: &Document, into: &mut Suppressions) {
    let Tree::Dockerfile(recipe) = &document.tree else { return };
    for directive in
        recipe.tree.directives.iter().filter(|directive| directive.name.value == "check")
    {
        let whole = Span { start: 0, end: u32::MAX, ..directive.span };
        push(directive.span, whole, buildkit(&directive.value.value), into);
    }
}

/// Where the annotations of other tools live, as they stand in a text.
pub const DOMAINS: [&str; 4] =
    ["kube-linter.io/", "kube-score/", "checkov.io/skip", "polaris.fairwinds.com/"];

/// The rules that an annotation of another tool silences.
pub fn annotation(key: &str, value: &str) -> Vec<&'static str> {
    let (domain, name) = key.split_once('/').unwrap_or((key, ""));
    match (domain, name) {
        ("ignore-check.kube-linter.io", check) => rules_for("kube-linter", check),
        ("kube-linter.io", "ignore-all") => rules_of_tool("kube-linter"),
        ("kube-score", "ignore") => of_list("kube-score", value),
        ("kube-score", "skip") if value == "true" => rules_of_tool("kube-score"),
        ("checkov.io", name) if name.starts_with("skip") => {
            rules_for("checkov", value.split('=').next().unwrap_or_default())
        }
        ("polaris.fairwinds.com", "exempt") if value == "true" => rules_of_tool("polaris"),
        ("polaris.fairwinds.com", name) if value == "true" => name
            .strip_suffix("-exempt")
            .map(|check| rules_for("polaris", check))
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn read(text: &str) -> Option<(Reach, Vec<&'static str>)> {
    if let Some(rest) = text.strip_prefix("hadolint ") {
        let rest = rest.trim_start();
        let (reach, rest) = match rest.strip_prefix("global ") {
            Some(rest) => (Reach::File, rest.trim_start()),
            None => (Reach::Node, rest),
        };
        return Some((reach, of_list("hadolint", list(rest.strip_prefix("ignore=")?))));
    }
    if let Some(rest) = text.strip_prefix("tally ") {
        let rest = rest.trim_start();
        let (reach, rest) = match rest.strip_prefix("global ") {
            Some(rest) => (Reach::File, rest.trim_start()),
            None => (Reach::Node, rest),
        };
        return Some((reach, of_list("tally", list(rest.strip_prefix("ignore=")?))));
    }
    if let Some(rest) = text.strip_prefix("check=") {
        return Some((Reach::Node, buildkit(rest)));
    }
    if let Some(rest) = text.strip_prefix("dclint ") {
        let (verb, rest) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        let reach = match verb {
            "disable-line" => Reach::Line,
            "disable" | "disable-file" => Reach::File,
            _ => return None,
        };
        let names: Vec<&str> = rest.split([' ', ',']).filter(|name| !name.is_empty()).collect();
        let rules = if names.is_empty() {
            rules_of_tool("dclint")
        } else {
            names.iter().flat_map(|name| rules_for("dclint", name)).collect()
        };
        return Some((reach, rules));
    }
    if let Some(rest) = text.strip_prefix("trivy:ignore:") {
        // Several may stand in one comment.
        let names = rest.split(' ').take_while(|part| !part.is_empty());
        let names = names.map(|part| part.trim_start_matches("trivy:ignore:"));
        return Some((Reach::Node, names.flat_map(|name| rules_for("trivy", name)).collect()));
    }
    let rest = ["checkov:skip=", "bridgecrew:skip=", "cortex:skip="]
        .iter()
        .find_map(|word| text.strip_prefix(word))?;
    Some((Reach::File, of_list("checkov", rest.split(':').next()?)))
}

/// The names at the start of a text: up to the blank that is no part of the list.
fn list(text: &str) -> &str {
    let mut end = 0;
    for part in text.split_inclusive(',') {
        let name = part.trim_start();
        let length = name.find([' ', '\t', ';']).unwrap_or(name.len());
        end += part.len() - name.len() + length;
        if length < name.len() && !name[length..].trim_start().starts_with(',') {
            break;
        }
        end += name.len() - length;
    }
    &text[..end]
}

/// `skip=A,B;error=true`, up to the first blank.
fn buildkit(text: &str) -> Vec<&'static str> {
    let options = text.split_whitespace().next().unwrap_or_default();
    let skip = options.split(';').find_map(|option| option.strip_prefix("skip="));
    match skip {
        Some("all") => rules_of_tool("buildkit"),
        Some(names) => of_list("buildkit", names),
        None => Vec::new(),
    }
}

fn of_list(tool: &str, names: &str) -> Vec<&'static str> {
    names.split(',').flat_map(|name| rules_for(tool, name.trim())).collect()
}

/// The rules that replace a rule of a tool.
fn rules_for(tool: &str, id: &str) -> Vec<&'static str> {
    static TABLE: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
        let mut table: HashMap<String, Vec<&'static str>> = HashMap::new();
        for entry in catalogue() {
            for (tool, id) in entry.page.replaces.iter().filter_map(|other| other.split_once('/')) {
                table.entry(key(tool, id)).or_default().push(entry.page.id);
            }
        }
        table
    });
    TABLE.get(&key(tool, id)).cloned().unwrap_or_default()
}

/// Tools are lax about their own ids: `AVD-DS-0002`, `DS-0002` and `DS002` are one to trivy.
fn key(tool: &str, id: &str) -> String {
    let id = id.to_ascii_lowercase();
    if tool != "trivy" {
        return format!("{tool}/{id}");
    }
    let id = id.trim_start_matches("avd-").replace('-', "");
    let digits = id.trim_start_matches(|c: char| !c.is_ascii_digit());
    let letters = &id[..id.len() - digits.len()];
    format!("{tool}/{letters}{}", digits.trim_start_matches('0'))
}

pub(super) fn push(span: Span, scope: Span, rules: Vec<&'static str>, into: &mut Suppressions) {
    if rules.is_empty() {
        return;
    }
    let removal = Edit { span, text: String::new() };
    let names = vec![Name { span, rules, removal }];
    let suppression = Suppression { span, scope, names, reason: true, own: false, removal: None };
    into.all.push(suppression);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_may_follow_a_list() {
        assert_eq!(list("DL3007,DL3006 any reason"), "DL3007,DL3006");
        assert_eq!(list("DL3007, DL3006 - why, though"), "DL3007, DL3006");
        assert_eq!(list("DL3007;reason=a,b"), "DL3007");
        assert_eq!(list("DL3007"), "DL3007");
        assert_eq!(list(""), "");
    }

    #[test]
    fn trivy_writes_one_id_in_three_ways() {
        assert_eq!(key("trivy", "AVD-DS-0002"), key("trivy", "DS002"));
        assert_eq!(key("trivy", "DS-0002"), key("trivy", "ds002"));
        assert_ne!(key("trivy", "KSV-0010"), key("trivy", "KSV-0001"));
    }
}
