//! What a command fetches from the network, and where it puts it.

use crate::knowledge::downloads;
use crate::syntax::shell::{Argument, Command, arguments};

/// Programs that fetch files.
pub const FETCHERS: [&str; 2] = ["curl", "wget"];

/// The program, if it is one that fetches files.
pub fn fetcher(command: &Command) -> Option<String> {
    let program = command.program()?;
    FETCHERS.contains(&&*program.name).then(|| program.name.into_owned())
}

/// The file that a download is written to.
pub fn saved_as(command: &Command) -> Option<String> {
    let program = command.program()?;
    let syntax = downloads::syntax(&program.name)?;
    let output =
        if program.name == "curl" { ["-o", "--output"] } else { ["-O", "--output-document"] };
    let found: Vec<_> = arguments(program.arguments, syntax).collect();
    let named = found.iter().find_map(|argument| match argument {
        Argument::Option { name, value, .. } if output.contains(&&**name) => {
            value.as_ref()?.text.clone()
        }
        _ => None,
    });
    let is_bare = program.name == "wget"
        || found.iter().any(|argument| {
            matches!(argument, Argument::Option { name, .. } if matches!(&**name, "-O" | "--remote-name"))
        });
    let url = found.iter().find_map(|argument| match argument {
        Argument::Operand(word) => word.literal(),
        Argument::Option { .. } => None,
    });
    let redirected = command.redirections.iter().find(|it| it.operator.starts_with('>'));
    named
        .filter(|name| name != "-")
        .or_else(|| Some(redirected?.target.as_ref()?.literal()?.into_owned()))
        .or_else(|| {
            let url = url.filter(|_| is_bare)?;
            url.rsplit('/').next().map(str::to_owned).filter(|name| !name.is_empty())
        })
}
