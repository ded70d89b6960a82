//! Thousands of real files, where they are at hand: nothing panics, every span is sound, and the
//! same files give the same findings twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll::config::{Config, Settings};
use plimsoll::discover::{Filter, discover, read};
use plimsoll::lint::lint_workspace;
use plimsoll::source::{Files, Span};

#[test]
fn real_files_give_sound_findings_twice() {
    let corpus = Path::new("../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: there is no ../shared/corpus");
        return;
    }
    let mut found = discover(&[PathBuf::from(corpus)], Filter::default());
    assert!(found.errors.is_empty(), "{:?}", found.errors);
    let workspace = read(&mut found.files);
    let settings = Settings { pedantic: true, ..Settings::default() };
    let config = Config { default: settings, ..Config::default() };
    let first = lint_workspace(&found.files, &workspace, &config).findings;
    for finding in &first {
        sound(&found.files, finding.span, finding.rule);
        finding.also.iter().for_each(|(span, _)| sound(&found.files, *span, finding.rule));
        let edits = finding.fixes.iter().flat_map(|fix| &fix.edits);
        edits.for_each(|edit| sound(&found.files, edit.span, finding.rule));
        assert!(!finding.message.contains('\u{fffc}'), "a hole shows: {}", finding.message);
        assert!(!finding.message.ends_with('.'), "a full stop: {}", finding.message);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    first.iter().for_each(|finding| *counts.entry(finding.rule).or_default() += 1);
    let told: String = counts.iter().map(|(rule, count)| format!("{rule} {count}\n")).collect();
    let recorded = "testdata/recorded/corpus.txt";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(recorded, &told).unwrap();
    }
    assert_eq!(fs::read_to_string(recorded).unwrap(), told, "run `UPDATE=1 cargo test`");
    let again = read(&mut found.files);
    let second = lint_workspace(&found.files, &again, &config).findings;
    assert!(first == second, "the same files gave other findings");
}

fn sound(files: &Files, span: Span, rule: &str) {
    let file = files.get(span.file);
    assert!(
        file.text.get(span.range()).is_some(),
        "{rule}: {}: {span:?} is not of the text",
        file.path
    );
}
