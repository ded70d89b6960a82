//! Whatever the bytes, a Dockerfile parses, and every token of its tree stands where it says.

#[path = "common/random.rs"]
mod random;
mod tokens;

use random::Random;
use serde_json::Value;
use tokens::{check, check_expanded};

#[test]
fn tokens_of_the_edge_cases_stand_where_they_say() {
    cases().iter().for_each(|text| check(text));
}

#[test]
fn what_mutants_have_found_holds() {
    for text in ["FROM a\nCOPY --from=\\ \n ies=3 a\n", "# syntax=\u{a0}a\nFROM a\n"] {
        check(text);
    }
}

#[test]
fn tokens_of_mutants_stand_where_they_say() {
    let cases = cases();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        check(&mutant(&cases, &mut random));
    }
}

#[test]
fn expanded_texts_are_put_together_from_the_file() {
    let signs =
        ["$A", "${A", "${B:-", "${C-", "}", "#", "%", "/", "*", "?", "\\", "'", "\"", "x", " "];
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..5_000 {
        let length = random.below(12);
        check_expanded(&(0..length).map(|_| *of(&mut random, &signs)).collect::<String>());
    }
}

fn cases() -> Vec<String> {
    let cases = ["buildkit", "buildkit-more"]
        .map(|name| std::fs::read_to_string(format!("testdata/syntax/{name}.jsonl")).unwrap());
    let cases = cases.concat();
    let case = |line: &str| {
        let case: Value = serde_json::from_str(line).unwrap();
        case["source"].as_str().map(str::to_owned)
    };
    cases.lines().filter_map(case).collect()
}

/// One of a list.
fn of<'a, T>(random: &mut Random, list: &'a [T]) -> &'a T {
    &list[random.below(list.len())]
}

const SOUP: [&str; 52] = [
    "\n",
    "\r\n",
    "\\\n",
    "`\n",
    "\\ \n",
    " ",
    "\t",
    "\u{b}",
    "\r",
    "\u{a0}",
    "\u{85}",
    "é",
    "\u{feff}",
    "\0",
    "#",
    "# escape=`\n",
    "# syntax=a\n",
    "\"",
    "'",
    "\\",
    "$",
    "${",
    "}",
    "${a:-",
    "${a#",
    "${a//b/c}",
    "$a",
    "<<EOF",
    "<<-'E'",
    "EOF\n",
    "\nE\n",
    "[\"a\", \"b\"]",
    "[",
    "]",
    "\"a\\u00e9\"",
    "--",
    "--from=",
    "--mount=type=cache,",
    "=",
    "a=b",
    "FROM a AS b\n",
    "RUN ",
    "COPY ",
    "ENV ",
    "ARG ",
    "ONBUILD ",
    "HEALTHCHECK ",
    "CMD ",
    "LABEL ",
    "USER ",
    "WORKDIR ",
    "EXPOSE ",
];

fn mutant(cases: &[String], random: &mut Random) -> String {
    let mut text: Vec<char> = of(random, cases).chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len() + 1);
        let end = (at + random.below(6)).min(text.len());
        match random.below(5) {
            0 => drop(text.drain(at..end)),
            1 => drop(text.splice(at..at, of(random, &SOUP).chars())),
            2 => drop(text.splice(at..end, of(random, &SOUP).chars())),
            3 => {
                let other: Vec<char> = of(random, cases).chars().collect();
                let from = random.below(other.len() + 1);
                text.splice(at..at, other[from..].iter().copied());
            }
            _ => {
                let copy = text[at..end].to_vec();
                let to = random.below(text.len() + 1);
                text.splice(to..to, copy);
            }
        }
    }
    text.into_iter().collect()
}
