//! What the server knows: the files on disk, the open ones over them, and what lint says of all.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::{Location, Range, TextDocumentContentChangeEvent, TextDocumentItem, Uri};

use crate::config::load::{Loader, NAMES};
use crate::config::{self, Config};
use crate::discover::{self, Filter};
use crate::finding::Finding;
use crate::lint::{Memory, Verdict};
use crate::model::compose::Compose;
use crate::model::{Cache, Document, Format, Named, Recipe, Workspace};
use crate::source::{FileId, Files, Position, SourceFile, Span};

use super::client::Client;
use super::uri;

/// Everything that an answer is made of. Whoever changes it says so; whoever asks calls
/// [`Session::settle`] first.
pub struct Session {
    pub client: Client,
    /// The workspace's, absolute.
    pub folders: Vec<PathBuf>,
    pub files: Files,
    pub workspace: Workspace,
    /// Group by group.
    verdicts: Vec<Arc<[Verdict]>>,
    /// Where each file's verdict stands: its group and its place there.
    by_file: HashMap<FileId, (usize, usize)>,
    /// What is wrong with the configurations that are open.
    misconfigured: HashMap<FileId, Vec<Finding>>,
    /// What the verdicts were before.
    outdated: Vec<Arc<[Verdict]>>,
    cache: Cache,
    memory: Memory,
    loader: Loader,
    config: Config,
    /// How many of the files the configuration has been asked about.
    configured: usize,
    open: BTreeMap<String, Open>,
    is_settled: bool,
}

/// A file as the editor has it.
struct Open {
    file: FileId,
    version: i32,
}

/// What is on disk below the workspace's folders, read and linted, with the configurations that
/// hold there.
pub struct Index {
    files: Files,
    cache: Cache,
    memory: Memory,
    loader: Loader,
    config: Config,
}

impl Index {
    /// Takes as long as linting the whole of the folders does.
    pub fn of(folders: &[PathBuf]) -> Self {
        let loader = Loader::nearest();
        let filter =
            Filter { configuration: Some(&loader), force_exclude: true, skip_unknown: true };
        let mut files = discover::discover(folders, filter).files;
        let mut cache = Cache::default();
        let workspace = discover::read_again(&mut files, &mut cache);
        let config = loader.config(&files, |_| ());
        let mut memory = Memory::default();
        memory.lint(&files, &workspace, &config);
        Self { files, cache, memory, loader, config }
    }
}

impl Session {
    pub fn new(client: Client) -> Self {
        Self {
            client,
            folders: Vec::new(),
            files: Files::default(),
            workspace: Workspace::default(),
            verdicts: Vec::new(),
            by_file: HashMap::new(),
            misconfigured: HashMap::new(),
            outdated: Vec::new(),
            cache: Cache::default(),
            memory: Memory::default(),
            loader: Loader::nearest(),
            config: Config::default(),
            configured: 0,
            open: BTreeMap::new(),
            is_settled: false,
        }
    }

    /// Takes over what is on disk; what the editor has open lies above it.
    pub fn index(&mut self, index: Index) {
        let before = std::mem::replace(&mut self.files, index.files);
        (self.cache, self.memory) = (index.cache, index.memory);
        (self.loader, self.config) = (index.loader, index.config);
        self.configured = self.files.iter().len();
        self.is_settled = false;
        for open in self.open.values_mut() {
            let file = before.get(open.file);
            open.file =
                put(&mut self.files, &self.loader, &file.path, &file.project_path, &file.text);
        }
    }

    pub fn open(&mut self, document: TextDocumentItem) {
        let language = String::from(document.language_id);
        let on_disk = uri::to_path(&document.uri);
        let path = recognisable(on_disk.as_deref().unwrap_or(&document.uri.0), &language);
        let folder = self.folders.iter().find(|folder| Path::new(&path).starts_with(folder));
        let base = folder.map(PathBuf::as_path).or(Path::new(&path).parent());
        let place = match base {
            Some(base) if on_disk.is_some() => discover::place(Path::new(&path), base),
            _ => path.clone(),
        };
        let file = put(&mut self.files, &self.loader, &path, &place, &document.text.into());
        self.open.insert(document.uri.0, Open { file, version: document.version });
        self.is_settled = false;
    }

    /// Applies an editor's changes in their order. `false` if the file is not open.
    pub fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> bool {
        let Some(open) = self.open.get_mut(&uri.0) else { return false };
        open.version = version;
        for change in changes {
            let file = self.files.get(open.file);
            let text = match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let at = |at| offset(file, at, &self.client);
                    let (start, end) = (at(change.range.start), at(change.range.end));
                    let mut text = file.text.to_string();
                    text.replace_range(start.min(end)..end.max(start), &change.text);
                    text
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    whole.text
                }
            };
            self.files.replace(open.file, text);
        }
        self.is_settled = false;
        true
    }

    /// Forgets what the editor had. What is on disk has to be read again.
    pub fn close(&mut self, uri: &Uri) {
        self.open.remove(&uri.0);
    }

    /// Lints, unless nothing has changed since.
    pub fn settle(&mut self) {
        if self.is_settled {
            return;
        }
        // What is read again is taken from what nobody else holds.
        self.workspace = Workspace::default();
        self.workspace = discover::read_again(&mut self.files, &mut self.cache);
        // What a loader says of a file it goes on to say.
        if self.configured < self.files.iter().len() {
            self.config = self.loader.config(&self.files, |_| ());
            self.configured = self.files.iter().len();
        }
        let verdicts = self.memory.lint(&self.files, &self.workspace, &self.config);
        self.outdated = std::mem::replace(&mut self.verdicts, verdicts);
        self.by_file.clear();
        for (group, verdicts) in self.verdicts.iter().enumerate() {
            let places = verdicts.iter().enumerate().map(|(at, it)| (it.file, (group, at)));
            self.by_file.extend(places);
        }
        self.misconfigured.clear();
        for open in self.open.values() {
            let file = self.files.get(open.file);
            if NAMES.contains(&file.name()) {
                let root = Path::new(&file.path).parent().unwrap_or(Path::new("/"));
                self.misconfigured.insert(file.id, config::parse(file, root).1);
            }
        }
        self.is_settled = true;
    }

    /// Takes apart what is out of date, beside whatever comes next.
    pub fn tidy(&mut self) {
        let verdicts = std::mem::take(&mut self.outdated);
        let outdated = (self.cache.outdated(), self.memory.outdated(), verdicts);
        rayon::spawn(move || drop(outdated));
    }

    /// What is found in a file, in the order of the places.
    pub fn findings(&self, file: FileId) -> &[Finding] {
        match (self.by_file.get(&file), self.misconfigured.get(&file)) {
            (Some((group, at)), _) => &self.verdicts[*group][*at].findings,
            (None, Some(findings)) => findings,
            (None, None) => &[],
        }
    }

    /// What is found in a file at or around an editor's range, in the order of the places.
    pub fn findings_in(&self, file: FileId, range: Range) -> Vec<&Finding> {
        let text = self.files.get(file);
        let (start, end) = (self.offset(text, range.start), self.offset(text, range.end));
        let touches = |finding: &&Finding| finding.span.start <= end && start <= finding.span.end;
        self.findings(file).iter().filter(touches).collect()
    }

    /// The projects that a file has a part in, its own first.
    pub fn projects_of(&self, file: FileId) -> impl Iterator<Item = &Arc<Compose>> {
        let projects = self.workspace.projects.iter();
        let own = projects.clone().filter(move |project| project.file == file);
        own.chain(projects.filter(move |it| it.file != file && it.files.contains(&file)))
    }

    /// What a file says, if it is one of ours.
    pub fn document(&self, file: FileId) -> Option<&Document> {
        let documents = &self.workspace.documents;
        // What is written within it comes after it.
        let at = documents.partition_point(|document| document.file < file);
        documents.get(at).map(|document| &**document).filter(|document| document.file == file)
    }

    /// The Dockerfiles that are written within a file.
    pub fn recipes_within(&self, file: FileId) -> impl Iterator<Item = &Recipe> {
        let documents = &self.workspace.documents;
        let first = documents.partition_point(|document| document.file < file);
        let own = documents[first..].iter().take_while(move |document| document.file == file);
        own.skip(1).filter_map(|document| document.recipe())
    }

    /// What is wrong first with a configuration on disk that is not open, where nobody would see
    /// it otherwise.
    pub fn unseen_problem(&self) -> Option<String> {
        let config::load::Problems { files, findings } = self.loader.problems();
        let is_open = |file: &SourceFile| self.open.contains_key(&uri::of_path(&file.path).0);
        findings.iter().find_map(|finding| {
            let file = files.get(finding.span.file);
            let line = file.line(finding.span.start) + 1;
            (!is_open(file)).then(|| format!("{}:{line}: {}", file.path, finding.message))
        })
    }

    /// The file at a URI, open or not.
    pub fn file(&self, uri: &Uri) -> Option<&SourceFile> {
        match self.open.get(&uri.0) {
            Some(open) => Some(self.files.get(open.file)),
            None => self.files.find(&uri::to_path(uri)?),
        }
    }

    /// The open files' URIs, as the editor spells them.
    pub fn open_uris(&self) -> impl Iterator<Item = (Uri, i32, FileId)> {
        self.open.iter().map(|(uri, open)| (Uri(uri.clone()), open.version, open.file))
    }

    /// The URI of a file and, if it is open, the version that the editor has of it.
    pub fn uri(&self, file: FileId) -> (Uri, Option<i32>) {
        match self.open.iter().find(|(_, open)| open.file == file) {
            Some((uri, open)) => (Uri(uri.clone()), Some(open.version)),
            None => (uri::of_path(&self.files.get(file).path), None),
        }
    }

    pub fn range(&self, span: Span) -> Range {
        range(self.files.get(span.file), span, &self.client)
    }

    pub fn location(&self, span: Span) -> Location {
        Location { uri: self.uri(span.file).0, range: self.range(span) }
    }

    /// The byte at an editor's position.
    pub fn offset(&self, file: &SourceFile, position: gen_lsp_types::Position) -> u32 {
        offset(file, position, &self.client) as u32
    }
}

/// A span as the editor counts.
pub fn range(file: &SourceFile, span: Span, client: &Client) -> Range {
    let at = |position: Position| gen_lsp_types::Position {
        line: position.line,
        character: position.column,
    };
    let (start, end) = file.positions(span, client.encoding);
    Range { start: at(start), end: at(end) }
}

fn offset(file: &SourceFile, position: gen_lsp_types::Position, client: &Client) -> usize {
    let position = Position { line: position.line, column: position.character };
    file.offset(position, client.encoding) as usize
}

/// Puts an open file over what is on disk, with what the configuration says of it.
fn put(files: &mut Files, loader: &Loader, path: &str, place: &str, text: &Arc<str>) -> FileId {
    let is_known = files.find(path).is_some_and(|file| files.is_linted(file.id));
    let is_linted = !loader.is_excluded(Path::new(path), false);
    let file = files.put(path, place, text.clone(), is_linted);
    files.set_build_args(file, loader.build_args(Path::new(path)));
    let groups = if is_known { Vec::new() } else { loader.groups(files) };
    if !groups.is_empty() && groups != files.groups() {
        files.set_groups(groups);
    }
    file
}

/// A path under which a buffer is taken for what the editor says it is, where its own name, as
/// that of a buffer which was never saved, says nothing.
fn recognisable(path: &str, language: &str) -> String {
    match (language, Format::of_name(path)) {
        ("dockerfile", None | Some(Named::Yaml)) => format!("{path}.Dockerfile"),
        ("yaml" | "json" | "dockercompose", None) => format!("{path}.yaml"),
        _ => path.to_owned(),
    }
}
