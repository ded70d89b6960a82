//! What a comment stands on: the instruction or stage, the entry, item or object.

use std::collections::BTreeMap;

use crate::model::{Document, Format, Tree};
use crate::source::{SourceFile, Span};
use crate::syntax::Comment;
use crate::syntax::dockerfile::Keyword;
use crate::syntax::yaml::Node;

/// The nodes of a file that a comment can stand on.
#[derive(Debug, Default)]
pub struct Nodes {
    /// By the line (0-based) on which they start.
    lines: BTreeMap<u32, Starts>,
    /// Where the first of them starts.
    pub first: Option<u32>,
    /// Dockerfile instructions, in their order.
    instructions: Vec<Span>,
}

/// What starts on one line.
#[derive(Clone, Copy, Debug)]
struct Starts {
    outermost: Span,
    innermost: Span,
    /// Of a Dockerfile's `FROM`: to the end of the stage.
    stage: Option<Span>,
}

impl Nodes {
    pub fn read(file: &SourceFile, document: &Document) -> Self {
        let mut nodes = Self::default();
        match &document.tree {
            Tree::Dockerfile(recipe) => {
                let tree = &recipe.tree;
                let end = recipe.within.map_or(file.text.len() as u32, |within| within.end);
                let mut stage_end = end;
                for instruction in tree.instructions.iter().rev() {
                    let span = instruction.span;
                    let is_from = instruction.kind == Keyword::From;
                    let stage = is_from.then_some(Span { end: stage_end, ..span });
                    if is_from {
                        stage_end = span.start;
                    }
                    let starts = Starts { outermost: span, innermost: span, stage };
                    nodes.lines.insert(file.line(span.start), starts);
                    nodes.first = Some(span.start);
                }
                nodes.instructions =
                    tree.instructions.iter().map(|instruction| instruction.span).collect();
            }
            Tree::Yaml(tree) => {
                for part in tree.documents() {
                    let root = part.root(tree);
                    if document.format == Format::Kubernetes {
                        nodes.add(file, root.span());
                    }
                    nodes.collect(file, root);
                }
            }
        }
        nodes
    }

    fn collect(&mut self, file: &SourceFile, node: Node) {
        for entry in node.entries() {
            if entry.key.used_at().is_some() || entry.value.used_at().is_some() {
                self.add(file, entry.key.span());
                continue;
            }
            self.add(file, entry.key.span().to(entry.value.span()));
            self.collect(file, entry.value);
        }
        for item in node.items().filter(|item| item.used_at().is_none()) {
            self.add(file, item.span());
            self.collect(file, item);
        }
    }

    fn add(&mut self, file: &SourceFile, span: Span) {
        let starts = self.lines.entry(file.line(span.start)).or_insert(Starts {
            outermost: span,
            innermost: span,
            stage: None,
        });
        if span.end > starts.outermost.end {
            starts.outermost = span;
        }
        if span.start >= starts.innermost.start {
            starts.innermost = span;
        }
        self.first = Some(self.first.map_or(span.start, |first| first.min(span.start)));
    }

    /// What a comment stands on: beside a node its line and the last node that starts on it,
    /// above a node that node. With `stage`, a `FROM` stands for its stage.
    pub fn under(&self, file: &SourceFile, comment: Comment, stage: bool) -> Option<Span> {
        let line = file.line(comment.span.start);
        let line_span = file.line_span(line)?;
        let before = file.text_at(Span { end: comment.span.start, ..line_span });
        // `- # comment` and `--- # comment` stand on what follows, as does one behind a byte order
        // mark.
        if !before.trim_matches(['-', ' ', '\t', '\u{feff}']).is_empty() {
            let inner = self.lines.get(&line).map_or(line_span, |starts| starts.innermost);
            return Some(line_span.to(inner));
        }
        let around = self.instructions.partition_point(|span| span.end < comment.span.end);
        if let Some(around) = self.instructions.get(around)
            && around.start < comment.span.start
        {
            return next_line(file, line, around.end);
        }
        let (_, starts) = self.lines.range(line + 1..).next()?;
        Some(starts.stage.filter(|_| stage).unwrap_or(starts.outermost))
    }

    /// Only the line that a comment stands beside or above.
    pub fn line(&self, file: &SourceFile, comment: Comment) -> Option<Span> {
        let line = file.line(comment.span.start);
        if comment.own_line {
            let (next, _) = self.lines.range(line + 1..).next()?;
            return file.line_span(*next);
        }
        file.line_span(line)
    }
}

/// The next line within a continued instruction that is no comment.
fn next_line(file: &SourceFile, line: u32, end: u32) -> Option<Span> {
    let lines = (line + 1..).map_while(|line| file.line_span(line));
    lines.take_while(|span| span.start < end).find(|span| {
        let text = file.text_at(*span).trim_start();
        !text.is_empty() && !text.starts_with('#')
    })
}
