//! What credentials are called, and which values are none.

/// Words of a variable's name that say it holds a credential.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "credential",
    "credentials",
    "dbpassword",
    "accesskey",
    "secretkey",
    "privatekey",
    "authtoken",
];

/// Two words that do so together.
const PAIRS: &[(&str, &str)] = &[
    ("api", "key"),
    ("private", "key"),
    ("access", "key"),
    ("secret", "key"),
    ("encryption", "key"),
    ("signing", "key"),
];

/// Last words that say it holds something about a credential.
const ABOUT: &[&str] = &[
    "file",
    "path",
    "dir",
    "directory",
    "url",
    "uri",
    "name",
    "id",
    "version",
    "length",
    "len",
    "min",
    "max",
    "ttl",
    "expiry",
    "expires",
    "expiration",
    "timeout",
    "algorithm",
    "alg",
    "public",
    "type",
    "enabled",
    "disabled",
    "required",
    "header",
    "policy",
    "hash",
    "count",
    "limit",
    "size",
    "sock",
    "endpoint",
    "host",
    "port",
    "user",
    "username",
    "email",
    "mode",
    "format",
    "prefix",
    "interval",
    "lifetime",
    "issuer",
    "audience",
    "store",
    "provider",
    "ref",
    "arn",
    "key_id",
];

/// Whether a variable of this name holds a credential, by the words of its name.
pub fn is_credential(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['_', '-', '.']).filter(|word| !word.is_empty()).collect();
    let Some(last) = words.last() else { return false };
    if ABOUT.contains(last) || words.contains(&"public") || words.contains(&"max") {
        return false;
    }
    words.iter().any(|word| WORDS.contains(word))
        || words.windows(2).any(|pair| PAIRS.contains(&(pair[0], pair[1])))
}

/// Whether a value is no credential whatever it is called: nothing, a truth value, a small number,
/// a place, a hole to fill.
pub fn is_harmless(value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    lower.is_empty()
        || matches!(
            lower.as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "none"
        )
        || lower.parse::<u32>().is_ok_and(|number| number < 100_000) && lower.len() < 6
        || lower.starts_with(['/', '<', '{', '$', '%'])
        || lower.starts_with("./")
        || lower.contains("://") && !lower.contains('@')
        || [
            "changeme",
            "change_me",
            "change-me",
            "replace",
            "placeholder",
            "your_",
            "your-",
            "example",
            "todo",
            "xxx",
            "***",
            "dummy",
        ]
        .iter()
        .any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_their_words() {
        for name in [
            "DB_PASSWORD",
            "API_KEY",
            "GITHUB_TOKEN",
            "MYSQL_PWD",
            "aws_secret_access_key",
            "SECRET_KEY",
        ] {
            assert!(is_credential(name), "{name}");
        }
        for name in [
            "MAX_TOKENS",
            "SECRET_KEY_FILE",
            "GPG_KEY",
            "TOKENIZERS_PARALLELISM",
            "SSH_AUTH_SOCK",
            "PASSWORD_MIN_LENGTH",
            "KEY_VAULT_URL",
            "POSTGRES_USERNAME",
            "PUBLIC_API_KEY",
            "PWD_DIR",
        ] {
            assert!(!is_credential(name), "{name}");
        }
    }
}
