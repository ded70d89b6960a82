//! `plimsoll completions` and `plimsoll man`.

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::Shell;

use super::Error;

#[derive(Args, Debug)]
pub struct Completions {
    shell: Shell,
}

#[derive(Args, Debug)]
pub struct Man {
    /// Of this command; by default of the program.
    command: Option<String>,
}

impl Completions {
    pub fn run(&self, mut program: Command, out: &mut dyn Write) -> Result<ExitCode, Error> {
        // The generator ends the program where it cannot write.
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut program, "plimsoll", &mut text);
        out.write_all(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Man {
    pub fn run(&self, mut program: Command, out: &mut dyn Write) -> Result<ExitCode, Error> {
        program.build();
        let command = match &self.command {
            None => program,
            Some(name) => {
                program.find_subcommand(name).ok_or_else(|| Error::NoCommand(name.clone()))?.clone()
            }
        };
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        out.write_all(&page)?;
        Ok(ExitCode::SUCCESS)
    }
}
