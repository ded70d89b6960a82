//! Other tools' own test cases, where they are at hand, for every rule that a page claims to
//! cover: how often ours says the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use plimsoll::config::{Config, RuleLevel, Settings};
use plimsoll::lint::lint;
use plimsoll::model::environment::Environment;
use plimsoll::rules::catalogue;
use plimsoll::source::Files;
use serde::Deserialize;
use serde_json::Value;

/// Of all claimed cases, in percent.
const AGREEMENT: usize = 97;

#[test]
fn covered_rules_of_other_tools_agree() {
    let directory = Path::new("../shared/peer-cases");
    if !directory.is_dir() {
        println!("skipped: there is no ../shared/peer-cases");
        return;
    }
    let text = fs::read_to_string("testdata/peer-disagreements.toml").unwrap();
    let named: Named = toml::from_str(&text).unwrap();
    let mut named: BTreeSet<String> = named.case.iter().map(Disagreement::id).collect();
    let mut table: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut unexplained = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|it| it == "jsonl")) {
        for line in fs::read_to_string(file).unwrap().lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| case[key].as_str().unwrap_or_default();
            let tool = text("tool").trim_end_matches("-checks");
            let theirs = format!("{tool}/{}", text("rule"));
            let tags: Vec<_> = case["tags"].as_array().into_iter().flatten().collect();
            // A configuration in the other tool's words, or a pragma of its own, is not ours.
            let foreign = ["suppression", "not-applicable", "needs-schemas"];
            if !is_ours(&case["config"])
                || tags.iter().any(|tag| foreign.iter().any(|it| *tag == it))
            {
                continue;
            }
            let ours: Vec<&str> = catalogue()
                .iter()
                .filter(|entry| entry.page.replaces.contains(&theirs.as_str()))
                .map(|entry| entry.page.id)
                .collect();
            if ours.is_empty() {
                continue;
            }
            let agrees = fires(&case, &ours) == (text("expect") == "fires");
            let row = table.entry(theirs.clone()).or_default();
            row.0 += usize::from(agrees);
            row.1 += 1;
            let id = format!("{theirs} {}", text("case"));
            if !agrees && !named.remove(&id) {
                unexplained.push(format!("{id}: they say {}", text("expect")));
            }
        }
    }
    for (rule, (agreed, all)) in &table {
        println!("{rule}: {agreed} of {all}");
    }
    let (agreed, all) = table.values().fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    println!("{agreed} of {all} claimed cases agree");
    unexplained.iter().for_each(|line| println!("without a reason: {line}"));
    assert!(agreed * 100 >= all * AGREEMENT, "{agreed} of {all} agree");
    assert!(
        unexplained.is_empty(),
        "cases decided differently, without a reason: {unexplained:#?}"
    );
    assert!(named.is_empty(), "cases that no longer differ, or that nobody claims: {named:#?}");
}

/// The cases that are decided differently, each with its reason.
#[derive(Deserialize)]
struct Named {
    case: Vec<Disagreement>,
}

#[derive(Deserialize)]
struct Disagreement {
    tool: String,
    rule: String,
    case: String,
    reason: String,
}

impl Disagreement {
    fn id(&self) -> String {
        assert!(self.reason.contains(' '), "{}: `{}` is no reason", self.case, self.reason);
        format!("{}/{} {}", self.tool, self.rule, self.case)
    }
}

/// Whether a tool's configuration asks for what we do anyway: rules of ours that are claimed all
/// speak, and `v1.18` is what kube-score takes where nothing is said.
fn is_ours(config: &Value) -> bool {
    match config {
        Value::Null => true,
        Value::Object(options) => options.iter().all(|(key, value)| match key.as_str() {
            "KubernetesVersion" => value == "v1.18",
            // Two is what it takes where nothing is said, as ours does.
            "MinReplicasDeployment" | "MinReplicasHPA" => value == 2,
            key => key == "EnabledOptionalTests",
        }),
        _ => false,
    }
}

/// Whether one of these rules reports anything of a case.
fn fires(case: &Value, rules: &[&str]) -> bool {
    let mut files = Files::default();
    for (path, text) in case["files"].as_object().into_iter().flatten() {
        let path = match case["kind"].as_str() {
            Some("dockerfile")
                if !path.to_lowercase().contains("dockerfile") && !path.contains('.') =>
            {
                "Dockerfile"
            }
            _ => path,
        };
        files.add(path, text.as_str().unwrap_or_default());
    }
    let levels = catalogue()
        .iter()
        .filter(|entry| rules.contains(&entry.page.id))
        .map(|entry| (entry.page.id.to_owned(), RuleLevel::At(entry.page.severity)));
    let settings = Settings {
        levels: levels.collect(),
        environment: Some(Environment::Production),
        ..Settings::default()
    };
    let config = Config { default: settings, ..Config::default() };
    lint(&files, &config).findings.iter().any(|finding| rules.contains(&finding.rule))
}
