//! What editors ask for when a file is saved: `source.fixAll`.

use std::path::Path;

use serde_json::{Value, json};

use super::corpus::sample;
use super::editor::Editor;

const COMPOSE: &str = "services:\n  a: {image: \"a/b:1.0.0\", ports: [22:22, 2222:22]} # 😀\n  b:\n    \
    image: a/b:1.0.0\n    ports:\n    - 2200:22\r\n";

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    \
    image: a/b:1.0.0\n    volumeMounts: [{name: v, mountPath: /v}]\n  volumes:\n  - name: v\n    \
    secret: {secretName: s, defaultMode: 400}\n";

#[test]
fn on_saving_all_is_mended_that_is_safe() {
    let mut editor = pulling("fix-all");
    editor.open("compose.yaml", COMPOSE);
    let before = editor.pulled("compose.yaml");
    let (text, rounds) = mended(&mut editor, "compose.yaml", COMPOSE);
    let ports = ["22:22", "2222:22", "2200:22"];
    let quoted = ports.iter().fold(COMPOSE.to_owned(), |text, port| {
        let bare = [format!("[{port}"), format!(" {port}")];
        bare.iter().fold(text, |text, bare| {
            text.replace(bare, &bare.replace(port, &format!("\"{port}\"")))
        })
    });
    assert_eq!((text, rounds), (quoted, 1));
    assert_eq!(editor.pulled("compose.yaml").len(), before.len() - ports.len());
    // What needs a person's eye is offered, and not done unasked.
    editor.open("pod.yaml", POD);
    let quick = offered(&mut editor, "pod.yaml", json!(["quickfix"]));
    let is_fix = |it: &&Value| it["title"].as_str().unwrap().starts_with("write");
    assert_eq!(quick.iter().find(is_fix).unwrap()["isPreferred"], false);
    for only in ["source.fixAll", "source.fixAll.plimsoll", "source.fixAll.eslint"] {
        assert_eq!(offered(&mut editor, "pod.yaml", json!([only])), [] as [Value; 0], "{only}");
    }
    assert!(editor.quit().success());
}

#[test]
fn real_files_are_mended_on_saving() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.exists() {
        println!("skipped: there is no ../shared/corpus");
        return;
    }
    let mut editor = pulling("fix-all-real");
    let mut mended_files = 0;
    for (number, (path, text)) in sample(&corpus, 300).into_iter().enumerate() {
        let path = format!("{number}/{}", path.rsplit('/').next().unwrap());
        editor.open(&path, &text);
        let before = codes(&editor.pulled(&path));
        let (_, rounds) = mended(&mut editor, &path, &text);
        // Two may touch, so that the second waits.
        assert!(rounds <= 2, "{path}");
        mended_files += usize::from(rounds > 0);
        let after = codes(&editor.pulled(&path));
        // A program that has become process 1 may be told something else.
        let broken = |all: &[String]| all.iter().filter(|it| it.ends_with("-syntax")).count();
        assert!(after.len() <= before.len() && broken(&after) <= broken(&before), "{path}");
        editor.close(&path);
    }
    println!("{mended_files} mended");
    assert!(mended_files > 0);
    assert!(editor.quit().success());
}

fn pulling(name: &str) -> Editor {
    Editor::with(name, &[], json!({"textDocument": {"diagnostic": {}}}))
}

fn codes(diagnostics: &[Value]) -> Vec<String> {
    diagnostics.iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
}

/// The actions of a kind for the beginning of a file, or for all of it if these are quick fixes.
fn offered(editor: &mut Editor, path: &str, only: Value) -> Vec<Value> {
    let last = if only[0] == "quickfix" { 1_000 } else { 0 };
    let at = |line: u32| json!({"line": line, "character": 0});
    let params = json!({
        "textDocument": {"uri": editor.uri(path)},
        "range": {"start": at(0), "end": at(last)},
        "context": {"diagnostics": [], "only": only},
    });
    editor.request("textDocument/codeAction", params).as_array().unwrap().clone()
}

/// Applies what is offered on saving until nothing is: the text then, and how often.
fn mended(editor: &mut Editor, path: &str, text: &str) -> (String, i64) {
    let (mut text, mut rounds) = (text.to_owned(), 0);
    while rounds < 5 {
        let offered = offered(editor, path, json!(["source.fixAll"]));
        let [action] = &offered[..] else { break };
        assert_eq!(action["kind"], "source.fixAll.plimsoll");
        let changes = action["edit"]["changes"].as_object().unwrap();
        assert_eq!(changes.keys().collect::<Vec<_>>(), [&editor.uri(path)]);
        let edits = changes[&editor.uri(path)].as_array().unwrap();
        let mut edits: Vec<_> = edits
            .iter()
            .map(|edit| {
                let at = |end: &str| byte(&text, &edit["range"][end]);
                (at("start"), at("end"), edit["newText"].as_str().unwrap())
            })
            .collect();
        edits.sort();
        let apart = |pair: &[(usize, usize, &str)]| pair[0].1 <= pair[1].0 && pair[0].0 < pair[1].0;
        assert!(edits.windows(2).all(apart), "{path}: {edits:?}");
        let mut changed = text.clone();
        for (start, end, new) in edits.iter().rev() {
            changed.replace_range(*start..*end, new);
        }
        assert_ne!(changed, text, "{path}");
        (text, rounds) = (changed, rounds + 1);
        editor.change(path, rounds + 1, json!([{"text": text}]));
    }
    (text, rounds)
}

/// The byte of a position whose column counts UTF-16.
fn byte(text: &str, position: &Value) -> usize {
    let lines = text.split_inclusive('\n').take(position["line"].as_u64().unwrap() as usize);
    let line: usize = lines.map(str::len).sum();
    let mut column = position["character"].as_u64().unwrap() as usize;
    let within = text[line..].chars().take_while(|c| {
        let counts = column > 0;
        column = column.saturating_sub(c.len_utf16());
        counts
    });
    line + within.map(char::len_utf8).sum::<usize>()
}
