//! Scripts that an image starts with: of its build context, or written in its Dockerfile.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::model::Recipe;
use crate::model::command::Command;
use crate::model::dockerfile::{InlineFile, Step};
use crate::model::process::Process;
use crate::model::script::Ending;
use crate::model::text::Text;
use crate::source::{Span, Spanned, normalise};
use crate::syntax::dockerfile::Instruction;
use crate::syntax::shell::{self, Dialect, Node, Shell};

use super::{Around, destination_of, is_local, is_pattern, local};

/// A script that `ENTRYPOINT` or `CMD` starts.
#[derive(Clone, Debug)]
pub struct EntryScript {
    /// As `ENTRYPOINT` or `CMD` has it.
    pub word: Spanned<String>,
    /// The kernel runs it, not a shell that is given its name.
    pub is_run: bool,
    /// What `COPY` takes, where it is written.
    pub source: Span,
    pub ending: Ending,
    /// What its first line asks for, and where; `None` without a `#!`.
    pub interpreter: Option<Spanned<String>>,
    /// Where its first line ends as on Windows.
    pub carriage_return: Option<Span>,
    /// Whether it may be run in the image, where that can be told.
    pub executable: Option<bool>,
}

impl EntryScript {
    /// What runs in its place at the end, if it is one and the same in each branch.
    pub fn successor(&self) -> Option<Process> {
        let (first, others) = self.ending.replacements.split_first()?;
        let span = self.word.span;
        if first.is_under_init() {
            return Some(Process::Init { name: self.word.value.clone(), span });
        }
        let name = first.program.clone()?;
        let is_same = others.iter().all(|other| other.program.as_ref() == Some(&name));
        is_same.then_some(Process::Program { name, span, by_shell: false })
    }
}

/// What a container starts of its own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start<'a> {
    pub entrypoint: Option<&'a Command>,
    pub command: Option<&'a Command>,
}

/// Directories that are searched for a program without a `/`.
const SEARCHED: [&str; 6] =
    ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// Endings of texts that are run.
const SCRIPTS: [&str; 6] = [".sh", ".bash", ".py", ".rb", ".js", ".pl"];

/// The scripts that a container of a Dockerfile's stage starts with, one handing on to the other, if
/// they are read; else they are wanted. What `start` leaves out is the image's.
pub(super) fn scripts(
    known: &Around,
    recipe: &Recipe,
    target: usize,
    start: Start,
    wanted: &mut BTreeSet<String>,
) -> Vec<Arc<EntryScript>> {
    let settings = recipe.build.settings(target);
    let of_image = settings.entrypoint.as_deref().map(|entrypoint| &entrypoint.value);
    // A base may have an entrypoint that takes the command for its arguments.
    let passes_on = recipe.build.base_image(target).is_some_and(|base| base.passes_on());
    if start.entrypoint.or(of_image).is_none() && !passes_on {
        return Vec::new();
    }
    let command = match start.entrypoint.or(start.command) {
        Some(_) => start.command,
        None => settings.command.as_deref().map(|command| &command.value),
    };
    let workdir = settings.workdir.as_deref().map_or(Some("/"), Text::known);
    let mut scripts: Vec<Arc<EntryScript>> = Vec::new();
    for command in [start.entrypoint.or(of_image), command].into_iter().flatten() {
        let is_handed_on = scripts.iter().all(|script| script.ending.passes_on());
        let started = started(command).filter(|_| is_handed_on);
        let Some((word, is_run)) = started else { break };
        let places = places(&word.value, workdir);
        let found = places.iter().find_map(|place| find(known, recipe, target, place));
        let Some(found) = found else { break };
        let path = known.path(&found.path);
        let file = known.files.find(&path).filter(|_| found.inline.is_none());
        let script = match (found.inline, file) {
            (Some(inline), _) => {
                // BuildKit writes it for everybody to read, and for nobody to run.
                let executable = found.executable.or(Some(false));
                let place = |range| inline.content.span_of(range);
                inline
                    .content
                    .known()
                    .and_then(|text| read(word, is_run, text, &place))
                    .map(|script| EntryScript { executable, ..script })
            }
            (None, Some(file)) => {
                let place = |range: Range<usize>| Span::new(file.id, range.start, range.end);
                read(word, is_run, &file.text, &place).map(|script| EntryScript {
                    executable: found.executable.or(file.executable),
                    ..script
                })
            }
            (None, None) => {
                if !known.files.is_known(&path) {
                    wanted.insert(path);
                }
                None
            }
        };
        let Some(script) = script else { break };
        let carriage_return = script.carriage_return.filter(|_| !found.is_changed);
        scripts.push(Arc::new(EntryScript { source: found.source, carriage_return, ..script }));
    }
    scripts
}

/// The word that names what a command starts, and whether it is run as a program; shells are
/// looked behind.
fn started(command: &Command) -> Option<(Spanned<String>, bool)> {
    let script = command.script()?;
    let last = script.list.items.iter().rfind(|item| !item.pipeline.commands.is_empty())?;
    let [Node::Simple(command)] = last.pipeline.commands.as_slice() else { return None };
    let program = command.program()?;
    let word = |word: &shell::Word| Some(Spanned::new(word.literal()?.into_owned(), word.span));
    if Dialect::of_program(&program.name).is_none() {
        return Some((word(program.word)?, true));
    }
    let mut operands = program.arguments.iter();
    let script = operands.find(|it| !it.prefix().starts_with(['-', '+']))?;
    Some((word(script).filter(|_| command.inner.is_none())?, false))
}

/// Where a word leads in the image.
fn places(word: &str, workdir: Option<&str>) -> Vec<String> {
    if word.starts_with('/') {
        return vec![normalise(word)];
    }
    let here = || workdir.map(|workdir| normalise(&format!("{workdir}/{word}")));
    match word.contains('/') {
        true => here().into_iter().collect(),
        // A shell looks beside it first.
        false => {
            here().into_iter().chain(SEARCHED.iter().map(|it| format!("{it}/{word}"))).collect()
        }
    }
}

/// A file that a step puts into the image.
struct Found<'a> {
    /// In the context, or the name of a heredoc.
    path: String,
    inline: Option<&'a InlineFile>,
    source: Span,
    /// Whether a step says that it may be run.
    executable: Option<bool>,
    /// Steps may have changed its text.
    is_changed: bool,
}

/// What the last step that puts anything there puts at a place of the image.
fn find<'a>(known: &Around, recipe: &'a Recipe, target: usize, place: &str) -> Option<Found<'a>> {
    let line = recipe.build.line(target);
    let steps = line.iter().flat_map(|stage| recipe.build.stages[*stage].steps.iter().rev());
    let mut put = steps.filter(|step| is_local(step, recipe)).filter_map(|step| {
        let (path, inline, source) = put(known, step, place)?;
        Some((step, path, inline, source))
    });
    let (step, path, inline, source) = put.next()?;
    let runs = recipe.runs_of(&line);
    let commands: Vec<_> = runs.flat_map(|run| run.script.commands()).collect();
    let calls = |names: &[&str]| {
        let program = |site: &shell::Site| Some(site.command.program()?.name.into_owned());
        commands.iter().filter_map(program).any(|name| names.contains(&&*name))
    };
    Some(Found {
        path,
        inline,
        source,
        executable: mode(step.instruction(&recipe.tree))
            .or(calls(&["chmod", "install"]).then_some(true)),
        is_changed: calls(&["sed", "dos2unix", "tr", "perl", "awk"]),
    })
}

/// The file that a step puts at a place, and where it says so.
fn put<'a>(
    known: &Around,
    step: &'a Step,
    place: &str,
) -> Option<(String, Option<&'a InlineFile>, Span)> {
    let (last, sources) = step.words.split_last()?;
    let destination = destination_of(step, last)?;
    let is_directory = last.value().ends_with('/') || sources.len() > 1;
    let inner = place.strip_prefix(destination.trim_end_matches('/'));
    let inner = inner.and_then(|inner| inner.strip_prefix('/'));
    let inline = step.files.iter().find(|file| match is_directory {
        true => inner == Some(&*file.name.value),
        false => destination == place,
    });
    if let Some(file) = inline {
        return Some((file.name.value.clone(), Some(file), file.name.span));
    }
    sources.iter().find_map(|source| {
        let path = at(known, &local(source.known()?)?, &destination, place)?;
        let is_there = known.is_file(&path) && !known.ignore.excludes(&path);
        is_there.then(|| (path, None, source.span()))
    })
}

/// The path in the context of what comes to `place` when `source` is copied to `destination`.
fn at(known: &Around, source: &str, destination: &str, place: &str) -> Option<String> {
    if known.is_file(source) && destination == place {
        return Some(source.to_owned());
    }
    let inner = place.strip_prefix(destination.trim_end_matches('/'))?.strip_prefix('/')?;
    if !known.is_file(source) && !is_pattern(source) {
        return Some(normalise(&format!("{source}/{inner}")));
    }
    // A directory takes files by their names.
    let directory = source.rsplit_once('/').map_or("", |(directory, _)| directory);
    let path = normalise(&format!("./{directory}/{inner}"));
    (is_pattern(source) || path == source).then_some(path)
}

/// What `--chmod` says of being run.
fn mode(instruction: &Instruction) -> Option<bool> {
    let mode = &instruction.flag("chmod")?.value.as_ref()?.value;
    // Letters and variables may say so.
    Some(u32::from_str_radix(mode, 8).map_or(true, |mode| mode & 0o111 != 0))
}

/// Reads a text; `None` if it is no script, or one of which nothing is known.
fn read(
    word: Spanned<String>,
    is_run: bool,
    text: &str,
    place: &dyn Fn(Range<usize>) -> Span,
) -> Option<EntryScript> {
    let end = text.find('\n').unwrap_or(text.len());
    let first = &text[..end];
    let interpreter = first.strip_prefix("#!").map(|line| {
        let line = line.trim();
        Spanned::new(line.to_owned(), place(0..first.trim_end().len()))
    });
    let is_script = SCRIPTS.iter().any(|ending| word.value.ends_with(ending));
    if text.contains('\0') || interpreter.is_none() && !is_script {
        return None;
    }
    let shell = Shell::of_shebang(first.trim_end());
    // Without a first line that says otherwise, a shell that meets it reads it itself.
    let shell = shell.or((!is_run || word.value.ends_with("sh")).then(Shell::default));
    let ending = shell.map(|shell| Ending::of(&shell::parse(text, shell, place).tree));
    Some(EntryScript {
        source: word.span,
        word,
        is_run,
        ending: ending.unwrap_or_default(),
        interpreter,
        carriage_return: first.ends_with('\r').then(|| place(end - 1..end)),
        executable: None,
    })
}
