//! `plimsoll check`.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::Args;

use crate::config::{FailOn, RuleLevel, Settings};
use crate::discover::{Found, read};
use crate::lint::{Outcome, lint_workspace};
use crate::model::environment::Environment;
use crate::report::{FORMATS, Run};
use crate::rules;

use super::gate::Gate;
use super::input::{Input, tell};
use super::output::{self, Output};
use super::{Error, complain, one_of, shellcheck};

#[derive(Args, Debug)]
pub struct Check {
    #[command(flatten)]
    input: Input,
    /// How to write the findings; `NAME=FILE` writes to a file, and several may be given.
    #[arg(short, long = "format", alias = "output-format", value_name = "NAME[=FILE]", default_value = "text",
        help = format!("How to write the findings: {}; `NAME=FILE` writes to a file, \
            and several may be given", format_names()))]
    formats: Vec<Output>,
    #[command(flatten)]
    gate: Gate,
    /// Exit with 1 if there is a finding at least this bad.
    #[arg(long, value_name = "SEVERITY", value_parser = one_of(&FailOn::ALL, FailOn::name))]
    fail_on: Option<FailOn>,
    /// Judge every file as this, whatever its name says.
    #[arg(long, value_name = "ENVIRONMENT", value_parser = one_of(&Environment::ALL, Environment::name))]
    environment: Option<Environment>,
    /// Only these rules; ids of other tools work too.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// All rules but these.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Let the pedantic rules speak too.
    #[arg(long)]
    pedantic: bool,
    /// Let no comment and no annotation silence a finding.
    #[arg(long)]
    no_inline_suppressions: bool,
    /// Write findings, and nothing about the run.
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Say which files were read as what.
    #[arg(short, long)]
    verbose: bool,
}

impl Check {
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Error> {
        output::verify(&self.formats)?;
        let command_line = self.settings()?;
        let loader = self.input.configuration.loader()?;
        let progress = Progress::start(self.quiet);
        let mut found = self.input.find(&loader)?;
        let config = loader.config(&found.files, |settings| self.finish(settings, &command_line));
        super::refuse(&loader.problems())?;
        let mut workspace = read(&mut found.files);
        let skipped = shellcheck::run(&found.files, &mut workspace, &config);
        let mut outcome = lint_workspace(&found.files, &workspace, &config);
        self.gate.apply(&found.files, &workspace, &mut outcome)?;
        progress.stop();
        self.tell(&found, &outcome);
        if let (Some(why), true) = (skipped, self.verbose) {
            complain("skipped", &why);
        }
        let run = Run { files: &found.files, workspace: &workspace, outcome: &outcome };
        output::write(&self.formats, &run, out)?;
        let fails = outcome.findings.iter().any(|finding| config.fails(finding));
        Ok(match (found.errors.is_empty(), fails) {
            (false, _) => ExitCode::from(2),
            (true, true) => ExitCode::from(1),
            (true, false) => ExitCode::SUCCESS,
        })
    }

    /// What is to be said beside the findings.
    fn tell(&self, found: &Found, outcome: &Outcome) {
        let told = !found.errors.is_empty() || !found.warnings.is_empty();
        if !self.quiet && outcome.checked.is_empty() && !told {
            complain("warning", &"nothing to lint: every named file was left out");
        }
        if self.verbose {
            for checked in &outcome.checked {
                let path = &found.files.get(checked.file).path;
                let (format, environment) = (checked.format.name(), checked.environment.name());
                complain("read", &format_args!("{path} ({format}, {environment})"));
            }
        }
        tell(found, self.quiet, self.verbose);
    }

    /// What the arguments say of rules; every name must be a rule's.
    fn settings(&self) -> Result<Settings, Error> {
        let mut settings = Settings::default();
        for name in &self.select {
            settings.select.extend(ids(name)?);
        }
        for name in &self.ignore {
            settings.levels.extend(ids(name)?.into_iter().map(|id| (id, RuleLevel::Off)));
        }
        Ok(settings)
    }

    /// The command line has the last word on the settings of every file.
    fn finish(&self, settings: &mut Settings, command_line: &Settings) {
        settings.select.clone_from(&command_line.select);
        settings.levels.extend(command_line.levels.clone());
        settings.pedantic |= self.pedantic;
        settings.environment = self.environment.or(settings.environment);
        settings.fail_on = self.fail_on.unwrap_or(settings.fail_on);
        settings.inline_suppressions &= !self.no_inline_suppressions;
    }
}

fn format_names() -> String {
    FORMATS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
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
