//! The editor and the command line agree, over real files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll::model::Format;
use serde_json::{Value, json};

use super::editor::{self, Editor};

/// What is said of a file: rule, severity, message, range.
type Said = Vec<(String, u64, String, Value)>;

#[test]
fn the_server_says_what_check_says() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.exists() {
        println!("skipped: there is no ../shared/corpus");
        return;
    }
    let texts = sample(&corpus, 300);
    let files: Vec<(&str, &str)> =
        texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = editor::folder("corpus", &files);
    let checked = checked(&folder);
    let findings: usize = checked.values().map(Vec::len).sum();
    println!("{} files, {findings} findings", texts.len());
    assert!(findings > texts.len() / 2);
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut editor = Editor::spawn(&folder);
        editor.initialize(json!({
            "workspaceFolders": [{"uri": editor::uri(&folder), "name": "corpus"}],
            "capabilities": {
                "general": {"positionEncodings": [encoding]},
                "textDocument": {"diagnostic": {}},
                "workspace": {"diagnostics": {"refreshSupport": true}},
            },
        }));
        editor.wait_for_refresh();
        for (number, (path, text)) in texts.iter().enumerate() {
            // Some as the editor has them, most as they are on disk.
            if number % 8 == 0 {
                editor.open(path, text);
            }
            let mut said: Said = editor.pulled(path).iter().map(of_diagnostic).collect();
            let found = checked.get(path);
            let found = found.map(Vec::as_slice).unwrap_or_default();
            let mut found: Said = found.iter().map(|it| of_finding(it, text, encoding)).collect();
            said.sort_by_key(|it| format!("{it:?}"));
            found.sort_by_key(|it| format!("{it:?}"));
            assert_eq!(said, found, "{path} in {encoding}");
        }
    }
}

/// Files of ours in the order of their paths, spread over the corpus.
pub fn sample(corpus: &Path, count: usize) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    visit(corpus, &mut paths);
    paths.sort();
    let ours = paths.into_iter().filter_map(|path| {
        let name = path.strip_prefix(corpus).ok()?.to_str()?.to_owned();
        let text = String::from_utf8(fs::read(&path).ok()?).ok()?;
        Format::of(&name, &text).map(|_| (name, text))
    });
    let ours: Vec<_> = ours.collect();
    let step = (ours.len() / count).max(1);
    ours.into_iter().step_by(step).take(count).collect()
}

fn visit(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().flatten() {
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => visit(&entry.path(), paths),
            kind if kind.is_file() => paths.push(entry.path()),
            _ => {}
        }
    }
}

/// The findings of `check --format json`, by file.
fn checked(folder: &Path) -> BTreeMap<String, Vec<Value>> {
    let run = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "--format", "json"])
        .current_dir(folder)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    let mut by_file: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let path = finding["path"].as_str().unwrap().to_owned();
        by_file.entry(path).or_default().push(finding.clone());
    }
    by_file
}

fn of_diagnostic(diagnostic: &Value) -> (String, u64, String, Value) {
    let text = |key: &str| diagnostic[key].as_str().unwrap().to_owned();
    let severity = diagnostic["severity"].as_u64().unwrap();
    (text("code"), severity, text("message"), diagnostic["range"].clone())
}

fn of_finding(finding: &Value, text: &str, encoding: &str) -> (String, u64, String, Value) {
    let severity = match finding["severity"].as_str().unwrap() {
        "error" => 1,
        "warning" => 2,
        _ => 3,
    };
    let message = finding["message"].as_str().unwrap();
    let message = match finding["help"].as_str() {
        Some(help) => format!("{message}\n{help}"),
        None => message.to_owned(),
    };
    let place = |end: &str| {
        let place = &finding["span"][end];
        let byte = place["byte"].as_u64().unwrap() as usize;
        let before = &text[..byte];
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let character = match encoding {
            "utf-8" => line.len(),
            "utf-16" => line.encode_utf16().count(),
            _ => line.chars().count(),
        };
        assert_eq!(place["column"].as_u64().unwrap() as usize, line.chars().count() + 1);
        json!({"line": place["line"].as_u64().unwrap() - 1, "character": character})
    };
    let range = json!({"start": place("start"), "end": place("end")});
    (finding["rule"].as_str().unwrap().to_owned(), severity, message, range)
}
