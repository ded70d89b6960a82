//! Which file is what: by name, and for YAML by content.

use super::Format;

impl Format {
    /// What a file is, by its path and its text; `None` if it is none of ours.
    pub fn of(path: &str, text: &str) -> Option<Self> {
        match Self::of_name(path)? {
            Named::As(format) => Some(format),
            Named::Yaml => Self::of_yaml(text)
                .filter(|format| *format != Self::Compose || !is_values_of_chart(path)),
        }
    }

    /// What the name alone says; `None` if no file of ours is called so.
    pub fn of_name(path: &str) -> Option<Named> {
        let name = path.rsplit('/').next().unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        if is_dockerfile(name, &lower) {
            return Some(Named::As(Self::Dockerfile));
        }
        let stem = match lower.rsplit_once('.')? {
            (stem, "yml" | "yaml") => stem,
            (_, "json") => return Some(Named::Yaml),
            _ => return None,
        };
        let named = |prefix| stem.strip_prefix(prefix).is_some_and(|rest: &str| !starts_word(rest));
        if stem == "kustomization" {
            return Some(Named::As(Self::Kubernetes));
        }
        if named("compose") || named("docker-compose") {
            return Some(Named::As(Self::Compose));
        }
        Some(Named::Yaml)
    }

    /// What a YAML or JSON text is, by its top-level keys alone.
    fn of_yaml(text: &str) -> Option<Self> {
        let has = |key: &str| text.lines().any(|line| top_level_key(line) == Some(key));
        if has("apiVersion") && has("kind") {
            return Some(Self::Kubernetes);
        }
        if text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with(['{', '[']) {
            let quoted = |key: &str| text.contains(&format!("\"{key}\""));
            if quoted("apiVersion") && quoted("kind") {
                return Some(Self::Kubernetes);
            }
            let services = text.split_once("\"services\"").map(|(_, rest)| rest.trim_start());
            let is_mapping = services
                .and_then(|rest| rest.strip_prefix(':'))
                .is_some_and(|rest| rest.trim_start().starts_with('{'));
            return (is_mapping && (quoted("image") || quoted("build"))).then_some(Self::Compose);
        }
        // A mapping named `services` alone says little; with a service's own keys it says enough.
        let service = |line: &str| {
            // `web: {image: nginx}` is a service, too, and all of them may stand on one line.
            let pieces = line.split(['{', ',']).map(|piece| piece.trim_start_matches([' ', '"']));
            let mut keys = pieces.skip(usize::from(!line.starts_with([' ', '\t'])));
            keys.any(|key| key.starts_with("image:") || key.starts_with("build:"))
        };
        (has("services") && text.lines().any(service)).then_some(Self::Compose)
    }
}

/// Whether a file is called as the values of a chart, which may be anything: `values-prod.yaml`.
fn is_values_of_chart(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.strip_prefix("values").is_some_and(|rest| rest.starts_with(['.', '-', '_']))
}

/// What a name says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    As(Format),
    /// YAML or JSON; its content decides.
    Yaml,
}

/// Endings of what other programs make files of.
const TEMPLATES: [&str; 16] = [
    "eex", "ejs", "erb", "gotmpl", "hbs", "in", "j2", "jinja", "jinja2", "liquid", "m4", "mako",
    "mustache", "template", "tmpl", "tpl",
];

/// Whether a name is that of a template that a Dockerfile is made of: `Containerfile.in`.
pub fn is_dockerfile_template(path: &str) -> bool {
    let lower = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let Some((stem, last)) = lower.rsplit_once('.') else { return false };
    TEMPLATES.contains(&last) && is_dockerfile(stem, stem)
}

fn is_dockerfile(name: &str, lower: &str) -> bool {
    const OTHER: &[&str] = &[
        "dockerignore",
        "containerignore",
        "md",
        "txt",
        "json",
        "yml",
        "yaml",
        "rs",
        "go",
        "py",
        "sh",
        "html",
        "swp",
        "orig",
        "rej",
        "bak",
        "patch",
        "diff",
    ];
    let word = |word: &str| {
        lower == word
            || lower.strip_prefix(word).is_some_and(|rest| {
                // `Dockerfile.prod`, `Dockerfile-prod`, `Dockerfile_prod`
                rest.starts_with(['.', '-', '_'])
                    && rest
                        .rsplit('.')
                        .next()
                        .is_none_or(|last| !OTHER.contains(&last) && !TEMPLATES.contains(&last))
            })
    };
    let ending = |ending: &str| name.len() > ending.len() && lower.ends_with(ending);
    word("dockerfile") || word("containerfile") || ending(".dockerfile") || ending(".containerfile")
}

/// Whether a name goes on with a letter or a digit: `composer` is not `compose`.
fn starts_word(rest: &str) -> bool {
    rest.starts_with(|next: char| next.is_ascii_alphanumeric())
}

/// The key of a line of block YAML that is not indented.
fn top_level_key(line: &str) -> Option<&str> {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let (key, rest) = line.split_once(':')?;
    let key = key.trim_end();
    let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    (rest.is_empty() || rest.starts_with([' ', '\t', '\r'])).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfiles_are_known_by_name() {
        for name in [
            "Dockerfile",
            "a/Dockerfile.prod",
            "api.Dockerfile",
            "api.dockerfile",
            "Containerfile",
            "Containerfile.x",
            "dockerfile",
            "Dockerfile-alpine",
        ] {
            assert_eq!(Format::of(name, ""), Some(Format::Dockerfile), "{name}");
        }
        for name in
            ["Dockerfile.dockerignore", "Dockerfile.md", "Dockerfiles", "dockerfile_test.go"]
        {
            assert_eq!(Format::of(name, ""), None, "{name}");
        }
    }

    #[test]
    fn templates_of_dockerfiles_are_known_as_such() {
        for name in
            ["Containerfile.in", "a/Dockerfile.j2", "Dockerfile.prod.tmpl", "x.dockerfile.erb"]
        {
            assert!(is_dockerfile_template(name), "{name}");
            assert_eq!(Format::of(name, "FROM x"), None, "{name}");
        }
        for name in ["Dockerfile", "Dockerfile.md", "values.in", "in"] {
            assert!(!is_dockerfile_template(name), "{name}");
        }
    }

    #[test]
    fn compose_files_are_known_by_name_or_content() {
        for name in
            ["compose.yaml", "docker-compose.yml", "compose.prod.yml", "docker-compose-x.yaml"]
        {
            assert_eq!(Format::of(name, ""), Some(Format::Compose), "{name}");
        }
        assert_eq!(Format::of("composer.yml", ""), None);
        let text = "services:\n  web:\n    image: nginx\n";
        assert_eq!(Format::of("stack.yml", text), Some(Format::Compose));
        assert_eq!(Format::of("chart/values-prod.yaml", text), None);
        for text in ["services: {web: {image: nginx}}", "services:\n  web: {init: true, image: a}"]
        {
            assert_eq!(Format::of("stack.yml", text), Some(Format::Compose), "{text}");
        }
        assert_eq!(
            Format::of("symfony.yml", "services:\n  _defaults:\n    autowire: true\n"),
            None
        );
    }

    #[test]
    fn manifests_are_known_by_content() {
        let text = "apiVersion: v1\nkind: Pod\n";
        assert_eq!(Format::of("pod.yaml", text), Some(Format::Kubernetes));
        assert_eq!(
            Format::of("pod.json", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}"),
            Some(Format::Kubernetes)
        );
        assert_eq!(Format::of("ci.yml", "jobs:\n  a:\n    kind: x\n"), None);
    }
}
