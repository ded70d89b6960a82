//! ShellCheck beside the linter: every `RUN` of all files in one run of it, its remarks brought
//! back to the bytes that they are about.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::config::Config;
use crate::finding::Severity;
use crate::model::run::Run;
use crate::model::{Recipe, Remark, Workspace};
use crate::source::{Files, Span};
use crate::syntax::dockerfile::{Instruction, ShellText};
use crate::syntax::shell::Dialect;

/// A `#!` behind the directive, sources that are not there, and variables that `ARG` and `ENV` set.
const EXCLUDED: &str = "SC1008,SC1090,SC1091,SC1128,SC2154,SC2187";

/// Adds to `workspace` what ShellCheck says of the files that ask for it. `Some` says why it could
/// not.
pub fn run(files: &Files, workspace: &mut Workspace, config: &Config) -> Option<String> {
    let recipes = workspace
        .documents
        .iter()
        .filter(|document| files.is_linted(document.file) && config.of(document.file).shellcheck)
        .filter_map(|document| document.recipe());
    let texts: Vec<Text> = recipes.flat_map(|recipe| texts(files, recipe)).collect();
    if texts.is_empty() {
        return None;
    }
    let directory = std::env::temp_dir().join(format!("plimsoll-{}", std::process::id()));
    let remarks = remarks(&directory, &texts);
    // It is the system's to clear away what is left.
    drop(fs::remove_dir_all(&directory));
    match remarks {
        Ok(remarks) => workspace.remarks = remarks,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Some("shellcheck: there is no such program on the PATH".to_owned());
        }
        Err(error) => return Some(format!("shellcheck: {error}")),
    }
    None
}

/// A text for a shell, and the way back to the file.
struct Text<'a> {
    text: &'a str,
    dialect: &'static str,
    place: Place<'a>,
}

enum Place<'a> {
    /// The lines of an instruction, joined.
    Joined(ShellText<'a>),
    /// As it stands in the file.
    Body(Span),
}

impl Place<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        match self {
            Self::Joined(text) => text.span(start..end),
            Self::Body(body) => body.part(start..end),
        }
    }
}

fn texts<'a>(files: &'a Files, recipe: &'a Recipe) -> Vec<Text<'a>> {
    let mut seen = BTreeSet::new();
    let text = |run: &'a Run| {
        let instruction = recipe.step(run).instruction(&recipe.tree);
        // A trigger is carried out by every stage on it.
        if !seen.insert(instruction.span.start) {
            return None;
        }
        let dialect = match run.script.shell.dialect {
            Dialect::Posix => "sh",
            Dialect::Bash => "bash",
            Dialect::Dash | Dialect::Ash => "dash",
            Dialect::Ksh => "ksh",
            _ => return None,
        };
        let (text, place) = source(files, recipe, instruction)?;
        Some(Text { text, dialect, place })
    };
    recipe.runs.iter().filter_map(text).collect()
}

fn source<'a>(
    files: &'a Files,
    recipe: &'a Recipe,
    instruction: &'a Instruction,
) -> Option<(&'a str, Place<'a>)> {
    let given = instruction.shell_text()?;
    match instruction.heredocs.as_slice() {
        [] => Some((given.text, Place::Joined(given))),
        // The lines of a file within another are indented.
        [heredoc] if heredoc.marker.value == given.text.trim() && recipe.within.is_none() => {
            Some((files.text_at(heredoc.body), Place::Body(heredoc.body)))
        }
        _ => None,
    }
}

#[derive(Deserialize)]
struct Answer {
    comments: Vec<Comment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Comment {
    file: String,
    line: usize,
    end_line: usize,
    column: usize,
    end_column: usize,
    level: String,
    code: u32,
    message: String,
}

fn remarks(directory: &Path, texts: &[Text]) -> io::Result<Vec<Remark>> {
    fs::create_dir(directory)?;
    for (index, Text { text, dialect, .. }) in texts.iter().enumerate() {
        let text = format!("# shellcheck shell={dialect}\n{text}\n");
        fs::write(directory.join(index.to_string()), text)?;
    }
    let output = Command::new("shellcheck")
        .args(["--norc", "--format=json1", "--exclude", EXCLUDED, "--"])
        .args((0..texts.len()).map(|index| index.to_string()))
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()?;
    let answer: Answer = serde_json::from_slice(&output.stdout)
        .map_err(|error| io::Error::other(format!("its answer cannot be read: {error}")))?;
    Ok(answer.comments.iter().filter_map(|comment| remark(comment, texts)).collect())
}

fn remark(comment: &Comment, texts: &[Text]) -> Option<Remark> {
    let Text { text, place, .. } = texts.get(comment.file.parse::<usize>().ok()?)?;
    let start = offset(text, comment.line, comment.column)?;
    let end = offset(text, comment.end_line, comment.end_column)?;
    Some(Remark {
        span: place.span(start, end.max(start)),
        severity: match comment.level.as_str() {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => Severity::Note,
        },
        message: format!("SC{}: {}", comment.code, comment.message.trim().trim_end_matches('.')),
        help: format!("see https://www.shellcheck.net/wiki/SC{}", comment.code),
    })
}

/// The byte at a line and a column, both from 1; the first line is the directive's.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let line = line.checked_sub(2)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..)?;
    let within = rest.char_indices().nth(column.checked_sub(1)?).map_or(rest.len(), |(at, _)| at);
    Some(start + within)
}
