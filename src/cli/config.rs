//! `plimsoll config`, `plimsoll init` and `plimsoll files`: what holds, and where.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::config::load::{Loader, NAMES};
use crate::config::schema;
use crate::discover::read;
use crate::lint::checked;

use super::Error;
use super::input::{Configuration, Input, tell};

#[derive(Args, Debug)]
pub struct Config {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print what holds for a file, and which line says so.
    Show {
        path: PathBuf,
        #[command(flatten)]
        configuration: Configuration,
    },
    /// Print the JSON Schema of the configuration, for editors.
    Schema,
}

#[derive(Args, Debug)]
pub struct Init {
    /// Where to write it.
    #[arg(default_value = ".")]
    directory: PathBuf,
}

#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    input: Input,
    /// Also say what was left out, and why.
    #[arg(short, long)]
    verbose: bool,
}

impl Config {
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Error> {
        match &self.what {
            What::Show { path, configuration } => show(path, &configuration.loader()?, out),
            What::Schema => {
                serde_json::to_writer_pretty(&mut *out, &schema()).map_err(io::Error::from)?;
                writeln!(out)?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

fn show(path: &Path, loader: &Loader, out: &mut dyn Write) -> Result<ExitCode, Error> {
    let held = loader.held(path);
    super::refuse(&loader.problems())?;
    if held.is_empty() {
        writeln!(out, "# no configuration sets anything for {}", path.display())?;
    }
    if loader.is_excluded(path, false) {
        writeln!(out, "# {} is excluded", path.display())?;
    }
    for (key, held) in held {
        writeln!(out, "{key} = {}  # {}", held.assignment.value(), held.origin)?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Init {
    /// Writes a commented configuration where there is none yet.
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Error> {
        let taken = NAMES.iter().map(|name| self.directory.join(name)).find(|path| path.exists());
        if let Some(path) = taken {
            return Err(Error::Exists(path));
        }
        let path = self.directory.join(NAMES[0]);
        fs::write(&path, TEMPLATE).map_err(|error| Error::Write(path.clone(), error))?;
        writeln!(out, "wrote {}", path.display())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What `plimsoll init` writes: everything that can be set, at its default.
pub const TEMPLATE: &str = include_str!("init.toml");

impl List {
    /// Prints what would be linted, as what, in which environment.
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Error> {
        let loader = self.input.configuration.loader()?;
        let mut found = self.input.find(&loader)?;
        let config = loader.config(&found.files, |_| ());
        super::refuse(&loader.problems())?;
        let workspace = read(&mut found.files);
        for file in checked(&found.files, &workspace, &config) {
            let path = &found.files.get(file.file).path;
            writeln!(out, "{path}\t{}\t{}", file.format.name(), file.environment.name())?;
        }
        tell(&found, false, self.verbose);
        Ok(if found.errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
    }
}
