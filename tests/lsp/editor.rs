//! An editor for tests: starts the server and talks the protocol with it over pipes.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

pub struct Editor {
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Arrived while something else was waited for.
    seen: VecDeque<Value>,
    requests: i64,
    pub folder: PathBuf,
}

impl Editor {
    /// An editor that pushes nothing and asks for nothing, in a fresh folder with these files.
    pub fn new(name: &str, files: &[(&str, &str)]) -> Self {
        Self::with(name, files, json!({}))
    }

    pub fn with(name: &str, files: &[(&str, &str)], capabilities: Value) -> Self {
        let folder = folder(name, files);
        let mut editor = Self::spawn(&folder);
        let folder = json!([{"uri": uri(&folder), "name": name}]);
        editor.initialize(json!({"workspaceFolders": folder, "capabilities": capabilities}));
        editor
    }

    /// An editor that pulls, of a server that has read its folder.
    pub fn indexed(name: &str, files: &[(&str, &str)]) -> Self {
        let capabilities = json!({
            "textDocument": {"diagnostic": {"relatedInformation": true}},
            "workspace": {"diagnostics": {"refreshSupport": true}},
        });
        let mut editor = Self::with(name, files, capabilities);
        editor.wait_for_refresh();
        editor
    }

    /// Starts the server and says nothing yet.
    pub fn spawn(folder: &Path) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let input = server.stdin.take();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = receive(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let folder = folder.to_owned();
        Self { server, input, messages, seen: VecDeque::new(), requests: 0, folder }
    }

    /// Shakes hands; what the server can.
    pub fn initialize(&mut self, params: Value) -> Value {
        let result = self.request("initialize", params);
        self.notify("initialized", json!({}));
        result
    }

    pub fn uri(&self, path: &str) -> String {
        uri(&self.folder.join(path))
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).and_then(|()| input.flush()).unwrap();
    }

    pub fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = "2.0".into();
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"method": method, "params": params}));
    }

    /// Sends a request and does not wait; its number.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.requests += 1;
        self.send(json!({"id": self.requests, "method": method, "params": params}));
        self.requests
    }

    /// The response to a request, result or error and all.
    pub fn response(&mut self, id: i64) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none())
    }

    /// The result of a request.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let response = self.response(id);
        assert!(response.get("error").is_none(), "{method}: {response}");
        response["result"].clone()
    }

    /// The next message of the server with this method.
    pub fn told(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method)["params"].clone()
    }

    pub fn open(&mut self, path: &str, text: &str) {
        let uri = self.uri(path);
        let document = json!({"uri": uri, "languageId": "", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub fn change(&mut self, path: &str, version: i64, changes: Value) {
        let document = json!({"uri": self.uri(path), "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.notify("textDocument/didChange", params);
    }

    pub fn close(&mut self, path: &str) {
        let document = json!({"uri": self.uri(path)});
        self.notify("textDocument/didClose", json!({"textDocument": document}));
    }

    /// The diagnostics that the server pushes for a version of a file.
    pub fn pushed(&mut self, path: &str, version: i64) -> Vec<Value> {
        let uri = self.uri(path);
        let message = self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri.as_str()
                && message["params"]["version"] == version
        });
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// The diagnostics that the server gives when asked.
    pub fn pulled(&mut self, path: &str) -> Vec<Value> {
        let params = json!({"textDocument": {"uri": self.uri(path)}});
        let report = self.request("textDocument/diagnostic", params);
        assert_eq!(report["kind"], "full");
        report["items"].as_array().unwrap().clone()
    }

    /// Until the server has read the folders, as it tells those who pull.
    pub fn wait_for_refresh(&mut self) {
        self.wait(|message| message["method"] == "workspace/diagnostic/refresh");
    }

    /// Says goodbye.
    pub fn quit(mut self) -> ExitStatus {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.server.wait().unwrap()
    }

    /// Goes without a word.
    pub fn die(mut self) -> ExitStatus {
        self.input = None;
        self.server.wait().unwrap()
    }

    fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.seen.iter().position(&is_it) {
            return self.seen.remove(at).unwrap();
        }
        loop {
            let message = self.messages.recv_timeout(Duration::from_secs(120)).unwrap();
            if is_it(&message) {
                return message;
            }
            self.seen.push_back(message);
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.server.wait();
    }
}

/// A fresh folder of this name with these files.
pub fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lsp").join(name);
    let _ = fs::remove_dir_all(&folder);
    // Its own project: what lies above it is of no concern.
    fs::create_dir_all(folder.join(".git")).unwrap();
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

pub fn uri(path: &Path) -> String {
    format!("file://{}", path.to_str().unwrap().replace('%', "%25").replace(' ', "%20"))
}

fn receive(output: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    if output.read_line(&mut header).ok()? == 0 {
        return None;
    }
    let length = header.strip_prefix("Content-Length: ").expect("nothing but the protocol");
    let mut text = vec![0; length.trim().parse().unwrap()];
    let mut blank = [0; 2];
    output.read_exact(&mut blank).ok()?;
    assert_eq!(&blank, b"\r\n");
    output.read_exact(&mut text).ok()?;
    let message: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(message["jsonrpc"], "2.0");
    Some(message)
}
