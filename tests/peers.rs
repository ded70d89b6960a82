//! Other tools' own test cases for every rule that a page claims to replace: where they are at
//! hand, the agreement is printed, and each disagreement has its reason in
//! `testdata/peer-disagreements.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use plimsoll::config::{Config, Settings};
use plimsoll::lint::lint;
use plimsoll::model::environment::Environment;
use plimsoll::rules::catalogue;
use plimsoll::source::Files;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

const CASES: &str = "../shared/peer-cases";
const DISAGREEMENTS: &str = "testdata/peer-disagreements.toml";

/// A case's tool, rule and name.
type Key = (String, String, String);

#[test]
fn rules_agree_with_those_they_replace() {
    if !Path::new(CASES).is_dir() {
        println!("skipped: there is no {CASES}");
        return;
    }
    let mut claimed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in catalogue() {
        for other in &entry.page.replaces {
            claimed.entry(other).or_default().push(entry.page.id);
        }
    }
    let explained = explained();
    let mut open = explained.clone();
    let mut unexplained = Vec::new();
    let mut tally: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for case in cases() {
        // The rules of trivy lie in a repository of their own, `trivy-checks`.
        let tool = text(&case, "tool").trim_end_matches("-checks");
        let rule = text(&case, "rule");
        let Some(rules) = claimed.get(format!("{tool}/{rule}").as_str()) else { continue };
        let fires = findings(&case, rules) > 0;
        let agrees = fires == (text(&case, "expect") == "fires");
        for name in [tool.to_owned(), format!("{tool}/{rule}")] {
            let (agreed, total) = tally.entry(name).or_default();
            *total += 1;
            *agreed += usize::from(agrees);
        }
        let key = (tool.to_owned(), rule.to_owned(), text(&case, "case").to_owned());
        if !agrees && !open.remove(&key) && !explained.contains(&key) {
            unexplained.push(format!("{}/{} {}: ours fires: {fires}", key.0, key.1, key.2));
        }
    }
    for (name, (agreed, total)) in &tally {
        println!("{agreed:4} of {total:4} {name}");
    }
    unexplained.iter().for_each(|line| println!("disagrees: {line}"));
    open.iter().for_each(|key| println!("agrees by now: {key:?}"));
    assert!(unexplained.is_empty(), "{} cases disagree without a reason", unexplained.len());
    assert!(open.is_empty(), "{} cases of {DISAGREEMENTS} agree by now", open.len());
}

fn cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(CASES).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let text = fs::read_to_string(path).unwrap();
            cases.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        }
    }
    cases
}

/// How many findings the rules have on a case.
fn findings(case: &Value, rules: &[&str]) -> usize {
    let mut files = Files::default();
    for (path, text) in case["files"].as_object().unwrap() {
        files.add(path, text.as_str().unwrap());
    }
    let settings = Settings {
        select: rules.iter().map(|rule| (*rule).to_owned()).collect(),
        environment: Some(Environment::Production),
        inline_suppressions: false,
        ..Settings::default()
    };
    lint(&files, &Config { default: settings, ..Config::default() }).findings.len()
}

/// The disagreements that are meant.
fn explained() -> BTreeSet<Key> {
    let text = fs::read_to_string(DISAGREEMENTS).unwrap();
    let table = DeTable::parse(&text).unwrap();
    let cases = table.get_ref().get("case").and_then(|cases| cases.get_ref().as_array());
    let field = |case: &DeValue, key: &str| {
        let value = case.get(key).and_then(|value| value.get_ref().as_str());
        value.unwrap_or_else(|| panic!("a case without {key}")).to_owned()
    };
    let mut explained = BTreeSet::new();
    for case in cases.into_iter().flat_map(|cases| cases.iter()) {
        let case = case.get_ref();
        assert!(!field(case, "reason").is_empty());
        explained.insert((field(case, "tool"), field(case, "rule"), field(case, "case")));
    }
    explained
}

fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case[key].as_str().unwrap_or_default()
}
