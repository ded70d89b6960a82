//! Build contexts: what a Dockerfile takes from the files around it, as far as these are known.

mod script;
mod shipped;

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Weak};

use rayon::prelude::*;

use crate::knowledge::credential_files::{self, Proof};
use crate::knowledge::secrets::is_written;
use crate::source::{FileId, Files, Listing, Span, Spanned, closest, normalise};
use crate::syntax::dockerfile::{Instruction, Keyword};

use super::command::Command;
use super::compose::{Compose, Variables, dotenv};
use super::container::Container;
use super::dockerfile::Step;
use super::dockerfile::ignore::{Ignore, places, taken};
use super::image::ImageRef;
use super::kubernetes::Piece;
use super::text::Text;
use super::{Document, Recipe};

pub use script::EntryScript;
use shipped::Shipped;

/// What a Dockerfile takes from one context.
#[derive(Clone, Debug)]
pub struct Context {
    /// The Dockerfile.
    pub file: FileId,
    /// Normalised.
    pub directory: String,
    /// Where a Compose file names it. Otherwise it is the Dockerfile's own directory, which is
    /// what it mostly is.
    pub named: Option<Span>,
    /// The path of the ignore file, if there is one.
    pub ignore: Option<String>,
    /// The sources of `COPY` and `ADD`, in the order of stages and steps.
    pub copies: Vec<Copied>,
    /// Scripts that the image starts with.
    pub scripts: Vec<Arc<EntryScript>>,
    /// Those that a service or a pod starts with, if it starts something of its own; by where its
    /// name stands.
    pub services: Vec<(Span, Vec<Arc<EntryScript>>)>,
    /// What lies in the directory, if somebody has looked.
    listing: Option<Arc<Listing>>,
    /// Paths that would tell more.
    pub wanted: BTreeSet<String>,
}

/// A source of `COPY` or `ADD` in the context.
#[derive(Clone, Debug)]
pub struct Copied {
    pub source: Text,
    pub stage: usize,
    /// Whether what it takes is in the image that ships.
    pub ships: bool,
    pub fate: Fate,
    /// Whether the file that it names holds credentials, by what is in it; `None` if nobody has
    /// read it, or if it has no name for one.
    pub is_secret: Option<bool>,
    /// Files of credentials among what it takes.
    pub secrets: Vec<Secret>,
    /// What no image needs of what it takes: `.git`, `node_modules`.
    pub ballast: Vec<&'static str>,
}

/// What becomes of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is there, or nothing says that it is not.
    Taken,
    /// It is in the context's directory, seen.
    Found,
    /// The ignore file leaves it out, by this pattern.
    Ignored(Span),
    /// It is not there; what is called nearly so.
    Missing { similar: Option<String> },
}

/// A file that holds credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// In the context.
    pub path: String,
    /// What it holds, for a message.
    pub holds: String,
    /// Where a Compose file says that it is a secret.
    pub named: Option<Span>,
}

/// Directories that no image needs and that builds take along by mistake.
const BALLAST: [&str; 5] = [".git", "node_modules", ".venv", "venv", ".terraform"];

/// How many files are looked into for credentials, and how many services for what they start.
const MOST: usize = 32;

/// The contexts of all Dockerfiles, kept from one reading to the next.
#[derive(Clone, Debug, Default)]
pub struct Contexts(HashMap<FileId, Known>);

#[derive(Clone, Debug)]
struct Known {
    /// Only to know it again: whoever reads a file anew may take it.
    document: Weak<Document>,
    asked: Vec<Asked>,
    contexts: Vec<Arc<Context>>,
}

/// A directory that a Dockerfile is built in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    directory: String,
    named: Option<Span>,
    /// Files that the project mounts as secrets, by their paths, and where it says so.
    secrets: Vec<(String, Span)>,
    services: Vec<Starter>,
}

/// A service or a pod's container that starts something of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Starter {
    name: Span,
    target: Option<Text>,
    entrypoint: Option<Spanned<Command>>,
    command: Option<Spanned<Command>>,
}

impl Contexts {
    /// Reads again what a change of a document or a project concerns.
    pub fn read<'a>(
        &mut self,
        files: &Files,
        documents: &[Arc<Document>],
        projects: &[Arc<Compose>],
        pieces: impl Iterator<Item = &'a Arc<Piece>>,
    ) {
        let mut asked = asked(projects, pieces);
        let mut before = std::mem::take(&mut self.0);
        for document in documents {
            let Some(recipe) = document.recipe().filter(|recipe| recipe.within.is_none()) else {
                continue;
            };
            if local_steps(recipe).next().is_none() {
                continue;
            }
            let asked = asked.remove(&document.file).unwrap_or_else(|| {
                let directory = normalise(files.get(document.file).directory());
                vec![Asked { directory, ..Asked::default() }]
            });
            let is_new =
                |context: &Arc<Context>| context.wanted.iter().any(|it| files.is_known(it));
            let known = before.remove(&document.file).filter(|known| {
                known.document.as_ptr() == Arc::as_ptr(document)
                    && known.asked == asked
                    && !known.contexts.iter().any(is_new)
            });
            let known = known.unwrap_or_else(|| Known {
                document: Arc::downgrade(document),
                contexts: asked.iter().map(|it| Arc::new(Context::of(files, recipe, it))).collect(),
                asked,
            });
            self.0.insert(document.file, known);
        }
    }

    /// Those of a Dockerfile.
    pub fn of(&self, file: FileId) -> &[Arc<Context>] {
        self.0.get(&file).map_or(&[], |known| &known.contexts)
    }
}

/// What Compose files say, by Dockerfile; each directory once.
fn asked<'a>(
    projects: &[Arc<Compose>],
    pieces: impl Iterator<Item = &'a Arc<Piece>>,
) -> HashMap<FileId, Vec<Asked>> {
    let pods = LazyCell::new(|| by_image(pieces));
    let mut all: HashMap<FileId, Vec<Asked>> = HashMap::new();
    for project in projects {
        let secret = |resource: &super::compose::Resource| {
            let path = resource.value.get("file")?.text()?;
            Some((project.resolve(path.span().file, path.known()?), resource.name.span))
        };
        for service in project.own_services() {
            let Some(build) = &service.build else { continue };
            let (Some(file), Some(directory)) = (build.file, &build.directory) else { continue };
            let all = all.entry(file).or_default();
            let at = all.iter().position(|asked| asked.directory == *directory);
            let at = at.unwrap_or_else(|| {
                let named = Some(build.context.as_ref().map_or(build.span, Text::span));
                let secrets = project.secrets.iter().filter_map(secret).collect();
                let directory = directory.clone();
                all.push(Asked { directory, named, secrets, services: Vec::new() });
                all.len() - 1
            });
            let running = service.image.as_ref().and_then(|image| pods.get(image.familiar()));
            let running = running.into_iter().flatten().copied();
            let starting = running.chain([&*service.container]).filter(|it| it.starts_something());
            for container in starting.take(MOST.saturating_sub(all[at].services.len())) {
                all[at].services.push(Starter::of(container, build.target.clone()));
            }
        }
    }
    all
}

/// The steps that copy from the context, with the indexes of their stages.
fn local_steps(recipe: &Recipe) -> impl Iterator<Item = (&Step, usize)> {
    let steps = recipe.steps_of(&[Keyword::Copy, Keyword::Add]);
    steps.filter(|(step, _)| is_local(step, recipe))
}

/// The containers of pods by the images that they run.
fn by_image<'a>(
    pieces: impl Iterator<Item = &'a Arc<Piece>>,
) -> HashMap<&'a str, Vec<&'a Container>> {
    let workloads = pieces.flat_map(|piece| &piece.objects).flat_map(|object| &object.workloads);
    let mut by_image: HashMap<&str, Vec<&Container>> = HashMap::new();
    for container in workloads.flat_map(|workload| &workload.pod.containers) {
        let image = container.view.image.as_ref();
        by_image.entry(image.map_or("", ImageRef::familiar)).or_default().push(&container.view);
    }
    by_image
}

/// Whether a step copies from the context.
fn is_local(step: &Step, recipe: &Recipe) -> bool {
    let instruction = step.instruction(&recipe.tree);
    matches!(instruction.kind, Keyword::Copy | Keyword::Add)
        && instruction.flag("from").is_none()
        && step.words.len() > 1
}

/// A path of the context, as a source writes it; `None` for what is no path in it.
fn local(source: &str) -> Option<String> {
    let is_elsewhere = source.contains("://") || source.starts_with("git@");
    if is_elsewhere || source.starts_with("<<") || source.starts_with("..") {
        return None;
    }
    Some(normalise(source.trim_start_matches('/')))
}

fn is_pattern(source: &str) -> bool {
    source.contains(['*', '?', '[', '\\'])
}

impl Starter {
    fn of(container: &Container, target: Option<Text>) -> Self {
        let (entrypoint, command) = (container.entrypoint.get(), container.command.get());
        let (entrypoint, command) = (entrypoint.cloned(), command.cloned());
        Self { name: container.name.span, target, entrypoint, command }
    }

    /// The stage that it builds.
    fn stage(&self, recipe: &Recipe) -> Option<usize> {
        let Some(target) = &self.target else { return recipe.build.target };
        let is_it = |name: &Spanned<String>| {
            target.known().is_some_and(|target| name.value.eq_ignore_ascii_case(target))
        };
        recipe.build.stages.iter().position(|stage| stage.name.as_ref().is_some_and(is_it))
    }
}

impl Context {
    /// Whether there is nothing at a path of the directory, as far as all of it is known.
    pub fn lacks(&self, path: &str) -> bool {
        let listing = self.listing.as_ref().filter(|listing| !listing.is_cut);
        listing.is_some_and(|listing| !listing.has(&normalise(path)))
    }

    fn of(files: &Files, recipe: &Recipe, asked: &Asked) -> Self {
        let mut context = Self {
            file: recipe.file,
            directory: asked.directory.clone(),
            named: asked.named,
            ignore: None,
            copies: Vec::new(),
            scripts: Vec::new(),
            services: Vec::new(),
            listing: files.listing(&asked.directory).cloned(),
            wanted: BTreeSet::new(),
        };
        let dockerfile = &files.get(recipe.file).path;
        let mut ignore = Ignore::default();
        for path in places(dockerfile, &asked.directory, recipe.tree.dialect) {
            match files.find(&path) {
                Some(file) => {
                    ignore = Ignore::parse(file);
                    context.ignore = Some(path);
                    break;
                }
                None => context.want(files, path),
            }
        }
        let folder = format!("{}/", asked.directory);
        let listing = files.listing(&asked.directory);
        if listing.is_none() {
            context.want(files, folder.clone());
        }
        let dockerfile = normalise(dockerfile);
        let listing = listing.map(|it| &**it);
        let mut known =
            Around { files, asked, dockerfile, folder, listing, ignore, candidates: Vec::new() };
        let paths = listing.into_iter().flat_map(|listing| &listing.paths).map(String::as_str);
        known.candidates = paths.filter(|it| known.may_be_secret(it)).take(MOST).collect();
        let shipped = Shipped::of(recipe);
        let copied = |(step, stage): (&Step, usize)| {
            let Some((destination, sources)) = step.words.split_last() else { return Vec::new() };
            let destination = destination_of(step, destination);
            let ships = shipped.has(stage, destination.as_deref());
            let instruction = step.instruction(&recipe.tree);
            let of_source = |source: &Text| {
                let path = source.known().and_then(local)?;
                Some(known.copied(source, &path, instruction, (stage, ships)))
            };
            sources.iter().filter_map(of_source).collect()
        };
        let steps: Vec<_> = local_steps(recipe).collect();
        // A file of the usual size is read before another thread would hear of it.
        let copied = steps.into_par_iter().with_min_len(256).flat_map_iter(copied);
        let (copies, wanted): (_, Vec<_>) = copied.unzip();
        context.copies = copies;
        context.wanted.extend(wanted.into_iter().flatten());
        if let Some(target) = recipe.build.target {
            let start = script::Start::default();
            context.scripts = script::scripts(&known, recipe, target, start, &mut context.wanted);
        }
        for service in &asked.services {
            let Some(target) = service.stage(recipe) else { continue };
            let start = script::Start {
                entrypoint: service.entrypoint.as_ref().map(|it| &it.value),
                command: service.command.as_ref().map(|it| &it.value),
            };
            let scripts = script::scripts(&known, recipe, target, start, &mut context.wanted);
            context.services.push((service.name, scripts));
        }
        context
    }

    fn want(&mut self, files: &Files, path: String) {
        if !files.is_known(&path) {
            self.wanted.insert(path);
        }
    }
}

/// What is known of a context's files.
struct Around<'a> {
    files: &'a Files,
    asked: &'a Asked,
    /// Normalised.
    dockerfile: String,
    /// The directory with a `/` behind it.
    folder: String,
    listing: Option<&'a Listing>,
    ignore: Ignore,
    /// Files of the directory that may hold credentials, as many as are looked into.
    candidates: Vec<&'a str>,
}

impl Around<'_> {
    /// The path that a path of the context has for [`Files`].
    fn path(&self, path: &str) -> String {
        normalise(&format!("{}{path}", self.folder))
    }

    /// What becomes of a source, and the paths that would tell more.
    fn copied(
        &self,
        source: &Text,
        path: &str,
        instruction: &Instruction,
        (stage, ships): (usize, bool),
    ) -> (Copied, BTreeSet<String>) {
        let mut wanted = BTreeSet::new();
        let mut copied = Copied {
            source: source.clone(),
            stage,
            ships,
            fate: self.fate(path),
            is_secret: self.is_secret(path, &mut wanted),
            secrets: Vec::new(),
            ballast: Vec::new(),
        };
        // What is left out by a flag is not looked into.
        if self.listing.is_some() && instruction.flag("exclude").is_none() {
            let within = |it: &&&str| **it != path;
            let deep = instruction.flag("parents").is_some();
            for path in taken(path, deep, &self.candidates).iter().filter(within) {
                if !self.ignore.excludes(path) {
                    copied.secrets.extend(self.secret(path, &mut wanted));
                }
            }
            let is_there =
                |name: &str| self.exists(name) && !self.ignore.excludes(&format!("{name}/x"));
            if path == "." {
                copied.ballast.extend(BALLAST.into_iter().filter(|name| is_there(name)));
            }
        }
        (copied, wanted)
    }

    /// Whether a file or a directory is there.
    fn exists(&self, path: &str) -> bool {
        self.listing.is_some_and(|listing| listing.has(path))
    }

    fn fate(&self, path: &str) -> Fate {
        if path == "." || is_pattern(path) {
            return Fate::Taken;
        }
        if let Some(pattern) = self.ignore.excluding(path)
            && (!self.ignore.patterns.iter().any(|it| it.exception) || self.is_file(path))
        {
            return Fate::Ignored(pattern.span);
        }
        match self.listing {
            // Everybody's Dockerfile lies where it lies.
            _ if self.path(path) == self.dockerfile => Fate::Taken,
            _ if self.exists(path) => Fate::Found,
            Some(listing) if !listing.is_cut && !self.is_unseen(path) => {
                Fate::Missing { similar: self.similar(path) }
            }
            _ => Fate::Taken,
        }
    }

    fn is_file(&self, path: &str) -> bool {
        self.listing.is_some_and(|listing| {
            listing.paths.binary_search_by(|it| it.as_str().cmp(path)).is_ok()
        })
    }

    /// Whether it lies in a directory that nobody looked into.
    fn is_unseen(&self, path: &str) -> bool {
        let above = path.match_indices('/').map(|(at, _)| &path[..=at]);
        above.into_iter().any(|directory| self.is_file(directory))
    }

    /// A file of the same directory that differs by a letter or two, or by their case.
    fn similar(&self, path: &str) -> Option<String> {
        let (directory, name) = path
            .rsplit_once('/')
            .map_or(("", path), |(directory, name)| (&path[..directory.len() + 1], name));
        let beside = self.listing?.paths.iter().filter_map(|it| it.strip_prefix(directory));
        let beside: Vec<&str> =
            beside.filter_map(|rest| rest.split('/').next()).filter(|it| !it.is_empty()).collect();
        closest(name, beside).map(|similar| format!("{directory}{similar}"))
    }

    fn may_be_secret(&self, path: &str) -> bool {
        credential_files::of(path).is_some() || self.mounted(path).is_some()
    }

    fn mounted(&self, path: &str) -> Option<Span> {
        let path = self.path(path);
        self.asked.secrets.iter().find(|(secret, _)| *secret == path).map(|(_, span)| *span)
    }

    /// Whether a file holds credentials, if its name makes one ask and it is read.
    fn is_secret(&self, path: &str, wanted: &mut BTreeSet<String>) -> Option<bool> {
        let (_, proof) = credential_files::of(path).filter(|_| self.is_file(path))?;
        let found = self.secret(path, wanted).is_some();
        let is_read = proof == Proof::Name || self.files.find(&self.path(path)).is_some();
        is_read.then_some(found)
    }

    /// What a file holds, if it is read; else it is wanted.
    fn secret(&self, path: &str, wanted: &mut BTreeSet<String>) -> Option<Secret> {
        let found = |holds: String, named| Some(Secret { path: path.to_owned(), holds, named });
        if let Some(named) = self.mounted(path) {
            return found("a secret".to_owned(), Some(named));
        }
        let (what, proof) = credential_files::of(path)?;
        if proof == Proof::Name {
            return found(what.to_owned(), None);
        }
        let place = self.path(path);
        let Some(file) = self.files.find(&place) else {
            if !self.files.is_known(&place) {
                wanted.insert(place);
            }
            return None;
        };
        match proof {
            Proof::Name => None,
            Proof::Text(marks) => {
                let is_set = |line: &str| {
                    let line = line.trim_start();
                    !line.starts_with('#')
                        && !line.contains("${")
                        && marks.iter().any(|mark| line.contains(mark))
                };
                file.text.lines().any(is_set).then(|| found(what.to_owned(), None))?
            }
            Proof::Variable => {
                let set = dotenv::parse(file, &Variables::default()).variables;
                let holds = set.into_iter().find(|set| {
                    let value = set.value.as_ref().and_then(Text::known);
                    value.is_some_and(|it| is_written(&set.name.value, it))
                })?;
                found(format!("`{}`", holds.name.value), None)
            }
        }
    }
}

/// Where a step copies to; `None` when something unknown decides.
pub fn destination_of(step: &Step, destination: &Text) -> Option<String> {
    let destination = destination.known()?;
    if destination.starts_with('/') {
        return Some(normalise(destination));
    }
    let workdir = match &step.workdir {
        Some(workdir) => workdir.known()?,
        None => "/",
    };
    Some(normalise(&format!("{workdir}/{destination}")))
}
