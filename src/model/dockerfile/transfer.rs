//! What BuildKit refuses of `COPY` and `ADD` once their variables are replaced.

use crate::model::text::Text;
use crate::source::Spanned;
use crate::syntax::dockerfile::Keyword;

/// The parts of a `COPY` or `ADD` that are looked at.
pub(super) struct Transfer<'a> {
    pub kind: Keyword,
    pub chmod: Option<&'a Text>,
    pub checksum: Option<&'a Text>,
    /// Files, addresses and repositories; no heredocs.
    pub sources: Vec<&'a Text>,
}

impl Transfer<'_> {
    /// Why it is refused, and where.
    pub fn problem(&self) -> Option<Spanned<String>> {
        let tell = |message: String, text: &Text| Some(Spanned::new(message, text.span()));
        if let Some((text, value)) = set(self.chmod)
            && let Some(message) = mode_problem(value)
        {
            return tell(message, text);
        }
        if let Some((text, checksum)) = set(self.checksum) {
            let [source] = self.sources.as_slice() else {
                let message = "checksum can't be specified for multiple sources";
                return tell(message.to_owned(), text);
            };
            if source.known().is_some_and(|source| !is_http(source) && !is_git(source)) {
                return tell("checksum requires HTTP(S) or Git sources".to_owned(), text);
            }
            if source.known().is_some_and(|source| is_http(source) && !is_git(source))
                && let Some(message) = digest_problem(checksum)
            {
                return tell(message.to_owned(), text);
            }
        }
        let mut sources = self.sources.iter().filter(|_| self.kind == Keyword::Copy);
        sources.find_map(|text| {
            let what = match text.known()? {
                source if is_git(source) => "git ref",
                source if is_http(source) => "URL",
                _ => return None,
            };
            tell(format!("source can't be a {what} for COPY"), text)
        })
    }
}

fn set(text: Option<&Text>) -> Option<(&Text, &str)> {
    let text = text?;
    text.known().filter(|value| !value.is_empty()).map(|value| (text, value))
}

fn is_http(source: &str) -> bool {
    source.starts_with("http://") || source.starts_with("https://")
}

/// `git@host:path`, `ssh://…`, `git://…`, and addresses of the web that end in `.git`.
fn is_git(source: &str) -> bool {
    if let Some((scheme, rest)) = source.split_once("://") {
        let path = rest.split(['?', '#']).next().unwrap_or(rest);
        return match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => path.ends_with(".git"),
            "git" | "ssh" => true,
            _ => false,
        };
    }
    let is_word = |text: &str, more: [char; 2]| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(&c))
    };
    let login = source.split_once(':').and_then(|(login, _)| login.split_once('@'));
    login.is_some_and(|(user, host)| is_word(user, ['-', '_']) && is_word(host, ['-', '.']))
}

/// What is wrong with a digest of what is downloaded.
fn digest_problem(digest: &str) -> Option<&'static str> {
    let (algorithm, hash) = digest.split_once(':').unwrap_or_default();
    let length = match algorithm {
        _ if algorithm.is_empty() || hash.is_empty() => {
            return Some("invalid checksum digest format");
        }
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ if algorithm.chars().all(|c| c.is_ascii_alphanumeric() || "+._-".contains(c)) => {
            return Some("unsupported digest algorithm");
        }
        _ => return Some("invalid checksum digest format"),
    };
    let is_hex = hash.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    match (hash.len() == length, is_hex) {
        (false, _) => Some("invalid checksum digest length"),
        (true, false) => Some("invalid checksum digest format"),
        (true, true) => None,
    }
}

/// What is wrong with a mode for files: octal digits, or letters as `chmod` takes them.
fn mode_problem(mode: &str) -> Option<String> {
    let is_octal = u32::from_str_radix(mode, 8).is_ok_and(|number| number <= 0o7777);
    if mode.starts_with(|c: char| c.is_ascii_digit()) {
        let message = || {
            format!(
                "invalid chmod parameter: '{mode}'. it should be octal string and between 0 and \
                 07777"
            )
        };
        return (!is_octal).then(message);
    }
    let is_right = mode.split(',').all(|clause| {
        let rest = clause.trim_start_matches(['a', 'u', 'g', 'o']);
        rest.starts_with(['+', '-', '=']) && rest.chars().all(|c| "+-=rwxXstugo".contains(c))
    });
    (!is_right).then(|| "invalid syntax".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_octal_or_letters() {
        for right in ["644", "0755", "7777", "u=rwX,go=rX", "a+x", "+x", "g=u", "u+r-w", "-"] {
            assert_eq!(mode_problem(right), None, "{right}");
        }
        for wrong in ["abc", "u", "u+q", "888", "77777", "+755", "a,+x", "u+x,"] {
            assert!(mode_problem(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn repositories_are_told_from_files() {
        for git in ["git@github.com:a/b", "https://a/b.git?tag=v1", "ssh://git@a/b", "git://a/b"] {
            assert!(is_git(git), "{git}");
        }
        for other in ["a@b", "https://a/b.tgz", "ftp://a/b.git", "./git@a:b", "github.com/a/b"] {
            assert!(!is_git(other), "{other}");
        }
    }
}
