use crate::knowledge::processes::{Kind, kind};
use crate::model::Format;
use crate::model::command::Command;
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ineffective-command.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let key = match container.format {
        Format::Dockerfile => "CMD",
        Format::Compose => "command",
        Format::Kubernetes => "args",
    };
    // An entrypoint of its own takes the image's away, and is none that a shell reads.
    let image = match &container.built_from {
        Some(image) if container.entrypoint.is_absent() => image,
        None if container.format == Format::Dockerfile => container,
        _ => return,
    };
    let (Some(entrypoint), Some(command)) = (image.entrypoint.get(), container.command.get())
    else {
        return;
    };
    // What begins with a bracket was not meant for a shell.
    if let Command::Shell { text, .. } = &entrypoint.value
        && !command.value.is_empty()
        && !text.value().starts_with('[')
        && !["$0", "${0"].iter().any(|first| text.value().contains(first))
    {
        report
            .at(command.span, format!("the shell-form `ENTRYPOINT` never sees this `{key}`"))
            .help("write `ENTRYPOINT` in exec form: `[\"program\"]`")
            .also(entrypoint.span, "a shell runs this text and nothing else");
    }
    if let (Some(words), Command::Shell { .. }) = (entrypoint.value.known_words(), &command.value)
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
