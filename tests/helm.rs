//! Templates of real charts: `HELM_CHARTS=<directory> cargo test --test helm -- --nocapture`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll::config::Config;
use plimsoll::lint::lint;
use plimsoll::source::{Files, decode};
use plimsoll::syntax::Parsed;
use plimsoll::syntax::helm;
use plimsoll::syntax::yaml::{self, Kind, Node, Tree};

#[test]
fn a_finding_that_values_decide_points_at_them() {
    let mut files = Files::default();
    files.add("c/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    files.add_context("c/values.yaml", "image:\n  tag: latest\nuser: 0\n");
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    \
        - name: {{ .Chart.Name }}\n      image: \"x:{{ .Values.image.tag }}\"\n      \
        securityContext:\n        runAsUser: {{ .Values.user }}\n        privileged: true\n";
    files.add("c/templates/pod.yaml", pod);
    let outcome = lint(&files, &Config::default());
    let place = |rule: &str| {
        let finding = outcome.findings.iter().find(|finding| finding.rule == rule).unwrap();
        let also = finding.also.iter().map(|(span, _)| files.text_at(*span)).collect::<Vec<_>>();
        (files.text_at(finding.span), also)
    };
    assert_eq!(place("latest-tag"), ("{{ .Values.image.tag }}", vec!["latest"]));
    assert_eq!(place("root-user"), ("{{ .Values.user }}", vec!["0"]));
    assert_eq!(place("privileged-container"), ("true", vec![]));
    assert_eq!(place("missing-memory-limit"), ("{{ .Chart.Name }}", vec![]));
}

#[test]
fn templates_of_real_charts_are_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let charts = std::env::var_os("HELM_CHARTS").map_or(corpus, PathBuf::from);
    if !charts.exists() {
        println!("skipped: no ../shared/corpus, and HELM_CHARTS names no directory");
        return;
    }
    let (mut templates, mut whole, mut values) = (0, 0, 0);
    for path in yaml_files(&charts) {
        if !path.components().any(|part| part.as_os_str() == "templates") {
            continue;
        }
        let (text, _) = decode(fs::read(&path).unwrap());
        let mut files = Files::default();
        let id = files.add("templates/f.yaml", text);
        let file = files.get(id);
        let parsed = helm::parse(file);
        assert_eq!(parsed.errors, []);
        for document in parsed.tree.documents() {
            values += check(&file.text, document.root(&parsed.tree));
        }
        templates += 1;
        let masked = helm::mask(&file.text).text;
        assert_eq!(masked.len(), file.text.len());
        let id = files.add("masked.yaml", masked);
        let parsed: Parsed<Arc<Tree>> = yaml::parse(files.get(id));
        whole += usize::from(parsed.errors.is_empty());
        if let Some(error) = parsed.errors.first() {
            let text = &files.get(id).text;
            let line = text[..error.span.start as usize].matches('\n').count() + 1;
            println!("{}:{line}: {}", path.display(), error.message);
        }
    }
    println!("{templates} templates, {whole} without repair, {values} known scalars");
}

/// Every known scalar is free of actions, and stands where it says.
fn check(source: &str, node: Node<'_>) -> usize {
    let written = &source[node.span().range()];
    match node.kind() {
        Kind::Null => 0,
        Kind::Sequence => node.items().map(|item| check(source, item)).sum(),
        Kind::Mapping => {
            let entries = node.entries().into_iter();
            entries.map(|entry| check(source, entry.key) + check(source, entry.value)).sum()
        }
        Kind::Scalar => {
            let Some(text) = node.text() else { return 0 };
            assert!(!written.contains("{{"), "{written:?}");
            assert!(
                written.contains(text.value.split_whitespace().next().unwrap_or_default())
                    || written.contains(['\\', '\'']),
                "{written:?}"
            );
            1
        }
    }
}

fn yaml_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|e| e == "yml" || e == "yaml")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
