//! Tools that images are known not to have.

/// What health checks call and scripts ask for.
pub const ALL: [&str; 4] = ["curl", "wget", "nc", "bash"];

/// Whether one of [`ALL`] may stand in a text: a part of one does.
pub fn may_be_in(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| matches!(pair, b"ba" | b"cu" | b"nc" | b"wg"))
}

/// Official images whose `alpine` tags have BusyBox's tools alone, which `nginx`, `php` and others
/// add to. Their Dockerfiles.
const ALPINE: [&str; 8] =
    ["golang", "haproxy", "httpd", "memcached", "node", "python", "ruby", "rust"];

/// Official images whose `slim` tags are Debian's with the program alone. Their Dockerfiles.
const SLIM: [&str; 5] = ["node", "perl", "python", "ruby", "rust"];

/// Whether the image `name` with a tag lacks one of [`ALL`]: Alpine's images bring BusyBox alone,
/// Debian's slim ones neither of the first three.
pub fn lacks(name: &str, tag: &str, tool: &str) -> bool {
    let has = |word: &str| {
        tag.split(['-', '.']).any(|part| part.trim_end_matches(char::is_numeric) == word)
    };
    let is_alpine = name == "alpine" || has("alpine") && ALPINE.contains(&name);
    let is_slim = matches!(name, "debian" | "ubuntu") || has("slim") && SLIM.contains(&name);
    is_alpine && matches!(tool, "curl" | "bash")
        || is_slim && matches!(tool, "curl" | "wget" | "nc")
}

/// Clients that start a virtual machine of their own each time, and take seconds for it on a busy
/// node: https://github.com/portworx/helm/pull/280 (`nodetool`) and 950 (`mongosh`),
/// https://github.com/ietf-tools/datatracker/pull/9030 (`rabbitmq-diagnostics`); 2026-11.
const SLOW: [&str; 9] = [
    "cqlsh",
    "java",
    "mongosh",
    "nodetool",
    "npm",
    "npx",
    "rabbitmq-diagnostics",
    "rabbitmqctl",
    "yarn",
];

/// Whether a program is slow to start.
pub fn is_slow(program: &str) -> bool {
    SLOW.contains(&program) || program.starts_with("kafka-") && program.ends_with(".sh")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_may_stand_where_it_does() {
        assert!(ALL.iter().all(|tool| may_be_in(&format!("x{tool}"))) && !may_be_in("echo x"));
    }

    #[test]
    fn only_what_is_known_to_be_bare_lacks_a_tool() {
        assert!(lacks("alpine", "3.20", "curl") && !lacks("alpine", "3.20", "wget"));
        assert!(lacks("node", "22.11.0-alpine3.20", "bash"));
        assert!(lacks("python", "3.13.1-slim-bookworm", "wget"));
        assert!(!lacks("python", "3.13.1", "curl"));
        assert!(!lacks("nginx", "1.27.3-alpine", "curl"));
    }
}
