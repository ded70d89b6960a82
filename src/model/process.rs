//! Process 1 of a container: what the kernel starts first, as far as the files tell.

use std::ops::Range;

use crate::knowledge::{inits, processes, shells};
use crate::source::{Span, Spanned};
use crate::syntax::shell::{self, Dialect, Item, Node, Part, Program, Script, Separator, Shell};

use super::command::Command;
use super::container::Start;
use super::setting::Setting;
use super::text::Text;

/// What runs as process 1. The span is the whole command's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Process {
    /// A program, by the last component of its path; `by_shell` if an instruction in shell form
    /// starts it, and the shell makes way by itself.
    Program { name: String, span: Span, by_shell: bool },
    /// A shell that stays, and what it runs last, if that is one program.
    Shell { runs: Option<Child>, span: Span },
    /// An init that was put there.
    Init { name: String, span: Span },
}

/// What a shell runs last, and waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The last component of the program's path, if that is known.
    pub name: Option<String>,
    /// Where an `exec` would make it take the shell's place: just before the program.
    pub place: Option<Span>,
}

/// Programs that stay as the parent of what they run, other than inits.
const PARENTS: [&str; 5] = ["sudo", "timeout", "time", "xargs", "unbuffer"];

/// Process 1 of what `start` says; `None` where that cannot be told. `sh` is the shell that the
/// image has under this name, if that is known. `passes_on` says that an image whose entrypoint is
/// not in view is known to run the command it is given.
pub fn process_one(start: Start, sh: Option<Dialect>, passes_on: bool) -> Option<Process> {
    match (start.entrypoint, start.command) {
        (Setting::Set(entrypoint), command) if !entrypoint.value.is_empty() => {
            let command = command.get().map(|command| &command.value);
            match (&entrypoint.value, command) {
                (first @ Command::Exec(_), Some(rest @ Command::Exec(_))) => {
                    of_words(&[words(first)?, words(rest).unwrap_or_default()].concat(), sh)
                }
                (entrypoint, _) => of_command(entrypoint, sh),
            }
        }
        // `ENTRYPOINT []` takes the base image's away.
        (Setting::Set(_), Setting::Set(command)) => of_command(&command.value, sh),
        (Setting::Absent, Setting::Set(command)) if passes_on => {
            // Options are for the program that the image starts by itself.
            let is_option = |words: Vec<&Text>| words[0].value().starts_with('-');
            let has_program = !words(&command.value).is_some_and(is_option);
            has_program.then(|| of_command(&command.value, sh))?
        }
        _ => None,
    }
}

fn of_command(command: &Command, sh: Option<Dialect>) -> Option<Process> {
    match command {
        Command::Exec(_) => of_words(&words(command)?, sh),
        // A list that is none names no program.
        Command::Shell { text, .. } if text.value().trim_start().starts_with('[') => None,
        Command::Shell { shell: words, text } => {
            let words: Vec<_> = words.iter().map(|word| &word.value).collect();
            let shell = Shell::of(&words);
            let place = |range| place(text, range);
            let known = text.known()?;
            let script = shell::parse(known, shell, &place).tree;
            let process = of_script(&script, text.span(), sh, known.ends_with('\n'))?;
            let has_exec = |site: shell::Site| {
                site.command.wrappers().iter().any(|wrapper| wrapper.name == "exec")
            };
            match process {
                // Who names another shell means it.
                Process::Program { name, span, .. }
                    if shell.dialect == Dialect::Posix && !script.commands().any(has_exec) =>
                {
                    Some(Process::Program { name, span, by_shell: true })
                }
                process => Some(process),
            }
        }
    }
}

/// The words of an exec form up to the first that is not known; the program must be.
fn words(command: &Command) -> Option<Vec<&Text>> {
    let Command::Exec(words) = command else { return None };
    let known: Vec<_> = words.iter().take_while(|word| word.known().is_some()).collect();
    (!known.is_empty()).then_some(known)
}

fn of_words(words: &[&Text], sh: Option<Dialect>) -> Option<Process> {
    let (first, last) = (words.first()?.span(), words.last()?.span());
    let same_file = first.file == last.file && first.start <= last.start;
    let span = if same_file { first.to(last) } else { first };
    // A service may add words of another file, and a command has its place in one.
    let spanned = |word: &&Text| {
        let span = if word.span().file == first.file { word.span() } else { first.part(0..0) };
        Spanned::new(word.value().to_owned(), span)
    };
    let given: Vec<_> = words.iter().map(spanned).collect();
    let place = |index: usize, range| match words[index].span().file == first.file {
        true => place(words[index], range),
        false => given[index].span,
    };
    let script = shell::exec(&given, &place).tree;
    let [Item { pipeline, .. }] = &*script.list.items else { return None };
    of_simple(pipeline.simple().next()?, span, sh)
}

/// A range of a text by its first byte; an empty span where that does not stand there as it is.
fn place(text: &Text, range: Range<usize>) -> Span {
    text.place_of(range.start).unwrap_or(Span { end: text.span().start, ..text.span() })
}

/// What is process 1 when a command runs in its place.
fn of_simple(command: &shell::Command, span: Span, sh: Option<Dialect>) -> Option<Process> {
    let program = command.program()?;
    let wrapper = |known: fn(&str) -> bool| {
        program.wrappers.iter().map(|wrapper| wrapper.name).find(|name| known(name))
    };
    if let Some(name) = wrapper(inits::is_init) {
        return Some(Process::Init { name: name.to_owned(), span });
    }
    if let Some(name) = wrapper(|name| PARENTS.contains(&name)) {
        return Some(Process::Program { name: name.to_owned(), span, by_shell: false });
    }
    if is_init(&program) {
        return Some(Process::Init { name: program.name.into_owned(), span });
    }
    match (&command.inner, Dialect::of_program(&program.name)) {
        (Some(inner), _) => {
            let ends_line = |word: &shell::Word| {
                word.parts.last().and_then(Part::literal).is_some_and(|text| text.ends_with('\n'))
            };
            of_script(inner, span, sh, command.words.iter().any(ends_line))
        }
        // What a script does that is not in view, or what is typed into a terminal.
        (None, Some(_)) => None,
        (None, None) => {
            Some(Process::Program { name: program.name.into_owned(), span, by_shell: false })
        }
    }
}

fn is_init(program: &Program) -> bool {
    inits::is_init(&program.name) || program.word.literal().is_some_and(|path| path == "/init")
}

/// Whether what an item runs comes to an end by itself.
fn ends(item: &Item) -> bool {
    let Some(command) = item.pipeline.simple().next_back() else { return false };
    match &command.inner {
        Some(inner) => inner.list.items.last().is_some_and(ends),
        None => command.program().is_some_and(|program| {
            let arguments: Vec<_> = program.arguments.iter().map(|word| word.prefix()).collect();
            let arguments: Vec<&str> = arguments.iter().map(|word| &**word).collect();
            processes::ends(&program.name, &arguments)
        }),
    }
}

/// Whether the shell itself answers the signal that stops it: a `trap` is run while it `wait`s.
fn answers(script: &Script) -> bool {
    let is_trap = |command: &shell::Command| {
        let words: Vec<_> = command.words.iter().filter_map(shell::Word::literal).collect();
        let signals = words.get(2..).unwrap_or_default();
        words.first().is_some_and(|word| word == "trap")
            && words.get(1).is_some_and(|action| !action.is_empty() && action != "-")
            && signals.iter().any(|signal| matches!(&**signal, "TERM" | "SIGTERM" | "15"))
    };
    let waits = |command: &shell::Command| command.program().is_some_and(|it| it.name == "wait");
    script.commands().any(|site| is_trap(site.command))
        && script.commands().any(|site| waits(site.command))
}

/// A shell runs the script; it stays unless the script's last command replaces it. `ends_line` says
/// that the text ends with the end of a line.
fn of_script(script: &Script, span: Span, sh: Option<Dialect>, ends_line: bool) -> Option<Process> {
    if !script.is_readable() {
        return None;
    }
    let items = &script.list.items;
    let at = items.iter().rposition(|item| !item.pipeline.commands.is_empty())?;
    let last = &items[at];
    // Nobody waits for it to be stopped, or it answers.
    if ends(last) || answers(script) {
        return None;
    }
    let command = match last.pipeline.commands.as_slice() {
        [Node::Simple(command)] if last.separator != Separator::Background => Some(command),
        _ => None,
    };
    let Some(command) = command.filter(|command| !command.words.is_empty()) else {
        return Some(Process::Shell { runs: None, span });
    };
    let wrappers = command.wrappers();
    // For a trap or for what runs beside it, the shell stays on purpose.
    let has_task = script.commands().any(|site| {
        let is_trap = site.command.program().is_some_and(|it| it.name == "trap");
        is_trap || site.context.background || site.context.function
    });
    let name = command.program().map(|program| program.name.into_owned());
    let is_builtin = name.as_deref().is_some_and(shells::is_builtin);
    let own = script.shell.dialect;
    let dialect = if own == Dialect::Posix { sh } else { Some(own) };
    let is_redirected = !command.redirections.is_empty();
    let makes_way = dialect.is_some_and(|it| shells::makes_way(it, is_redirected, ends_line))
        && !(has_task || is_builtin || last.pipeline.negated);
    if makes_way || wrappers.iter().any(|wrapper| wrapper.name == "exec") {
        return of_simple(command, span, sh);
    }
    match name.as_deref() {
        // It only keeps the container alive.
        Some("tail" | "sleep") => return None,
        Some(_) if is_builtin => return Some(Process::Shell { runs: None, span }),
        _ => {}
    }
    // Behind `||` the shell stays in the other case.
    let stays = at > 0 && items[at - 1].separator == Separator::Or
        || has_task
        || wrappers.iter().any(|wrapper| shells::is_builtin(wrapper.name));
    let first = command.words.first().map(|word| word.span);
    let place = first.filter(|word| !stays && !word.is_empty());
    let place = place.map(|word| word.part(0..0));
    Some(Process::Shell { runs: Some(Child { name, place }), span })
}
