//! Shell patterns in `${V#pattern}`, `${V%pattern}`, `${V/pattern/text}`: `*`, `?`, `\c`.

// `steps` is how much work may still be done; what would take more is not known.

enum Token {
    Any,
    Star,
    One(char),
}

/// The value without the prefix that matches, the shortest or the longest.
pub(super) fn trim_prefix(
    value: &str,
    pattern: &str,
    longest: bool,
    steps: &mut usize,
) -> Option<String> {
    let (value, tokens) = (value.chars().collect::<Vec<_>>(), tokens(pattern));
    let end = matched(&value, &tokens, longest, steps)?;
    Some(value[end.unwrap_or(0)..].iter().collect())
}

/// The value without the suffix that matches, the shortest or the longest.
pub(super) fn trim_suffix(
    value: &str,
    pattern: &str,
    longest: bool,
    steps: &mut usize,
) -> Option<String> {
    let value: Vec<_> = value.chars().rev().collect();
    let mut tokens = tokens(pattern);
    tokens.reverse();
    let end = matched(&value, &tokens, longest, steps)?;
    Some(value[end.unwrap_or(0)..].iter().rev().collect())
}

/// The value with the first match, or all of them, replaced. A match is as long as can be.
pub(super) fn replace(
    value: &str,
    pattern: &str,
    text: &str,
    all: bool,
    steps: &mut usize,
) -> Option<String> {
    let (value, tokens) = (value.chars().collect::<Vec<_>>(), tokens(pattern));
    let mut out = String::new();
    let mut at = 0;
    let mut just_matched = false;
    while at <= value.len() {
        let end = matched(&value[at..], &tokens, true, steps)?;
        match end {
            // Nothing matches right behind a match only to be found again.
            Some(length) if length > 0 || !just_matched => {
                *steps = steps.checked_sub(text.len())?;
                out.push_str(text);
                at += length;
                just_matched = length > 0;
                if !all {
                    break;
                }
                if length > 0 {
                    continue;
                }
            }
            _ => just_matched = false,
        }
        out.extend(value.get(at));
        at += 1;
    }
    out.extend(value.get(at..).unwrap_or_default());
    Some(out)
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut chars = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Star,
            '?' => Token::Any,
            '\\' => Token::One(chars.next().unwrap_or('\\')),
            c => Token::One(c),
        });
    }
    tokens
}

/// How many characters from the start match all tokens. The outer `None`: too many steps.
fn matched(
    value: &[char],
    tokens: &[Token],
    longest: bool,
    steps: &mut usize,
) -> Option<Option<usize>> {
    // Which numbers of tokens can have been matched by the characters so far.
    let mut states = vec![false; tokens.len() + 1];
    states[0] = true;
    skip_stars(&mut states, tokens);
    let mut found = states[tokens.len()].then_some(0);
    for (index, c) in value.iter().enumerate() {
        if found.is_some() && !longest || !states.contains(&true) {
            break;
        }
        *steps = steps.checked_sub(tokens.len() + 1)?;
        let mut next = vec![false; tokens.len() + 1];
        for (state, token) in tokens.iter().enumerate().filter(|(state, _)| states[*state]) {
            match token {
                Token::Star => next[state] = true,
                Token::Any => next[state + 1] = true,
                Token::One(one) => next[state + 1] |= one == c,
            }
        }
        states = next;
        skip_stars(&mut states, tokens);
        if states[tokens.len()] {
            found = Some(index + 1);
        }
    }
    Some(found)
}

fn skip_stars(states: &mut [bool], tokens: &[Token]) {
    for (state, token) in tokens.iter().enumerate() {
        if states[state] && matches!(token, Token::Star) {
            states[state + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENOUGH: usize = 1 << 20;

    #[test]
    fn the_shortest_or_the_longest_goes() {
        let prefix = |value, pattern, longest| {
            trim_prefix(value, pattern, longest, &mut ENOUGH.clone()).unwrap()
        };
        let suffix = |value, pattern, longest| {
            trim_suffix(value, pattern, longest, &mut ENOUGH.clone()).unwrap()
        };
        assert_eq!(prefix("x/y/x", "*/", false), "y/x");
        assert_eq!(prefix("x/y/x", "*/", true), "x");
        assert_eq!(suffix("x/y/x", "/*", false), "x/y");
        assert_eq!(suffix("x/y/x", "/*", true), "x");
        assert_eq!(prefix("a.b.c", "?", false), ".b.c");
        assert_eq!(prefix("a.b.c", "[a]", false), "a.b.c");
    }

    #[test]
    fn one_or_all_are_replaced() {
        let replaced = |value, pattern, text, all| {
            replace(value, pattern, text, all, &mut ENOUGH.clone()).unwrap()
        };
        assert_eq!(replaced("x/y/x", "x", "Q", false), "Q/y/x");
        assert_eq!(replaced("x/y/x", "x", "", true), "/y/");
        assert_eq!(replaced("x/y/x", "\\/", "-", true), "x-y-x");
        assert_eq!(replaced("abc", "", "-", true), "-a-b-c-");
        assert_eq!(replaced("aXbYb-", "a*b", "", false), "-");
    }

    #[test]
    fn too_much_work_is_not_done() {
        let value = "a".repeat(60_000);
        assert_eq!(replace(&value, &"*a".repeat(100), "", true, &mut ENOUGH.clone()), None);
    }
}
