use crate::model::Format;
use crate::model::command::Command;
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ineffective-command.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let (Some(entrypoint), Some(command)) = (container.entrypoint.get(), container.command.get())
    else {
        return;
    };
    let is_shell = matches!(entrypoint.value, Command::Shell { .. });
    if container.format == Format::Dockerfile && is_shell && !command.value.is_empty() {
        report
            .at(command.span, "the shell-form `ENTRYPOINT` never sees this `CMD`")
            .help("write `ENTRYPOINT` in exec form: `[\"program\"]`")
            .also(entrypoint.span, "a shell runs this text and nothing else");
    }
}
