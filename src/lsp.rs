//! The language server: the loop over the editor's messages. What it says is what `lint` says of
//! the files on disk with the open buffers over them.

mod actions;
mod client;
mod definition;
mod diagnostics;
mod hover;
mod pages;
mod session;
mod silence;
mod symbols;
mod transport;
mod uri;

use std::collections::{HashMap, VecDeque};
use std::io::{self, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use gen_lsp_types::*;
use lsp_server::{ErrorCode, Message as Packet, RequestId, ResponseError};
use rayon::ThreadPoolBuilder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::finding::Finding;
use crate::rules::find;
use crate::source::{Encoding, FileId};

use client::Client;
use diagnostics::Diagnostics;
use session::{Index, Session};
use transport::Output;

/// Serves one editor until it says goodbye or is gone. `true` if it has said goodbye as the
/// protocol wants it.
///
/// # Errors
/// The editor cannot be written to any more.
pub fn serve(input: impl Read + Send + 'static, output: impl Write) -> io::Result<bool> {
    let (sender, events) = mpsc::channel();
    let from_editor = sender.clone();
    thread::spawn(move || {
        let mut input = BufReader::new(input);
        while let Ok(Some(message)) = transport::read(&mut input) {
            if from_editor.send(message.map_or_else(Event::Malformed, Event::Packet)).is_err() {
                return;
            }
        }
        let _ = from_editor.send(Event::Gone);
    });
    Server {
        output: Output::new(output),
        sender,
        events,
        queue: VecDeque::new(),
        phase: Phase::New,
        indexing: Indexing::Idle,
        session: Session::new(Client::new(&Value::Null)),
        published: HashMap::new(),
        complained: None,
        requests: 0,
    }
    .run()
}

enum Event {
    Packet(Packet),
    /// Something that is no message, and why.
    Malformed(String),
    /// The folders have been read.
    Indexed(Box<Index>),
    /// The editor's end of the pipe is closed.
    Gone,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Before `initialize`.
    New,
    Running,
    /// After `shutdown`.
    Over,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Indexing {
    Idle,
    Running,
    /// What it reads is already out of date.
    Stale,
}

struct Server<W: Write> {
    output: Output<W>,
    sender: Sender<Event>,
    events: Receiver<Event>,
    /// What has arrived and is not handled, so that a cancellation can overtake.
    queue: VecDeque<Event>,
    phase: Phase,
    indexing: Indexing,
    session: Session,
    /// What the editor shows of open files, if it is told unasked: version and diagnostics' id.
    published: HashMap<Uri, (i32, String)>,
    /// What was last said of a configuration that is not open.
    complained: Option<String>,
    /// How many requests were sent to the editor.
    requests: i32,
}

impl<W: Write> Server<W> {
    fn run(mut self) -> io::Result<bool> {
        loop {
            while let Ok(event) = self.events.try_recv() {
                self.receive(event)?;
            }
            let event = match self.queue.pop_front() {
                Some(event) => event,
                None => {
                    self.publish()?;
                    self.session.tidy();
                    // This end holds a sender, so the channel cannot close.
                    match self.events.recv() {
                        Ok(event) => event,
                        Err(_) => return Ok(false),
                    }
                }
            };
            match event {
                Event::Packet(Packet::Notification(note)) if note.method == "exit" => {
                    return Ok(self.phase == Phase::Over);
                }
                Event::Packet(Packet::Notification(note)) => self.notified(note)?,
                Event::Packet(Packet::Request(request)) => self.requested(request)?,
                // Nothing that is asked of an editor has an answer that matters.
                Event::Packet(Packet::Response(_)) => {}
                Event::Malformed(problem) => self.log(&format!("no message: {problem}"))?,
                Event::Indexed(index) => self.indexed(*index)?,
                Event::Gone => return Ok(false),
            }
        }
    }

    /// Queues an event; a cancellation is carried out at once.
    fn receive(&mut self, event: Event) -> io::Result<()> {
        let Event::Packet(Packet::Notification(note)) = &event else {
            self.queue.push_back(event);
            return Ok(());
        };
        if note.method != "$/cancelRequest" {
            self.queue.push_back(event);
            return Ok(());
        }
        let id: Option<RequestId> = read(note.params["id"].clone()).ok();
        let is_it = |event: &Event| matches!(event, Event::Packet(Packet::Request(request)) if Some(&request.id) == id.as_ref());
        let Some(at) = self.queue.iter().position(is_it) else { return Ok(()) };
        self.queue.remove(at);
        match id {
            Some(id) => self.fail(id, ErrorCode::RequestCanceled, "cancelled"),
            None => Ok(()),
        }
    }

    fn requested(&mut self, request: lsp_server::Request) -> io::Result<()> {
        let lsp_server::Request { id, method, params } = request;
        match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => return self.initialize(id, &params),
            (Phase::New, _) => {
                return self.fail(id, ErrorCode::ServerNotInitialized, "`initialize` comes first");
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::Over;
                return self.answer(id, ());
            }
            (Phase::Running, "initialize") | (Phase::Over, _) => {
                return self.fail(id, ErrorCode::InvalidRequest, "not at this time");
            }
            (Phase::Running, _) => {}
        }
        self.session.settle();
        match method.as_str() {
            "textDocument/diagnostic" => self.handle(id, params, document_diagnostic),
            "workspace/diagnostic" => self.handle(id, params, workspace_diagnostic),
            "textDocument/hover" => self.handle(id, params, hover::hover),
            "textDocument/documentSymbol" => self.handle(id, params, symbols::symbols),
            "textDocument/definition" => self.handle(id, params, definition::definition),
            "textDocument/codeAction" => self.handle(id, params, actions::actions),
            "workspace/textDocumentContent" => match read(params) {
                Ok(params) => self.document(id, params),
                Err(error) => self.fail(id, ErrorCode::InvalidParams, &error.to_string()),
            },
            "workspace/executeCommand" => match read(params) {
                Ok(params) => self.execute(id, params),
                Err(error) => self.fail(id, ErrorCode::InvalidParams, &error.to_string()),
            },
            _ => self.fail(id, ErrorCode::MethodNotFound, &format!("no method `{method}`")),
        }
    }

    fn handle<P: DeserializeOwned, R: Serialize>(
        &mut self,
        id: RequestId,
        params: Value,
        handler: fn(&Session, P) -> R,
    ) -> io::Result<()> {
        match read(params) {
            Ok(params) => {
                let result = handler(&self.session, params);
                self.answer(id, result)
            }
            Err(error) => self.fail(id, ErrorCode::InvalidParams, &error.to_string()),
        }
    }

    /// Explains a rule: answers with its page, and shows it if the editor does not.
    fn execute(&mut self, id: RequestId, params: ExecuteCommandParams) -> io::Result<()> {
        let rule = params.arguments.as_ref().and_then(|list| list.first()?.as_str());
        let page =
            rule.filter(|_| params.command == actions::EXPLAIN).and_then(|rule| find(rule).next());
        let Some(page) = page.map(|entry| entry.page.body()) else {
            return self.fail(id, ErrorCode::InvalidParams, "no such command, or no such rule");
        };
        if !self.session.client.shows_pages {
            let message = json!({"type": MessageType::Info, "message": page});
            self.notify("window/showMessage", message)?;
        }
        self.answer(id, page)
    }

    /// Gives the text of a document that is no file.
    fn document(&mut self, id: RequestId, params: TextDocumentContentParams) -> io::Result<()> {
        match pages::at(&params.uri) {
            Some(page) => self.answer(id, TextDocumentContentResult::new(page.to_owned())),
            None => self.fail(id, ErrorCode::InvalidParams, "no such document"),
        }
    }

    fn notified(&mut self, note: lsp_server::Notification) -> io::Result<()> {
        if self.phase != Phase::Running {
            return Ok(());
        }
        let understood = match note.method.as_str() {
            "initialized" => {
                self.watch()?;
                Ok(())
            }
            "textDocument/didOpen" => read(note.params)
                .map(|params: DidOpenTextDocumentParams| self.opened(params.text_document)),
            "textDocument/didChange" => read(note.params).map(|params| self.changed(params)),
            "textDocument/didClose" => read(note.params)
                .map(|params: DidCloseTextDocumentParams| self.closed(&params.text_document.uri)),
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.index();
                Ok(())
            }
            "workspace/didChangeWorkspaceFolders" => read(note.params)
                .map(|params: DidChangeWorkspaceFoldersParams| self.refolded(params.event)),
            // `$/setTrace` and what later protocols bring.
            _ => Ok(()),
        };
        match understood {
            Ok(()) => Ok(()),
            Err(error) => self.log(&format!("`{}`: {error}", note.method)),
        }
    }

    fn initialize(&mut self, id: RequestId, params: &Value) -> io::Result<()> {
        self.phase = Phase::Running;
        self.session = Session::new(Client::new(params));
        let folders: Option<Vec<WorkspaceFolder>> = read(params["workspaceFolders"].clone()).ok();
        let root = params["rootUri"].as_str();
        self.session.folders = match (folders, root) {
            (Some(folders), _) => folders.iter().filter_map(|folder| path(&folder.uri)).collect(),
            (None, Some(root)) => path(&root.into()).into_iter().collect(),
            (None, None) => Vec::new(),
        };
        self.answer(id, capabilities(&self.session.client))?;
        self.index();
        Ok(())
    }

    /// Asks the editor to tell when a file on disk changes, if it can.
    fn watch(&mut self) -> io::Result<()> {
        if !self.session.client.watches {
            return Ok(());
        }
        self.request(
            "client/registerCapability",
            json!({"registrations": [{
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": WATCHED.map(|glob| json!({"globPattern": glob}))},
            }]}),
        )
    }

    fn opened(&mut self, document: TextDocumentItem) {
        self.session.open(document);
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        let uri = document.text_document_identifier.uri;
        self.session.change(&uri, document.version, params.content_changes);
    }

    fn closed(&mut self, uri: &Uri) {
        self.session.close(uri);
        self.index();
    }

    fn refolded(&mut self, event: WorkspaceFoldersChangeEvent) {
        let removed: Vec<PathBuf> =
            event.removed.iter().filter_map(|folder| path(&folder.uri)).collect();
        self.session.folders.retain(|folder| !removed.contains(folder));
        self.session.folders.extend(event.added.iter().filter_map(|folder| path(&folder.uri)));
        self.index();
    }

    /// Reads the folders in the background, again if that is under way.
    fn index(&mut self) {
        if self.indexing != Indexing::Idle {
            self.indexing = Indexing::Stale;
            return;
        }
        self.indexing = Indexing::Running;
        let (folders, sender) = (self.session.folders.clone(), self.sender.clone());
        thread::spawn(move || {
            // Who types at the same time finds the other cores free.
            let cores = thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
            let read = || Index::of(&folders);
            let index = match ThreadPoolBuilder::new().num_threads(cores).build() {
                Ok(pool) => pool.install(read),
                Err(_) => read(),
            };
            // Nobody waits for it any more if that fails.
            let _ = sender.send(Event::Indexed(Box::new(index)));
        });
    }

    fn indexed(&mut self, index: Index) -> io::Result<()> {
        let was_stale = self.indexing == Indexing::Stale;
        self.indexing = Indexing::Idle;
        if was_stale {
            self.index();
        }
        self.session.index(index);
        let problem = self.session.unseen_problem();
        if problem != self.complained {
            if let Some(message) = &problem {
                let params = json!({"type": MessageType::Warning, "message": message});
                self.notify("window/showMessage", params)?;
            }
            self.complained = problem;
        }
        if self.session.client.pulls && self.session.client.refreshes {
            self.request("workspace/diagnostic/refresh", Value::Null)?;
        }
        Ok(())
    }

    /// Tells of the open files what has changed since it was last told.
    fn publish(&mut self) -> io::Result<()> {
        if self.phase != Phase::Running || self.session.client.pulls {
            return Ok(());
        }
        self.session.settle();
        let open: Vec<(Uri, i32, FileId)> = self.session.open_uris().collect();
        let closed: Vec<Uri> = self
            .published
            .keys()
            .filter(|uri| open.iter().all(|it| it.0 != **uri))
            .cloned()
            .collect();
        for uri in closed {
            self.published.remove(&uri);
            let params = json!({"uri": uri, "diagnostics": []});
            self.notify("textDocument/publishDiagnostics", params)?;
        }
        for (uri, version, file) in open {
            let findings = self.session.findings(file);
            let Diagnostics { id, items } = Diagnostics::new(&self.session, findings);
            let state = (version, id);
            if self.published.get(&uri) != Some(&state) {
                let params = Published { uri: &uri, version, diagnostics: items };
                self.notify("textDocument/publishDiagnostics", params)?;
                self.published.insert(uri, state);
            }
        }
        Ok(())
    }

    fn log(&mut self, message: &str) -> io::Result<()> {
        self.notify("window/logMessage", json!({"type": MessageType::Warning, "message": message}))
    }

    fn answer(&mut self, id: RequestId, result: impl Serialize) -> io::Result<()> {
        let message = Outgoing { id: Some(id), result: Some(result), ..Outgoing::<_, ()>::new() };
        self.output.write(&message)
    }

    fn fail(&mut self, id: RequestId, code: ErrorCode, message: &str) -> io::Result<()> {
        let error =
            Some(ResponseError { code: code as i32, message: message.to_owned(), data: None });
        self.output.write(&Outgoing { id: Some(id), error, ..Outgoing::<(), ()>::new() })
    }

    fn request(&mut self, method: &'static str, params: impl Serialize) -> io::Result<()> {
        self.requests += 1;
        let id = Some(self.requests.into());
        let (method, params) = (Some(method), Some(params));
        let message = Outgoing { id, method, params, ..Outgoing::<(), _>::new() };
        self.output.write(&message)
    }

    fn notify(&mut self, method: &'static str, params: impl Serialize) -> io::Result<()> {
        let (method, params) = (Some(method), Some(params));
        let message = Outgoing { method, params, ..Outgoing::<(), _>::new() };
        self.output.write(&message)
    }
}

/// A message to the editor, written as it is: what is long is not copied into a tree first.
#[derive(Serialize)]
struct Outgoing<R, P> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<RequestId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<P>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<R>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ResponseError>,
}

impl<R, P> Outgoing<R, P> {
    fn new() -> Self {
        Self { jsonrpc: "2.0", id: None, method: None, params: None, result: None, error: None }
    }
}

/// What may change what is found, besides the files that are linted themselves.
const WATCHED: [&str; 4] = [
    "**/*[Dd]ockerfile*",
    "**/*Containerfile*",
    "**/*.{yml,yaml,json,toml}",
    "**/{.env,.dockerignore}",
];

fn capabilities(client: &Client) -> Value {
    let encoding = match client.encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf32 => PositionEncodingKind::UTF32,
    };
    let mut workspace =
        json!({"workspaceFolders": {"supported": true, "changeNotifications": true}});
    if client.opens_pages {
        workspace["textDocumentContent"] = json!({"schemes": [pages::SCHEME]});
    }
    json!({
        "capabilities": {
            "positionEncoding": encoding,
            "textDocumentSync": {"openClose": true, "change": 2, "save": true},
            "diagnosticProvider": {
                "identifier": "plimsoll",
                "interFileDependencies": true,
                "workspaceDiagnostics": true,
            },
            "hoverProvider": true,
            "documentSymbolProvider": true,
            "definitionProvider": true,
            "codeActionProvider": {
                "codeActionKinds": [CodeActionKind::QuickFix, CodeActionKind::new(actions::FIX_ALL)],
            },
            "executeCommandProvider": {"commands": [actions::EXPLAIN]},
            "workspace": workspace,
        },
        "serverInfo": {"name": "plimsoll", "version": env!("CARGO_PKG_VERSION")},
    })
}

/// The parameters of `textDocument/publishDiagnostics`.
#[derive(Serialize)]
struct Published<'a> {
    uri: &'a Uri,
    version: i32,
    diagnostics: Vec<Box<RawValue>>,
}

/// What there is to say of one file to an editor that asks.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase", rename_all_fields = "camelCase")]
enum DiagnosticReport {
    Full { result_id: String, items: Vec<Box<RawValue>> },
    Unchanged { result_id: String },
}

impl DiagnosticReport {
    /// `known` is the id of what the editor has.
    fn new(session: &Session, findings: &[Finding], known: Option<&String>) -> Self {
        let Diagnostics { id, items } = Diagnostics::new(session, findings);
        match known == Some(&id) {
            true => Self::Unchanged { result_id: id },
            false => Self::Full { result_id: id, items },
        }
    }
}

/// The same, of one of all files.
#[derive(Serialize)]
struct FileReport {
    uri: Uri,
    version: Option<i32>,
    #[serde(flatten)]
    report: DiagnosticReport,
}

/// What there is to say of all files.
#[derive(Serialize)]
struct WorkspaceReport {
    items: Vec<FileReport>,
}

fn document_diagnostic(session: &Session, params: DocumentDiagnosticParams) -> DiagnosticReport {
    let file = session.file(&params.text_document.uri);
    let findings = file.map_or(&[][..], |file| session.findings(file.id));
    DiagnosticReport::new(session, findings, params.previous_result_id.as_ref())
}

/// Says of every file with findings what they are, and of those that have no more that they have
/// none.
fn workspace_diagnostic(session: &Session, params: WorkspaceDiagnosticParams) -> WorkspaceReport {
    let mut previous: HashMap<Uri, String> =
        params.previous_result_ids.into_iter().map(|known| (known.uri, known.value)).collect();
    let mut items = Vec::new();
    for file in session.files.iter() {
        let findings = session.findings(file.id);
        let (uri, version) = session.uri(file.id);
        let known = previous.remove(&uri);
        if findings.is_empty() && known.is_none() {
            continue;
        }
        let report = DiagnosticReport::new(session, findings, known.as_ref());
        items.push(FileReport { uri, version, report });
    }
    let gone = previous.into_keys().map(|uri| {
        let report = DiagnosticReport::new(session, &[], None);
        FileReport { uri, version: None, report }
    });
    items.extend(gone);
    WorkspaceReport { items }
}

fn path(uri: &Uri) -> Option<PathBuf> {
    uri::to_path(uri).map(PathBuf::from)
}

fn read<T: DeserializeOwned>(value: Value) -> serde_json::Result<T> {
    serde_json::from_value(value)
}
