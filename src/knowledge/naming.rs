//! How things may be called in Kubernetes.
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>, 2026-11.

/// What a kind of name must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A label of RFC 1123: containers, volumes, namespaces, Services.
    Label,
    /// Such labels with dots between them, as most objects are called.
    Subdomain,
    /// A service name of RFC 6335: a container's port.
    Port,
    /// The value of a label.
    Value,
    /// The key of a label or an annotation.
    Key,
    /// Whatever can stand in a path.
    Path,
}

/// How an object of a kind must be called, and how long its name may be.
pub fn of(kind: &str) -> (Form, usize) {
    match kind {
        "Namespace" | "Service" => (Form::Label, 63),
        "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => (Form::Path, 253),
        // What follows is the time at which its Job was made.
        "CronJob" => (Form::Subdomain, 52),
        _ => (Form::Subdomain, 253),
    }
}

/// Whether another tool, or a reader, puts something in its place: `${NAME}`, `<name>`, `@NAME@`,
/// `__NAME__`, `PROJECT_ID`.
pub fn is_placeholder(text: &str) -> bool {
    let is_all_loud = text.len() > 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    is_all_loud
        || has_loud_word(text)
        || text.contains(['$', '<', '{'])
        || text.starts_with(['[', '('])
        || b"@%#".iter().any(|mark| text.bytes().filter(|byte| byte == mark).count() > 1)
}

/// Whether one of its words is that of somebody who fills in: `web-PROJECT_ID`, `__NAME__`.
pub fn has_loud_word(text: &str) -> bool {
    let is_loud = |word: &str| {
        let inner = word.trim_matches('_');
        word.starts_with("__") && word.ends_with("__") && !inner.is_empty()
            || inner.contains('_')
                && inner.contains(|c: char| c.is_ascii_uppercase())
                && !inner.contains(|c: char| c.is_ascii_lowercase())
    };
    text.contains('_') && text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(is_loud)
}

impl Form {
    pub fn allows(self, text: &str) -> bool {
        match self {
            Self::Label => is_label(text),
            Self::Subdomain => text.len() <= 253 && text.split('.').all(is_part),
            Self::Port => {
                text.len() <= 15
                    && is_part(text)
                    && !text.contains("--")
                    && text.contains(|c: char| c.is_ascii_lowercase())
            }
            Self::Value => text.is_empty() || is_value(text),
            Self::Key => match text.split_once('/') {
                Some((prefix, name)) => Self::Subdomain.allows(prefix) && is_value(name),
                None => is_value(text),
            },
            Self::Path => !matches!(text, "." | "..") && !text.contains(['/', '%']),
        }
    }

    /// What to write instead.
    pub fn help(self) -> &'static str {
        match self {
            Self::Label => "use at most 63 small letters, digits and `-`, none of these at an end",
            Self::Subdomain => "use small letters, digits, `-` and `.`, the last two at no end",
            Self::Port => "use at most 15 small letters, digits and single `-`, at least a letter",
            Self::Value => "use at most 63 letters, digits, `-`, `_` and `.`, these at no end",
            Self::Key => "use at most 63 letters, digits, `-`, `_` and `.`, after a domain and `/`",
            Self::Path => "use neither `/` nor `%`",
        }
    }
}

fn is_label(text: &str) -> bool {
    text.len() <= 63 && is_part(text)
}

fn is_part(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_inner) && !text.starts_with('-') && !text.ends_with('-')
}

fn is_value(text: &str) -> bool {
    let is_end = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    text.len() <= 63
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && is_end(text.bytes().next())
        && is_end(text.bytes().last())
}

#[cfg(test)]
mod tests {
    use super::Form::*;

    #[test]
    fn what_is_to_be_filled_in_is_no_name() {
        for text in ["$(X)", "@NAME@", "web-__ENV__", "%NS%", "PROJECT_ID", "my-APP_NAME", "PORT"] {
            assert!(super::is_placeholder(text), "{text}");
        }
        for text in ["web", "Web_Config", "my_config", "Web", "a_1", "50%", "me@example.com"] {
            assert!(!super::is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn names_are_as_the_api_server_takes_them() {
        let long = "a".repeat(64);
        for (form, good, bad) in [
            (Label, &["web", "1-a"][..], &["", "Web", "a_b", "-a", "a-", "a.b", &long][..]),
            (Subdomain, &["web", "a.b-c.d"], &["a..b", ".a", "a_b", "A"]),
            (
                Port,
                &["http", "grpc-web", "8080-tcp"],
                &["8080", "http--1", "a-very-long-name", "Http"],
            ),
            (Value, &["", "1.0", "a_B-c"], &["-a", "a b", "a/b", "a.", &long]),
            (Key, &["app", "app.kubernetes.io/name", "A_b"], &["", "/a", "A/b", "a/b/c", "a b"]),
            (Path, &["system:node", "A b"], &["a/b", "..", "a%"]),
        ] {
            assert_eq!(good.iter().find(|text| !form.allows(text)), None, "{form:?}");
            assert_eq!(bad.iter().find(|text| form.allows(text)), None, "{form:?}");
        }
    }
}
