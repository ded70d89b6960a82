//! Programs that make users and groups: how they read their options.

use crate::syntax::shell::OptionSyntax;

/// From useradd(8), shadow 4.17.
const USERADD: OptionSyntax = OptionSyntax {
    values: &[
        "-b",
        "--base-dir",
        "-c",
        "--comment",
        "-d",
        "--home-dir",
        "--home",
        "-e",
        "--expiredate",
        "-f",
        "--inactive",
        "-g",
        "--gid",
        "-G",
        "--groups",
        "-k",
        "--skel",
        "-K",
        "--key",
        "-p",
        "--password",
        "-R",
        "--root",
        "-P",
        "--prefix",
        "-s",
        "--shell",
        "-u",
        "--uid",
        "-Z",
        "--selinux-user",
    ],
    single_dash: false,
};

/// From adduser(8) of Debian 12 and of BusyBox 1.37.
const ADDUSER: OptionSyntax = OptionSyntax {
    values: &[
        "--add-extra-groups",
        "--comment",
        "--conf",
        "--firstuid",
        "-g",
        "-G",
        "--gecos",
        "--gid",
        "-h",
        "--home",
        "--ingroup",
        "-k",
        "--lastuid",
        "-s",
        "--shell",
        "-u",
        "--uid",
    ],
    single_dash: false,
};

/// How a program that makes a user reads its options; `None` for other programs.
pub fn syntax(program: &str) -> Option<OptionSyntax> {
    match program {
        "useradd" => Some(USERADD),
        "adduser" => Some(ADDUSER),
        _ => None,
    }
}
/// Programs whose use at the start of a container is to run another as a user who is not root.
const DROPPERS: [&str; 8] =
    ["gosu", "su-exec", "suexec", "setpriv", "runuser", "s6-setuidgid", "setuidgid", "chpst"];

/// Programs whose one use is to change from root to another user at the start.
pub const BROUGHT: [&str; 3] = ["gosu", "su-exec", "s6-overlay"];

/// Whether one of [`BROUGHT`] may stand in a text: a part of one does.
pub fn may_be_in(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| matches!(pair, b"su" | b"s6"))
}

/// Whether `program`, by its name, is there to run another as somebody else.
pub fn drops_root(program: &str) -> bool {
    DROPPERS.contains(&program)
}
