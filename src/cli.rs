//! The command line: arguments in, exit code out. The only room that prints.

mod check;
mod config;
mod explain;
mod gate;
mod input;
mod lsp;
mod manual;
mod output;
mod shellcheck;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::config::load::{LoadError, Problems};
use crate::report::write_findings;

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
    /// Serve an editor: the Language Server Protocol on standard input and output.
    #[command(visible_alias = "server")]
    Lsp(lsp::Lsp),
    /// List the files that would be linted, as what, in which environment.
    Files(config::List),
    /// Look at the configuration.
    Config(config::Config),
    /// Write a commented configuration.
    Init(config::Init),
    /// Print completions for a shell.
    Completions(manual::Completions),
    /// Print the manual page.
    Man(manual::Man),
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
    #[error("there is no command `{0}`; `plimsoll --help` lists them")]
    NoCommand(String),
    #[error("cannot tell the working directory: {0}")]
    Here(io::Error),
    #[error(transparent)]
    Configuration(#[from] LoadError),
    #[error(transparent)]
    Gate(#[from] gate::GateError),
    #[error("only one `--format` can go to standard output; give the others a file, `NAME=FILE`")]
    MixedOutput,
    #[error("the configuration is wrong; nothing was linted")]
    WrongConfiguration,
    #[error("there is already {}", .0.display())]
    Exists(PathBuf),
    #[error("cannot write {}: {}", .0.display(), .1)]
    Write(PathBuf, io::Error),
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
        Command::Lsp(lsp) => lsp.run(),
        Command::Files(files) => files.run(&mut out),
        Command::Config(config) => config.run(&mut out),
        Command::Init(init) => init.run(&mut out),
        Command::Completions(completions) => completions.run(Arguments::command(), &mut out),
        Command::Man(man) => man.run(Arguments::command(), &mut out),
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

/// Shows what is wrong with the configuration; with a wrong one, nothing may pass for clean.
fn refuse(problems: &Problems) -> Result<(), Error> {
    if problems.findings.is_empty() {
        return Ok(());
    }
    let mut error = AutoStream::new(io::stderr().lock(), color_from_environment());
    write_findings(&problems.files, &problems.findings, &mut error)?;
    Err(Error::WrongConfiguration)
}

/// Reads one of the words by which the values of a list go.
fn one_of<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(|one| name(*one))).try_map(move |word| {
        all.iter().copied().find(|one| name(*one) == word).ok_or("no such value")
    })
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
