//! The grammar of distribution/reference 0.6: regular, so each part is judged on its own.
//! Source: <https://github.com/distribution/reference/blob/v0.6.0/reference.go> and `normalize.go`.

use std::ops::Range;

use super::ImageRef;

const INVALID: &str = "invalid reference format";

/// The bytes of `name` that are its registry: the first component, if it looks like a host.
pub(super) fn registry_len(name: &str) -> Option<usize> {
    let slash = name.find('/')?;
    let first = &name[..slash];
    let is_host =
        first == "localhost" || first.contains(['.', ':']) || first.chars().any(char::is_uppercase);
    is_host.then_some(slash)
}

/// Whether `registry` is Docker Hub, by name or by default.
pub(super) fn is_docker_hub(registry: Option<&str>) -> bool {
    matches!(registry, None | Some("docker.io" | "index.docker.io"))
}

/// What is wrong with `image`, whose text is `value`, and the bytes that are.
pub(super) fn error(value: &str, image: &ImageRef) -> Option<(Range<usize>, String)> {
    let whole = 0..value.len();
    if value.len() == 64 && value.bytes().all(is_lower_hex) {
        let message = format!(
            "invalid repository name ({value}), cannot specify 64-byte hexadecimal strings"
        );
        return Some((whole, message));
    }
    let path = &value[image.repository.clone()];
    let remote = remote(value);
    let is_lower = remote.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if !is_lower && remote.to_lowercase() != remote {
        let message = format!("{INVALID}: repository name ({remote}) must be lowercase");
        return Some((image.repository.clone(), message));
    }
    if let Some(host) = &image.registry
        && !is_host(&value[host.clone()])
        && !is_path_component(&value[host.clone()])
    {
        let lowered = is_path_component(&value[host.clone()].to_ascii_lowercase())
            && path.split('/').all(is_path_component);
        let message = if lowered { "repository name must be lowercase" } else { INVALID };
        return Some((host.clone(), message.to_owned()));
    }
    if !path.split('/').all(is_path_component) {
        let range = if path.is_empty() { whole } else { image.repository.clone() };
        return Some((range, INVALID.to_owned()));
    }
    if let Some(tag) = &image.tag
        && !is_tag(&value[tag.clone()])
    {
        let range = if tag.is_empty() { tag.start - 1..tag.end } else { tag.clone() };
        return Some((range, INVALID.to_owned()));
    }
    if remote.split('@').next().is_some_and(|path| path.len() > 255) {
        let message = "repository name must not be more than 255 characters";
        return Some((image.repository.clone(), message.to_owned()));
    }
    let digest = image.digest.clone()?;
    let message = digest_error(&value[digest.clone()])?;
    let range = if digest.is_empty() { digest.start - 1..digest.end } else { digest };
    Some((range, message.to_owned()))
}

/// The part of `value` that must be lower case: what follows the registry, up to the first colon,
/// with the `library/` that Docker Hub adds.
fn remote(value: &str) -> String {
    let (host, rest) = match registry_len(value) {
        Some(end) => (Some(&value[..end]), &value[end + 1..]),
        None => (None, value),
    };
    let official = is_docker_hub(host) && !rest.contains('/');
    let path = rest.split(':').next().unwrap_or(rest);
    format!("{}{path}", if official { "library/" } else { "" })
}

/// `name.example.com:5000`, `[::1]:5000`.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.rfind(':') {
        Some(colon) if !text.ends_with(']') => (&text[..colon], Some(&text[colon + 1..])),
        _ => (text, None),
    };
    if port.is_some_and(|port| port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit())) {
        return false;
    }
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => {
            !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
        }
        None => host.split('.').all(|label| {
            let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            !label.is_empty()
                && label.bytes().all(inner)
                && !label.starts_with('-')
                && !label.ends_with('-')
        }),
    }
}

/// Lower-case letters and digits, in runs that one `.`, one or two `_`, or any number of `-`
/// separate.
fn is_path_component(text: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends_are_words = bytes.first().is_some_and(is_word) && bytes.last().is_some_and(is_word);
    ends_are_words
        && bytes.split(is_word).filter(|run| !run.is_empty()).all(|separator| {
            matches!(separator, b"." | b"_" | b"__") || separator.iter().all(|&b| b == b'-')
        })
}

fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&text.len())
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}

/// What opencontainers/go-digest has against `text`.
fn digest_error(text: &str) -> Option<&'static str> {
    let Some((algorithm, hex)) = text.split_once(':') else { return Some(INVALID) };
    let is_component = |part: &str| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if !algorithm.split(['-', '_', '+', '.']).all(is_component)
        || hex.len() < 32
        || !hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return Some(INVALID);
    }
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return Some("unsupported digest algorithm"),
    };
    if hex.len() != length {
        return Some("invalid checksum digest length");
    }
    (!hex.bytes().all(is_lower_hex)).then_some("invalid checksum digest format")
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}
