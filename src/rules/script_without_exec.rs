use crate::knowledge::{inits, processes};
use crate::model::container::Container;
use crate::model::process::Process;
use crate::model::script::{Ending, Start};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/script-without-exec.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let Some(script) = container.scripts.last().filter(|_| container.is_own_process_one()) else {
        return;
    };
    // Of a shell before it, and of an init, is told elsewhere.
    if matches!(container.process_one(), Some(Process::Shell { .. } | Process::Init { .. })) {
        return;
    }
    let Some(start) = stays_for(&script.ending) else { return };
    let whom = match start.program.as_deref() {
        Some("wait") => "what it waits for".to_owned(),
        Some(program) => format!("`{program}`"),
        None => "its command".to_owned(),
    };
    let name = &script.word.value;
    report
        .at(script.word.span, format!("`{name}` stays process 1 and passes no signal on to {whom}"))
        .help(match start.program.as_deref() {
            Some("wait") => "let `trap` pass signals on, or start an init first".to_owned(),
            Some(program) => format!("end it with `exec {program} …`"),
            None => "end it with `exec \"$@\"`".to_owned(),
        })
        .also(start.span, "it waits for this");
}

/// What a script that never makes way and answers no signal waits for, if that is to go on.
fn stays_for(ending: &Ending) -> Option<&Start> {
    let goes_on = |start: &&Start| match start.program.as_deref() {
        None => start.has_arguments,
        Some("wait") => true,
        Some(program) => {
            start.is_own || processes::kind(program).is_some() || inits::is_init(program)
        }
    };
    let is_open = !ending.replacements.is_empty() || !ending.traps.is_empty();
    // Of what leaves by itself is told elsewhere, too.
    ending.last.iter().find(goes_on).filter(|start| !is_open && !start.leaves())
}
