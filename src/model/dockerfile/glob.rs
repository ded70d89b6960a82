//! Patterns over paths, as `.dockerignore` and the sources of `COPY` write them.

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob(Vec<Token>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    One(char),
    /// `?`: any character but `/`.
    Any,
    /// `*`: any number of them.
    Star,
    /// `**` at the end: whatever follows.
    Rest,
    /// `**/`, or `**` before anything else: nothing, or directories.
    Directories,
    /// `**` before nothing but a text, which the path ends in: `**.md`.
    Before,
    /// `[a-z]`, `[^0-9]`; the latter takes a `/`, too.
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Glob {
    /// A pattern of `.dockerignore`, where `**` crosses directories; `None` if it is malformed.
    pub fn deep(pattern: &str) -> Option<Self> {
        Self::new(pattern, true)
    }

    /// A pattern of `COPY`, where it does not.
    pub fn flat(pattern: &str) -> Option<Self> {
        Self::new(pattern, false)
    }

    fn new(pattern: &str, deep: bool) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut chars = pattern.chars().peekable();
        let ending = pattern.strip_prefix("**").filter(|_| deep).unwrap_or_default();
        if ending.starts_with(|c| c != '/') && !ending.contains(['*', '?', '[', '\\']) {
            tokens.push(Token::Before);
            chars = ending.chars().peekable();
        }
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '*' if deep && chars.next_if_eq(&'*').is_some() => {
                    chars.next_if_eq(&'/');
                    match chars.peek() {
                        None => Token::Rest,
                        Some(_) => Token::Directories,
                    }
                }
                '*' => Token::Star,
                '?' => Token::Any,
                '\\' => Token::One(chars.next()?),
                '[' => {
                    let negated = chars.next_if_eq(&'^').is_some();
                    let mut ranges = Vec::new();
                    while ranges.is_empty() || chars.peek() != Some(&']') {
                        let first = class_char(&mut chars)?;
                        let last = match chars.next_if_eq(&'-') {
                            Some(_) => class_char(&mut chars)?,
                            None => first,
                        };
                        ranges.push((first, last));
                    }
                    chars.next();
                    Token::Class { negated, ranges }
                }
                c => Token::One(c),
            });
        }
        Some(Self(tokens))
    }

    /// Whether all of `path` matches.
    pub fn matches(&self, path: &str) -> bool {
        let end = self.0.len();
        // How many tokens can have matched what was read so far.
        let mut states = vec![false; end + 1];
        self.enter(0, &mut states);
        for c in path.chars() {
            let mut next = vec![false; end + 1];
            for (state, token) in self.0.iter().enumerate().filter(|(state, _)| states[*state]) {
                match token {
                    Token::One(one) if *one == c => self.enter(state + 1, &mut next),
                    Token::Any if c != '/' => self.enter(state + 1, &mut next),
                    Token::Star if c != '/' => self.enter(state, &mut next),
                    Token::Rest | Token::Before => self.enter(state, &mut next),
                    Token::Directories if c == '/' => {
                        next[state] = true;
                        self.enter(state + 1, &mut next);
                    }
                    Token::Directories => next[state] = true,
                    Token::Class { negated, ranges } => {
                        let within =
                            ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
                        if within != *negated {
                            self.enter(state + 1, &mut next);
                        }
                    }
                    _ => {}
                }
            }
            states = next;
        }
        states[end]
    }

    /// Comes to a token, and past it when it may match nothing.
    fn enter(&self, mut state: usize, states: &mut [bool]) {
        states[state] = true;
        while let Some(Token::Star | Token::Directories | Token::Rest | Token::Before) =
            self.0.get(state)
        {
            state += 1;
            states[state] = true;
        }
    }
}

fn class_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '\\' => chars.next(),
        '-' | ']' => None,
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matching(pattern: &str, paths: &[&str]) -> Vec<String> {
        let glob = Glob::deep(pattern).unwrap();
        paths.iter().filter(|path| glob.matches(path)).map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn one_star_stays_in_its_directory() {
        assert_eq!(matching("*.md", &["a.md", "d/a.md", ".md", "a.mdx"]), ["a.md", ".md"]);
        assert_eq!(matching("*/a?", &["d/ab", "d/a/", "ab", "d/e/ab"]), ["d/ab"]);
    }

    #[test]
    fn two_stars_cross_directories() {
        let paths = ["a.md", "d/a.md", "d/e/a.md", "d", "xa.md"];
        assert_eq!(matching("**/a.md", &paths), ["a.md", "d/a.md", "d/e/a.md"]);
        assert_eq!(matching("d/**", &paths), ["d/a.md", "d/e/a.md"]);
        assert_eq!(matching("**", &paths), paths);
        assert_eq!(matching("d/**/a.md", &paths), ["d/a.md", "d/e/a.md"]);
    }

    #[test]
    fn classes_and_escapes_are_as_in_go() {
        assert_eq!(matching("[a-c]x", &["ax", "dx"]), ["ax"]);
        assert_eq!(matching("[^a-c]x", &["ax", "dx", "/x"]), ["dx", "/x"]);
        assert_eq!(matching("\\*", &["*", "a"]), ["*"]);
        for pattern in ["[", "[]", "[a", "[a-]", "a\\"] {
            assert_eq!(Glob::deep(pattern), None, "{pattern}");
        }
    }
}
