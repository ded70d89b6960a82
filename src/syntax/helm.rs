//! Templates of Helm charts: YAML with `{{ actions }}` in it. What an action decides is unknown,
//! the rest is read as YAML, at its own place.

mod action;

use std::ops::Range;
use std::sync::Arc;

use crate::source::{SourceFile, Span, Spanned};
use crate::syntax::Parsed;
use crate::syntax::yaml::{self, Masked, Node, Tree};

use action::{Action, LOOKAHEAD, Role};
pub use action::{Operand, alternatives};

/// Whether a file is a template by its place, in a chart's `templates`, and by its text.
pub fn is_template(file: &SourceFile) -> bool {
    let in_templates = |path: &str| path.split('/').rev().skip(1).any(|part| part == "templates");
    (in_templates(&file.project_path) || in_templates(&file.path)) && file.text.contains("{{")
}

/// Reads a template. There are never errors: what does not parse once its actions are taken out
/// may well parse when they have run.
pub fn parse(file: &SourceFile) -> Parsed<Arc<Tree>> {
    Parsed { errors: Vec::new(), ..yaml::parse_masked(file, mask(&file.text)) }
}

/// Reads a file that does not parse as it is; `None` if it does not without its actions either,
/// unless some of them only Helm runs.
pub fn parse_if_template(file: &SourceFile) -> Option<Parsed<Arc<Tree>>> {
    const OWN: [&str; 5] = [".Values", ".Release.", ".Chart.", "include \"", "template \""];
    let text = &file.text;
    let actions = if text.contains("{{") { action::find(text) } else { return None };
    let is_own = |action: &Action| OWN.iter().any(|own| action.text(text).contains(own));
    let parsed = yaml::parse_masked(file, mask(text));
    (parsed.errors.is_empty() || actions.iter().any(is_own))
        .then(|| Parsed { errors: Vec::new(), ..parsed })
}

/// A part of a scalar that actions stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    Text(Spanned<&'t str>),
    /// The whole action, its braces included.
    Action(Spanned<&'t str>),
}

/// The parts of a scalar's source, without its quotes; escapes in it stay as they are.
pub fn parts<'f>(file: &'f SourceFile, node: Node<'_>) -> Vec<Part<'f>> {
    let whole = node.content_span();
    let spanned = |range: Range<usize>| {
        let span = Span::new(file.id, range.start, range.end);
        Spanned::new(file.text_at(span), span)
    };
    let mut parts = Vec::new();
    let mut at = whole.range().start;
    for action in node.actions() {
        let action = action.range();
        if at < action.start {
            parts.push(Part::Text(spanned(at..action.start)));
        }
        at = action.end;
        parts.push(Part::Action(spanned(action)));
    }
    if at < whole.range().end {
        parts.push(Part::Text(spanned(at..whole.range().end)));
    }
    parts
}

/// Takes the actions out of a template: what is on lines of its own, or may become several
/// lines, is blanked, and what stands in the middle of a line is made letters.
pub fn mask(template: &str) -> Masked {
    let actions = action::find(template);
    let mut text = template.as_bytes().to_vec();
    let mut holes = Vec::new();
    for line in lines(template, &actions) {
        let actions = &actions[line.actions.clone()];
        let indent = &template[line.range.start..actions[0].range.start];
        let kind = line.kind(template, actions);
        for (index, action) in actions.iter().enumerate() {
            let behind = &template[action.range.end..line.range.end];
            let before = &template[line.range.start..action.range.start];
            let is_last = index + 1 == actions.len();
            let blank = match kind {
                // No indentation either, for it would count as that of a block scalar.
                LineKind::Bare => b'\n',
                LineKind::Entries if action.role != Role::Value => {
                    if behind.trim().is_empty() {
                        b' '
                    } else {
                        b'\n'
                    }
                }
                _ if is_silent(action.role) => b' ',
                _ if is_last && becomes_lines(template, before, action, &line) => b' ',
                LineKind::Mixed | LineKind::Entries => PLACEHOLDER,
            };
            let bytes = &mut text[action.range.clone()];
            bytes.fill(blank);
            if blank == b'\n' && kind == LineKind::Entries {
                let start = bytes.len().saturating_sub(indent.len());
                bytes[start..].fill(b' ');
            }
            if blank != PLACEHOLDER && action.role == Role::Value {
                holes.push(narrow(&action.range));
            }
        }
        if kind == LineKind::Bare && indent.trim().is_empty() {
            text[line.range.start..actions[0].range.start].fill(b'\n');
        }
    }
    for define in action::defines(&actions) {
        text[define].fill(b'\n');
    }
    holes.extend(action::cuts(template, &actions).iter().map(narrow));
    holes.sort_unstable_by_key(|hole| hole.start);
    Masked {
        // Whole characters are replaced by ASCII, so it is still UTF-8.
        text: String::from_utf8(text).unwrap_or_default(),
        branches: action::branches(&actions).iter().map(narrow).collect(),
        actions: actions.iter().map(|action| narrow(&action.range)).collect(),
        holes,
    }
}

/// Stands for an action's bytes in the middle of a line: good in plain and quoted scalars, keys,
/// and flow collections.
const PLACEHOLDER: u8 = b'x';

/// A line as it will be once the actions have run: line ends in actions do not end it.
struct Line {
    range: Range<usize>,
    actions: Range<usize>,
}

/// The lines with actions in them.
fn lines(template: &str, actions: &[Action]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (index, action) in actions.iter().enumerate() {
        let end = template[action.range.end..].find('\n');
        let end = end.map_or(template.len(), |length| action.range.end + length);
        match lines.last_mut() {
            Some(line) if action.range.start < line.range.end => {
                line.range.end = end.max(line.range.end);
                line.actions.end = index + 1;
            }
            _ => {
                let start = template[..action.range.start].rfind('\n').map_or(0, |end| end + 1);
                lines.push(Line { range: start..end, actions: index..index + 1 });
            }
        }
    }
    lines
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineKind {
    /// Nothing but actions, or a document's `---`.
    Bare,
    /// Actions that decide about whole entries or items: `{{ if .x }}key: value{{ end }}`.
    Entries,
    Mixed,
}

impl Line {
    fn kind(&self, template: &str, actions: &[Action]) -> LineKind {
        let ends = actions.iter().map(|action| action.range.start).skip(1).chain([self.range.end]);
        let pieces = actions.iter().zip(ends).map(|(action, end)| &template[action.range.end..end]);
        let mut pieces = pieces.map(str::trim);
        let first = &actions[0];
        let before = template[self.range.start..first.range.start].trim();
        if before.is_empty() && pieces.clone().all(|piece| matches!(piece, "" | "---")) {
            return LineKind::Bare;
        }
        let is_entry =
            |piece: &str| piece.starts_with("- ") || piece.ends_with(':') || piece.contains(": ");
        let decides = before.is_empty() && first.role != Role::Value;
        if decides && pieces.next().is_some_and(is_entry) {
            LineKind::Entries
        } else {
            LineKind::Mixed
        }
    }
}

/// Whether the last action of a line, behind a key, a dash or a block scalar's header, stands for
/// lines that follow rather than for something on its own line.
fn becomes_lines(template: &str, before: &str, action: &Action, line: &Line) -> bool {
    let behind = template[action.range.end..line.range.end].trim();
    let key = before.trim_end();
    let is_header = key.trim_end_matches(['-', '+', '2', '4']).ends_with(['|', '>']);
    let opens = key.ends_with(':') || key.ends_with("- ") || key.trim_start() == "-" || is_header;
    if !opens || !(behind.is_empty() || behind.starts_with('#')) {
        return false;
    }
    action.text(template).contains("indent ") || is_header || {
        let column = before.len() - before.trim_start_matches([' ', '-']).len();
        let lines = template[line.range.end..].lines().take(LOOKAHEAD);
        let next = lines.map(|line| (line, line.trim_start()));
        let mut next = next.filter(|(_, text)| !text.is_empty() && !text.starts_with(['#', '{']));
        next.next().is_some_and(|(line, text)| line.len() - text.len() > column)
    }
}

/// Whether an action leaves nothing behind.
fn is_silent(role: Role) -> bool {
    matches!(role, Role::Comment | Role::Assign)
}

fn narrow(range: &Range<usize>) -> Range<u32> {
    range.start as u32..range.end as u32
}

#[cfg(test)]
mod tests {
    use crate::source::Files;
    use crate::syntax::yaml::Kind;

    use super::*;

    fn read(text: &str) -> (SourceFile, Arc<Tree>) {
        let mut files = Files::default();
        let id = files.add("templates/x.yaml", text);
        let parsed = parse(files.get(id));
        assert_eq!(parsed.errors, []);
        (files.get(id).clone(), parsed.tree)
    }

    /// A tree in short: `?` for what is unknown, `!` after what may hold more.
    fn show(node: Node<'_>) -> String {
        let open = if node.is_damaged() { "!" } else { "" };
        match node.kind() {
            Kind::Null => format!("~{open}"),
            Kind::Scalar => node.text().map_or("?".to_owned(), |text| text.value.to_owned()),
            Kind::Sequence => {
                let items: Vec<_> = node.items().map(show).collect();
                format!("[{}]{open}", items.join(" "))
            }
            Kind::Mapping => {
                let shown =
                    |entry: yaml::Entry<'_>| format!("{}:{}", show(entry.key), show(entry.value));
                let entries: Vec<_> = node.entries().into_iter().map(shown).collect();
                format!("{{{}}}{open}", entries.join(" "))
            }
        }
    }

    #[test]
    fn a_template_stands_in_a_directory_of_templates_and_has_actions() {
        let is = |path: &str, text: &str| {
            let mut files = Files::default();
            let id = files.add(path, text);
            is_template(files.get(id))
        };
        assert!(is("chart/templates/web/deployment.yaml", "a: {{ .b }}"));
        assert!(!is("chart/templates/web/deployment.yaml", "a: b"));
        assert!(!is("chart/templates", "a: {{ .b }}"));
        assert!(!is("chart/values.yaml", "a: {{ .b }}"));
        let read = |text: &str| {
            let mut files = Files::default();
            let id = files.add("x.yaml", text);
            parse_if_template(files.get(id)).is_some()
        };
        assert!(read("a: {{ .Values.b }}\n b: 1\n"));
        assert!(read("{{ range .a }}\n- b: {{ .c }}\n{{ end }}\n"));
        assert!(!read("a: '{{ $labels.b }}' # .Values\n b: 1\n"));
        assert!(!read("a: 1\n b: 1\n"));
    }

    #[test]
    fn what_actions_decide_is_unknown_and_the_rest_is_known() {
        let cases = [
            ("image: {{ .a }}:{{ .b }}\nuser: root\n", "{image:? user:root}"),
            ("image: \"nginx:{{ .tag | default \"1\" }}\" # {{ x }}\n", "{image:?}"),
            ("{{- if .x }}\na: 1\n{{- else }}\na: 2\n{{- end }}\n", "{a:2}"),
            ("a:\n  {{- toYaml .x | nindent 2 }}\nb: 1\n", "{a:~! b:1}!"),
            ("a: {{ include \"x\" . | indent 2 }}\nb: 1\n", "{a:~! b:1}!"),
            ("a: {{- include \"x\" . | nindent 2 }}\n  b: 1\nc: 2\n", "{a:{b:1}! c:2}!"),
            ("a:\n  b: 1\n  {{ include \"x\" . }}\nc: 2\n", "{a:{b:1}! c:2}!"),
            ("{{ .key }}: 1\nb: 2\n", "{?:1 b:2}!"),
            ("{{/* a: \"{{\n */}}\na: 1{{/* x */}}\n", "{a:1}"),
            ("{{- define \"x\" }}\n- a\n{{- end }}\nb: 1\n", "{b:1}"),
            ("args:\n{{- range .x }}\n  - {{ . }}\n  - --y\n{{- end }}\n", "{args:[? --y]}"),
            ("a: |\n        {{- if .x }}\n  b\n        {{- end }}\nc: 1\n", "{a:? c:1}"),
            ("a: {{ if .x }}b{{ else }}c{{ end }}\nd: 1\n", "{a:? d:1}"),
            ("{{ if .x -}} a: {{- else -}} b: {{- end }}\n  c: 1\n", "{a:~ b:{c:1}}"),
            ("{{- if .x }}\na: 1\n---\n{{- end }}\nb: 1\n", "{a:1}"),
            (
                "- a: 1\n{{- if .x }}\n- b: 1\n{{- else }}\n- c: 1\n{{- end }}\n  d: 1\n",
                "[{a:1} {b:1}! {c:1 d:1}!]!",
            ),
            (
                "{{ if .x }}\n{{ if .y }}\n- a: 1\n{{ else }}\n- b: 1\n{{ end }}\n{{ else }}\n\
                 - c: 1\n{{ end }}\n  d: 1\n",
                "[{a:1}! {b:1}! {c:1 d:1}!]!",
            ),
            ("{{- if .x }}\na:\n{{- else }}\nb:\n{{- end }}\n- 1\n", "{a:~! b:[1]}!"),
            ("{{- if .x }}\n- a: 1\n{{- else }}\n- b: 1\n{{- end }}\n- c\n", "[{a:1} {b:1} c]"),
            ("a: {{ tpl\n  .x . }}\nb: [{{ .y }}, z]\n", "{a:? b:[? z]}"),
            ("a: {{ .Values.x\nb: 1\n", "{a:? b:1}"),
            ("  {{- if .x }}\n  a: 1\n{{ else }}\n- b\n{{ end }}\n", "{a:1}!"),
        ];
        for (source, expected) in cases {
            let (_, tree) = read(source);
            let root = tree.documents().next().map(|document| document.root(&tree));
            assert_eq!(root.map(show).as_deref(), Some(expected), "{source:?}: {:?}", mask(source));
        }
    }

    #[test]
    fn places_are_those_of_the_template() {
        let source = "é: {{ .é }}\n{{- if .x }}\nimage: nginx:latest\n{{- end }}\n";
        let (file, tree) = read(source);
        let root = tree.documents().next().unwrap().root(&tree);
        let image = root.get("image").unwrap();
        assert_eq!(file.text_at(image.span()), "nginx:latest");
        assert_eq!(file.text_at(image.branch().unwrap()), "\nimage: nginx:latest\n");
        assert_eq!(root.get("é").unwrap().branch(), None);
        assert!(root.get("é").unwrap().is_templated());
    }

    #[test]
    fn a_scalar_is_cut_into_text_and_actions() {
        let source = "image: \"{{ .Values.a }}/b:{{ .Values.c }}\"\n";
        let (file, tree) = read(source);
        let image = tree.documents().next().unwrap().root(&tree).get("image").unwrap();
        let parts: Vec<_> = parts(&file, image)
            .into_iter()
            .map(|part| match part {
                Part::Text(text) => format!("text {}", text.value),
                Part::Action(action) => format!("{:?}", alternatives(action.value).unwrap()),
            })
            .collect();
        assert_eq!(parts, [r#"[Path(["Values", "a"])]"#, "text /b:", r#"[Path(["Values", "c"])]"#]);
    }

    #[test]
    fn keys_in_different_branches_are_no_duplicates() {
        let (_, tree) = read("{{ if .x }}\na: 1\n{{ else }}\na: 2\n{{ end }}\n");
        assert_eq!(tree.duplicates(), []);
    }

    #[test]
    fn hostile_templates_take_no_time() {
        for unit in [
            "{{ ",
            "{{/* ",
            "{{ `",
            "{{ \"\n",
            "{{ if }}",
            "- {{ x }}\n",
            "{{ end }}",
            "{{ `\n{{ '",
        ] {
            let template = unit.repeat(200_000 / unit.len());
            assert_eq!(mask(&template).text.len(), template.len());
            assert_eq!(mask(&(template + "*/ }}")).text.len() % unit.len(), {
                (200_000 / unit.len() * unit.len() + 5) % unit.len()
            });
        }
    }
}
