//! Whether a file is of development or of production, by its name, its place, what it builds or its
//! own word.

use super::Format;

/// What a file is for. Production is whatever nobody says is development.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    Development,
    Production,
}

impl Environment {
    pub const ALL: [Self; 2] = [Self::Development, Self::Production];

    pub fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }

    /// Judges by the path within the project: a word of the file's name, or a whole directory.
    pub fn of_path(path: &str, format: Format) -> Self {
        let (directories, name) = path.rsplit_once('/').unwrap_or(("", path));
        let named = |word: &str| {
            WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
                || format == Format::Compose && word == "override"
        };
        let placed = |directory: &str| {
            named(directory)
                || directory.ends_with("_dev")
                || matches!(directory, ".devcontainer" | ".ci")
        };
        if name.split(['.', '-', '_']).any(named) || directories.split('/').any(placed) {
            Self::Development
        } else {
            Self::Production
        }
    }

    /// Whether a word of a stage's name says that it is for developing: `dev-envs`.
    pub fn is_development_name(name: &str) -> bool {
        const STAGES: [&str; 2] = ["ci", "lint"];
        let is_one =
            |word: &str| WORDS.iter().chain(&STAGES).any(|known| word.eq_ignore_ascii_case(known));
        name.split(['.', '-', '_']).any(is_one)
    }

    /// What a comment `# plimsoll: environment=development` says, if it is one.
    pub fn of_comment(comment: &str) -> Option<Self> {
        let words = comment.trim_start_matches('#').trim().strip_prefix("plimsoll:")?;
        match words.trim().strip_prefix("environment=")?.split_whitespace().next()? {
            "development" => Some(Self::Development),
            "production" => Some(Self::Production),
            _ => None,
        }
    }
}

const WORDS: [&str; 14] = [
    "dev",
    "development",
    "devenv",
    "local",
    "test",
    "tests",
    "testing",
    "unittests",
    "e2e",
    "cypress",
    "playwright",
    "debug",
    "tilt",
    "gitpod",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_place_says_development() {
        for (path, format) in [
            ("Dockerfile.dev", Format::Dockerfile),
            ("api/dev.Dockerfile", Format::Dockerfile),
            ("docker-compose.override.yml", Format::Compose),
            ("compose.dev.yaml", Format::Compose),
            ("docker-compose-local.yml", Format::Compose),
            (".devcontainer/Dockerfile", Format::Dockerfile),
            ("overlays/dev/deployment.yaml", Format::Kubernetes),
            ("api/tests/Dockerfile", Format::Dockerfile),
            ("Dockerfile.tilt", Format::Dockerfile),
        ] {
            assert_eq!(Environment::of_path(path, format), Environment::Development, "{path}");
        }
        for path in ["Dockerfile", "Dockerfile.prod", "speed-test/Dockerfile", "device/Dockerfile"]
        {
            let judged = Environment::of_path(path, Format::Dockerfile);
            assert_eq!(judged, Environment::Production, "{path}");
        }
    }

    #[test]
    fn a_comment_decides() {
        let of = Environment::of_comment;
        assert_eq!(of("# plimsoll: environment=development"), Some(Environment::Development));
        assert_eq!(of("#plimsoll:environment=production for CI"), Some(Environment::Production));
        assert_eq!(of("# environment=development"), None);
    }
}
