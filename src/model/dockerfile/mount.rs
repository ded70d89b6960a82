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

impl Mount {
    /// Moves each place that it knows.
    pub(super) fn move_places(&mut self, place: impl Fn(&mut Span) + Copy) {
        let Self { span, kind: _, from, source, target, options } = self;
        place(span);
        from.iter_mut().for_each(|from| place(&mut from.span));
        source.iter_mut().chain(target).for_each(|text| text.move_places(place));
        for MountOption { key, value } in options {
            place(&mut key.span);
            value.iter_mut().for_each(|value| place(&mut value.span));
        }
    }
}

/// What Podman takes besides: labels of SELinux, owners, copies, how mounts spread. Source:
/// `internal/volumes` of <https://github.com/containers/buildah>.
const BUILDAH: [&str; 21] = [
    "z",
    "u",
    "relabel",
    "chown",
    "tmpcopyup",
    "notmpcopyup",
    "tmpfs-mode",
    "tmpfs-size",
    "bind-propagation",
    "bind-nonrecursive",
    "shared",
    "rshared",
    "private",
    "rprivate",
    "slave",
    "rslave",
    "nosuid",
    "nodev",
    "noexec",
    "no-dereference",
    "consistency",
];

/// What a key of a mount stands for under its other names.
const ALIASES: [(&str, &str); 3] =
    [("src", "source"), ("dst", "target"), ("destination", "target")];

/// An option, and its value with variables replaced.
pub(super) type Expanded = (MountOption, Option<Text>);

/// Reads the options of a `--mount` one after another, or says why BuildKit refuses which.
pub(super) fn read(
    span: Span,
    options: Vec<Expanded>,
    dialect: Dialect,
) -> Result<Mount, Spanned<String>> {
    let mut mount = Mount {
        span,
        kind: "bind".to_owned(),
        from: None,
        source: None,
        target: None,
        options: Vec::new(),
    };
    let buildah = |option: &MountOption| {
        dialect == Dialect::Buildah && BUILDAH.iter().any(|key| option.is(key))
    };
    for (option, value) in &options {
        if !buildah(option) {
            take(&mut mount, option, value.as_ref())?;
        }
    }
    if dialect == Dialect::BuildKit
        && let Some(message) = conflict(&mount, &options)
    {
        return Err(Spanned::new(message, span));
    }
    mount.options = options.into_iter().map(|(option, _)| option).collect();
    Ok(mount)
}

/// Takes one option over.
fn take(
    mount: &mut Mount,
    option: &MountOption,
    value: Option<&Text>,
) -> Result<(), Spanned<String>> {
    let key = option.key.value.to_lowercase();
    let fail = |message: String, span: Span| Err(Spanned::new(message, span));
    let needs_secret = |mount: &Mount| {
        let allowed = matches!(mount.kind.as_str(), "secret" | "ssh" | UNKNOWN);
        let message = || format!("unexpected key '{key}' for mount type '{}'", mount.kind);
        if allowed { Ok(()) } else { Err(Spanned::new(message(), option.key.span)) }
    };
    let Some(value) = value else {
        return match key.as_str() {
            "readonly" | "ro" | "readwrite" | "rw" => Ok(()),
            "required" => needs_secret(mount),
            _ => {
                let field = &option.key.value;
                fail(format!("invalid field '{field}' must be a key=value pair"), option.key.span)
            }
        };
    };
    let known = value.known();
    let check = |is_right: fn(&str) -> bool, message: &dyn Fn(&str) -> String| match known {
        Some(text) if !is_right(text) => Err(Spanned::new(message(text), value.span())),
        _ => Ok(()),
    };
    match ALIASES.iter().find(|(alias, _)| *alias == key).map_or(key.as_str(), |(_, name)| name) {
        "type" => {
            check(is_kind, &|text| format!("unsupported mount type {}", quoted(text)))?;
            mount.kind = known.map_or(UNKNOWN.to_owned(), str::to_lowercase);
            Ok(())
        }
        "from" => {
            mount.from = Some(Spanned::new(value.value().to_owned(), value.span()));
            Ok(())
        }
        "source" => {
            mount.source = Some(value.clone());
            Ok(())
        }
        "target" => {
            mount.target = Some(value.clone());
            Ok(())
        }
        "readonly" | "ro" | "readwrite" | "rw" => {
            check(is_bool, &|text| format!("invalid value for {key}: {text}"))
        }
        "required" => {
            needs_secret(mount)?;
            check(is_bool, &|text| format!("invalid value for {key}: {text}"))
        }
        "size" if matches!(mount.kind.as_str(), "tmpfs" | UNKNOWN) => {
            check(is_size, &|text| format!("invalid value for {key}: {text}"))
        }
        "size" => {
            fail(format!("unexpected key '{key}' for mount type '{}'", mount.kind), option.key.span)
        }
        "sharing" => check(
            |text| matches!(text.to_lowercase().as_str(), "shared" | "private" | "locked"),
            &|text| format!("unsupported sharing value {}", quoted(text)),
        ),
        "mode" => {
            check(|text| is_number(text, 8), &|text| format!("invalid value {text} for mode"))
        }
        "uid" | "gid" => {
            check(|text| is_number(text, 10), &|text| format!("invalid value {text} for {key}"))
        }
        "id" | "env" => Ok(()),
        _ => {
            let written = option.value.as_ref().map_or("", |value| value.value.as_str());
            let field = format!("{}={written}", option.key.value);
            fail(format!("unexpected key '{key}' in '{field}'"), option.key.span)
        }
    }
}

/// Stands for a kind that a variable says which nobody knows.
const UNKNOWN: &str = "";

/// What no single option is to blame for.
fn conflict(mount: &Mount, options: &[Expanded]) -> Option<String> {
    let kind = mount.kind.as_str();
    if kind == UNKNOWN {
        return None;
    }
    let given = |key: &str| {
        let values = options.iter().filter(|(option, _)| option.is(key));
        values.filter_map(|(_, value)| value.as_ref()).next_back()
    };
    let is_set = |text: Option<&Text>| text.is_some_and(|text| !text.value().is_empty());
    let owner = ["mode", "uid", "gid"].into_iter().find(|key| given(key).is_some());
    if let Some(key) = owner.filter(|_| !matches!(kind, "secret" | "ssh" | "cache")) {
        return Some(format!("{key} not allowed for {} type mounts", quoted(kind)));
    }
    let (id, source) = (is_set(given("id")), is_set(mount.source.as_ref()));
    let sharing = is_set(given("sharing"));
    match kind {
        "secret" if mount.from.as_ref().is_some_and(|from| !from.value.is_empty()) => {
            Some("secret mount should not have a from".to_owned())
        }
        "secret" if sharing => Some("secret mount should not define sharing".to_owned()),
        "secret" if !id && !source && !is_set(mount.target.as_ref()) => {
            Some("invalid secret mount. one of source, target required".to_owned())
        }
        "secret" if id && source => Some("both source and id can't be set".to_owned()),
        "cache" => None,
        _ if sharing => Some(format!("invalid cache sharing set for {kind} mount")),
        _ => None,
    }
}

fn is_kind(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "bind" | "cache" | "tmpfs" | "secret" | "ssh")
}

/// As Go reads truth values.
pub(super) fn is_bool(text: &str) -> bool {
    let words = ["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"];
    words.contains(&text)
}

fn is_number(text: &str, radix: u32) -> bool {
    !text.starts_with('+') && u32::from_str_radix(text, radix).is_ok()
}

/// As Docker writes sizes: `64m`, `1.5 GiB`.
fn is_size(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &text[..text.len() - unit.len()];
    let unit = unit.strip_prefix(' ').unwrap_or(unit).to_ascii_lowercase();
    let rest = unit.strip_prefix(['k', 'm', 'g', 't', 'p']);
    let is_unit = matches!(rest, Some("" | "b" | "ib")) || matches!(unit.as_str(), "" | "b");
    is_unit && number.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_docker_writes_them() {
        for right in ["1", "64m", "1.5 GiB", "10kb", "3B", "2PiB"] {
            assert!(is_size(right), "{right}");
        }
        for wrong in ["", "m", "1x", "1 .5", "-1", "1..5", "1mi", "1bb"] {
            assert!(!is_size(wrong), "{wrong}");
        }
    }
}
