use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::source::{Files, Span};

/// The project of the first file; the others lie beside it.
fn project(files: &[(&str, &str)]) -> (Files, Compose) {
    let mut all = Files::default();
    for (path, text) in files {
        all.add(path, *text);
    }
    let compose = read(&all, &[FileId(0)]);
    (all, compose)
}

fn read(files: &Files, group: &[FileId]) -> Compose {
    let context = Context {
        files,
        tree: &|file| yaml::parse(file).tree,
        variables: &Variables::default(),
        env_files: None,
    };
    Compose::read(&context, group).unwrap_or_else(|| panic!("no project"))
}

#[test]
fn verdicts_agree_with_compose_go() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/peer-cases/compose-go.jsonl");
    #[expect(clippy::disallowed_methods, reason = "a test's data")]
    let Ok(text) = std::fs::read_to_string(path) else {
        return;
    };
    let mut disagreements = Vec::new();
    let mut total = 0;
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        let files: BTreeMap<String, String> =
            serde_json::from_value(case["files"].clone()).unwrap_or_default();
        let (name, fires) = (case["case"].to_string(), case["expect"] == "fires");
        let fails_in_full = case["tags"].to_string().contains("full-load-fails");
        let mut all = Files::default();
        for (path, text) in &files {
            all.add(path, text.as_str());
        }
        let parsed = yaml::parse(all.get(FileId(0)));
        let compose = read(&all, &[FileId(0)]);
        let found = !compose.problems.is_empty()
            || !parsed.errors.is_empty()
            || !parsed.tree.duplicates().is_empty();
        total += 1;
        if found != (fires || fails_in_full) {
            let said: Vec<&str> =
                compose.problems.iter().map(|problem| problem.message.as_str()).collect();
            disagreements.push(format!("{name}: fires {fires}, {said:?}"));
        }
    }
    let agreed = total - disagreements.len();
    println!("compose-go: {agreed} of {total} verdicts agree");
    assert_eq!(disagreements, Vec::<String>::new());
}
