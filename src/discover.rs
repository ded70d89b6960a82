//! From paths on the command line to files in memory: walks as git does, knows ours by name and
//! content, and says what it could not read.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::config::load::Loader;
use crate::model::{Cache, Format, Named, Workspace, is_dockerfile_template};
use crate::source::{Files, Garbled, Listing, decode};

/// What was loaded, and what could not be.
#[derive(Debug, Default)]
pub struct Found {
    pub files: Files,
    /// About paths that were named: the run cannot be called complete.
    pub errors: Vec<Problem>,
    /// About what lies in directories that were walked.
    pub warnings: Vec<Problem>,
    /// Left out on purpose.
    pub skipped: Vec<Problem>,
}

/// What is left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    pub configuration: Option<&'a Loader>,
    /// Whether the configuration's excludes hold for paths that were named, too.
    pub force_exclude: bool,
    /// Whether a file that was named may be none of ours.
    pub skip_unknown: bool,
}

impl Filter<'_> {
    fn excludes(&self, path: &Path, is_directory: bool) -> bool {
        self.configuration.is_some_and(|loader| loader.is_excluded(path, is_directory))
    }
}

/// A path and why it was not linted.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct Problem {
    pub path: PathBuf,
    pub reason: Reason,
}

#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The machine says so.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    #[error("no such file or directory")]
    Missing,
    #[error("not a regular file")]
    Special,
    /// Nobody writes such a file by hand, and reading it could take the machine down.
    #[error("larger than {} MB, left out", LARGEST >> 20)]
    TooLarge,
    /// It was named, so its author expects something.
    #[error(
        "neither a Dockerfile nor Compose nor Kubernetes; \
         call it `NAME.Dockerfile`, or see that it has `services`, or `apiVersion` and `kind`"
    )]
    Unrecognised,
    /// Another program makes the Dockerfile of it.
    #[error("a template of a Dockerfile; lint what is made of it")]
    Template,
    #[error("excluded by the configuration")]
    Excluded,
    /// YAML or JSON of somebody else's.
    #[error("neither Compose nor Kubernetes")]
    Foreign,
    #[error(
        "nothing to lint: found no Dockerfile, Compose file or Kubernetes manifest that is not \
         excluded"
    )]
    Empty,
    #[error("{0}")]
    Walk(ignore::Error),
}

/// Bytes.
const LARGEST: u64 = 64 << 20;

/// Directories that hold what others wrote.
const FOREIGN: [&str; 2] = [".git", "node_modules"];

struct Loaded {
    path: String,
    project_path: String,
    text: String,
    garbled: Option<Garbled>,
}

/// Loads every file of ours among and below `paths`, in the order of their paths.
pub fn discover(paths: &[PathBuf], filter: Filter) -> Found {
    let mut found = Found::default();
    let mut loaded = Vec::new();
    let here = std::env::current_dir().unwrap_or_default();
    for path in paths {
        let root = project_root(path, &here);
        let metadata = fs::metadata(path);
        let is_directory = metadata.as_ref().is_ok_and(fs::Metadata::is_dir);
        if filter.force_exclude && filter.excludes(path, is_directory) {
            found.skipped.push(problem(path, Reason::Excluded));
            continue;
        }
        match metadata {
            Ok(_) if is_directory => {
                // A directory that is excluded itself was named to be read all the same.
                let is_open = filter.excludes(path, true);
                let configuration = filter.configuration.filter(|_| !is_open);
                let filter = Filter { configuration, ..filter };
                let before = loaded.len();
                walk(path, &root, filter, &mut loaded, &mut found);
                if loaded.len() == before {
                    found.warnings.push(problem(path, Reason::Empty));
                }
            }
            Ok(_) => match load(path, &root) {
                Ok(Some(file)) => loaded.push(file),
                Ok(None) if filter.skip_unknown => {
                    found.skipped.push(problem(path, Reason::Unrecognised));
                }
                Ok(None) if is_dockerfile_template(&shown(path)) => {
                    found.errors.push(problem(path, Reason::Template));
                }
                Ok(None) => found.errors.push(problem(path, Reason::Unrecognised)),
                Err(reason) => found.errors.push(problem(path, reason)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                found.errors.push(problem(path, Reason::Missing));
            }
            Err(error) => found.errors.push(problem(path, Reason::Unreadable(error))),
        }
    }
    loaded.sort_by(|a, b| a.path.cmp(&b.path));
    loaded.dedup_by(|a, b| a.path == b.path);
    for file in loaded {
        let id = found.files.add_at(&file.path, &file.project_path, file.text);
        found.files.set_garbled(id, file.garbled);
        if let Some(configuration) = filter.configuration {
            found.files.set_build_args(id, configuration.build_args(Path::new(&file.path)));
        }
    }
    if let Some(configuration) = filter.configuration {
        found.files.set_groups(configuration.groups(&found.files));
    }
    found
}

/// A file's place in its project, whose root is its repository's, else `base`.
pub fn place(path: &Path, base: &Path) -> String {
    project_path(path, &project_root(path, base))
}

/// Reads what the files mean, and loads what they refer to, or list it, until nothing more is
/// wanted.
pub fn read(files: &mut Files) -> Workspace {
    read_again(files, &mut Cache::default())
}

/// The same, after an earlier reading: parses only what has changed since.
pub fn read_again(files: &mut Files, cache: &mut Cache) -> Workspace {
    loop {
        let workspace = cache.read(files);
        let mut grown = false;
        for wanted in
            workspace.wanted.iter().filter(|path| !files.is_known(path)).collect::<Vec<_>>()
        {
            grown = true;
            let path = Path::new(wanted);
            if wanted.ends_with('/') {
                files.add_listing(wanted, list(path));
                continue;
            }
            match read_text(path) {
                Ok((text, _)) => {
                    let id = files.add_context(wanted, text);
                    files.set_executable(id, is_executable(path));
                }
                Err(_) if is_in_empty(path) => files.add_unseen(wanted),
                Err(_) => files.add_absent(wanted),
            }
        }
        if !grown {
            return workspace;
        }
    }
}

/// Directories whose content nobody writes by hand, and which hold most of all files.
const HEAPS: [&str; 12] = [
    ".git",
    "node_modules",
    "bower_components",
    "target",
    ".venv",
    "venv",
    "__pycache__",
    ".tox",
    ".gradle",
    ".next",
    ".terraform",
    ".cache",
];

/// How many files and directories a listing may hold.
const LONGEST: usize = 20_000;

/// What lies below a directory, ignored or not; the nearest first, if it is too much.
fn list(directory: &Path) -> Listing {
    let mut listing = Listing::default();
    let mut ahead = VecDeque::from([(directory.to_owned(), String::new())]);
    let mut seen = 0;
    while let Some((directory, prefix)) = ahead.pop_front() {
        let Ok(entries) = fs::read_dir(&directory) else {
            listing.is_cut = true;
            continue;
        };
        let mut entries: Vec<_> = entries.flatten().collect();
        seen += entries.len();
        if seen > LONGEST {
            listing.is_cut = true;
            return listing;
        }
        entries.sort_by_key(fs::DirEntry::file_name);
        // Git keeps none: a submodule that is not checked out, or something made here.
        if entries.is_empty() && !prefix.is_empty() {
            listing.paths.push(prefix);
            continue;
        }
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                false => listing.paths.push(path),
                true if HEAPS.contains(&&*name) => listing.paths.push(format!("{path}/")),
                true => ahead.push_back((entry.path(), format!("{path}/"))),
            }
        }
    }
    listing
}

/// Whether Go's or PHP's package manager has filled a directory.
fn is_vendored(directory: &Path) -> bool {
    directory.file_name().is_some_and(|name| name == "vendor")
        && ["modules.txt", "autoload.php"].iter().any(|mark| directory.join(mark).is_file())
}

/// Whether a path leads into an empty directory, as a submodule is that is not checked out.
fn is_in_empty(path: &Path) -> bool {
    let mut nearest = path.ancestors().skip(1).map(fs::read_dir).find_map(Result::ok);
    nearest.as_mut().is_some_and(|entries| entries.next().is_none())
}

#[cfg(unix)]
fn is_executable(path: &Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::metadata(path).ok()?.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> Option<bool> {
    None
}

fn walk(
    directory: &Path,
    root: &Path,
    filter: Filter,
    loaded: &mut Vec<Loaded>,
    found: &mut Found,
) {
    let results = Mutex::new((Vec::new(), Vec::new()));
    WalkBuilder::new(directory)
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| {
            entry.depth() == 0
                || !FOREIGN.iter().any(|foreign| entry.file_name() == *foreign)
                    && !is_vendored(entry.path())
        })
        .build_parallel()
        .run(|| {
            Box::new(|entry| {
                let result = match entry {
                    Ok(entry) => visit(&entry, root, filter),
                    Err(error) => Err(problem(directory, Reason::Walk(error))),
                };
                let excluded =
                    matches!(&result, Err(problem) if matches!(problem.reason, Reason::Excluded));
                if let Ok(mut results) = results.lock() {
                    match result {
                        Ok(Some(file)) => results.0.push(file),
                        Ok(None) => {}
                        Err(problem) => results.1.push(problem),
                    }
                }
                if excluded { WalkState::Skip } else { WalkState::Continue }
            })
        });
    let (files, mut problems) =
        results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    problems.sort_by(|a, b| a.path.cmp(&b.path));
    loaded.extend(files);
    let meant = |problem: &Problem| matches!(problem.reason, Reason::Excluded | Reason::Foreign);
    let (skipped, warnings): (Vec<_>, Vec<_>) = problems.into_iter().partition(meant);
    found.skipped.extend(skipped);
    found.warnings.extend(warnings);
}

fn visit(entry: &DirEntry, root: &Path, filter: Filter) -> Result<Option<Loaded>, Problem> {
    let path = entry.path();
    let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
    if is_directory && entry.depth() > 0 && filter.excludes(path, true) {
        return Err(problem(path, Reason::Excluded));
    }
    let is_link = entry.path_is_symlink();
    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
    if !is_file && !is_link || Format::of_name(&shown(path)).is_none() {
        return Ok(None);
    }
    // A link is followed to a file, never to a directory: what that holds is found where it is.
    if is_link && fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
        return Ok(None);
    }
    if filter.excludes(path, false) {
        return Err(problem(path, Reason::Excluded));
    }
    match load(path, root) {
        Ok(None) => Err(problem(path, Reason::Foreign)),
        loaded => loaded.map_err(|reason| problem(path, reason)),
    }
}

/// Loads a file; `None` if it is none of ours.
fn load(path: &Path, root: &Path) -> Result<Option<Loaded>, Reason> {
    let shown = shown(path);
    let Some(named) = Format::of_name(&shown) else {
        // Unreadable says more than unrecognised.
        return fs::File::open(path).map(|_| None).map_err(Reason::Unreadable);
    };
    let (text, garbled) = read_text(path)?;
    if named == Named::Yaml && Format::of(&shown, &text).is_none() {
        return Ok(None);
    }
    Ok(Some(Loaded { project_path: project_path(path, root), path: shown, text, garbled }))
}

fn read_text(path: &Path) -> Result<(String, Option<Garbled>), Reason> {
    let metadata = fs::metadata(path).map_err(Reason::Unreadable)?;
    if !metadata.is_file() {
        return Err(Reason::Special);
    }
    if metadata.len() > LARGEST {
        return Err(Reason::TooLarge);
    }
    fs::read(path).map(decode).map_err(Reason::Unreadable)
}

fn problem(path: &Path, reason: Reason) -> Problem {
    Problem { path: path.to_owned(), reason }
}

/// The path as it is reported: relative to the working directory as it was named, with `/`.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| match part {
            Component::RootDir => "".into(),
            part => part.as_os_str().to_string_lossy(),
        })
        .collect();
    parts.join("/")
}

/// The nearest directory upwards that git calls a repository, else the working directory.
pub fn project_root(path: &Path, here: &Path) -> PathBuf {
    let absolute = here.join(path);
    let alone = if absolute.is_dir() { Some(&*absolute) } else { absolute.parent() };
    absolute
        .ancestors()
        .find(|directory| directory.join(".git").exists())
        .or(if absolute.starts_with(here) { Some(here) } else { alone })
        .unwrap_or(here)
        .to_owned()
}

fn project_path(path: &Path, root: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let inside = absolute.strip_prefix(root).unwrap_or(&absolute);
    shown(inside)
}
