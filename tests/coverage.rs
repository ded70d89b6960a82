//! What became of each idea of each other linter: a table, written by a test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use plimsoll::rules::catalogue;

const TABLE: &str = "testdata/recorded/coverage.md";

/// What is said of an idea by hand.
enum Said {
    Rules(Vec<String>),
    Reason(String),
}

#[test]
fn what_is_said_of_ideas_names_rules_that_exist() {
    let known: BTreeSet<&str> = catalogue().iter().map(|entry| entry.page.id).collect();
    for (part, ideas) in said() {
        for (idea, said) in ideas {
            match said {
                Said::Rules(rules) => {
                    assert!(!rules.is_empty(), "{part}.{idea} names no rule");
                    let unknown: Vec<_> =
                        rules.iter().filter(|rule| !known.contains(rule.as_str())).collect();
                    assert!(unknown.is_empty(), "{part}.{idea}: there is no {unknown:?}");
                }
                Said::Reason(reason) => {
                    assert!(reason.contains(' '), "{part}.{idea}: `{reason}` is no reason");
                }
            }
        }
    }
}

/// The table is written by this test: `UPDATE=1 cargo test`.
#[test]
fn every_idea_has_a_rule_or_a_reason() {
    let shared = Path::new("../shared");
    if !shared.join("design").is_dir() {
        println!("skipped: there is no ../shared/design");
        return;
    }
    let said = said();
    let mut table = String::from(
        "# Coverage\n\nThe ideas behind the rules of other linters, and new ones: what covers each \
         here, or why nothing does. Written by a test.\n",
    );
    let mut wrong = Vec::new();
    for part in ["dockerfile", "manifest"] {
        let of_tools = rules_of_tools(&shared.join(format!("peer-rules/{part}-rules.tsv")));
        let text = fs::read_to_string(shared.join(format!("design/{part}-concepts.md"))).unwrap();
        let ideas = ideas(&text);
        for name in said[part].keys().filter(|name| !ideas.iter().any(|it| it.name == **name)) {
            wrong.push(format!("{part}.{name}: nobody has this idea"));
        }
        write!(table, "\n## {part}\n\n| idea | value | rules, or why none |\n|---|---|---|\n")
            .unwrap();
        for idea in &ideas {
            let claimed = of_tools.get(idea.name).into_iter().flatten().flat_map(|id| {
                let claims = |entry: &&_| claims(entry, id);
                catalogue().iter().filter(claims).map(|entry| entry.page.id)
            });
            let mut rules: BTreeSet<&str> = claimed.collect();
            let answer = match said[part].get(idea.name) {
                Some(Said::Reason(_)) if !rules.is_empty() => {
                    wrong.push(format!("{part}.{}: {rules:?} and a reason", idea.name));
                    continue;
                }
                Some(Said::Reason(reason)) => reason.clone(),
                said => {
                    if let Some(Said::Rules(more)) = said {
                        rules.extend(more.iter().map(String::as_str));
                    }
                    let links =
                        rules.iter().map(|rule| format!("[`{rule}`](../../rules/{rule}.md)"));
                    links.collect::<Vec<_>>().join(", ")
                }
            };
            if answer.is_empty() && idea.is_wanted() {
                wrong.push(format!(
                    "{part}.{}: no rule covers it, and no reason says why",
                    idea.name
                ));
            }
            writeln!(table, "| `{}` | {} | {answer} |", idea.name, idea.value).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(TABLE, &table).unwrap();
    }
    assert!(fs::read_to_string(TABLE).unwrap() == table, "run `UPDATE=1 cargo test`");
}

/// An idea as the lists of them hold it.
struct Idea<'a> {
    name: &'a str,
    /// The first word of its value: core, useful, niche, style or obsolete.
    value: &'a str,
    is_new: bool,
}

impl Idea<'_> {
    fn is_wanted(&self) -> bool {
        self.value == "core" || self.is_new && self.value == "useful"
    }
}

/// The rows of tables that begin with a name in backticks, and the numbered list of new ones.
fn ideas(text: &str) -> Vec<Idea<'_>> {
    let mut found: Vec<Idea> = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let (name, value, is_new) = if line.starts_with('|') && cells.len() >= 5 {
            let is_new = cells[0].starts_with("**NEW**");
            let name = cells[0].trim_start_matches("**NEW**").trim();
            (name, cells[cells.len() - 1], is_new)
        } else if line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok()) {
            (line.split_once(". ").unwrap().1, "useful", true)
        } else {
            continue;
        };
        let Some((name, _)) = name.strip_prefix('`').and_then(|name| name.split_once('`')) else {
            continue;
        };
        let value = value.split(|it: char| !it.is_ascii_alphabetic()).next().unwrap_or_default();
        // Other tables begin with a line of some file.
        let is_name =
            name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
        if is_name && !found.iter().any(|it| it.name == name) {
            found.push(Idea { name, value, is_new });
        }
    }
    found
}

fn claims(entry: &plimsoll::rules::Entry, id: &str) -> bool {
    entry.page.replaces.contains(&id)
}

/// The ids of other tools' rules, by the idea behind them.
fn rules_of_tools(path: &Path) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(path).unwrap();
    let mut rows = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let at = rows.next().unwrap().iter().position(|name| *name == "concept").unwrap();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        found.entry(row[at].to_owned()).or_default().push(format!("{}/{}", row[0], row[1]));
    }
    found
}

fn said() -> BTreeMap<String, BTreeMap<String, Said>> {
    let text = fs::read_to_string("testdata/concepts.toml").unwrap();
    let table: toml::Table = toml::from_str(&text).unwrap();
    let parts = table.into_iter().map(|(part, ideas)| {
        let ideas = ideas.as_table().unwrap().iter().map(|(idea, said)| {
            let said = match said {
                toml::Value::Array(rules) => {
                    Said::Rules(rules.iter().map(|it| it.as_str().unwrap().to_owned()).collect())
                }
                reason => Said::Reason(reason.as_str().unwrap().to_owned()),
            };
            (idea.clone(), said)
        });
        (part, ideas.collect())
    });
    parts.collect()
}
