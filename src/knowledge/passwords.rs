//! Passwords that everybody tries first, and settings that ask for none.

/// From the manuals of the images that set them, and the heads of every list of passwords tried:
/// https://github.com/danielmiessler/SecLists/tree/master/Passwords; 2026-01.
const KNOWN: &[&str] = &[
    "123456",
    "12345678",
    "123456789",
    "admin",
    "admin123",
    "administrator",
    "adminpass",
    "bitnami",
    "changeit",
    "changeme",
    "default",
    "elastic",
    "example",
    "grafana",
    "guest",
    "letmein",
    "mariadb",
    "minio",
    "minio123",
    "minioadmin",
    "mongo",
    "mysecretpassword",
    "mysql",
    "neo4j",
    "pass",
    "passwd",
    "password",
    "password1",
    "password123",
    "postgres",
    "qwerty",
    "rabbitmq",
    "redis",
    "root",
    "rootpassword",
    "secret",
    "supersecret",
    "test",
    "toor",
    "user",
];

/// Variables that let everybody in when they are set so; no value means any that is not false.
/// The images' own pages on Docker Hub; 2026-01.
const OPEN: &[(&str, Option<&str>)] = &[
    ("ALLOW_ANONYMOUS_LOGIN", None),
    ("ALLOW_EMPTY_PASSWORD", None),
    ("DISABLE_SECURITY_PLUGIN", None),
    ("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", None),
    ("MYSQL_ALLOW_EMPTY_PASSWORD", None),
    ("NEO4J_AUTH", Some("none")),
    ("POSTGRES_HOST_AUTH_METHOD", Some("trust")),
    ("plugins.security.disabled", Some("true")),
    ("xpack.security.enabled", Some("false")),
];

/// Whether everybody tries it.
pub fn is_known(password: &str) -> bool {
    KNOWN.binary_search(&password.to_ascii_lowercase().as_str()).is_ok()
}

/// Whether a variable that is set so lets everybody in.
pub fn lets_everybody_in(variable: &str, value: &str) -> bool {
    let is = |word: &&str| value.eq_ignore_ascii_case(word);
    OPEN.iter().any(|(name, open)| {
        *name == variable
            && match open {
                Some(open) => is(open),
                None => !["", "0", "no", "false"].iter().any(is),
            }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(KNOWN.is_sorted());
        assert!(is_known("Postgres") && !is_known("8f14e45fceea167a"));
    }

    #[test]
    fn a_switch_that_is_off_lets_nobody_in() {
        assert!(lets_everybody_in("MYSQL_ALLOW_EMPTY_PASSWORD", "yes"));
        assert!(!lets_everybody_in("MYSQL_ALLOW_EMPTY_PASSWORD", "no"));
        assert!(lets_everybody_in("POSTGRES_HOST_AUTH_METHOD", "trust"));
        assert!(!lets_everybody_in("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256"));
    }
}
