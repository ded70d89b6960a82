use crate::knowledge::tools;
use crate::model::command::Command;
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-healthcheck-tool.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    for (command, span) in container.questions() {
        judge(container, command, span, report);
    }
}

fn judge(container: &Container, command: &Command, span: Span, report: &mut Report) {
    let Some(base) = container.base() else { return };
    let name = base.familiar();
    let place = container.built_from.as_ref().map(|image| image.name.span);
    let finding = if base.is_bare() && matches!(command, Command::Shell { .. }) {
        report.at(span, format!("a shell is to run this, and `{name}` has none"))
    } else {
        let Some((tool, place)) = missing(container, command) else { return };
        let is_placed = place.file == span.file && place.start < place.end;
        report
            .at(
                if is_placed { place } else { span },
                format!("`{tool}` is not in `{name}`, and nothing brings it"),
            )
            .help("let the program check itself, or install the tool")
    };
    if let Some(place) = place {
        finding.also(place, "the image");
    }
}

/// The tool that it calls first, and where, if it calls none that may be there.
fn missing(container: &Container, command: &Command) -> Option<(&'static str, Span)> {
    let script = command.script()?;
    let mut called = Vec::new();
    for site in script.commands() {
        let program = site.command.program()?;
        let tool = tools::ALL.into_iter().find(|tool| *tool == program.name);
        called.extend(tool.map(|tool| (tool, program.word.span)));
        // It looks first.
        if matches!(&*program.name, "command" | "which" | "type") {
            return None;
        }
    }
    let lacks = |(tool, _): &(&str, Span)| container.lacks(tool) && !is_brought(container, tool);
    called.iter().all(lacks).then(|| called.first().copied())?
}

/// Whether the container installs it when it starts.
fn is_brought(container: &Container, tool: &str) -> bool {
    let start = container.start();
    let mut lines = [start.entrypoint, start.command].into_iter().filter_map(|it| it.get());
    lines.any(|command| command.value.line().is_none_or(|line| line.contains(tool)))
}
