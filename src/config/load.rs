//! Finds and reads the configuration that holds for a path.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ignore::Match;
use ignore::gitignore::Gitignore;

use crate::finding::Finding;
use crate::source::{Files, Span, Spanned};

use super::parse::problem;
use super::{Assignment, Config, Layer, Settings, parse};

/// The names under which a configuration is looked for, in this order.
pub const NAMES: [&str; 2] = ["plimsoll.toml", ".plimsoll.toml"];

/// Which configuration is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// For each file the nearest one above it, up to the root of its repository.
    Nearest,
    /// This one for all files. Its patterns are relative to its directory if that is the working
    /// directory or above it, else to the working directory.
    File(PathBuf),
    None,
}

/// A configuration file that was asked for and cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the configuration {}: {error}", path.display())]
pub struct LoadError {
    pub path: PathBuf,
    pub error: io::Error,
}

/// Reads each configuration once. May be asked from several threads.
#[derive(Debug)]
pub struct Loader {
    choice: Choice,
    here: PathBuf,
    state: Mutex<State>,
}

/// What is wrong with the configurations that were read, and their texts.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    pub files: Files,
    pub findings: Vec<Finding>,
}

/// What a file is told by the configuration, and by which line.
#[derive(Clone, Debug)]
pub struct Held {
    pub assignment: Assignment,
    /// As it is shown: path and 1-based line.
    pub origin: String,
}

#[derive(Debug, Default)]
struct State {
    problems: Problems,
    chains: HashMap<PathBuf, Option<Arc<Chain>>>,
    by_directory: HashMap<PathBuf, Option<Arc<Chain>>>,
}

/// A configuration and those that it builds on, the last of which comes first.
#[derive(Debug, Default)]
struct Chain {
    layers: Vec<Layer>,
}

impl Loader {
    /// For each file the nearest configuration. Paths are absolute, and shown so.
    pub fn nearest() -> Self {
        Self { choice: Choice::Nearest, here: PathBuf::new(), state: Mutex::default() }
    }

    /// `here` is the working directory, absolute.
    ///
    /// # Errors
    /// The file of [`Choice::File`] cannot be read.
    pub fn new(choice: Choice, here: &Path) -> Result<Self, LoadError> {
        let loader = Self { choice, here: here.to_owned(), state: Mutex::default() };
        if let Choice::File(path) = &loader.choice {
            let text = fs::read_to_string(path)
                .map_err(|error| LoadError { path: path.clone(), error })?;
            let path = loader.absolute(path);
            let above = path.parent().filter(|directory| here.starts_with(directory));
            let root = above.unwrap_or(here).to_owned();
            let mut state = loader.state();
            let chain = state.chain(&path, text, &root, here);
            state.by_directory.insert(PathBuf::new(), Some(Arc::new(chain)));
        }
        Ok(loader)
    }

    /// Whether the configuration keeps a path out of what is linted.
    pub fn is_excluded(&self, path: &Path, is_directory: bool) -> bool {
        let path = self.absolute(path);
        self.chain_of(&path).is_some_and(|chain| chain.excludes(&path, is_directory))
    }

    /// The settings of each file, from its path; `finish` has the last word on all of them.
    pub fn config(&self, files: &Files, finish: impl Fn(&mut Settings)) -> Config {
        let mut default = Settings::default();
        finish(&mut default);
        let mut config = Config { default, files: BTreeMap::new() };
        let mut known: Vec<Arc<Settings>> = Vec::new();
        for file in files.iter() {
            let path = self.absolute(Path::new(&file.path));
            let Some(chain) = self.chain_of(&path) else { continue };
            let mut settings = Settings::default();
            chain.assignments(&path).for_each(|set| set.value.apply(&mut settings));
            finish(&mut settings);
            if settings == config.default {
                continue;
            }
            let shared = known.iter().find(|known| ***known == settings).cloned();
            let shared = shared.unwrap_or_else(|| {
                known.push(Arc::new(settings));
                known[known.len() - 1].clone()
            });
            config.files.insert(file.id, shared);
        }
        config
    }

    /// The Compose files that are read together, by the paths that `files` has for them.
    pub fn groups(&self, files: &Files) -> Vec<Vec<String>> {
        let mut known: HashMap<PathBuf, &str> = HashMap::new();
        let mut chains: Vec<Arc<Chain>> = Vec::new();
        for file in files.iter().filter(|file| files.is_linted(file.id)) {
            let path = self.absolute(Path::new(&file.path));
            let chain = self.chain_of(&path);
            known.insert(path, &file.path);
            chains.extend(
                chain.filter(|chain| !chains.iter().any(|known| Arc::ptr_eq(known, chain))),
            );
        }
        let path = |file: &Spanned<PathBuf>| {
            let path = clean(&file.value);
            known.get(&path).map_or_else(|| shown(&path, &self.here), |path| (*path).to_owned())
        };
        let groups = chains.iter().flat_map(|chain| &chain.layers).flat_map(|layer| &layer.groups);
        groups.map(|group| group.iter().map(path).collect()).collect()
    }

    /// What builds of a file are given: the configuration built on goes behind the one that builds
    /// on it.
    pub fn build_args(&self, path: &Path) -> BTreeMap<String, String> {
        let chain = self.chain_of(&self.absolute(path));
        let layers = chain.iter().flat_map(|chain| &chain.layers);
        layers.flat_map(|layer| layer.build_args.clone()).collect()
    }

    /// What is set for a path, each thing once, by its key.
    pub fn held(&self, path: &Path) -> BTreeMap<String, Held> {
        let path = self.absolute(path);
        let Some(chain) = self.chain_of(&path) else { return BTreeMap::new() };
        let state = self.state();
        let held = |set: &Spanned<Assignment>| {
            let file = state.problems.files.get(set.span.file);
            let origin = format!("{}:{}", file.path, file.line(set.span.start) + 1);
            (set.value.key(), Held { assignment: set.value.clone(), origin })
        };
        chain.assignments(&path).map(held).collect()
    }

    /// What is wrong with the configurations that were read so far.
    pub fn problems(&self) -> Problems {
        self.state().problems.clone()
    }

    fn chain_of(&self, path: &Path) -> Option<Arc<Chain>> {
        let directory = match self.choice {
            Choice::None => return None,
            Choice::File(_) => Path::new(""),
            Choice::Nearest => path.parent()?,
        };
        self.state().nearest(directory, &self.here)
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        clean(&self.here.join(path))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The configuration of a directory: its own, or the nearest above it.
    fn nearest(&mut self, directory: &Path, here: &Path) -> Option<Arc<Chain>> {
        let mut unknown = Vec::new();
        let mut found = None;
        for directory in directory.ancestors() {
            if let Some(known) = self.by_directory.get(directory) {
                found = known.clone();
                break;
            }
            unknown.push(directory.to_owned());
            found = NAMES.iter().find_map(|name| self.load(&directory.join(name), here));
            if found.is_some() || directory.join(".git").exists() {
                break;
            }
        }
        for directory in unknown {
            self.by_directory.insert(directory, found.clone());
        }
        found
    }

    fn load(&mut self, path: &Path, here: &Path) -> Option<Arc<Chain>> {
        if let Some(known) = self.chains.get(path) {
            return known.clone();
        }
        let chain = match fs::read_to_string(path) {
            Ok(text) => {
                let root = path.parent().unwrap_or(here);
                Some(Arc::new(self.chain(path, text, root, here)))
            }
            Err(error) if is_absent(&error) => None,
            Err(error) => {
                let id = self.problems.files.add(&shown(path, here), "");
                let span = Span::new(id, 0, 0);
                self.problems.findings.push(problem(span, format!("cannot be read: {error}")));
                None
            }
        };
        self.chains.insert(path.to_owned(), chain.clone());
        chain
    }

    /// Reads a configuration and those that it builds on.
    fn chain(&mut self, path: &Path, text: String, root: &Path, here: &Path) -> Chain {
        let mut chain = Chain::default();
        let mut seen = vec![path.to_owned()];
        let (mut path, mut text, mut root) = (path.to_owned(), text, root.to_owned());
        loop {
            let id = self.problems.files.add(&shown(&path, here), text);
            let (layer, mut findings) = parse(self.problems.files.get(id), &root);
            self.problems.findings.append(&mut findings);
            let absent = layer.groups.iter().flatten().filter(|file| !file.value.is_file());
            let missing = absent.map(|file| problem(file.span, "there is no such file"));
            self.problems.findings.extend(missing);
            let extend = layer.extend.clone();
            chain.layers.insert(0, layer);
            let Some(extend) = extend else { return chain };
            let base = clean(&path.parent().unwrap_or(here).join(&extend.value));
            let wrong = if seen.contains(&base) {
                "a configuration that builds on itself".to_owned()
            } else {
                match fs::read_to_string(&base) {
                    Ok(read) => {
                        seen.push(base.clone());
                        root = base.parent().unwrap_or(here).to_owned();
                        (path, text) = (base, read);
                        continue;
                    }
                    Err(error) => format!("`{}` cannot be read: {error}", extend.value),
                }
            };
            self.problems.findings.push(problem(extend.span, wrong));
            return chain;
        }
    }
}

impl Chain {
    /// What holds for an absolute path; later ones win.
    fn assignments(&self, path: &Path) -> impl Iterator<Item = &Spanned<Assignment>> {
        self.layers
            .iter()
            .flat_map(|layer| &layer.parts)
            .filter(|part| {
                part.paths.as_ref().is_none_or(|paths| matches(paths, path, false) == Some(true))
            })
            .flat_map(|part| &part.assignments)
    }

    fn excludes(&self, path: &Path, is_directory: bool) -> bool {
        let last = self.layers.iter().rposition(|layer| layer.exclude.is_some());
        let holding = &self.layers[last.unwrap_or_default()..];
        holding
            .iter()
            .rev()
            .flat_map(|layer| [&layer.extend_exclude, &layer.exclude])
            .flatten()
            .find_map(|patterns| matches(patterns, path, is_directory))
            .unwrap_or(false)
    }
}

/// Whether patterns name an absolute path or a directory above it, or take it out again;
/// `None` if they say nothing of it.
fn matches(patterns: &Gitignore, path: &Path, is_directory: bool) -> Option<bool> {
    if patterns.is_empty() || !path.starts_with(patterns.path()) || path == patterns.path() {
        return None;
    }
    match patterns.matched_path_or_any_parents(path, is_directory) {
        Match::None => None,
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
    }
}

/// Whether there is no such file, rather than one that cannot be read.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Without `.` and `..`, by the path's text alone.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

/// A path as it is reported: relative to the working directory if it lies there, with `/`.
fn shown(path: &Path, here: &Path) -> String {
    path.strip_prefix(here).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
