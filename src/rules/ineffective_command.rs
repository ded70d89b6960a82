use crate::knowledge::processes::{Kind, kind};
use crate::model::Format;
use crate::model::command::Command;
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

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
    if let (Some(words), Command::Shell { .. }) = (entrypoint.value.known_words(), &command.value)
        && container.format == Format::Dockerfile
        && takes_arguments(&words)
    {
        report
            .at(
                command.span,
                "the `ENTRYPOINT` gets `/bin/sh -c …` as arguments, and no shell runs",
            )
            .help("write `CMD` in exec form: `[\"--option\"]`")
            .also(entrypoint.span, "this takes the command for its arguments");
    }
}

/// Whether a program reads what follows as its own arguments, and does not start it.
fn takes_arguments(words: &[Spanned<&str>]) -> bool {
    let Some(first) = words.first() else { return false };
    let name = first.value.rsplit('/').next().unwrap_or(first.value);
    let has_script = words.iter().any(|word| word.value.ends_with("sh"));
    matches!(kind(name), Some(Kind::Interpreter | Kind::Server)) && !has_script
}
