//! `.dockerignore`: which files of a build context are sent, and what `COPY` takes of them.

use crate::source::{SourceFile, Span, normalise};
use crate::syntax::SyntaxError;
use crate::syntax::dockerfile::Dialect;

use super::glob::Glob;

/// A `.dockerignore`. The default one ignores nothing.
#[derive(Clone, Debug, Default)]
pub struct Ignore {
    pub patterns: Vec<Pattern>,
    pub errors: Vec<SyntaxError>,
}

/// One line of it.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written.
    pub span: Span,
    /// `!`: what matches is sent after all.
    pub exception: bool,
    glob: Glob,
}

/// Where the ignore file of a build is looked for, in this order: beside the Dockerfile under its
/// name, then in the root of the context; Podman has a name of its own for it.
pub fn places(dockerfile: &str, context: &str, dialect: Dialect) -> Vec<String> {
    let names: &[&str] = match dialect {
        Dialect::BuildKit => &["dockerignore"],
        Dialect::Buildah => &["containerignore", "dockerignore"],
    };
    let beside = names.iter().map(|name| format!("{dockerfile}.{name}"));
    beside.chain(names.iter().map(|name| normalise(&format!("{context}/.{name}")))).collect()
}

impl Ignore {
    /// Reads an ignore file. What is malformed is an error and ignores nothing.
    pub fn parse(file: &SourceFile) -> Self {
        let mut ignore = Self::default();
        let mut at = file.text.len() - file.text.trim_start_matches('\u{feff}').len();
        for line in file.text[at..].split_inclusive('\n') {
            let text = line.trim();
            let start = at + line.len() - line.trim_start().len();
            at += line.len();
            // A comment begins at the very start of its line.
            if text.is_empty() || line.starts_with('#') {
                continue;
            }
            let span = Span::new(file.id, start, start + text.len());
            let mut exception = text.starts_with('!');
            let pattern = text.strip_prefix('!').unwrap_or(text).trim();
            // `!/` leaves nothing to except.
            let pattern = clean(pattern).filter(|pattern| !(exception && pattern == "/"));
            let mut pattern = pattern.as_deref();
            // Docker takes the `/` away before it looks for a `!`: `/!a`.
            if let Some(rest) = pattern.and_then(|it| it.strip_prefix('!')).filter(|_| !exception) {
                (exception, pattern) = (true, Some(rest).filter(|rest| !rest.is_empty()));
            }
            match pattern.and_then(Glob::deep) {
                Some(glob) => ignore.patterns.push(Pattern { span, exception, glob }),
                None => ignore.errors.push(SyntaxError {
                    span,
                    message: format!("`{text}` is not a pattern"),
                    also: Vec::new(),
                }),
            }
        }
        ignore
    }

    /// Whether a file is left out of the context; `path` is relative to its root, with `/`. The
    /// last pattern that matches it, or a directory that it is in, decides.
    pub fn excludes(&self, path: &str) -> bool {
        self.excluding(path).is_some()
    }

    /// The pattern that leaves a file out of the context.
    pub fn excluding(&self, path: &str) -> Option<&Pattern> {
        let mut matched = vec![false; self.patterns.len()];
        let mut excluding = None;
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            let part = &path[..end];
            excluding = None;
            for (pattern, matched) in self.patterns.iter().zip(&mut matched) {
                // Docker does not try a pattern that would change nothing.
                if !*matched && pattern.exception == excluding.is_some() {
                    *matched = pattern.glob.matches(part);
                }
                if *matched {
                    excluding = Some(pattern).filter(|pattern| !pattern.exception);
                }
            }
        }
        excluding
    }

    /// Those of `paths` that are sent.
    pub fn sent<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        paths.into_iter().filter(|path| !self.excludes(path)).collect()
    }
}

/// What a source of `COPY` or `ADD` takes of the files that are sent: files that it names or
/// matches, and everything in such directories. With `--parents` it is `deep`: `**` crosses
/// directories.
pub fn taken<'a>(source: &str, deep: bool, sent: &[&'a str]) -> Vec<&'a str> {
    // Nothing leads out of the context.
    let source = normalise(&format!("/{source}"));
    let source = source.trim_start_matches('/');
    let glob = if deep { Glob::deep(source) } else { Glob::flat(source) };
    let Some(glob) = glob else { return Vec::new() };
    let takes = |path: &&&str| {
        let above = path.match_indices('/').map(|(at, _)| at);
        source.is_empty() || above.chain([path.len()]).any(|end| glob.matches(&path[..end]))
    };
    sent.iter().filter(takes).copied().collect()
}

/// A pattern without `.`, `..`, doubled slashes and the slashes around it.
fn clean(pattern: &str) -> Option<String> {
    if pattern.is_empty() {
        return None;
    }
    let clean = normalise(pattern);
    Some(clean.strip_prefix('/').filter(|rest| !rest.is_empty()).unwrap_or(&clean).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    fn ignore(text: &str) -> Ignore {
        let mut files = Files::default();
        let id = files.add(".dockerignore", text);
        Ignore::parse(files.get(id))
    }

    const FILES: [&str; 6] =
        [".git/config", "README.md", "docs/a.md", "src/main.rs", "src/node_modules/x", "a b"];

    #[test]
    fn a_directory_takes_its_files_along() {
        let sent = ignore("\u{feff}.git\n# no\n /docs/\n**/node_modules\n").sent(FILES);
        assert_eq!(sent, ["README.md", "src/main.rs", "a b"]);
    }

    #[test]
    fn the_last_pattern_decides() {
        assert_eq!(ignore("*\n!src\n").sent(FILES), ["src/main.rs", "src/node_modules/x"]);
        assert_eq!(ignore("*\n!src\nsrc/node_modules\n").sent(FILES), ["src/main.rs"]);
        assert!(ignore("!README.md\n*.md\n").excludes("README.md"));
        assert_eq!(ignore("**/*.md\n! README.md\n").sent(FILES).len(), 5);
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        let ignore = ignore("[a\n!\na?b\n");
        let said: Vec<_> = ignore.errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(said, ["`[a` is not a pattern", "`!` is not a pattern"]);
        assert!(ignore.excludes("a b"));
    }

    #[test]
    fn copy_takes_files_directories_and_what_matches() {
        assert_eq!(taken(".", false, &FILES), FILES);
        assert_eq!(taken("./src/", false, &FILES), ["src/main.rs", "src/node_modules/x"]);
        assert_eq!(taken("/README.md", false, &FILES), ["README.md"]);
        assert_eq!(taken("*.md", false, &FILES), ["README.md"]);
        assert_eq!(taken("*/*.md", false, &FILES), ["docs/a.md"]);
        assert_eq!(taken("../README.md", false, &FILES), ["README.md"]);
        assert_eq!(taken("**/*.md", true, &FILES), ["README.md", "docs/a.md"]);
        assert!(taken("missing", false, &FILES).is_empty());
    }

    #[test]
    fn the_file_beside_the_dockerfile_goes_first() {
        let places = places("api/Dockerfile.prod", ".", Dialect::BuildKit);
        assert_eq!(places, ["api/Dockerfile.prod.dockerignore", ".dockerignore"]);
    }
}
