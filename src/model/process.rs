//! Process 1 of a container: what the kernel starts first, as far as the files tell.

use std::ops::Range;

use crate::knowledge::inits;
use crate::source::{Span, Spanned};
use crate::syntax::shell::{self, Dialect, Item, Node, Program, Script, Separator, Shell};

use super::command::Command;
use super::container::Start;
use super::setting::Setting;

/// What runs as process 1. The span is the whole command's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Process {
    /// A program, by the last component of its path.
    Program { name: String, span: Span },
    /// A shell that stays, and what it runs last, if that can be told.
    Shell { runs: Option<String>, span: Span },
    /// An init that was put there.
    Init { name: String, span: Span },
}

/// Programs that stay as the parent of what they run, other than inits.
const PARENTS: [&str; 5] = ["sudo", "timeout", "time", "xargs", "unbuffer"];

/// Process 1 of what `start` says; `None` where that cannot be told. `passes_on` says that an
/// image whose entrypoint is not in view is known to run the command it is given.
pub fn process_one(start: Start, passes_on: bool) -> Option<Process> {
    match (start.entrypoint, start.command) {
        (Setting::Set(entrypoint), command) if !entrypoint.value.is_empty() => {
            let command = command.get().map(|command| &command.value);
            match (&entrypoint.value, command) {
                (first @ Command::Exec(_), Some(rest @ Command::Exec(_))) => {
                    of_words(&[words(first)?, words(rest).unwrap_or_default()].concat())
                }
                (entrypoint, _) => of_command(entrypoint),
            }
        }
        // `ENTRYPOINT []` takes the base image's away.
        (Setting::Set(_), Setting::Set(command)) => of_command(&command.value),
        (Setting::Absent, Setting::Set(command)) if passes_on => of_command(&command.value),
        _ => None,
    }
}

fn of_command(command: &Command) -> Option<Process> {
    match command {
        Command::Exec(_) => of_words(&words(command)?),
        Command::Shell { shell: words, text } => {
            let words: Vec<_> = words.iter().map(|word| &word.value).collect();
            let shell = Shell::of(&words);
            let whole = |_: Range<usize>| text.span;
            of_script(&shell::parse(&text.value, shell, &whole).tree, text.span)
        }
    }
}

/// The words of an exec form up to the first that is not known; the program must be.
fn words(command: &Command) -> Option<Vec<Spanned<String>>> {
    let Command::Exec(words) = command else { return None };
    let known: Vec<_> = words
        .iter()
        .map_while(|word| Some(Spanned::new(word.known()?.to_owned(), word.span())))
        .collect();
    (!known.is_empty()).then_some(known)
}

fn of_words(words: &[Spanned<String>]) -> Option<Process> {
    let (first, last) = (words.first()?, words.last()?);
    let same_file = first.span.file == last.span.file && first.span.start <= last.span.start;
    let span = if same_file { first.span.to(last.span) } else { first.span };
    let script = shell::exec(words, &|index, _| words[index].span).tree;
    let [Item { pipeline, .. }] = script.list.items.as_slice() else { return None };
    of_simple(pipeline.simple().next()?, span)
}

/// What is process 1 when a command runs in its place.
fn of_simple(command: &shell::Command, span: Span) -> Option<Process> {
    let program = command.program()?;
    let wrapper = |known: fn(&str) -> bool| {
        program.wrappers.iter().map(|wrapper| wrapper.name).find(|name| known(name))
    };
    if let Some(name) = wrapper(inits::is_init) {
        return Some(Process::Init { name: name.to_owned(), span });
    }
    if let Some(name) = wrapper(|name| PARENTS.contains(&name)) {
        return Some(Process::Program { name: name.to_owned(), span });
    }
    if is_init(&program) {
        return Some(Process::Init { name: program.name.into_owned(), span });
    }
    match (&command.inner, Dialect::of_program(&program.name)) {
        (Some(inner), _) => of_script(inner, span),
        (None, Some(_)) => Some(Process::Shell { runs: None, span }),
        (None, None) => Some(Process::Program { name: program.name.into_owned(), span }),
    }
}

fn is_init(program: &Program) -> bool {
    inits::is_init(&program.name) || program.word.literal().is_some_and(|path| path == "/init")
}

/// A shell runs the script; it stays unless the script's last command replaces it.
fn of_script(script: &Script, span: Span) -> Option<Process> {
    if !script.is_readable() {
        return None;
    }
    let last = script.list.items.iter().rev().find(|item| !item.pipeline.commands.is_empty())?;
    let command = match last.pipeline.commands.as_slice() {
        [Node::Simple(command)] if last.separator != Separator::Background => Some(command),
        _ => None,
    };
    let program = command.and_then(shell::Command::program);
    match (command, program) {
        (Some(command), Some(program)) if program.runs_under("exec") => of_simple(command, span),
        (_, program) => {
            Some(Process::Shell { runs: program.map(|program| program.name.into_owned()), span })
        }
    }
}
