//! What shells do by themselves, and which shell an image has.

use crate::syntax::shell::Dialect;

use super::images::{self, Image};

/// Commands that no program is needed for, and that nobody runs instead of a shell. POSIX.1-2024,
/// 2.15 and 1.7, with bash's own; those that are programs too count where they end at once.
static BUILTINS: &[&str] = &[
    ".", ":", "[", "alias", "bg", "break", "builtin", "cd", "command", "continue", "declare",
    "echo", "eval", "exit", "export", "false", "fc", "fg", "getopts", "hash", "jobs", "kill",
    "let", "local", "mapfile", "popd", "printf", "pushd", "pwd", "read", "readonly", "return",
    "set", "shift", "shopt", "source", "test", "time", "times", "trap", "true", "type", "typeset",
    "ulimit", "umask", "unalias", "unset", "wait",
];

/// Distributions whose `sh` is bash: their packages of bash hold `/bin/sh`. `owner/` stands for all
/// below it.
static BASH: [&str; 12] = [
    "almalinux",
    "amazonlinux",
    "archlinux",
    "centos",
    "fedora",
    "opensuse/",
    "oraclelinux",
    "quay.io/centos/",
    "redhat/",
    "registry.access.redhat.com/",
    "rockylinux",
    "rockylinux/",
];

/// Whether the dash of an image is known not to know `pipefail`: it came after 0.5.12, which is
/// what Debian has up to 13 and Ubuntu up to 24.04 (packages.debian.org, manpages.ubuntu.com).
pub fn lacks_pipefail(image: &Image) -> bool {
    const OLD: [&str; 9] = [
        "bionic", "bookworm", "bullseye", "buster", "focal", "jammy", "noble", "stretch", "trixie",
    ];
    let last = match image.name {
        "debian" => 13,
        "ubuntu" => 24,
        _ => 0,
    };
    image.tag.is_some_and(|tag| {
        let mut words = tag.split(['-', '.']);
        words.clone().any(|word| OLD.contains(&word))
            || words.next().and_then(|it| it.parse::<u32>().ok()).is_some_and(|it| it <= last)
    })
}

/// What `sh` is in an image: dash in Debian's and Ubuntu's, BusyBox's in Alpine's, bash in those
/// of [`BASH`].
pub fn sh(image: &Image) -> Option<Dialect> {
    const DEBIAN: [&str; 6] = ["bookworm", "bullseye", "trixie", "buster", "slim", "jammy"];
    let has = |word: fn(&str) -> bool| image.tag.is_some_and(|tag| tag.split(['-', '.']).any(word));
    let is_of =
        |row: &&str| image.name == *row || row.ends_with('/') && image.name.starts_with(*row);
    match image.name {
        "debian" | "ubuntu" => Some(Dialect::Dash),
        "alpine" | "busybox" => Some(Dialect::Ash),
        _ if BASH.iter().any(is_of) => Some(Dialect::Bash),
        _ if has(|word| word.trim_end_matches(char::is_numeric) == "alpine") => Some(Dialect::Ash),
        name if images::is_official(name) && has(|word| DEBIAN.contains(&word)) => {
            Some(Dialect::Dash)
        }
        _ => None,
    }
}

/// Whether a shell that is given a text to run (`-c`) lets the last command take its place, as
/// `exec` would: BusyBox's since 1.28 (its commit 1e3e2ccd5), unless a line ends behind the command;
/// bash since 5.1 (`can_optimize_connection` in its `builtins/evalstring.c`), unless it is redirected.
/// dash 0.5.12 does not. Tried with BusyBox 1.35, bash 5.2 and dash 0.5.12; 2026-11.
pub fn makes_way(shell: Dialect, redirected: bool, ends_line: bool) -> bool {
    match shell {
        Dialect::Bash => !redirected,
        Dialect::Ash => !ends_line,
        _ => false,
    }
}

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
