//! What an editor offers to silence a finding silences it, nothing else, and leaves the file valid.

use std::path::Path;

use plimsoll::model::Format;
use serde_json::{Value, json};

use super::corpus::sample;
use super::editor::Editor;

const DOCKERFILE: &str = "FROM alpine AS a\nRUN curl http://x/y \\\n  | sh\nRUN <<EOF\n\
    apt-get install x\nEOF\nCMD a b\n";
const COMPOSE: &str = "services:\n  web: {image: \"nginx\", privileged: true}\n  db:\n    \
    image: postgres # the old one\n    command: >\n      a\n      b\n    ports:\n    - '22:22'\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostPID: true\n  \
    containers:\n  - name: c\n    image: nginx:latest\n    command: [\"sh\",\n      \"-c\", \"x\"]\n";

#[test]
fn ignoring_silences_one_finding_and_keeps_the_file_valid() {
    let mut editor = pulling("ignoring");
    for (path, text) in [("Dockerfile", DOCKERFILE), ("compose.yaml", COMPOSE), ("pod.yaml", POD)] {
        for text in [
            text.to_owned(),
            text.trim_end().to_owned(),
            text.replace('\n', "\r\n"),
            format!("\u{feff}{text}"),
        ] {
            assert!(silenced(&mut editor, path, &text, usize::MAX) > 2, "{path}");
        }
    }
    assert!(editor.quit().success());
}

#[test]
fn ignoring_keeps_real_files_valid() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.exists() {
        println!("skipped: there is no ../shared/corpus");
        return;
    }
    let mut editor = pulling("ignoring-real");
    let mut tried = 0;
    for (number, (path, text)) in sample(&corpus, 120).into_iter().enumerate() {
        let name = path.rsplit('/').next().unwrap();
        let small = text.len() < 5_000 && Format::of(name, &text).is_some();
        if small && !name.ends_with(".json") {
            tried += silenced(&mut editor, &format!("{number}/{name}"), &text, 2);
        }
    }
    println!("{tried} silenced");
    assert!(tried > 100, "{tried}");
    assert!(editor.quit().success());
}

#[test]
fn json_is_silenced_in_the_configuration_only() {
    let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", "image": "nginx"}]}}"#;
    let mut editor = pulling("ignoring-json");
    editor.open("pod.json", pod);
    let found = editor.pulled("pod.json");
    assert!(!found.is_empty());
    for finding in &found {
        let titles = offers(&mut editor, "pod.json", finding);
        let titles: Vec<_> = titles.iter().map(|it| it["title"].as_str().unwrap()).collect();
        assert!(!titles.iter().any(|title| title.starts_with("Ignore")), "{titles:?}");
        assert!(titles.iter().any(|title| title.starts_with("Switch")), "{titles:?}");
    }
    assert!(editor.quit().success());
}

#[test]
fn a_second_rule_joins_the_comment_of_the_first() {
    let mut editor = pulling("joining");
    for (path, text, line, there) in [
        ("Dockerfile", "# plimsoll: ignore[root-user] why\nFROM alpine\n", 0, "here"),
        ("compose.yaml", "services:\n  a:\n    image: b/c # plimsoll: ignore[x] y\n", 2, "here"),
        ("a/Dockerfile", "# plimsoll: ignore-file[root-user]\nFROM alpine\n", 0, "in this file"),
    ] {
        editor.open(path, text);
        let found = editor.pulled(path);
        let tag = found.iter().find(|it| it["code"] == "latest-tag").unwrap();
        let edit = edit(&mut editor, path, tag, there).unwrap();
        assert_eq!(edit["newText"], ", latest-tag", "{path}");
        assert_eq!(edit["range"]["start"]["line"], line, "{path}");
    }
    assert!(editor.quit().success());
}

fn pulling(name: &str) -> Editor {
    let capabilities = json!({
        "general": {"positionEncodings": ["utf-8"]},
        "textDocument": {"diagnostic": {}},
        "workspace": {"workspaceEdit": {
            "documentChanges": true, "resourceOperations": ["create"],
        }},
    });
    Editor::with(name, &[], capabilities)
}

/// Silences findings of a file, each in both ways, and puts the file back; how many.
fn silenced(editor: &mut Editor, path: &str, text: &str, most: usize) -> usize {
    editor.open(path, text);
    let found = editor.pulled(path);
    let before: Vec<Said> = found.iter().map(said).collect();
    let mut version = 1;
    let mut count = 0;
    for finding in found.iter().take(most) {
        for there in ["here", "in this file"] {
            let Some(edit) = edit(editor, path, finding, there) else { continue };
            count += 1;
            let changed = json!([{"range": edit["range"], "text": edit["newText"]}]);
            editor.change(path, version + 1, changed);
            let left: Vec<Said> = editor.pulled(path).iter().map(said).collect();
            let what = format!("{path}, {there}: {finding}\n{edit}\n{text}\n{left:#?}");
            for was in found.iter().map(said) {
                let count = |all: &[Said]| all.iter().filter(|it| **it == was).count();
                let (now, then) = (count(&left), count(&before));
                assert!(now == then || now < then && was.0 == said(finding).0, "{was:?}: {what}");
                assert!(now < then || was != said(finding), "still there: {what}");
            }
            assert!(left.iter().all(|it| before.contains(it)), "new: {what}");
            editor.change(path, version + 2, json!([{"text": text}]));
            version += 2;
        }
    }
    editor.close(path);
    count
}

/// Rule, message and width: what is said, wherever it stands now.
type Said = (String, String, u64);

fn said(finding: &Value) -> Said {
    let text = |key: &str| finding[key].as_str().unwrap().to_owned();
    let at = &finding["range"];
    let width = at["end"]["character"].as_u64().unwrap() + 1_000_000;
    (text("code"), text("message"), width - at["start"]["character"].as_u64().unwrap())
}

fn offers(editor: &mut Editor, path: &str, finding: &Value) -> Vec<Value> {
    let params = json!({
        "textDocument": {"uri": editor.uri(path)},
        "range": finding["range"],
        "context": {"diagnostics": [finding]},
    });
    editor.request("textDocument/codeAction", params).as_array().unwrap().clone()
}

/// The edit that silences a finding `here` or `in this file`.
fn edit(editor: &mut Editor, path: &str, finding: &Value, there: &str) -> Option<Value> {
    let title = format!("Ignore `{}` {there}", finding["code"].as_str().unwrap());
    let uri = editor.uri(path);
    let offers = offers(editor, path, finding);
    let is_it = |it: &&Value| {
        it["title"] == title.as_str() && it["diagnostics"][0]["range"] == finding["range"]
    };
    let edit = offers.iter().find(is_it)?["edit"]["changes"][&uri][0].clone();
    Some(edit).filter(Value::is_object)
}
