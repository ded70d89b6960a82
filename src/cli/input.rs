//! What to read: the arguments that all commands share which look at files.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::load::{Choice, Loader};
use crate::discover::{Filter, Found, Problem, Reason, discover};
use crate::model::Format;
use crate::source::{Interpolation, decode};

use super::{Error, complain};

#[derive(Args, Debug)]
pub struct Input {
    /// Files and directories; `-` is standard input, with `--stdin-filename`.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub configuration: Configuration,
    /// Let the configuration's excludes hold for named paths, too.
    #[arg(long)]
    force_exclude: bool,
    /// Pass over named files that are none of plimsoll's: for hooks that name every file.
    #[arg(long)]
    skip_unknown: bool,
    /// Put variables of this file into Compose files, instead of those of the `.env` beside them.
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,
    /// Put variables of the environment into Compose files, before those of env files.
    #[arg(long)]
    use_environment: bool,
    /// What standard input is to be taken for.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
}

#[derive(Args, Debug)]
pub struct Configuration {
    /// This configuration for all files, or `none`; by default the nearest above each file.
    #[arg(short, long, value_name = "FILE|none")]
    config: Option<PathBuf>,
}

impl Configuration {
    pub fn loader(&self) -> Result<Loader, Error> {
        let choice = match &self.config {
            None => Choice::Nearest,
            Some(path) if path.as_os_str() == "none" => Choice::None,
            Some(path) => Choice::File(path.clone()),
        };
        let here = std::env::current_dir().map_err(Error::Here)?;
        Ok(Loader::new(choice, &here)?)
    }
}

impl Input {
    /// Loads what the arguments name.
    pub fn find(&self, configuration: &Loader) -> Result<Found, Error> {
        let mut found = self.find_files(configuration)?;
        let mut interpolation = Interpolation::default();
        for path in &self.env_file {
            if !path.is_file() {
                let (path, reason) = (path.clone(), Reason::Missing);
                found.errors.push(Problem { path, reason });
            }
            interpolation.env_files.push(path.to_string_lossy().replace('\\', "/"));
        }
        if self.use_environment {
            let known = |(name, value): (OsString, OsString)| {
                Some((name.into_string().ok()?, value.into_string().ok()?))
            };
            interpolation.variables = std::env::vars_os().filter_map(known).collect();
        }
        found.files.set_interpolation(interpolation);
        Ok(found)
    }

    fn find_files(&self, configuration: &Loader) -> Result<Found, Error> {
        if !self.paths.iter().any(|path| path.as_os_str() == "-") {
            let filter = Filter {
                configuration: Some(configuration),
                force_exclude: self.force_exclude,
                skip_unknown: self.skip_unknown,
            };
            return Ok(discover(&self.paths, filter));
        }
        let name = self.stdin_filename.as_ref().ok_or(Error::NamelessInput)?;
        let mut found = Found::default();
        if self.force_exclude && configuration.is_excluded(Path::new(name), false) {
            return Ok(found);
        }
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(Error::Input)?;
        let (text, garbled) = decode(bytes);
        if Format::of(name, &text).is_some() {
            let id = found.files.add(name, text);
            found.files.set_garbled(id, garbled);
        } else if !self.skip_unknown {
            return Err(Error::UnrecognisedInput(name.clone()));
        }
        Ok(found)
    }
}

/// Says what is beside the files: what could not be read, and what was left out.
pub fn tell(found: &Found, quiet: bool, verbose: bool) {
    if !quiet {
        for warning in &found.warnings {
            complain("warning", warning);
        }
    }
    if verbose {
        for skipped in &found.skipped {
            complain("skipped", skipped);
        }
    }
    for error in &found.errors {
        complain("error", error);
    }
}
