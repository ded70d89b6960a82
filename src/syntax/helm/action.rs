//! The actions of a template: where they are, what they do, what they take from the values.

use std::ops::Range;

/// An action, its braces included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub range: Range<usize>,
    pub role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Comment,
    /// `$x := ...`
    Assign,
    /// `if`, `with`, `range`, `block`
    Open,
    Define,
    Else,
    End,
    /// Leaves text behind.
    Value,
}

/// What an action's text may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand<'t> {
    /// `.Values.image.tag` as `["Values", "image", "tag"]`.
    Path(Vec<&'t str>),
    /// A string without escapes, or a number, as it is written.
    Text(&'t str),
}

impl Action {
    /// What stands between the braces.
    pub fn text<'t>(&self, template: &'t str) -> &'t str {
        inner(&template[self.range.clone()])
    }
}

/// All actions of a template, in order. An unclosed one ends with its line.
pub fn find(template: &str) -> Vec<Action> {
    let last_comment = template.rfind("*/").unwrap_or_default();
    let mut actions = Vec::new();
    let mut from = 0;
    while let Some(start) = template[from..].find("{{").map(|at| from + at) {
        from = if start < last_comment && starts_comment(&template[start + 2..]) {
            comment_end(template, start)
        } else {
            action_end(template, start + 2)
        };
        let role = role(inner(&template[start..from]));
        actions.push(Action { range: start..from, role });
    }
    actions
}

fn starts_comment(inside: &str) -> bool {
    inside.strip_prefix('-').unwrap_or(inside).trim_start().starts_with("/*")
}

/// Where the comment that starts at `from` ends, its braces included if they are there.
fn comment_end(template: &str, from: usize) -> usize {
    let end = template[from..].find("*/").map_or(template.len(), |at| from + at + 2);
    let rest = &template[end..];
    let behind = rest.trim_start().trim_start_matches('-').trim_start();
    if behind.starts_with("}}") { template.len() - behind.len() + 2 } else { end }
}

/// Where the action whose inside starts at `from` ends.
fn action_end(template: &str, from: usize) -> usize {
    let rest = &template[from..];
    let mut bytes = rest.bytes().enumerate();
    let mut quote = None;
    while let Some((at, byte)) = bytes.next() {
        let is_double = rest.as_bytes().get(at + 1) == Some(&byte);
        match (quote, byte) {
            (Some(b'"' | b'\''), b'\\') => drop(bytes.next()),
            // Only a text in back quotes goes over the end of a line.
            (Some(b'"' | b'\''), b'\n') => quote = None,
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'}') if is_double => return from + at + 2,
            // No action stands in another one.
            (None, b'{') if is_double => break,
            _ => {}
        }
    }
    from + rest.find('\n').unwrap_or(rest.len())
}

/// Without braces, trim markers and blanks around.
fn inner(action: &str) -> &str {
    let text = action.strip_prefix("{{").unwrap_or(action);
    let text = text.strip_suffix("}}").unwrap_or(text);
    let text = text.strip_prefix('-').filter(|rest| rest.starts_with(is_blank)).unwrap_or(text);
    let text = text.strip_suffix('-').filter(|rest| rest.ends_with(is_blank)).unwrap_or(text);
    text.trim()
}

fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace()
}

fn role(text: &str) -> Role {
    if text.starts_with("/*") {
        return Role::Comment;
    }
    let word = text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    match word {
        "if" | "with" | "range" | "block" => Role::Open,
        "define" => Role::Define,
        "else" => Role::Else,
        "end" | "break" | "continue" if word == text => match word {
            "end" => Role::End,
            _ => Role::Comment,
        },
        _ if is_assignment(text) => Role::Assign,
        _ => Role::Value,
    }
}

/// `$x := ...`, `$x = ...`, and a function called only for what it does: `$_ := set ...` is the
/// usual way to write that.
fn is_assignment(text: &str) -> bool {
    let Some(name) = text.strip_prefix('$') else { return false };
    let rest = name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').trim_start();
    rest.starts_with(":=") || (rest.starts_with('=') && !rest.starts_with("=="))
}

/// The ranges of all `define`s, from their first to their last brace.
pub fn defines(actions: &[Action]) -> Vec<Range<usize>> {
    let mut open: Vec<&Action> = Vec::new();
    let mut found = Vec::new();
    for action in actions {
        match action.role {
            Role::Open | Role::Define => open.push(action),
            Role::End => {
                if let Some(start) = open.pop().filter(|start| start.role == Role::Define) {
                    found.push(start.range.start..action.range.end);
                }
            }
            Role::Comment | Role::Assign | Role::Else | Role::Value => {}
        }
    }
    found
}

/// What stands between the actions that decide whether and how often it is there.
pub fn branches(actions: &[Action]) -> Vec<Range<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for action in actions {
        if matches!(action.role, Role::Else | Role::End) {
            found.extend(open.pop().map(|start| start..action.range.start));
        }
        if matches!(action.role, Role::Open | Role::Define | Role::Else) {
            open.push(action.range.end);
        }
    }
    found.sort_unstable_by_key(|branch| (branch.start, std::cmp::Reverse(branch.end)));
    found
}

/// The `else`s with a piece of an entry or of an item before them, which what stands behind their
/// `end` goes on with.
pub fn cuts(template: &str, actions: &[Action]) -> Vec<Range<usize>> {
    // Where the latest branch starts, and the `else`s up to there, each with where its branch does.
    let mut open: Vec<(usize, Vec<(usize, &Action)>)> = Vec::new();
    let mut found = Vec::new();
    for (index, action) in actions.iter().enumerate() {
        match action.role {
            Role::Open | Role::Define => open.push((action.range.end, Vec::new())),
            Role::Else => {
                if let Some((start, elses)) = open.last_mut() {
                    elses.push((std::mem::replace(start, action.range.end), action));
                }
            }
            Role::End => {
                let mut elses = open.pop().map(|(_, elses)| elses).unwrap_or_default();
                let behind = actions.get(index + 1).filter(|next| {
                    let between = &template[action.range.end..next.range.start];
                    next.role == Role::Else && between.trim().is_empty()
                });
                // What ends together with the branch around it goes on behind that.
                if let (Some(_), Some((_, outer))) = (behind, open.last_mut()) {
                    outer.append(&mut elses);
                    continue;
                }
                let Some(next) = content(&template[action.range.end..]) else { continue };
                found.extend(elses.into_iter().filter_map(|(start, action)| {
                    let first = content(&template[start..action.range.start])?;
                    goes_on(first, next).then(|| action.range.clone())
                }));
            }
            Role::Comment | Role::Assign | Role::Value => {}
        }
    }
    found
}

/// How many lines are looked at for the next one with text.
pub const LOOKAHEAD: usize = 100;

/// The first line below with something else in it than actions and comments.
fn content(text: &str) -> Option<&str> {
    let mut lines = text.lines().skip(1).take(LOOKAHEAD);
    lines.find(|line| !matches!(line.trim_start().as_bytes(), [] | [b'#' | b'{', ..]))
}

/// Whether a line is of what another one began.
fn goes_on(first: &str, next: &str) -> bool {
    let column = |line: &str| line.len() - line.trim_start().len();
    let is_item = |line: &str| line.trim_start().starts_with("- ");
    column(next) > column(first)
        || (column(next) == column(first) && is_item(next) && !is_item(first))
}

/// What an action's text is: that of the first operand that is there and not empty. `None` when
/// it is anything but plain references with defaults.
pub fn alternatives(action: &str) -> Option<Vec<Operand<'_>>> {
    let mut stages = inner(action).split('|').map(words);
    let mut found = match stages.next()??.as_slice() {
        [single] => vec![operand(single)?],
        ["default", fallback, first] => vec![operand(first)?, operand(fallback)?],
        ["quote" | "squote" | "toString" | "int" | "int64", single] => vec![operand(single)?],
        _ => return None,
    };
    for stage in stages {
        match stage?.as_slice() {
            ["quote" | "squote" | "toString" | "int" | "int64"] => {}
            ["default", fallback] => found.push(operand(fallback)?),
            _ => return None,
        }
    }
    Some(found)
}

/// The words of a pipeline's stage; `None` if it has strings with blanks or parentheses.
fn words(stage: &str) -> Option<Vec<&str>> {
    let words: Vec<&str> = stage.split_whitespace().collect();
    let is_plain = !stage.contains(['(', ')', '`', '\\'])
        && words.iter().all(|word| !word.contains('"') || string(word).is_some());
    (is_plain && !words.is_empty()).then_some(words)
}

fn string(word: &str) -> Option<&str> {
    let text = word.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('"')).then_some(text)
}

fn operand(word: &str) -> Option<Operand<'_>> {
    if let Some(text) = string(word) {
        return Some(Operand::Text(text));
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(Operand::Text(word));
    }
    let path = word.strip_prefix('$').unwrap_or(word).strip_prefix('.')?;
    let path: Vec<&str> = path.split('.').collect();
    let is_name =
        |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let is_known = matches!(path[..], ["Values" | "Chart", _, ..]) && path.iter().all(is_name);
    is_known.then_some(Operand::Path(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(template: &str) -> Vec<(&str, Role)> {
        find(template).into_iter().map(|a| (&template[a.range], a.role)).collect()
    }

    #[test]
    fn strings_and_comments_may_hold_braces() {
        let template = "a{{ \"}}\" }}b{{/* }} */}}c{{`}}\n{{`}}d{{- /* x */ -}}e{{ '}' }}";
        assert_eq!(
            actions(template),
            [
                ("{{ \"}}\" }}", Role::Value),
                ("{{/* }} */}}", Role::Comment),
                ("{{`}}\n{{`}}", Role::Value),
                ("{{- /* x */ -}}", Role::Comment),
                ("{{ '}' }}", Role::Value),
            ]
        );
    }

    #[test]
    fn an_unclosed_action_ends_with_its_line() {
        assert_eq!(actions("a: {{ x\nb: 1"), [("{{ x", Role::Value)]);
        assert_eq!(actions("{{"), [("{{", Role::Value)]);
    }

    #[test]
    fn roles_are_told_apart() {
        for (text, role) in [
            ("{{- if .x -}}", Role::Open),
            ("{{else if .y}}", Role::Else),
            ("{{- end }}", Role::End),
            ("{{ $a := .b }}", Role::Assign),
            ("{{ $a = .b }}", Role::Assign),
            ("{{ $a }}", Role::Value),
            ("{{ $a.endpoint }}", Role::Value),
            ("{{ define \"x\" }}", Role::Define),
            ("{{ ifs }}", Role::Value),
            ("{{ template \"x\" . }}", Role::Value),
        ] {
            assert_eq!(actions(text)[0].1, role, "{text}");
        }
    }

    #[test]
    fn plain_references_are_resolved_and_nothing_else() {
        fn path(path: &str) -> Operand<'_> {
            Operand::Path(path.split('.').collect())
        }
        let cases: [(&str, Option<Vec<Operand<'_>>>); 9] = [
            ("{{ .Values.image.tag }}", Some(vec![path("Values.image.tag")])),
            ("{{- $.Values.tag | quote -}}", Some(vec![path("Values.tag")])),
            (
                "{{ .Values.tag | default .Chart.AppVersion }}",
                Some(vec![path("Values.tag"), path("Chart.AppVersion")]),
            ),
            ("{{ default \"x\" .Values.a }}", Some(vec![path("Values.a"), Operand::Text("x")])),
            ("{{ include \"x\" . }}", None),
            ("{{ .tag }}", None),
            ("{{ .Values.a | upper }}", None),
            ("{{ $x }}", None),
            ("{{ printf \"%s:%s\" .Values.a .Values.b }}", None),
        ];
        for (action, expected) in cases {
            assert_eq!(alternatives(action), expected, "{action}");
        }
    }
}
