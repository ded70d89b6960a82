//! The language server, talked to as an editor does: over pipes, message by message.

mod corpus;
mod editor;
mod fixes;
mod places;
mod silence;
mod storm;

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use editor::Editor;

const BROKEN: &str = "FROM alpine:3.21.0\nENV é😀= x\nUSER 10001\n";

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

fn syntax(diagnostics: &[Value]) -> Vec<&Value> {
    diagnostics.iter().filter(|it| it["code"].as_str().unwrap().ends_with("-syntax")).collect()
}

#[test]
fn a_session_begins_and_ends_as_the_protocol_says() {
    let mut editor = Editor::spawn(&editor::folder("session", &[]));
    let early = editor.ask("textDocument/hover", json!({}));
    assert_eq!(editor.response(early)["error"]["code"], -32002);
    let result = editor.initialize(json!({"capabilities": {}}));
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(result["serverInfo"]["name"], "plimsoll");
    let twice = editor.ask("initialize", json!({"capabilities": {}}));
    assert_eq!(editor.response(twice)["error"]["code"], -32600);
    let unknown = editor.ask("textDocument/somethingNew", json!({}));
    assert_eq!(editor.response(unknown)["error"]["code"], -32601);
    assert!(editor.quit().success());
}

#[test]
fn findings_follow_the_keystrokes() {
    let mut editor = Editor::new("keystrokes", &[]);
    editor.open("Dockerfile", BROKEN);
    let at = |line, from, to| json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}});
    assert_eq!(syntax(&editor.pushed("Dockerfile", 1)).len(), 1);
    // Replaces ` x` by `x`: columns count UTF-16.
    editor.change("Dockerfile", 2, json!([{"range": at(1, 8, 10), "text": "x"}]));
    assert!(syntax(&editor.pushed("Dockerfile", 2)).is_empty());
    let whole = json!([{"text": "FROM a\n"}, {"range": at(0, 6, 6), "text": "\nENV b= c"}]);
    editor.change("Dockerfile", 3, whole);
    let diagnostics = editor.pushed("Dockerfile", 3);
    assert_eq!(syntax(&diagnostics)[0]["range"]["start"]["line"], 1);
    editor.close("Dockerfile");
    assert_eq!(editor.told("textDocument/publishDiagnostics")["diagnostics"], json!([]));
    assert!(editor.quit().success());
}

#[test]
fn columns_are_counted_as_agreed() {
    for (encoding, column) in [("utf-8", 10), ("utf-16", 7), ("utf-32", 6)] {
        let encodings = json!({"general": {"positionEncodings": ["utf-7", encoding]}});
        let mut editor = Editor::with(encoding, &[], encodings);
        editor.open("Dockerfile", BROKEN);
        let diagnostics = editor.pushed("Dockerfile", 1);
        let range = &syntax(&diagnostics)[0]["range"];
        assert_eq!(range["end"]["character"].as_u64().unwrap().min(column), column, "{range}");
        editor.quit();
    }
}

#[test]
fn a_malformed_message_costs_only_itself() {
    let mut editor = Editor::new("malformed", &[]);
    editor.raw(b"Content-Length: 3\r\n\r\n{a}");
    assert!(editor.told("window/logMessage")["message"].as_str().unwrap().contains("no message"));
    editor.raw(b"what is this\r\n\r\n");
    editor.notify("textDocument/didOpen", json!({"textDocument": 1}));
    editor.told("window/logMessage");
    editor.change("never-opened", 1, json!([{"text": ""}]));
    let wrong = editor.ask("textDocument/diagnostic", json!({"textDocument": []}));
    assert_eq!(editor.response(wrong)["error"]["code"], -32602);
    editor.open("Dockerfile", BROKEN);
    let far = json!({"start": {"line": 9, "character": 9}, "end": {"line": 0, "character": 0}});
    editor.change("Dockerfile", 2, json!([{"range": far, "text": "x"}]));
    editor.pushed("Dockerfile", 2);
    assert!(editor.quit().success());
}

#[test]
fn an_editor_that_dies_takes_the_server_with_it() {
    let editor = Editor::new("death", &[("Dockerfile", BROKEN)]);
    assert_eq!(editor.die().code(), Some(1));
}

#[test]
fn an_editor_that_never_reads_can_go_too() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    for id in 0..2_000 {
        let method = if id == 0 { "initialize" } else { "workspace/diagnostic" };
        let text = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": {}}).to_string();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
    }
    drop(server.stdout.take());
    server.wait().unwrap();
}

#[test]
fn a_cancelled_request_is_not_answered() {
    let mut editor = Editor::new("cancellation", &[]);
    let text = format!("{BROKEN}{}", "RUN true\n".repeat(2_000));
    editor.open("Dockerfile", &text);
    let document = json!({"textDocument": {"uri": editor.uri("Dockerfile")}});
    let first = editor.ask("textDocument/diagnostic", document.clone());
    let second = editor.ask("textDocument/diagnostic", document);
    editor.notify("$/cancelRequest", json!({"id": second}));
    assert_eq!(editor.response(second)["error"]["code"], -32800);
    assert!(editor.response(first).get("result").is_some());
    editor.notify("$/cancelRequest", json!({"id": 12_345}));
    assert!(editor.quit().success());
}

#[test]
fn diagnostics_are_given_when_asked_for() {
    let files = [("a/Dockerfile", BROKEN), ("b/Dockerfile", BROKEN)];
    let mut editor = Editor::indexed("pull", &files);
    editor.open("a/Dockerfile", "FROM scratch\n");
    assert!(syntax(&editor.pulled("a/Dockerfile")).is_empty());
    let report = editor.request("workspace/diagnostic", json!({"previousResultIds": []}));
    let of = |report: &Value, uri: &str| {
        let items = report["items"].as_array().unwrap();
        items.iter().find(|item| item["uri"] == uri).cloned()
    };
    let item = of(&report, &editor.uri("b/Dockerfile")).unwrap();
    assert!(codes(item["items"].as_array().unwrap()).contains(&"dockerfile-syntax"));
    let known = json!([{"uri": item["uri"], "value": item["resultId"]}]);
    let report = editor.request("workspace/diagnostic", json!({"previousResultIds": known}));
    assert_eq!(of(&report, &editor.uri("b/Dockerfile")).unwrap()["kind"], "unchanged");
    let gone = json!([{"uri": "file:///gone", "value": "x"}]);
    let report = editor.request("workspace/diagnostic", json!({"previousResultIds": gone}));
    assert_eq!(of(&report, "file:///gone").unwrap()["items"], json!([]));
    assert!(editor.quit().success());
}

#[test]
fn a_buffer_that_was_never_saved_is_what_the_editor_says() {
    let mut editor = Editor::new("untitled", &[]);
    for (uri, language, text) in [
        ("untitled:Untitled-1", "dockerfile", BROKEN),
        ("untitled:Untitled-2", "yaml", "apiVersion: v1\nkind: Pod\na: 1\na: 2\n"),
    ] {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        editor.notify("textDocument/didOpen", json!({"textDocument": document}));
        let told = editor.told("textDocument/publishDiagnostics");
        assert_ne!(told["diagnostics"], json!([]), "{uri}");
    }
    assert!(editor.quit().success());
}

#[test]
fn a_finding_is_explained_and_silenced_with_a_keystroke() {
    let capabilities = json!({"workspace": {"workspaceEdit": {
        "documentChanges": true, "resourceOperations": ["create"],
    }}});
    let mut editor = Editor::with("actions", &[], capabilities);
    editor.open("Dockerfile", BROKEN);
    let diagnostic = syntax(&editor.pushed("Dockerfile", 1))[0].clone();
    let position = diagnostic["range"]["start"].clone();
    let document = json!({"uri": editor.uri("Dockerfile")});

    let hover = json!({"textDocument": document, "position": position});
    let hover = editor.request("textDocument/hover", hover);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("# dockerfile-syntax"));

    let actions = |editor: &mut Editor, only: Value| {
        let context = json!({"diagnostics": [], "only": only});
        let range = json!({"start": position, "end": position});
        let params = json!({"textDocument": document, "range": range, "context": context});
        let actions = editor.request("textDocument/codeAction", params);
        actions.as_array().unwrap().clone()
    };
    let all = actions(&mut editor, Value::Null);
    let titled = |title: &str| {
        let is_it = |action: &&Value| action["title"].as_str().unwrap().contains(title);
        all.iter().find(is_it).unwrap_or_else(|| panic!("{title}: {all:?}")).clone()
    };
    let here = &titled("`dockerfile-syntax` here")["edit"]["changes"][editor.uri("Dockerfile")][0];
    assert_eq!(here["newText"], "# plimsoll: ignore[dockerfile-syntax]\n");
    assert_eq!(here["range"]["start"], json!({"line": 1, "character": 0}));
    let file = &titled("`dockerfile-syntax` in this file")["edit"]["changes"];
    assert_eq!(file[editor.uri("Dockerfile")][0]["range"]["start"]["line"], 0);
    let changes = &titled("configuration")["edit"]["documentChanges"];
    assert_eq!(
        changes[0],
        json!({
            "kind": "create", "uri": editor.uri("plimsoll.toml"), "options": {"ignoreIfExists": true},
        })
    );
    let text = "[rules]\ndockerfile-syntax = \"off\"\n";
    assert_eq!(changes[1]["edits"][0]["newText"], text);
    assert_eq!(actions(&mut editor, json!(["source.organizeImports"])), [] as [Value; 0]);

    let explain = titled("Explain `dockerfile-syntax`")["command"].clone();
    let page = editor.request("workspace/executeCommand", explain);
    assert!(page.as_str().unwrap().starts_with("# dockerfile-syntax"));
    assert!(editor.quit().success());
}

#[test]
fn what_is_of_no_use_is_drawn_faint_and_what_is_old_struck_through() {
    let text = "FROM debian:7.11\nUSER 10001\nCMD [\"a\"]\nCMD [\"b\"]\n";
    let tags = |name: &str, known: Value| {
        let capabilities = json!({"textDocument": {"publishDiagnostics": {
            "codeDescriptionSupport": true, "tagSupport": {"valueSet": known},
        }}});
        let mut editor = Editor::with(name, &[], capabilities);
        editor.open("Dockerfile", text);
        let diagnostics = editor.pushed("Dockerfile", 1);
        assert!(diagnostics.iter().all(|it| it.get("codeDescription").is_none()));
        let of = |rule: &str| {
            let found = diagnostics.iter().find(|it| it["code"] == rule);
            found.unwrap_or_else(|| panic!("{rule}: {diagnostics:?}"))["tags"].clone()
        };
        [of("ignored-instruction"), of("end-of-life-image")]
    };
    assert_eq!(tags("tags", json!([1, 2])), [json!([1]), json!([2])]);
    assert_eq!(tags("some-tags", json!([2])), [Value::Null, json!([2])]);
}

#[test]
fn a_rule_leads_to_its_page_where_the_editor_asks_the_server_for_it() {
    let of = |name: &str, capabilities: Value| {
        let mut editor = Editor::spawn(&editor::folder(name, &[]));
        let server = editor.initialize(json!({"capabilities": capabilities}));
        let schemes = server["capabilities"]["workspace"]["textDocumentContent"]["schemes"].clone();
        editor.open("Dockerfile", "FROM alpine:3\n");
        let found = match capabilities["textDocument"].get("diagnostic") {
            Some(_) => editor.pulled("Dockerfile"),
            None => editor.pushed("Dockerfile", 1),
        };
        let finding = found.iter().find(|it| it["code"] == "rolling-tag").unwrap();
        (schemes, finding["codeDescription"]["href"].clone(), editor)
    };
    let known = json!({"codeDescriptionSupport": true});
    let workspace = json!({"textDocumentContent": {}});
    for kind in ["diagnostic", "publishDiagnostics"] {
        let capabilities = json!({"textDocument": {kind: known}, "workspace": workspace});
        let (schemes, address, mut editor) = of(kind, capabilities);
        assert_eq!(schemes, json!(["plimsoll"]));
        assert_eq!(address, "plimsoll:/rules/rolling-tag.md");
        let page = editor.request("workspace/textDocumentContent", json!({"uri": address}));
        assert!(page["text"].as_str().unwrap().starts_with("# rolling-tag"));
        let unknown = json!({"uri": "plimsoll:/rules/no-rule.md"});
        let unknown = editor.ask("workspace/textDocumentContent", unknown);
        assert_eq!(editor.response(unknown)["error"]["code"], -32602);
        assert!(editor.quit().success());
    }
    for (name, capabilities) in [
        ("no-pages", json!({"textDocument": {"publishDiagnostics": known}})),
        ("no-links", json!({"textDocument": {"publishDiagnostics": {}}, "workspace": workspace})),
    ] {
        let (schemes, address, _) = of(name, capabilities);
        assert_eq!((schemes, address), (Value::Null, Value::Null), "{name}");
    }
}

#[test]
fn the_configuration_holds_as_soon_as_it_is_saved() {
    let mut editor = Editor::new("configuration", &[]);
    editor.open("Dockerfile", BROKEN);
    assert_eq!(syntax(&editor.pushed("Dockerfile", 1)).len(), 1);
    let text = "[rules]\ndockerfile-syntax = \"of\"\n";
    editor.open("plimsoll.toml", text);
    let wrong = editor.pushed("plimsoll.toml", 1);
    assert_eq!(codes(&wrong), ["configuration"]);
    let text = "[rules]\ndockerfile-syntax = \"off\"\n";
    editor.change("plimsoll.toml", 2, json!([{"text": text}]));
    assert!(editor.pushed("plimsoll.toml", 2).is_empty());
    std::fs::write(editor.folder.join("plimsoll.toml"), text).unwrap();
    let document = json!({"textDocument": {"uri": editor.uri("plimsoll.toml")}});
    editor.notify("textDocument/didSave", document);
    assert!(syntax(&editor.pushed("Dockerfile", 1)).is_empty());
    assert!(editor.quit().success());
}

const STAGES: &str = "FROM golang:1.25 AS build\nRUN go build\n\nFROM build AS test\nRUN true\n\n\
    FROM alpine:3.21\nCOPY --from=build /a /b\nRUN --mount=from=test,target=/t true\n";

const SERVICES: &str = "services:\n  web:\n    build:\n      context: api\n      target: test\n    \
    depends_on: [db]\n  db:\n    image: postgres:17\n  other:\n    extends: db\n";

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n    \
    - name: c\n      image: nginx:1.27\n";

#[test]
fn a_file_is_told_by_its_stages_services_and_containers() {
    let mut editor = Editor::new("symbols", &[]);
    let mut symbols = |path: &str, text: &str| {
        editor.open(path, text);
        let params = json!({"textDocument": {"uri": editor.uri(path)}});
        let symbols = editor.request("textDocument/documentSymbol", params);
        let names = |list: &Value| -> Vec<String> {
            let list = list.as_array().cloned().unwrap_or_default();
            list.iter().map(|symbol| symbol["name"].as_str().unwrap().to_owned()).collect()
        };
        (names(&symbols), names(&symbols[0]["children"]), symbols[0]["range"].clone())
    };
    let (stages, _, range) = symbols("Dockerfile", STAGES);
    assert_eq!(stages, ["build", "test", "alpine:3.21"]);
    assert_eq!(range["end"], json!({"line": 3, "character": 0}));
    let (stages, ..) = symbols("a/Dockerfile", "FROM alpine:3.21 AS a\nFROM a\n");
    assert_eq!(stages, ["a", "FROM a"]);
    assert_eq!(symbols("compose.yaml", SERVICES).0, ["web", "db", "other"]);
    let (objects, containers, _) = symbols("pod.yaml", POD);
    assert_eq!((objects, containers), (vec!["p".to_owned()], vec!["c".to_owned()]));
}

#[test]
fn what_is_named_is_found_where_it_is() {
    let files = [("api/Dockerfile", STAGES), ("compose.yaml", SERVICES)];
    let mut editor = Editor::new("definitions", &files);
    editor.open("api/Dockerfile", STAGES);
    editor.open("compose.yaml", SERVICES);
    let mut line_of = |path: &str, line: u32, character: u32| {
        let position = json!({"line": line, "character": character});
        let params = json!({"textDocument": {"uri": editor.uri(path)}, "position": position});
        let location = editor.request("textDocument/definition", params);
        let path = location["uri"].as_str().map(|uri| uri.rsplit('/').next().unwrap().to_owned());
        path.map(|path| (path, location["range"]["start"]["line"].as_u64().unwrap()))
    };
    let at = |path: &str, line| Some((path.to_owned(), line));
    assert_eq!(line_of("api/Dockerfile", 3, 6), at("Dockerfile", 0), "FROM build");
    assert_eq!(line_of("api/Dockerfile", 7, 13), at("Dockerfile", 0), "COPY --from=build");
    assert_eq!(line_of("api/Dockerfile", 8, 18), at("Dockerfile", 3), "--mount=from=test");
    assert_eq!(line_of("api/Dockerfile", 6, 8), None, "an image is not a stage");
    assert_eq!(line_of("compose.yaml", 1, 3), at("Dockerfile", 3), "a service's stage");
    assert_eq!(line_of("compose.yaml", 3, 18), at("Dockerfile", 3), "build");
    assert_eq!(line_of("compose.yaml", 5, 17), at("compose.yaml", 6), "depends_on");
    assert_eq!(line_of("compose.yaml", 9, 14), at("compose.yaml", 6), "extends");
}

#[test]
fn what_one_file_says_changes_what_is_said_of_another() {
    let dockerfile = "FROM alpine:3.22.1 AS a\nUSER 1000\nCMD [\"/app\"]\n";
    let compose = "services:\n  web:\n    build: {context: ., target: b}\n    image: app:1.0.0\n";
    let mut editor = Editor::new("across", &[]);
    editor.open("Dockerfile", dockerfile);
    editor.open("compose.yaml", compose);
    let found = editor.pushed("compose.yaml", 1);
    let missing = found.iter().find(|it| it["code"] == "missing-build-target").unwrap();
    let message = missing["message"].as_str().unwrap();
    assert!(message.starts_with("`Dockerfile` has no stage `b`"), "{message}");
    let renamed = dockerfile.replace("AS a", "AS b");
    editor.change("Dockerfile", 2, json!([{"text": renamed}]));
    assert!(!codes(&editor.pushed("compose.yaml", 1)).contains(&"missing-build-target"));
    editor.close("Dockerfile");
    assert!(codes(&editor.pushed("compose.yaml", 1)).contains(&"missing-dockerfile"));
    assert!(editor.quit().success());
}

#[test]
fn manifests_know_one_another() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  \
        selector: {app: a}\n  ports: [{port: 80}]\n";
    let pod = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: \
        {matchLabels: {app: b}}\n  template:\n    metadata: {labels: {app: b}}\n    spec:\n      \
        containers: [{name: c, image: \"a/b:1.0.0\"}]\n";
    let mut editor = Editor::new("manifests", &[]);
    editor.open("service.yaml", service);
    editor.open("pod.yaml", pod);
    let says = |list: Vec<Value>| codes(&list).contains(&"service-selects-nothing");
    while !says(editor.pushed("service.yaml", 1)) {}
    editor.change("pod.yaml", 2, json!([{"text": pod.replace("app: b", "app: a")}]));
    assert!(!says(editor.pushed("service.yaml", 1)));
    assert!(editor.quit().success());
}

#[test]
fn a_file_outside_of_all_folders_has_its_configuration() {
    let config =
        "[build]\nargs = {TAG = \"latest\"}\n[compose]\ngroups = [[\"a.yaml\", \"b.yaml\"]]\n";
    let dockerfile = "ARG TAG\nFROM alpine:${TAG}\nUSER 1000\n";
    let [base, over] = ["image: a/b:latest", "image: a/b:1.0.0"]
        .map(|image| format!("services:\n  web:\n    {image}\n"));
    let files = [
        ("in/Dockerfile", dockerfile),
        ("out/plimsoll.toml", config),
        ("out/a.yaml", &base),
        ("out/b.yaml", &over),
    ];
    let folder = editor::folder("outside", &files);
    let mut editor = Editor::spawn(&folder);
    editor.initialize(json!({
        "workspaceFolders": [{"uri": editor::uri(&folder.join("in")), "name": "in"}],
        "capabilities": {"textDocument": {"diagnostic": {}}},
    }));
    let mut tags_move = |path: &str, text: &str| {
        editor.open(path, text);
        codes(&editor.pulled(path)).contains(&"latest-tag")
    };
    assert!(!tags_move("in/Dockerfile", dockerfile));
    assert!(tags_move("out/Dockerfile", dockerfile), "what builds are given");
    assert!(!tags_move("out/a.yaml", &base), "what is read together");
    assert!(editor.quit().success());
}

#[test]
fn a_file_that_others_led_to_is_linted_once_it_is_open() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    \
        image: nginx:latest\n";
    let files = [
        ("in/kustomization.yaml", "resources: [../out]\n"),
        ("out/kustomization.yaml", "resources: [pod.yaml]\n"),
        ("out/pod.yaml", pod),
    ];
    let folder = editor::folder("led-to", &files);
    let mut editor = Editor::spawn(&folder);
    editor.initialize(json!({
        "workspaceFolders": [{"uri": editor::uri(&folder.join("in")), "name": "in"}],
        "capabilities": {
            "textDocument": {"diagnostic": {}},
            "workspace": {"diagnostics": {"refreshSupport": true}},
        },
    }));
    editor.wait_for_refresh();
    assert!(editor.pulled("out/pod.yaml").is_empty());
    editor.open("out/pod.yaml", pod);
    assert!(codes(&editor.pulled("out/pod.yaml")).contains(&"latest-tag"));
    editor.close("out/pod.yaml");
    editor.wait_for_refresh();
    assert!(editor.pulled("out/pod.yaml").is_empty());
    assert!(editor.quit().success());
}

#[test]
fn folders_come_and_go() {
    let files = [("a/Dockerfile", BROKEN), ("b/Dockerfile", BROKEN)];
    let folder = editor::folder("folders", &files);
    let of = |name: &str| json!({"uri": editor::uri(&folder.join(name)), "name": name});
    let mut editor = Editor::spawn(&folder);
    editor.initialize(json!({
        "workspaceFolders": [of("a")],
        "capabilities": {
            "textDocument": {"diagnostic": {}},
            "workspace": {"diagnostics": {"refreshSupport": true}},
        },
    }));
    let found = |editor: &mut Editor| -> Vec<String> {
        editor.wait_for_refresh();
        let report = editor.request("workspace/diagnostic", json!({"previousResultIds": []}));
        let items = report["items"].as_array().unwrap().iter();
        let uris = items.map(|item| item["uri"].as_str().unwrap());
        let mut names: Vec<_> = uris.map(|uri| uri[uri.len() - 12..].to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(found(&mut editor), ["a/Dockerfile"]);
    let event = json!({"event": {"added": [of("b")], "removed": []}});
    editor.notify("workspace/didChangeWorkspaceFolders", event);
    assert_eq!(found(&mut editor), ["a/Dockerfile", "b/Dockerfile"]);
    let event = json!({"event": {"added": [], "removed": [of("a")]}});
    editor.notify("workspace/didChangeWorkspaceFolders", event);
    assert_eq!(found(&mut editor), ["b/Dockerfile"]);
    assert!(editor.quit().success());
}

#[test]
fn what_was_pulled_and_holds_is_not_sent_again() {
    let mut editor = Editor::new("unchanged", &[]);
    editor.open("Dockerfile", BROKEN);
    let mut params = json!({"textDocument": {"uri": editor.uri("Dockerfile")}});
    let first = editor.request("textDocument/diagnostic", params.clone());
    params["previousResultId"] = first["resultId"].clone();
    let again = editor.request("textDocument/diagnostic", params.clone());
    assert_eq!((&again["kind"], again.get("items")), (&json!("unchanged"), None));
    editor.change("Dockerfile", 2, json!([{"text": "FROM scratch\n"}]));
    assert_eq!(editor.request("textDocument/diagnostic", params)["kind"], "full");
    assert!(editor.quit().success());
}

#[test]
fn a_configuration_on_disk_holds_while_it_is_there() {
    let mut editor = Editor::new("on-disk", &[]);
    editor.open("Dockerfile", BROKEN);
    assert_eq!(syntax(&editor.pushed("Dockerfile", 1)).len(), 1);
    let path = editor.folder.join("plimsoll.toml");
    let changes = json!({"changes": [{"uri": editor.uri("plimsoll.toml"), "type": 2}]});
    std::fs::write(&path, "[rules]\ndockerfile-syntax = \"off\"\n").unwrap();
    editor.notify("workspace/didChangeWatchedFiles", changes.clone());
    assert!(syntax(&editor.pushed("Dockerfile", 1)).is_empty());
    std::fs::write(&path, "[rules\n").unwrap();
    editor.notify("workspace/didChangeWatchedFiles", changes.clone());
    let message = editor.told("window/showMessage")["message"].as_str().unwrap().to_owned();
    assert!(message.contains("plimsoll.toml:1: not TOML"), "{message}");
    assert_eq!(syntax(&editor.pushed("Dockerfile", 1)).len(), 1);
    std::fs::write(&path, "[rules]\ndockerfile-syntax = \"off\"\n").unwrap();
    editor.notify("workspace/didChangeWatchedFiles", changes.clone());
    assert!(syntax(&editor.pushed("Dockerfile", 1)).is_empty());
    std::fs::remove_file(&path).unwrap();
    editor.notify("workspace/didChangeWatchedFiles", changes);
    assert_eq!(syntax(&editor.pushed("Dockerfile", 1)).len(), 1);
    assert!(editor.quit().success());
}

#[test]
fn a_dockerfile_within_another_file_has_stages_too() {
    let inline = "services:\n  web:\n    build:\n      dockerfile_inline: |\n        \
        FROM golang:1.25.1 AS build\n        RUN go build\n        FROM scratch\n        \
        COPY --from=build /a /a\ninclude:\n  - more/compose.yaml\n";
    let more = "services:\n  db:\n    image: postgres:17.2\n";
    let mut editor = Editor::new("inline", &[("more/compose.yaml", more)]);
    editor.open("compose.yaml", inline);
    let document = json!({"uri": editor.uri("compose.yaml")});
    let symbols = editor.request("textDocument/documentSymbol", json!({"textDocument": document}));
    let stages = symbols[0]["children"].as_array().unwrap();
    let names: Vec<_> = stages.iter().map(|stage| stage["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["build", "scratch"]);
    let mut start_of = |line: u32, character: u32| {
        let position = json!({"line": line, "character": character});
        let params = json!({"textDocument": document, "position": position});
        let location = editor.request("textDocument/definition", params);
        (location["uri"].clone(), location["range"]["start"].clone())
    };
    let stage = json!({"line": 4, "character": 30});
    assert_eq!(start_of(7, 22), (document["uri"].clone(), stage));
    let included = start_of(9, 6).0;
    assert!(included.as_str().unwrap().ends_with("/more/compose.yaml"), "{included}");
    assert!(editor.quit().success());
}

#[test]
fn nothing_that_an_editor_says_breaks_the_server() {
    let mut editor = Editor::new("odd", &[("Dockerfile", BROKEN)]);
    let far = json!({"line": 4_294_967_295_u32, "character": 4_294_967_295_u32});
    let uris = [
        editor.uri("Dockerfile"),
        editor.uri("no/such/folder/Dockerfile"),
        editor.uri("é😀 x/compose.yaml"),
        "file:///C%3A/app/Dockerfile".to_owned(),
        "file://server/share/Dockerfile".to_owned(),
        "file:///%".to_owned(),
        "untitled:Untitled-1".to_owned(),
        "git:/a?b#c".to_owned(),
        String::new(),
    ];
    for uri in &uris {
        let document = |version: i64| json!({"uri": uri, "version": version});
        let range = json!({"start": far, "end": {"line": 0, "character": 1}});
        let change = |version, changes| json!({"textDocument": document(version), "contentChanges": changes});
        editor.notify("textDocument/didChange", change(1, json!([{"text": "x"}])));
        for text in [BROKEN, "", "\u{feff}a: [", "{{{"] {
            let open = json!({"uri": uri, "languageId": "dockerfile", "version": 1, "text": text});
            editor.notify("textDocument/didOpen", json!({"textDocument": open}));
            editor.notify("textDocument/didChange", change(0, json!([])));
            let changes = json!([{"range": range, "text": "😀\r\n"}, {"range": range, "text": ""}]);
            editor.notify("textDocument/didChange", change(-1, changes));
            for method in ["hover", "definition", "documentSymbol", "diagnostic", "codeAction"] {
                let params = json!({
                    "textDocument": {"uri": uri}, "position": far,
                    "range": {"start": far, "end": far}, "context": {"diagnostics": []},
                });
                editor.request(&format!("textDocument/{method}"), params);
            }
        }
        editor.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
        editor.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }
    std::fs::remove_dir_all(&editor.folder).unwrap();
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": []}));
    for id in [json!("x".repeat(100_000)), json!(-1), json!(null), json!(1.5), json!([])] {
        editor.send(json!({"id": id, "method": "workspace/diagnostic", "params": id}));
    }
    assert!(editor.quit().success());
}

#[test]
fn a_file_of_a_megabyte_is_a_file() {
    let mut editor = Editor::new("megabyte", &[]);
    let lines = "# A comment of some length, as people write them.\nARG A=b\n".repeat(18_000);
    let text = format!("FROM scratch\nENV A= b\n{lines}");
    assert!(text.len() > 1_000_000);
    editor.open("Dockerfile", &text);
    assert_eq!(syntax(&editor.pushed("Dockerfile", 1)).len(), 1);
    let blank = json!({"start": {"line": 1, "character": 6}, "end": {"line": 1, "character": 7}});
    editor.change("Dockerfile", 2, json!([{"range": blank, "text": ""}]));
    assert!(syntax(&editor.pushed("Dockerfile", 2)).is_empty());
    assert!(editor.quit().success());
}

#[test]
fn each_file_of_a_project_has_its_own_services() {
    let base =
        "services:\n  web:\n    image: a:1.0.0\n    depends_on: [db]\n  db:\n    image: b:1.0.0\n";
    let over =
        "services:\n  extra:\n    image: c:1.0.0\n    depends_on: [web]\n  web:\n    init: true\n";
    let config = "[compose]\ngroups = [[\"one.yaml\", \"two.yaml\"]]\n";
    let files = [
        ("plimsoll.toml", config),
        ("one.yaml", base),
        ("two.yaml", over),
        ("compose.yaml", base),
        ("compose.override.yaml", over),
    ];
    // Before the folder is read nobody knows which files are one project.
    let mut editor = Editor::indexed("groups", &files);
    for (base_name, over_name) in
        [("one.yaml", "two.yaml"), ("compose.yaml", "compose.override.yaml")]
    {
        for (path, text, names, (line, character), found) in [
            (base_name, base, ["web", "db"], (3, 18), (base_name, 4)),
            (over_name, over, ["extra", "web"], (3, 18), (base_name, 1)),
        ] {
            editor.open(path, text);
            let document = json!({"uri": editor.uri(path)});
            let symbols =
                editor.request("textDocument/documentSymbol", json!({"textDocument": document}));
            let told: Vec<&str> =
                symbols.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
            assert_eq!(told, names, "{path}");
            let position = json!({"line": line, "character": character});
            let params = json!({"textDocument": document, "position": position});
            let location = editor.request("textDocument/definition", params);
            assert!(location["uri"].as_str().unwrap().ends_with(found.0), "{path}: {location}");
            assert_eq!(location["range"]["start"]["line"], found.1, "{path}");
        }
    }
}
