//! Compose files as `docker compose config` reads them, with the places where things are written.

mod check;
pub mod dotenv;
mod load;
mod merge;
mod port;
mod schema;
mod service;
mod template;
mod validate;
mod value;
mod volume;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::source::{FileId, Files, SourceFile, Span, Spanned, normalise};
use crate::syntax::yaml;

use super::setting::Setting;
use super::text::Text;

pub use port::{PortMapping, Ports};
pub use service::{
    Attachment, Build, Condition, Dependency, EnvFile, FileMount, Health, Line, Service,
};
pub use template::{Form, Use, Variables};
pub use value::{Data, Entry, Scalar, Value};
pub use volume::{VolumeKind, VolumeMount};

/// A project: one file, with everything that it includes, extends and is overridden by.
#[derive(Clone, Debug)]
pub struct Compose {
    /// The file that it is read for: the last of those that are merged.
    pub file: FileId,
    /// Every file that has a part in it.
    pub files: BTreeSet<FileId>,
    pub services: Vec<Arc<Service>>,
    pub networks: Vec<Resource>,
    pub volumes: Vec<Resource>,
    pub secrets: Vec<Resource>,
    pub configs: Vec<Resource>,
    /// The effective tree.
    pub root: Value,
    /// Every place where a variable is asked for.
    pub uses: Vec<Use>,
    /// What `docker compose config` would refuse, in the order of the places.
    pub problems: Vec<Problem>,
    /// Files that are taken from by `extends`; on their own they need not be whole.
    pub extended: BTreeSet<FileId>,
    /// Paths that are referred to and not known.
    pub wanted: BTreeSet<String>,
    /// Parts of it are out of sight or broken, so that nothing can be said to be missing.
    pub is_partial: bool,
    /// For each file the directory that its relative paths start from.
    directories: BTreeMap<FileId, String>,
}

/// A network, volume, secret or config at the top level.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its key in the file.
    pub name: Spanned<String>,
    pub value: Value,
    pub external: Setting<bool>,
}

/// Something that `docker compose config` refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub span: Span,
    pub message: String,
    pub help: Option<String>,
    /// Other places that belong to it, each with what to say there.
    pub also: Vec<(Span, String)>,
    /// Whether it may only seem so in a file that is not a whole project.
    needs_whole: bool,
}

/// Problems by what is to be done about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A key that the specification does not know, or that is no string.
    Key,
    /// A value of the wrong type, out of bounds, or not in its syntax.
    Value,
    /// `${` that begins no variable.
    Interpolation,
    /// A name that nothing in the project has.
    Reference,
    /// A file that is not there.
    File,
    /// Something that leads back to itself.
    Cycle,
    /// Two settings that exclude each other.
    Conflict,
    /// A service with nothing to run.
    NoImage,
}

/// What a project is read with.
pub struct Context<'a> {
    pub files: &'a Files,
    /// The tree of a file that is referred to; parsed once, however often it is asked for.
    pub tree: &'a dyn Fn(&SourceFile) -> Arc<yaml::Tree>,
    /// Variables that count before those of env files.
    pub variables: &'a Variables,
    /// The env files to interpolate with, instead of the `.env` of the project's directory.
    pub env_files: Option<&'a [String]>,
}

impl Compose {
    /// Reads the project that these files are when they are merged in their order.
    pub fn read(context: &Context<'_>, group: &[FileId]) -> Option<Self> {
        let mut compose = load::load(context, group)?;
        service::read(&mut compose, context.files);
        check::check(&mut compose);
        compose.problems.retain(|problem| !(compose.is_partial && problem.needs_whole));
        compose
            .problems
            .sort_by(|a, b| (a.span, a.kind, &a.message).cmp(&(b.span, b.kind, &b.message)));
        compose.problems.dedup_by(|a, b| a.span == b.span && a.message == b.message);
        Some(compose)
    }

    pub fn service(&self, name: &str) -> Option<&Arc<Service>> {
        self.services.iter().find(|service| service.name.value == name)
    }

    /// The project's name, if the file gives it.
    pub fn name(&self) -> Option<&Text> {
        self.root.get("name").and_then(Value::text)
    }

    /// The path of what a relative path in a file means, normalised.
    pub fn resolve(&self, file: FileId, path: &str) -> String {
        resolve(self.directories.get(&file).map_or("", String::as_str), path)
    }

    /// Says that the file is only part of a project, because others take from it.
    pub fn set_fragment(&mut self) {
        self.is_partial = true;
        self.problems.retain(|problem| !problem.needs_whole);
    }
}

/// The groups of files that Compose merges by itself or that plainly belong together: each file
/// with those that go before it. `docker-compose.override.yml` comes after
/// `docker-compose.yml`; so does `docker-compose.prod.yml`, if `is_overlay` says that it is not
/// whole without.
pub fn group(files: &Files, file: &SourceFile, is_overlay: impl Fn() -> bool) -> Vec<FileId> {
    let base = base_of(&file.path).into_iter().find_map(|path| files.find(&path));
    let by_itself = file.name().contains(".override.");
    match base {
        Some(base) if base.id != file.id && (by_itself || is_overlay()) => vec![base.id, file.id],
        _ => vec![file.id],
    }
}

/// Where the file would be that `compose.prod.yaml` is an overlay of.
pub fn base_of(path: &str) -> Vec<String> {
    let (directory, name) = path
        .rsplit_once('/')
        .map_or(("", path), |(directory, name)| (&path[..directory.len() + 1], name));
    let stem = if name.starts_with("docker-compose") {
        "docker-compose"
    } else if name.starts_with("compose") {
        "compose"
    } else {
        return Vec::new();
    };
    ["yml", "yaml"].map(|ending| format!("{directory}{stem}.{ending}")).to_vec()
}

fn resolve(directory: &str, path: &str) -> String {
    if path.starts_with('/') || directory.is_empty() {
        normalise(path)
    } else {
        normalise(&format!("{directory}/{path}"))
    }
}

/// Whether a path names something that is not on this machine's disk.
fn is_remote(path: &str) -> bool {
    path.contains("://") || path.starts_with("git@") || path.starts_with("github.com/")
}

impl Problem {
    fn new(kind: ProblemKind, span: Span, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, span, message, help: None, also: Vec::new(), needs_whole: false }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.also.push((span, label.into()));
        self
    }

    fn used_at(self, used_at: Option<Span>) -> Self {
        match used_at {
            Some(span) => self.also(span, "used here"),
            None => self,
        }
    }

    /// Says that it may only seem so in a file that is not a whole project.
    fn whole(mut self) -> Self {
        self.needs_whole = true;
        self
    }
}
