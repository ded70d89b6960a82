//! `RUN --mount=`: what a command of the build sees.

use crate::model::text::Text;
use crate::source::{Span, Spanned};
use crate::syntax::dockerfile::{Dialect, MountOption, quoted};

/// One `--mount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The whole flag's value.
    pub span: Span,
    /// `bind`, `cache`, `tmpfs`, `secret`, `ssh`; in lower case.
    pub kind: String,
    /// The stage or image that is seen.
    pub from: Option<Spanned<String>>,
    pub source: Option<Text>,
    pub target: Option<Text>,
    /// All options, as written.
    pub options: Vec<MountOption>,
}

/// What Podman takes besides: labels of SELinux, owners, copies.
const BUILDAH: [&str; 7] =
    ["z", "u", "relabel", "chown", "tmpcopyup", "notmpcopyup", "bind-propagation"];

/// Why BuildKit refuses an option, and which.
pub(super) fn problem(options: &[MountOption], dialect: Dialect) -> Option<Spanned<String>> {
    let buildah = |option: &&MountOption| {
        dialect == Dialect::Buildah && BUILDAH.iter().any(|key| option.is(key))
    };
    options.iter().filter(|option| !buildah(option)).find_map(|option| {
        let key = option.key.value.to_lowercase();
        let span =
            option.value.as_ref().map_or(option.key.span, |value| option.key.span.to(value.span));
        let Some(value) = &option.value else {
            return match key.as_str() {
                "readonly" | "ro" | "readwrite" | "rw" | "required" => None,
                _ => {
                    let text = &option.key.value;
                    let message = format!("invalid field '{text}' must be a key=value pair");
                    Some(Spanned::new(message, span))
                }
            };
        };
        let text = value.value.as_str();
        let message = match key.as_str() {
            "type" => match text.to_lowercase().as_str() {
                "bind" | "cache" | "tmpfs" | "secret" | "ssh" => return None,
                _ => format!("unsupported mount type {}", quoted(text)),
            },
            "sharing" => match text.to_lowercase().as_str() {
                "shared" | "private" | "locked" => return None,
                _ if text.contains('$') => return None,
                _ => format!("unsupported sharing value {}", quoted(text)),
            },
            "from" | "source" | "src" | "target" | "dst" | "destination" | "readonly" | "ro"
            | "readwrite" | "rw" | "required" | "size" | "id" | "mode" | "uid" | "gid" | "env" => {
                return None;
            }
            _ => {
                let key = &option.key.value;
                return Some(Spanned::new(
                    format!("unexpected key '{key}' in '{key}={text}'"),
                    option.key.span,
                ));
            }
        };
        Some(Spanned::new(message, value.span))
    })
}
