use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/interactive-container.md"), Check::Container(check));

/// Names of containers that are there for people.
const FOR_PEOPLE: [&str; 7] = ["cli", "console", "debug", "shell", "toolbox", "tools", "tmate"];

fn check(container: &Container, report: &mut Report) {
    let Some(terminal) = container.terminal.get().filter(|terminal| terminal.value) else { return };
    let name = &container.name.value;
    let start = container.start();
    let commands = [start.entrypoint, start.command].into_iter().filter_map(|it| it.get());
    let commands: Vec<_> = commands.collect();
    let is_shell = !commands.is_empty() && commands.iter().all(|it| it.value.is_prompt());
    let is_for_people = name.split(['-', '_', '.']).any(|word| FOR_PEOPLE.contains(&word));
    if !is_for_people && !is_shell {
        report
            .at(terminal.span, format!("nobody types into `{name}`"))
            .help("take it out, unless the program has a console that one attaches to");
    }
}
