//! Edits that silence a finding: a comment beside it, at the top of its file, or a line of the
//! configuration. None is offered where it would change what the file says.

use std::fs;
use std::path::Path;

use gen_lsp_types::{
    CreateFile, CreateFileOptions, DocumentChange, Edit as EditorEdit,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit,
    Uri, WorkspaceEdit,
};

use crate::config::load::NAMES;
use crate::config::switch_off;
use crate::finding::Finding;
use crate::model::{Document, Tree};
use crate::source::{Edit, Files, SourceFile, Span};
use crate::suppress::names_end;
use crate::syntax::yaml::{self, Node};

use super::session::{Session, range};
use super::uri;

/// A comment that silences this finding: behind it in YAML if its line can carry one, else above
/// the instruction or the entry.
pub fn here(session: &Session, finding: &Finding) -> Option<Edit> {
    let document = session.document(finding.span.file)?;
    let file = session.files.get(finding.span.file);
    let comment = format!("# plimsoll: ignore[{}]", finding.rule);
    match &document.tree {
        Tree::Dockerfile(recipe) => {
            let around =
                |span: Span| span.start <= finding.span.start && finding.span.start <= span.end;
            let instruction = recipe.tree.instructions.iter().find(|it| around(it.span))?;
            let at = instruction.span.start;
            let joined = above_of(file, at).and_then(|line| join(file, document, line, finding));
            Some(joined.unwrap_or_else(|| above(file, at, &comment)))
        }
        Tree::Yaml(_) if !has_comments(file) => None,
        Tree::Yaml(tree) => {
            let at = finding.span.start;
            let line = file.line_span(file.line(at))?;
            let of = |part: yaml::Document| {
                let span = part.span();
                (span.start <= at && at <= span.end).then(|| Around::new(part.root(tree), at, line))
            };
            let around = tree.documents().find_map(of)?;
            let is_commented = document.comments.iter().any(|comment| line.contains(comment.span));
            let entry = around.entry.map(|entry| entry.start);
            let lines = [Some(line), entry.and_then(|entry| above_of(file, entry))];
            let mut joined = lines.into_iter().flatten();
            if let Some(joined) = joined.find_map(|line| join(file, document, line, finding)) {
                Some(joined)
            } else if around.is_open || is_commented {
                Some(above(file, entry?, &comment))
            } else {
                let span = Span { start: line.end, ..line };
                Some(Edit { span, text: format!(" {comment}") })
            }
        }
    }
}

/// A comment at the top of a file that silences a rule in all of it.
pub fn in_file(session: &Session, finding: &Finding) -> Option<Edit> {
    let document = session.document(finding.span.file)?;
    let file = session.files.get(finding.span.file);
    let after = match &document.tree {
        // Above a directive it would make a comment of it.
        Tree::Dockerfile(recipe) => {
            recipe.tree.directives.last().map(|directive| directive.span.end)
        }
        Tree::Yaml(_) if !has_comments(file) => return None,
        Tree::Yaml(_) => None,
    };
    let known = document.comments.iter();
    if let Some(known) = known.filter_map(|it| named(file, it.span, "ignore-file", finding)).next()
    {
        return Some(known);
    }
    let line = after.map_or(0, |after| file.line(after) + 1);
    let start = file.line_span(line).map_or(file.text.len() as u32, |line| line.start);
    let start = if file.text.starts_with('\u{feff}') { start.max(3) } else { start };
    let is_cut = start > 0 && !file.text[..start as usize].ends_with(['\n', '\u{feff}']);
    let text = format!("# plimsoll: ignore-file[{}]{}", finding.rule, line_end(file));
    let text = if is_cut { format!("{}{text}", line_end(file)) } else { text };
    Some(Edit { span: Span { file: file.id, start, end: start }, text })
}

/// A line of the nearest configuration that switches a rule off, or a configuration of that line.
pub fn in_configuration(session: &Session, finding: &Finding) -> Option<WorkspaceEdit> {
    let path = &session.files.get(finding.span.file).path;
    let directory = Path::new(path).parent().filter(|_| path.starts_with('/'))?;
    let mut above = directory.ancestors();
    let project = above
        .find(|directory| {
            directory.join(".git").exists() || session.folders.iter().any(|it| it == directory)
        })
        .unwrap_or(directory);
    let inside = directory.ancestors().take_while(|directory| directory.starts_with(project));
    let mut paths = inside.flat_map(|directory| NAMES.map(|name| directory.join(name)));
    let mut files = Files::default();
    let known = paths.find_map(|path| {
        let uri = uri::of_path(path.to_str()?);
        let text = match session.file(&uri) {
            Some(open) => open.text.to_string(),
            None => fs::read_to_string(&path).ok()?,
        };
        Some((uri, files.add(path.to_str()?, text)))
    });
    let Some((uri, file)) = known else {
        return created(session, &project.join(NAMES[0]), finding.rule);
    };
    let edit = switch_off(files.get(file), finding.rule)?;
    let range = range(files.get(file), edit.span, &session.client);
    let edits = vec![TextEdit { range, new_text: edit.text }];
    Some(WorkspaceEdit { changes: Some([(uri, edits)].into()), ..WorkspaceEdit::default() })
}

fn created(session: &Session, path: &Path, rule: &str) -> Option<WorkspaceEdit> {
    if !session.client.creates_files {
        return None;
    }
    let uri: Uri = uri::of_path(path.to_str()?);
    let options = CreateFileOptions { overwrite: None, ignore_if_exists: Some(true) };
    let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
    let text = format!("[rules]\n{rule} = \"off\"\n");
    let edit = TextEdit { range: Default::default(), new_text: text };
    let fill = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            version: None,
            text_document_identifier: TextDocumentIdentifier { uri },
        },
        edits: vec![EditorEdit::TextEdit(edit)],
    };
    let changes = vec![DocumentChange::CreateFile(create), DocumentChange::TextDocumentEdit(fill)];
    Some(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() })
}

/// What stands around a place in YAML.
#[derive(Default)]
struct Around {
    /// The innermost entry or item that holds it.
    entry: Option<Span>,
    /// A scalar goes on over one of the ends of the line, so a comment there would be its text.
    is_open: bool,
}

impl Around {
    fn new(root: Node, at: u32, line: Span) -> Self {
        let mut around = Self::default();
        around.descend(root, at, line);
        around
    }

    fn descend(&mut self, node: Node, at: u32, line: Span) {
        let mut node = node;
        loop {
            let entries = node.entries().into_iter();
            let mut parts: Vec<(Span, Node)> = Vec::new();
            for entry in entries {
                self.see(entry.key, line);
                self.see(entry.value, line);
                parts.push((entry.key.span().to(entry.value.span()), entry.value));
            }
            for item in node.items() {
                self.see(item, line);
                parts.push((item.span(), item));
            }
            let holds = |(span, _): &(Span, Node)| span.start <= at && at <= span.end;
            let Some((span, inner)) = parts.into_iter().find(holds) else { return };
            self.entry = Some(span);
            node = inner;
        }
    }

    fn see(&mut self, node: Node, line: Span) {
        let span = node.span();
        let crosses = |end: u32| span.start < end && end < span.end;
        self.is_open |= node.is_scalar() && (crosses(line.start) || crosses(line.end));
    }
}

/// Names the rule of a finding in the comment of a line that silences others already.
fn join(file: &SourceFile, document: &Document, line: Span, finding: &Finding) -> Option<Edit> {
    let mut comments = document.comments.iter().filter(|comment| line.contains(comment.span));
    comments.find_map(|comment| named(file, comment.span, "ignore", finding))
}

fn named(file: &SourceFile, comment: Span, kind: &str, finding: &Finding) -> Option<Edit> {
    let end = names_end(file.text_at(comment), kind)?;
    Some(Edit { span: comment.part(end..end), text: format!(", {}", finding.rule) })
}

/// The line above the one of `at`, if it is a comment.
fn above_of(file: &SourceFile, at: u32) -> Option<Span> {
    let line = file.line_span(file.line(at).checked_sub(1)?)?;
    file.text_at(line).trim_start_matches('\u{feff}').trim_start().starts_with('#').then_some(line)
}

/// A line of its own above the one of `at`, indented like it.
fn above(file: &SourceFile, at: u32, comment: &str) -> Edit {
    let line = file.line_span(file.line(at)).unwrap_or(Span::new(file.id, 0, 0));
    let text = file.text_at(line);
    let start = if text.starts_with('\u{feff}') { line.start + 3 } else { line.start };
    let indent: String = text.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let span = Span { file: file.id, start, end: start };
    Edit { span, text: format!("{indent}{comment}{}", line_end(file)) }
}

fn line_end(file: &SourceFile) -> &'static str {
    if file.text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// JSON has no comments.
fn has_comments(file: &SourceFile) -> bool {
    !file.path.ends_with(".json")
}
