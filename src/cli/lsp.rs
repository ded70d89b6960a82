//! `plimsoll lsp`.

use std::io;
use std::process::ExitCode;

use clap::Args;

use crate::lsp::serve;

use super::Error;

#[derive(Args, Debug)]
pub struct Lsp {
    /// The only way there is; editors say it all the same.
    #[arg(long)]
    stdio: bool,
}

impl Lsp {
    /// 0 after a proper goodbye, else 1, as the protocol has it.
    pub fn run(&self) -> Result<ExitCode, Error> {
        let said_goodbye = serve(io::stdin(), io::stdout().lock())?;
        Ok(if said_goodbye { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
