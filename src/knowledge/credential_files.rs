//! Files that hold credentials: what they are called, and what in their text proves it.

/// What tells that a file of a certain name holds a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Any of these in its text.
    Text(&'static [&'static str]),
    /// A variable of an env file that is called like one and has a value.
    Variable,
    /// Its name: what is in it is no text.
    Name,
}

const KEY: Proof = Proof::Text(&["PRIVATE KEY-----"]);

/// Names, or the ends of paths, from the manuals of what reads them.
static NAMES: &[(&str, &str, Proof)] = &[
    ("id_rsa", "a private key", KEY),
    ("id_dsa", "a private key", KEY),
    ("id_ecdsa", "a private key", KEY),
    ("id_ed25519", "a private key", KEY),
    (".npmrc", "a token of npm", Proof::Text(&[":_authToken=", ":_password=", ":_auth="])),
    (".pypirc", "a password of PyPI", Proof::Text(&["password"])),
    (".netrc", "passwords", Proof::Text(&["password "])),
    (".git-credentials", "passwords of git", Proof::Text(&["@"])),
    (".pgpass", "passwords of PostgreSQL", Proof::Text(&[":"])),
    (".aws/credentials", "keys of AWS", Proof::Text(&["aws_secret_access_key"])),
    (".docker/config.json", "logins of registries", Proof::Text(&["\"auth\""])),
    (".kube/config", "access to a cluster", Proof::Text(&["client-key-data", "token:"])),
    ("kubeconfig", "access to a cluster", Proof::Text(&["client-key-data", "token:"])),
    ("credentials.json", "a private key", Proof::Text(&["\"private_key\""])),
    ("service-account.json", "a private key", Proof::Text(&["\"private_key\""])),
    ("terraform.tfstate", "all that Terraform knows", Proof::Text(&["\"resources\""])),
];

static ENDINGS: &[(&str, &str, Proof)] = &[
    (".pem", "a private key", KEY),
    (".key", "a private key", KEY),
    (".p12", "a private key", Proof::Name),
    (".pfx", "a private key", Proof::Name),
    (".kdbx", "passwords", Proof::Name),
];

/// Directories whose keys are made up.
const TESTS: &[&str] = &[
    "test",
    "tests",
    "__tests__",
    "testdata",
    "test_resources",
    "fixtures",
    "fixture",
    "spec",
    "examples",
    "example",
    "mocks",
    "docs",
];

/// What a file at `path` may hold, and what proves that it does; `None` for names that say
/// nothing.
pub fn of(path: &str) -> Option<(&'static str, Proof)> {
    if path.split('/').any(|part| TESTS.contains(&part)) {
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_at = |end: &str| {
        path.strip_suffix(end).is_some_and(|above| above.is_empty() || above.ends_with('/'))
    };
    let known = NAMES.iter().find(|(end, ..)| is_at(end));
    if let Some((_, what, proof)) =
        known.or_else(|| ENDINGS.iter().find(|(ending, ..)| name.ends_with(ending)))
    {
        return Some((what, *proof));
    }
    // Those show what to fill in.
    const SAMPLES: [&str; 5] = ["example", "sample", "template", "dist", "tmpl"];
    if name.split('.').any(|word| SAMPLES.contains(&word)) {
        return None;
    }
    let is_env = name == ".env" || name.starts_with(".env.") || name.ends_with(".env");
    is_env.then_some(("a credential", Proof::Variable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_places_say_what_to_look_for() {
        assert_eq!(of("certs/server.key"), Some(("a private key", KEY)));
        assert_eq!(of("home/.aws/credentials").map(|it| it.0), Some("keys of AWS"));
        assert_eq!(of("api/.env.production").map(|it| it.1), Some(Proof::Variable));
        assert_eq!(of("tests/server.key"), None);
        assert_eq!(of("api/.env.example"), None);
        assert_eq!(of("src/main.rs"), None);
    }
}
