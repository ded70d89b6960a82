//! Thousands of real files, where they are at hand: nothing panics, every span is sound, and the
//! same files give the same findings twice.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll::config::{Config, Settings};
use plimsoll::discover::{Filter, discover, read};
use plimsoll::finding::Finding;
use plimsoll::lint::lint_workspace;
use plimsoll::rule::Level;
use plimsoll::rules::entry;
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
    let told = noise(corpus, &found.files, &first);
    let recorded = "testdata/recorded/corpus.txt";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(recorded, &told).unwrap();
    }
    assert_eq!(fs::read_to_string(recorded).unwrap(), told, "run `UPDATE=1 cargo test`");
    let again = read(&mut found.files);
    let second = lint_workspace(&found.files, &again, &config).findings;
    assert!(first == second, "the same files gave other findings");
}

/// How much is said of each corpus, and by each rule.
fn noise(corpus: &Path, files: &Files, findings: &[Finding]) -> String {
    let of = |path: &str| {
        let path = Path::new(path).strip_prefix(corpus).unwrap();
        path.iter().next().unwrap().to_string_lossy().into_owned()
    };
    let level = |rule: &str| entry(rule).unwrap().page.level;
    let (mut corpora, mut rules) = (BTreeMap::<_, (usize, usize)>::new(), BTreeMap::new());
    files
        .iter()
        .filter(|file| files.is_linted(file.id))
        .for_each(|file| corpora.entry(of(&file.path)).or_default().0 += 1);
    for finding in findings {
        *rules.entry(finding.rule).or_insert(0) += 1;
        if level(finding.rule) == Level::Default {
            corpora.entry(of(&files.get(finding.span.file).path)).or_default().1 += 1;
        }
    }
    let mut told = String::from("corpus: files, default findings, of them for each file\n\n");
    for (name, (files, findings)) in &corpora {
        let each = *findings as f64 / *files as f64;
        writeln!(told, "{name}: {files}, {findings}, {each:.2}").unwrap();
    }
    let all: usize = corpora.values().map(|(_, findings)| findings).sum();
    told += "\nrule: findings, share of all default findings\n\n";
    for (rule, count) in rules {
        match level(rule) {
            Level::Default => {
                let share = count as f64 * 100.0 / all as f64;
                writeln!(told, "{rule}: {count}, {share:.1} %").unwrap();
            }
            level => writeln!(told, "{rule}: {count}, {}", level.name()).unwrap(),
        }
    }
    told
}

fn sound(files: &Files, span: Span, rule: &str) {
    let file = files.get(span.file);
    assert!(
        file.text.get(span.range()).is_some(),
        "{rule}: {}: {span:?} is not of the text",
        file.path
    );
}
