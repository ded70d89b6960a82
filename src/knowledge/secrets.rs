//! What credentials are called, and which values are none.

use std::ops::Range;

use super::tokens;

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
    "accesskey",
    "secretkey",
    "privatekey",
    "authtoken",
    "requirepass",
    "masterauth",
];

/// Two words that do so together.
const PAIRS: &[(&str, &str)] = &[
    ("api", "key"),
    ("private", "key"),
    ("access", "key"),
    ("secret", "key"),
    ("encryption", "key"),
    ("signing", "key"),
    ("license", "key"),
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
    "language",
    "htpasswd",
    "stdin",
    "prompt",
    "hostname",
    "address",
    "domain",
    "region",
    "namespace",
    "annotation",
    "label",
    "hint",
    "field",
    "encryption",
    "strength",
    "class",
    "backend",
    "manager",
    "engine",
    "driver",
    "scope",
    "scopes",
    "duration",
    "age",
    "seconds",
    "minutes",
    "hours",
    "days",
    "attempts",
    "retries",
    "pattern",
    "regex",
    "rotation",
    "realm",
    "complexity",
    "template",
    "templates",
    "meta",
    "metadata",
];

/// Words before a last `secret` that make it the name of a Secret: `default-tls-secret: web/tls`.
const KINDS_OF_SECRETS: &[&str] =
    &["tls", "cert", "certificate", "credential", "credentials", "pull"];

/// What runs words together: `PGPASSWORD`, `CLIENTSECRET`.
const ENDINGS: &[&str] = &["password", "passwd", "secret", "apikey"];

/// Values that say "fill me in".
const HOLES: &[&str] = &[
    "changeme",
    "change_me",
    "change-me",
    "replace",
    "insert",
    "choose",
    "placeholder",
    "your",
    "example",
    "todo",
    "xxx",
    "dummy",
    "redacted",
    "fixme",
    "goes-here",
    "goes_here",
    "goes here",
    "enter ",
    "enter_",
    "enter-",
    "changethis",
    "change_this",
    "change-this",
    "change-it",
    "change_it",
    "set-me",
    "set_me",
    "not-a-secret",
    "notasecret",
    "not_a_secret",
];

/// Whether what is called like that holds a credential, by the words of the name.
pub fn is_credential(name: &str) -> bool {
    // Part of every word below that says so.
    const STEMS: [&str; 7] = ["pass", "pw", "secret", "token", "key", "credential", "masterauth"];
    let lower = name.to_ascii_lowercase();
    if name.is_ascii() && !STEMS.iter().any(|stem| lower.contains(stem)) {
        return false;
    }
    let words = words(name);
    let words: Vec<&str> = words.split_ascii_whitespace().collect();
    let Some(last) = words.last() else { return false };
    // The name of a cluster; the files of Confluent's images of Kafka.
    const OTHERS: [&[&str]; 4] = [
        &["initial", "cluster", "token"],
        &["keystore", "credentials"],
        &["truststore", "credentials"],
        &["ssl", "key", "credentials"],
    ];
    // Of a Secret, of a variable.
    let is_name = match words[..] {
        [.., kind, "secret"] => KINDS_OF_SECRETS.contains(&kind),
        [.., word, "env"] => WORDS.contains(&word),
        _ => false,
    };
    if ABOUT.contains(last)
        || is_name
        || words.contains(&"public")
        || words.contains(&"max")
        || OTHERS.iter().any(|other| words.ends_with(other))
    {
        return false;
    }
    let is_said =
        |word: &&str| WORDS.contains(word) || ENDINGS.iter().any(|ending| word.ends_with(ending));
    matches!(*last, "pass" | "pw" | "pgpass")
        || words.iter().any(is_said)
        || words.windows(2).any(|pair| PAIRS.contains(&(pair[0], pair[1])))
}

/// Whether what is called like that tells something about a credential or beside it: a place, a
/// user, a length.
pub fn is_about(name: &str) -> bool {
    words(name).split_ascii_whitespace().next_back().is_some_and(|last| ABOUT.contains(&last))
}

/// Whether a value under this name is a credential in clear.
pub fn is_written(name: &str, value: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    // `API_KEY: api_key_here` is to be filled in.
    is_credential(name) && !is_harmless(value) && !letters(value).starts_with(&letters(name))
}

/// Whether a value is no credential whatever it is called: nothing, a truth value, a small number,
/// a place, a hole to fill.
pub fn is_harmless(value: &str) -> bool {
    let lower = value.trim().trim_matches(['"', '\'', '*']).to_ascii_lowercase();
    lower.is_empty()
        || matches!(
            lower.as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "none"
                // What browsers send along.
                | "include" | "omit" | "same-origin"
                // What opens nothing.
                | "invalid"
                // Kinds of tokens.
                | "jwt" | "opaque" | "bearer"
                // Sources of `passwd` in `nsswitch.conf`.
                | "compat" | "files"
        )
        || lower.parse::<u32>().is_ok_and(|number| number < 100_000) && lower.len() < 6
        || lower.starts_with(['/', '<', '{', '[', '$', '%'])
        || lower.starts_with("#{")
        // `...`, `@PASSWORD@`, `__PASSWORD__`
        || !lower.contains(|c: char| c.is_alphanumeric())
        || ["@", "__"].iter().any(|mark| lower.starts_with(mark) && lower.ends_with(mark))
        || lower.starts_with("./")
        || lower.contains("://") && !lower.contains('@')
        || HOLES.iter().any(|hole| lower.contains(hole))
}

/// The passwords in the addresses of a text, `scheme://user:password@host`, each with the range of
/// its user.
pub fn in_addresses(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    for (at, scheme) in text.match_indices("://") {
        let start = at + scheme.len();
        let rest = &text[start..];
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`');
        let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
        let Some((login, _)) = authority.rsplit_once('@') else { continue };
        if let Some((user, password)) = login.split_once(':').filter(|(_, it)| !it.is_empty()) {
            let end = start + login.len();
            found.push((start..start + user.len(), end - password.len()..end));
        }
    }
    found
}

/// The credentials in a text of settings, `name = value` or `name: value` to a line, and in its
/// addresses.
pub fn in_settings(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        found.extend(setting(line).map(|range| start + range.start..start + range.end));
        start += line.len();
    }
    let is_credential = |range: &Range<usize>| is_value(&text[range.clone()]);
    found
        .extend(in_addresses(text).into_iter().map(|(_, password)| password).filter(is_credential));
    found.sort_by_key(|range| range.start);
    found
}

/// The credential that a line sets.
fn setting(line: &str) -> Option<Range<usize>> {
    let (name, value) = line.split_once([':', '='])?;
    let name = name.trim();
    let name = name.strip_prefix("export ").unwrap_or(name).trim_matches(['"', '\'']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    // `:=`, `==`, `://`
    if !name.chars().all(is_name) || value.starts_with([':', '=', '/']) {
        return None;
    }
    let behind = value.trim_start();
    let start = line.len() - behind.len();
    let quote = behind.chars().next().filter(|first| matches!(first, '"' | '\''));
    let value = match quote {
        Some(quote) => behind[1..].split(quote).next()?,
        None => behind.split(" #").next()?.trim_end().trim_end_matches([',', ';']),
    };
    // `password = settings.password` and other code.
    let is_code = quote.is_none()
        && (value.contains(|c: char| c.is_whitespace() || matches!(c, '(' | '['))
            || value.contains('.') && is_credential(value));
    let start = start + usize::from(quote.is_some());
    (!is_code && is_value(value) && is_written(name, value)).then_some(start..start + value.len())
}

/// Whether a value may be a credential, and not what stands for one or leads to it.
pub fn is_value(value: &str) -> bool {
    const REFERENCES: &[&str] = &["${", "$(", "{{", "ENC[", "vault:", "ref+"];
    !is_harmless(value)
        && !value.starts_with(['|', '>', '&', '*', '!'])
        && !REFERENCES.iter().any(|reference| value.contains(reference))
        && tokens::find(value).is_empty()
}

/// The words of a name in lower case, with blanks between them: `DB_PASSWORD`, `dbPassword`.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || was_lower && c.is_uppercase() {
            words.push(' ');
        }
        was_lower = c.is_lowercase();
        match c.is_alphanumeric() {
            true if c.is_ascii() => words.push(c.to_ascii_lowercase()),
            true => words.extend(c.to_lowercase()),
            false => {}
        }
    }
    words
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
            "NEW_RELIC_LICENSE_KEY",
            "MYSQL_PWD",
            "aws_secret_access_key",
            "SECRET_KEY",
            "PGPASSWORD",
            "DB_PASS",
            "clientSecret",
            "spring.datasource.password",
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
            "ETCD_INITIAL_CLUSTER_TOKEN",
            "BYPASS",
            "tokenizer.json",
            "maxTokens",
            "secretName",
            "secretEnv",
            "default-tls-secret",
            "credentialsSecret",
            "MB_PASSWORD_COMPLEXITY",
            "CONJUR_SECRET_TEMPLATE",
        ] {
            assert!(!is_credential(name), "{name}");
        }
    }

    #[test]
    fn what_is_to_be_filled_in_is_none() {
        assert!(is_written("API_TOKEN", "8f14e45fceea167a"));
        for value in [
            "",
            "changeme",
            "<token>",
            "${API_TOKEN}",
            "api_token",
            "API_TOKEN_VALUE",
            "...",
            "@TOKEN@",
            "__TOKEN__",
            "#{TOKEN}#",
            "enter token",
            "[REDACTED]",
        ] {
            assert!(!is_written("API_TOKEN", value), "{value}");
        }
    }

    #[test]
    fn settings_are_read_line_by_line() {
        let found = |text: &'static str| -> Vec<_> {
            in_settings(text).into_iter().map(|range| &text[range]).collect()
        };
        let text = "user: me\n  password: hunter2 # mine\nexport TOKEN=abc\n\"apiKey\": \
                    \"k\\y\",\nurl=db://me:pw@db/x\n";
        assert_eq!(found(text), ["hunter2", "abc", "k\\y", "pw"]);
        let none = "# password: hunter2\npassword: |\ntoken: ${TOKEN}\npassword = \
                    get(\"password\")\npassword = settings.password\ntokenizer.json: abc\n\
                    password: ENC[abc]\nif password == hunter2:\n";
        assert_eq!(found(none), [""; 0]);
    }

    #[test]
    fn a_password_in_an_address_is_found_there() {
        let found = |text: &'static str| -> Vec<_> {
            let found = in_addresses(text).into_iter();
            found.map(|(user, password)| (&text[user], &text[password])).collect()
        };
        assert_eq!(found("a postgres://me:pw@db:5432/x, amqp://:p@q"), [("me", "pw"), ("", "p")]);
        assert_eq!(found("https://example.com/a:b@c https://me@x http://h:80/"), []);
    }
}
