//! `plimsoll check`.

use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::config::{Config, RuleLevel, Settings};
use crate::discover::{Found, discover, read};
use crate::finding::Severity;
use crate::lint::{Outcome, lint_workspace};
use crate::model::Format;
use crate::model::environment::Environment;
use crate::report::{FORMATS, Run, format};
use crate::rules;

use super::{Error, complain};

#[derive(Args, Debug)]
pub struct Check {
    /// Files and directories; `-` is standard input, with `--stdin-filename`.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// How to write the findings.
    #[arg(short, long, value_name = "FORMAT", default_value = "text",
        value_parser = FORMATS.iter().map(|(name, _)| *name).collect::<Vec<_>>())]
    format: String,
    /// Exit with 1 if there is a finding at least this bad.
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    fail_on: FailOn,
    /// Judge every file as this, whatever its name says.
    #[arg(long, value_name = "ENVIRONMENT")]
    environment: Option<EnvironmentArgument>,
    /// Only these rules; ids of other tools work too.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// All rules but these.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Let the pedantic rules speak too.
    #[arg(long)]
    pedantic: bool,
    /// What standard input is to be taken for.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
    /// Write findings, and nothing about the run.
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Say which files were read as what.
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EnvironmentArgument {
    Development,
    Production,
}

impl Check {
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Error> {
        let config = Config { default: self.settings()?, ..Config::default() };
        let progress = Progress::start(self.quiet);
        let mut found = self.find()?;
        let workspace = read(&mut found.files);
        let outcome = lint_workspace(&found.files, &workspace, &config);
        progress.stop();
        self.tell(&found, &outcome);
        let mut buffered = BufWriter::new(out);
        if let Some(reporter) = format(&self.format) {
            reporter.write(&Run { files: &found.files, outcome: &outcome }, &mut buffered)?;
        }
        buffered.flush()?;
        let bar = match self.fail_on {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Note => Some(Severity::Note),
            FailOn::Never => None,
        };
        let reached = |bar| outcome.findings.iter().any(|finding| finding.severity >= bar);
        Ok(match (found.errors.is_empty(), bar.is_some_and(reached)) {
            (false, _) => ExitCode::from(2),
            (true, true) => ExitCode::from(1),
            (true, false) => ExitCode::SUCCESS,
        })
    }

    /// What is to be said beside the findings.
    fn tell(&self, found: &Found, outcome: &Outcome) {
        if !self.quiet {
            for warning in &found.warnings {
                complain("warning", warning);
            }
            if outcome.checked.is_empty() && found.errors.is_empty() {
                complain("warning", &"found no Dockerfile, Compose file or Kubernetes manifest");
            }
        }
        if self.verbose {
            for checked in &outcome.checked {
                let path = &found.files.get(checked.file).path;
                let (format, environment) = (checked.format.name(), checked.environment.name());
                complain("read", &format_args!("{path} ({format}, {environment})"));
            }
        }
        for error in &found.errors {
            complain("error", error);
        }
    }

    fn settings(&self) -> Result<Settings, Error> {
        let mut settings = Settings {
            pedantic: self.pedantic,
            environment: self.environment.map(|environment| match environment {
                EnvironmentArgument::Development => Environment::Development,
                EnvironmentArgument::Production => Environment::Production,
            }),
            ..Settings::default()
        };
        for name in &self.select {
            settings.select.extend(ids(name)?);
        }
        for name in &self.ignore {
            settings.levels.extend(ids(name)?.into_iter().map(|id| (id, RuleLevel::Off)));
        }
        Ok(settings)
    }

    fn find(&self) -> Result<Found, Error> {
        if !self.paths.iter().any(|path| path.as_os_str() == "-") {
            return Ok(discover(&self.paths));
        }
        let name = self.stdin_filename.as_ref().ok_or(Error::NamelessInput)?;
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(Error::Input)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if Format::of(name, &text).is_none() {
            return Err(Error::UnrecognisedInput(name.clone()));
        }
        let mut found = Found::default();
        found.files.add(name, text);
        Ok(found)
    }
}

/// The ids that a rule's name, ours or another tool's, stands for.
fn ids(name: &str) -> Result<Vec<String>, Error> {
    let ids: Vec<String> = rules::find(name).map(|entry| entry.page.id.to_owned()).collect();
    if ids.is_empty() { Err(super::explain::no_rule(name)) } else { Ok(ids) }
}

/// A line on a terminal's standard error while a run takes long.
struct Progress(Option<(mpsc::Sender<()>, thread::JoinHandle<()>)>);

impl Progress {
    fn start(quiet: bool) -> Self {
        if quiet || !io::stderr().is_terminal() {
            return Self(None);
        }
        let (sender, receiver) = mpsc::channel();
        let wait = move || {
            let late = Err(mpsc::RecvTimeoutError::Timeout);
            if receiver.recv_timeout(Duration::from_secs(1)) == late {
                let _ = write!(io::stderr(), "plimsoll: reading…");
                let _ = receiver.recv();
                let _ = write!(io::stderr(), "\r\x1b[K");
            }
        };
        Self(Some((sender, thread::spawn(wait))))
    }

    fn stop(self) {
        if let Some((sender, thread)) = self.0 {
            drop(sender);
            let _ = thread.join();
        }
    }
}
