use crate::model::command::Command;
use crate::model::container::Container;
use crate::model::context::EntryScript;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unstartable-script.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    for script in &container.scripts {
        let name = &script.word.value;
        let (message, help) = if let Some(tool) = lacking(container, script) {
            let message = format!("`{name}` asks for `{tool}`, which the image does not have");
            (message, format!("install `{tool}`, or write the script for `sh`"))
        } else if script.carriage_return.is_some() {
            let message =
                format!("the lines of `{name}` end as on Windows, and no shell reads them");
            (
                message,
                "save it with LF line ends: `*.sh text eol=lf` in `.gitattributes`".to_owned(),
            )
        } else if script.is_run && script.executable == Some(false) {
            let message = format!("`{name}` is copied without the right to be run");
            (message, "say `COPY --chmod=755`, or make the file executable".to_owned())
        } else if script.interpreter.is_none() && is_first_word(container, script) {
            let message = format!("`{name}` does not say what runs it, and no shell starts it");
            (message, "begin it with `#!/bin/sh`".to_owned())
        } else {
            continue;
        };
        let finding = report.at(script.word.span, message);
        finding.help(help).also(script.source, "the script");
        if let Some(place) = script.carriage_return {
            finding.also(place, "a carriage return before the line end");
        }
    }
}

/// What the script's first line asks for, if the image is known not to have it.
fn lacking<'a>(container: &Container, script: &'a EntryScript) -> Option<&'a str> {
    let line = script.interpreter.as_ref().filter(|_| script.is_run)?;
    let mut words = line.value.split_ascii_whitespace();
    let program = |word: &'a str| word.rsplit('/').next().unwrap_or(word);
    let first = program(words.next()?);
    let asked = if first == "env" { program(words.next()?) } else { first };
    container.lacks(asked).then_some(asked)
}

/// Whether the kernel gets it as it stands; a shell would read a text without a first line itself.
fn is_first_word(container: &Container, script: &EntryScript) -> bool {
    [&container.entrypoint, &container.command].into_iter().filter_map(|it| it.get()).any(
        |command| {
            matches!(&command.value, Command::Exec(words)
            if words.first().is_some_and(|word| word.span().contains(script.word.span)))
        },
    )
}
