//! The command line: arguments in, exit code out. The only room that prints.

mod check;
mod explain;

use std::io::{self, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::{Parser, Subcommand, ValueEnum};

/// A production-readiness linter for containers: reads Dockerfiles, Compose files and Kubernetes
/// manifests together and says, at the exact characters, what must not ship and why.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lint files and directories.
    #[command(visible_alias = "lint")]
    Check(check::Check),
    /// Say what a rule finds, why, and how to mend it.
    #[command(visible_alias = "rule")]
    Explain(explain::Explain),
    /// List all rules.
    Rules(explain::Rules),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Why a command could not do its work; each says what to do.
#[derive(Debug, thiserror::Error)]
enum Error {
    /// The user named a rule that there is none of.
    #[error("no rule `{0}`; `plimsoll rules` lists them{1}")]
    NoRule(String, String),
    /// The user asked for standard input without saying what it is.
    #[error("`-` needs `--stdin-filename NAME`, so that plimsoll knows what it reads")]
    NamelessInput,
    #[error("standard input as `{0}` is neither a Dockerfile nor Compose nor Kubernetes")]
    UnrecognisedInput(String),
    #[error("cannot read standard input: {0}")]
    Input(io::Error),
    /// Whoever reads the output has gone, or the disk is full.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

/// Runs the program: 0 clean, 1 findings at or above the bar, 2 could not do its work.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A reader who has gone needs no usage text.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let choice = match arguments.color {
        Color::Auto => color_from_environment(),
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let mut out = AutoStream::new(io::stdout().lock(), choice);
    let result = match &arguments.command {
        Command::Check(check) => check.run(&mut out),
        Command::Explain(explain) => explain.run(&mut out),
        Command::Rules(rules) => rules.run(&mut out),
    };
    match result.and_then(|code| Ok(out.flush().map(|()| code)?)) {
        Ok(code) => code,
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain("error", &error);
            ExitCode::from(2)
        }
    }
}

/// One line on standard error; nothing can be done if even that is closed.
fn complain(kind: &str, what: &dyn std::fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "plimsoll: {kind}: {what}");
}

/// What `NO_COLOR` and `FORCE_COLOR` ask for; anstream knows the rest.
fn color_from_environment() -> ColorChoice {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        ColorChoice::Never
    } else if set("FORCE_COLOR") {
        ColorChoice::Always
    } else {
        ColorChoice::Auto
    }
}
