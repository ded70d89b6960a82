//! `FROM --platform=`: what BuildKit takes for a platform.

use crate::syntax::dockerfile::quoted;

/// Operating systems and architectures that may stand alone, under all their names.
const KNOWN: [&str; 48] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "macos",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
    "386",
    "aarch64",
    "amd64",
    "amd64p32",
    "arm",
    "arm64",
    "arm64be",
    "armbe",
    "armel",
    "armhf",
    "i386",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "mipsle",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
    "x86-64",
    "x86_64",
];

/// What is wrong with a platform, `linux/arm64/v8` for one.
pub(super) fn problem(platform: &str) -> Option<String> {
    let whole = quoted(platform);
    let invalid = |what: String| Some(format!("{what}: invalid argument"));
    if platform.contains('*') {
        return invalid(format!("{whole}: wildcards not yet supported"));
    }
    let parts: Vec<&str> = platform.splitn(4, '/').collect();
    for (index, part) in parts.iter().enumerate() {
        let word = quoted(part);
        if index == 0 && !is_system(part) {
            return invalid(format!(
                "{word} is an invalid OS component of {whole}: OSAndVersion specifier component \
                 must match {}",
                quoted(r"^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$")
            ));
        }
        if index > 0 && !is_word(part, "_.-") {
            return invalid(format!(
                "{word} is an invalid component of {whole}: platform specifier component must \
                 match \"^[A-Za-z0-9_.-]+$\""
            ));
        }
    }
    match parts.as_slice() {
        [only] => {
            let name = only.split('(').next().unwrap_or(only).to_ascii_lowercase();
            if KNOWN.contains(&name.as_str()) {
                return None;
            }
            invalid(format!("{whole}: unknown operating system or architecture"))
        }
        [_, _] | [_, _, _] => None,
        _ => invalid(format!("{whole}: cannot parse platform specifier")),
    }
}

/// An operating system, perhaps with its version: `windows(10.0.17763)`.
fn is_system(text: &str) -> bool {
    match text.split_once('(') {
        None => is_word(text, "_-"),
        Some((name, version)) => {
            let version = version.strip_suffix(')');
            is_word(name, "_-") && version.is_some_and(|it| it.is_empty() || is_word(it, "_.%-+"))
        }
    }
}

fn is_word(text: &str, more: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
}
