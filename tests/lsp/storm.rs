//! Whatever is typed, however fast: what the server has is what the editor has.

use std::fs;

use serde_json::{Value, json};

use super::editor::{self, Editor};

const TEXTS: [(&str, &str); 6] = [
    (
        "Dockerfile",
        "FROM alpine:latest\r\nENV é😀= x\r\nRUN curl http://a/b \\\r\n  | sh # 😀😀\r\nCMD a b\r\n",
    ),
    (
        "compose.yaml",
        "services:\n  é😀: {image: \"a/b:latest\", ports: [22:22]} # 😀\n  b:\n    image: c\n",
    ),
    (
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    \
        image: nginx:latest # é\n    command: [\"sh\", \"-c\", \"😀 x\"]\n",
    ),
    ("b.Dockerfile", "\u{feff}FROM a\r\n\r\n\r\nLABEL é\n"),
    ("c.Dockerfile", ""),
    ("d.Dockerfile", "FROM alpine\nRUN echo 😀"),
];

/// What is put in; a line feed never stands behind a carriage return of before.
const WORDS: [&str; 12] = [
    "",
    "",
    "x",
    "é",
    "😀",
    "\n",
    "\r\n",
    "FROM alpine:latest\n",
    "  image: nginx\n",
    "{{",
    "\"",
    "# 😀\n",
];

/// Numbers that look random, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    /// A byte of a text at which a cursor can stand.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at)
            || text[..at].ends_with('\r') && text[at..].starts_with('\n')
        {
            at -= 1;
        }
        at
    }
}

fn position(text: &str, at: usize, encoding: &str) -> Value {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    let character = match encoding {
        "utf-8" => line.len(),
        "utf-16" => line.encode_utf16().count(),
        _ => line.chars().count(),
    };
    json!({"line": text[..at].matches('\n').count(), "character": character})
}

fn pulling(encoding: &str) -> Value {
    json!({
        "general": {"positionEncodings": [encoding]},
        "textDocument": {"diagnostic": {"relatedInformation": true}},
    })
}

#[test]
fn what_was_typed_is_what_is_read() {
    let mut random = Random(7);
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut typing = Editor::with(&format!("typing-{encoding}"), &[], pulling(encoding));
        for (path, text) in TEXTS {
            let mut text = text.to_owned();
            typing.open(path, &text);
            for version in 2..60 {
                let mut changes = Vec::new();
                for _ in 0..=random.below(3) {
                    let (one, other) = (random.place(&text), random.place(&text));
                    let near = one.max(other).min(one.min(other) + random.below(30));
                    let end = (0..=near)
                        .rev()
                        .find(|at| text.is_char_boundary(*at) && !text[..*at].ends_with('\r'));
                    let (start, end) =
                        (one.min(other), end.unwrap_or_default().max(one.min(other)));
                    let new = WORDS[random.below(WORDS.len())];
                    let at = |at| position(&text, at, encoding);
                    changes
                        .push(json!({"range": {"start": at(start), "end": at(end)}, "text": new}));
                    text.replace_range(start..end, new);
                }
                typing.change(path, version, json!(changes));
                if version % 20 == 0 {
                    let said = said(&mut typing, path);
                    typing.change(path, version, json!([{"text": text}]));
                    assert_eq!(
                        said,
                        self::said(&mut typing, path),
                        "{path} in {encoding}: {text:?}"
                    );
                }
            }
        }
        assert!(typing.quit().success());
    }
}

/// What the server has to say of a file.
fn said(editor: &mut Editor, path: &str) -> (Vec<Value>, Value) {
    let document = json!({"textDocument": {"uri": editor.uri(path)}});
    (editor.pulled(path), editor.request("textDocument/documentSymbol", document))
}

#[test]
fn a_storm_of_changes_ends_with_the_last() {
    let mut editor = Editor::new("storm", &[]);
    let [good, bad] = ["FROM scratch\n", "FROM scratch\nENV a= b\n"];
    for round in 0..20 {
        for path in ["Dockerfile", "a/Dockerfile"] {
            editor.open(path, good);
            for version in 2..40 {
                editor.change(
                    path,
                    version,
                    json!([{"text": if version % 2 == 0 { bad } else { good }}]),
                );
            }
            // Versions that an editor should not give, and a file that it has closed.
            editor.change(path, 1, json!([{"text": bad}]));
            editor.close(path);
            editor.change(path, 2, json!([{"text": good}]));
            editor.close(path);
        }
        let text = if round % 2 == 0 { bad } else { good };
        editor.open("Dockerfile", text);
        editor.change("Dockerfile", 100 + round, json!([{"text": text}]));
        let found = editor.pushed("Dockerfile", 100 + round);
        let is_syntax = |it: &Value| it["code"] == "dockerfile-syntax";
        assert_eq!(found.iter().any(is_syntax), round % 2 == 0, "{found:?}");
        editor.close("Dockerfile");
    }
    assert!(editor.quit().success());
}

#[test]
fn one_line_may_be_very_long() {
    let mut editor = Editor::with("long-line", &[], pulling("utf-16"));
    let text = format!("FROM scratch\nENV A= b\nLABEL a=\"{}\"\n", "😀 x ".repeat(100_000));
    editor.open("Dockerfile", &text);
    let count = editor.pulled("Dockerfile").len();
    let end = json!({"line": 2, "character": 9 + 5 * 100_000});
    editor.change("Dockerfile", 2, json!([{"range": {"start": end, "end": end}, "text": "é"}]));
    assert_eq!(editor.pulled("Dockerfile").len(), count);
    let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 9}});
    editor.change("Dockerfile", 3, json!([{"range": all, "text": ""}]));
    editor.change("Dockerfile", 4, json!([{"text": "FROM scratch\nENV A= b\n"}]));
    assert!(!editor.pulled("Dockerfile").is_empty());
    assert!(editor.quit().success());
}

#[test]
fn files_are_renamed_and_deleted() {
    let compose = "services:\n  web:\n    build: .\n    image: a/b:1.0.0\n";
    let dockerfile = "FROM scratch\nENV a= b\n";
    let files = [("compose.yaml", compose), ("Dockerfile", dockerfile)];
    let mut editor = Editor::indexed("renamed", &files);
    let is_missing = |editor: &mut Editor| {
        editor.pulled("compose.yaml").iter().any(|it| it["code"] == "missing-dockerfile")
    };
    assert!(!is_missing(&mut editor));
    editor.open("Dockerfile", dockerfile);
    // An editor renames, and tells of it as if one file were closed and another opened.
    let folder = editor.folder.clone();
    fs::rename(folder.join("Dockerfile"), folder.join("New.Dockerfile")).unwrap();
    editor.close("Dockerfile");
    editor.wait_for_refresh();
    editor.open("New.Dockerfile", dockerfile);
    let event =
        |path: &str, kind: u32| json!({"uri": editor::uri(&folder.join(path)), "type": kind});
    let events = json!({"changes": [event("Dockerfile", 3), event("New.Dockerfile", 1)]});
    editor.notify("workspace/didChangeWatchedFiles", events);
    editor.wait_for_refresh();
    assert!(is_missing(&mut editor));
    assert!(editor.pulled("Dockerfile").is_empty());
    assert!(!editor.pulled("New.Dockerfile").is_empty());
    // Deleted below an open buffer: the buffer is what there is.
    fs::remove_file(folder.join("New.Dockerfile")).unwrap();
    editor.notify(
        "workspace/didChangeWatchedFiles",
        json!({"changes": [event("New.Dockerfile", 3)]}),
    );
    editor.wait_for_refresh();
    assert!(!editor.pulled("New.Dockerfile").is_empty());
    editor.close("New.Dockerfile");
    editor.wait_for_refresh();
    assert!(editor.pulled("New.Dockerfile").is_empty());
    fs::write(folder.join("Dockerfile"), dockerfile).unwrap();
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": [event("Dockerfile", 1)]}));
    editor.wait_for_refresh();
    assert!(!is_missing(&mut editor));
    assert!(editor.quit().success());
}

#[test]
fn a_file_has_one_name_however_an_editor_spells_it() {
    let files = [("a b é/Dockerfile", "FROM scratch\nENV a= b\n")];
    let mut editor = Editor::indexed("spelling", &files);
    let folder = editor::uri(&editor.folder);
    let spellings =
        ["a%20b%20%C3%A9", "a b é", "%61%20b%20%c3%a9", "./a%20b%20é", "x/../a%20b%20é"];
    for spelling in spellings {
        let document = json!({"uri": format!("{folder}/{spelling}/Dockerfile")});
        let report = editor.request("textDocument/diagnostic", json!({"textDocument": document}));
        assert_eq!(report["items"].as_array().unwrap().len(), 1, "{spelling}");
    }
    // What is open lies over the disk, whoever asks by whichever name.
    for (number, spelling) in spellings.iter().enumerate() {
        let uri = format!("{folder}/{spelling}/Dockerfile");
        let text = if number % 2 == 0 { "FROM scratch\n" } else { "FROM scratch\nENV a= b\n" };
        let document = json!({"uri": uri, "languageId": "dockerfile", "version": 1, "text": text});
        editor.notify("textDocument/didOpen", json!({"textDocument": document}));
        let asked =
            json!({"textDocument": {"uri": format!("{folder}/{}/Dockerfile", spellings[0])}});
        let report = editor.request("textDocument/diagnostic", asked);
        assert_eq!(report["items"].as_array().unwrap().len(), number % 2, "{spelling}");
        editor.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
        editor.wait_for_refresh();
    }
    assert!(editor.quit().success());
}
