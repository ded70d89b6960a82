//! What shells do by themselves.

/// Commands that no program is needed for, and that nobody runs instead of a shell. POSIX.1-2024,
/// 2.15 and 1.7, with bash's own; those that are programs too count where they end at once.
static BUILTINS: &[&str] = &[
    ".", ":", "[", "alias", "bg", "break", "builtin", "cd", "command", "continue", "declare",
    "echo", "eval", "exit", "export", "false", "fc", "fg", "getopts", "hash", "jobs", "kill",
    "let", "local", "mapfile", "popd", "printf", "pushd", "pwd", "read", "readonly", "return",
    "set", "shift", "shopt", "source", "test", "time", "times", "trap", "true", "type", "typeset",
    "ulimit", "umask", "unalias", "unset", "wait",
];

/// Whether a shell runs `name` itself.
pub fn is_builtin(name: &str) -> bool {
    BUILTINS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(BUILTINS.is_sorted());
        assert!(is_builtin("wait") && is_builtin(".") && !is_builtin("node"));
    }
}
