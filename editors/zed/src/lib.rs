//! plimsoll in Zed: runs the `plimsoll` of the project's `PATH`, or the one of Zed's settings.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{Command, Extension, LanguageServerId, Result, Worktree};

struct Plimsoll;

impl Extension for Plimsoll {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, id: &LanguageServerId, tree: &Worktree) -> Result<Command> {
        let binary = LspSettings::for_worktree(id.as_ref(), tree)?.binary;
        let command = binary
            .and_then(|binary| binary.path)
            .or_else(|| tree.which("plimsoll"))
            .ok_or("no `plimsoll` on the PATH: install it, or set `lsp.plimsoll.binary.path`")?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: tree.shell_env() })
    }
}

zed_extension_api::register_extension!(Plimsoll);
