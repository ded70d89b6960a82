//! Compose files as `docker compose config` reads them, with the places where things are written.

mod again;
mod check;
pub mod dotenv;
mod load;
mod merge;
mod moved;
mod port;
mod schema;
mod service;
mod source;
mod template;
mod validate;
mod value;
mod volume;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{FileId, Files, SourceFile, Span, Spanned, normalise};
use crate::syntax::yaml;

use super::inline;
use super::setting::Setting;
use super::text::Text;
use super::{Document, Format};

pub use again::Kept;
pub use port::{PortMapping, Ports};
pub use service::{
    Attachment, Build, Condition, Dependency, EnvFile, FileMount, Health, Line, Service,
};
pub use source::{Credential, Role, Source, State};
pub use template::{Form, Use, Variables};
pub use value::{Data, Entry, Scalar, Value};
pub use volume::{VolumeKind, VolumeMount};

/// A project: one file, with everything that it includes, extends and is overridden by.
#[derive(Clone, Debug)]
pub struct Compose {
    /// The file that it is read for.
    pub file: FileId,
    /// The files that are merged, in their order; the last is the one that it is read for.
    pub group: Vec<FileId>,
    /// Every file that has a part in it.
    pub files: BTreeSet<FileId>,
    pub services: Vec<Arc<Service>>,
    pub networks: Vec<Resource>,
    pub volumes: Vec<Resource>,
    pub secrets: Vec<Resource>,
    pub configs: Vec<Resource>,
    /// The files that secrets, configs and variables are taken from.
    pub sources: Vec<Source>,
    /// The paths of env files that are not there and that git leaves out.
    pub ignored: BTreeSet<String>,
    /// The Dockerfiles that are written within it.
    pub inline: Vec<Arc<Document>>,
    /// The effective tree; what services and resources say stands with these, and no more in it.
    pub root: Value,
    /// Variables that a file like `.env.example` sets, for whoever sets up the project.
    pub expected: BTreeSet<String>,
    /// Every place where a variable is asked for, in the order of the places.
    pub uses: Vec<Use>,
    /// What `docker compose config` would refuse, in the order of the places.
    pub problems: Vec<Problem>,
    /// Paths that are referred to and not known.
    pub wanted: BTreeSet<String>,
    /// The path of a file beside it that `docker compose` takes instead, if nobody names one.
    pub passed_over_for: Option<String>,
    /// Parts of it are out of sight or broken, so that nothing can be said to be missing.
    pub is_partial: bool,
    /// The services to judge: those that the last of the merged files names, or all of a group.
    named: BTreeSet<String>,
    /// What stands in one document with a syntax error and behind it, in order.
    broken: Vec<Span>,
    /// For each file the directory that its relative paths start from.
    directories: BTreeMap<FileId, String>,
    /// Where each service stands among `services`, by its name.
    places: HashMap<String, usize>,
    /// By the names of services, where another one waits for it to complete.
    completing: HashMap<String, Span>,
    /// What it is interpolated with.
    variables: Variables,
    /// What was wrong before it was checked, if it is plain.
    said: Vec<Problem>,
    /// Whether it is one file in which everything stands for itself.
    is_plain: bool,
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
    /// See [`Problem::thing`].
    lacks: Option<(&'static str, String)>,
    /// Whether the value itself is none that may stand there, so that nothing more is to be said
    /// of it.
    is_of_shape: bool,
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
    /// An env file that cannot be read to its end.
    EnvFile,
}

/// What a project is read with.
pub struct Context<'a> {
    pub files: &'a Files,
    /// The tree of a file that is referred to; parsed once, however often it is asked for.
    pub tree: &'a (dyn Fn(&SourceFile) -> Arc<yaml::Tree> + Sync),
    /// Variables that count before those of env files.
    pub variables: &'a Variables,
    /// The env files to interpolate with, instead of the `.env` of the project's directory.
    pub env_files: Option<&'a [String]>,
    /// What is left of earlier readings, by their files.
    pub kept: &'a HashMap<FileId, Kept>,
}

impl Compose {
    /// Reads the project of a file. `compose.override.yaml` is read over `compose.yaml`; so is
    /// `compose.prod.yaml`, if it is not whole without.
    pub fn of_file(context: &Context<'_>, file: &SourceFile) -> Option<Self> {
        let bases = base_of(&file.path);
        let base = bases.iter().find_map(|path| context.files.find(path));
        let by_itself = file.name().contains(".override.");
        let Some(base) = base.filter(|base| base.id != file.id) else {
            let mut alone = Self::read(context, &[file.id])?;
            // `proxy/compose.traefik.yaml` may go over a file of another directory.
            let is_hollow = alone.problems.iter().any(|it| it.kind == ProblemKind::NoImage);
            if by_itself || is_hollow && !bases.is_empty() && !bases.contains(&file.path) {
                alone.is_partial = true;
                alone.problems.retain(|problem| !problem.needs_whole);
                alone.wanted.extend(bases.into_iter().filter(|path| !context.files.is_known(path)));
            }
            return Some(alone);
        };
        if by_itself {
            return Self::read(context, &[base.id, file.id]);
        }
        let alone = Self::read(context, &[file.id])?;
        if alone.lacks() == 0 {
            return Some(alone);
        }
        let merged = Self::read(context, &[base.id, file.id])?;
        Some(if merged.lacks() < alone.lacks() { merged } else { alone })
    }

    /// The file beside `file` that `docker compose` takes instead of it.
    fn preferred(files: &Files, file: &SourceFile) -> Option<String> {
        /// In the order in which they are looked for.
        const NAMES: [&str; 4] =
            ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
        let rank = NAMES.iter().position(|name| *name == file.name())?;
        let directory = &file.path[..file.path.len() - file.name().len()];
        let beside = NAMES[..rank].iter().map(|name| format!("{directory}{name}"));
        beside.into_iter().find(|path| files.find(path).is_some())
    }

    /// Reads the project that these files are when they are merged in their order.
    pub fn read(context: &Context<'_>, group: &[FileId]) -> Option<Self> {
        let kept = if let [file] = group { context.kept.get(file) } else { None };
        let of_part = kept.and_then(|kept| load::load(context, group, Some(kept)));
        // What comes in with the edit may stand for what stayed, or be put together with it.
        let of_part = of_part.filter(|compose| compose.is_plain).zip(kept);
        let (mut compose, kept) = match of_part {
            Some((compose, kept)) => (compose, Some(kept)),
            None => (load::load(context, group, None)?, None),
        };
        compose.passed_over_for = Self::preferred(context.files, context.files.get(compose.file));
        compose.read_sample(context);
        service::read(&mut compose, context.files);
        if let Some(kept) = kept {
            compose.services.extend(kept.services.iter().cloned());
            compose.services.sort_by_key(|service| service.name.span);
        }
        compose.index();
        if compose.is_plain {
            compose.said.clone_from(&compose.problems);
        }
        compose.read_inline(context.files);
        check::check(&mut compose);
        compose.problems.retain(|problem| !(compose.is_partial && problem.needs_whole));
        compose
            .problems
            .sort_by(|a, b| (a.span, a.kind, &a.message).cmp(&(b.span, b.kind, &b.message)));
        settle_shapes(&mut compose.problems, &compose.broken);
        compose.problems.dedup_by(|a, b| a.span == b.span && a.message == b.message);
        compose.uses.sort_by_key(|asked| asked.span);
        compose.uses.dedup();
        compose.sources = source::read(&mut compose, context.files);
        Some(compose)
    }

    /// Finds the services by their names, and those that others wait for.
    fn index(&mut self) {
        for (place, service) in self.services.iter().enumerate() {
            for awaited in &service.depends_on {
                if awaited.condition.value == Condition::CompletedSuccessfully {
                    let name = awaited.service.value.clone();
                    self.completing.entry(name).or_insert(awaited.condition.span);
                }
            }
            self.places.entry(service.name.value.clone()).or_insert(place);
        }
    }

    pub fn service(&self, name: &str) -> Option<&Arc<Service>> {
        self.places.get(name).map(|place| &self.services[*place])
    }

    /// Where another service says that it waits for the one of this name to complete.
    pub fn awaits_completion(&self, name: &str) -> Option<Span> {
        self.completing.get(name).copied()
    }

    /// How the variable at `span` is asked for.
    pub fn asked(&self, span: Span) -> Option<&Use> {
        let index = self.uses.binary_search_by_key(&span, |asked| asked.span).ok()?;
        self.uses.get(index)
    }

    /// The project's name, if the file gives it.
    pub fn name(&self) -> Option<&Text> {
        self.root.get("name").and_then(Value::text)
    }

    /// The path of what a relative path in a file means, normalised.
    pub fn resolve(&self, file: FileId, path: &str) -> String {
        resolve(self.directories.get(&file).map_or("", String::as_str), path)
    }

    /// What `.env.example` sets, if anything is left to be set.
    fn read_sample(&mut self, context: &Context<'_>) {
        let is_open = |asked: &Use| asked.form == Form::Plain && !asked.is_set;
        if !self.uses.iter().any(is_open) {
            return;
        }
        let path = self.resolve(self.group[0], ".env");
        if let Some(sample) = sample_of(context.files, &path, &mut self.wanted) {
            let sample = dotenv::parse(context.files.get(sample), &Variables::default());
            self.expected = sample.variables.into_iter().map(|set| set.name.value).collect();
        }
    }

    fn read_inline(&mut self, files: &Files) {
        let builds = self.services.iter().filter_map(|service| service.build.as_ref());
        let mut seen = HashSet::new();
        let texts = builds.filter_map(|build| build.inline.as_ref());
        let texts = texts.filter(|text| seen.insert(text.span()));
        let document = |text: &Text| inline::document(files.get(text.span().file), text);
        self.inline = texts.filter_map(document).map(Arc::new).collect();
    }

    /// Whether it says what only a swarm heeds, so that it is deployed to one.
    pub fn is_for_swarm(&self) -> bool {
        const ONLY: [&str; 5] =
            ["mode", "endpoint_mode", "placement", "update_config", "rollback_config"];
        self.services.iter().any(|service| {
            service
                .at(&["deploy"])
                .is_some_and(|deploy| ONLY.iter().any(|key| deploy.get(key).is_some()))
        })
    }

    /// The services that the file itself names; the others are as in the files that it overrides.
    pub fn own_services(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.services
            .iter()
            .filter(|service| self.group.len() == 1 || self.named.contains(&service.name.value))
    }

    /// How many problems it has that it may have because it is not whole.
    fn lacks(&self) -> usize {
        self.problems.iter().filter(|problem| problem.needs_whole).count()
    }
}

/// The file beside an env file that shows what to put in it; looked for if nobody knows.
fn sample_of(files: &Files, path: &str, wanted: &mut BTreeSet<String>) -> Option<FileId> {
    let (directory, name) = path.rsplit_once('/').unwrap_or((".", path));
    let bare = name.trim_start_matches('.');
    let names = [
        format!("{name}.example"),
        format!("{name}.sample"),
        format!("{name}.template"),
        format!("{name}.dist"),
        format!("{name}-example"),
        format!("{bare}.example"),
        format!("example.{bare}"),
        format!("sample.{bare}"),
        format!(".{bare}.example"),
    ];
    let mut found = None;
    for name in names {
        let path = resolve(directory, &name);
        match files.find(&path) {
            Some(file) => found = found.or(Some(file.id)),
            None if files.is_known(&path) => {}
            None => drop(wanted.insert(path)),
        }
    }
    found
}

/// From how many services or entries on it is worth while to read them side by side.
const MANY: usize = 64;

/// The projects of all Compose files that are to be linted, kept from one reading to the next.
#[derive(Clone, Debug, Default)]
pub struct Projects(Vec<Reading>);

#[derive(Clone, Debug)]
struct Reading {
    what: Reads,
    /// As it is by itself.
    alone: Arc<Compose>,
    /// Without what only seems to be missing.
    settled: Arc<Compose>,
}

/// What a project is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Reads {
    File(FileId),
    /// One of [`Files::groups`].
    Group(usize),
}

impl Projects {
    /// The projects in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Compose>> {
        self.0.iter().map(|reading| &reading.settled)
    }

    /// The Dockerfiles that are written within their files, each place once.
    pub fn inline(&self) -> Vec<Arc<Document>> {
        let mut seen = HashSet::new();
        let all = self.iter().flat_map(|project| &project.inline);
        let within = |document: &Document| document.recipe().and_then(|recipe| recipe.within);
        all.filter(|document| seen.insert(within(document))).cloned().collect()
    }

    /// Reads them again where one of the `changed` files has a part in them. Returns what they were
    /// then.
    pub fn read(
        &mut self,
        files: &Files,
        documents: &[Arc<Document>],
        changed: &HashSet<FileId>,
        text_before: impl Fn(FileId) -> Arc<str>,
    ) -> Self {
        let trees: HashMap<FileId, &Arc<yaml::Tree>> = documents
            .iter()
            .filter_map(|document| Some((document.file, document.yaml()?)))
            .collect();
        let tree = |file: &SourceFile| match trees.get(&file.id) {
            Some(tree) => Arc::clone(tree),
            None => yaml::parse(file).tree,
        };
        let interpolation = files.interpolation();
        let mut variables = Variables::default();
        for (name, value) in &interpolation.variables {
            variables.set(name, value, None);
        }
        let env_files = Some(interpolation.env_files.as_slice()).filter(|it| !it.is_empty());
        let kept = self.kept(files, &trees, changed, text_before);
        let context = Context { files, tree: &tree, variables: &variables, env_files, kept: &kept };
        let before: HashMap<Reads, &Reading> =
            self.0.iter().map(|reading| (reading.what, reading)).collect();
        // Whether a file is an overlay of another depends on both.
        let beside: HashSet<&str> = documents
            .iter()
            .filter(|it| it.format == Format::Compose && changed.contains(&it.file))
            .map(|document| files.get(document.file).directory())
            .collect();
        let concerns = |project: &Compose| {
            beside.contains(files.get(project.file).directory())
                || project.wanted.iter().any(|path| files.is_known(path))
                || project.files.iter().any(|file| changed.contains(file))
        };
        let projects: Vec<(Reads, Arc<Compose>)> = what_to_read(files, documents)
            .par_iter()
            .filter_map(|what| match before.get(what) {
                Some(known) if !concerns(&known.alone) => Some((*what, Arc::clone(&known.alone))),
                _ => Some((*what, Arc::new(what.read(&context)?))),
            })
            .collect();
        let is_known = |((what, alone), known): (&(Reads, Arc<Compose>), &Reading)| {
            *what == known.what && Arc::ptr_eq(alone, &known.alone)
        };
        // What only seems to be missing depends on all of them, and on nothing else.
        if projects.len() == self.0.len() && projects.iter().zip(&self.0).all(is_known) {
            return Self::default();
        }
        let settled = |((what, alone), problems): ((Reads, Arc<Compose>), Option<Vec<Problem>>)| {
            let known = before.get(&what).filter(|known| {
                Arc::ptr_eq(&known.alone, &alone)
                    && Some(&known.settled.problems) == problems.as_ref()
            });
            let settled = match (known, problems) {
                (_, None) => Arc::clone(&alone),
                (Some(known), Some(_)) => Arc::clone(&known.settled),
                (None, Some(problems)) => {
                    Arc::new(Compose { problems, is_partial: true, ..(*alone).clone() })
                }
            };
            Reading { what, alone, settled }
        };
        let problems = settle(files, projects.iter().map(|(_, project)| project));
        let settled = projects.into_iter().zip(problems).map(settled).collect();
        Self(std::mem::replace(&mut self.0, settled))
    }
}

impl Projects {
    /// What the edits of these files have left of their projects, which are none from here on.
    fn kept(
        &mut self,
        files: &Files,
        trees: &HashMap<FileId, &Arc<yaml::Tree>>,
        changed: &HashSet<FileId>,
        text_before: impl Fn(FileId) -> Arc<str>,
    ) -> HashMap<FileId, Kept> {
        let is_edited = |reading: &mut Reading| {
            let Reading { what, alone, .. } = reading;
            matches!(what, Reads::File(file) if changed.contains(file))
                && alone.is_plain
                && trees.get(&alone.file).is_some_and(|tree| again::is_plain(tree))
                && !alone.wanted.iter().any(|path| files.is_known(path))
        };
        let edited: Vec<Reading> = self.0.extract_if(.., is_edited).collect();
        let kept = |Reading { alone, settled, .. }: Reading| {
            let file = alone.file;
            if let Some(mut settled) = Arc::into_inner(settled) {
                settled.services.clear();
            }
            let text = text_before(file);
            let kept =
                Kept::of(Arc::into_inner(alone)?, &text, files.get(file), trees.get(&file)?)?;
            Some((file, kept))
        };
        edited.into_iter().filter_map(kept).collect()
    }
}

impl Reads {
    fn read(self, context: &Context) -> Option<Compose> {
        let files = context.files;
        match self {
            Self::File(file) => Compose::of_file(context, files.get(file)),
            Self::Group(index) => {
                let paths = &files.groups()[index];
                let found: Vec<_> = paths.iter().filter_map(|path| files.find(path)).collect();
                let group: Vec<FileId> = found.iter().map(|file| file.id).collect();
                let mut project = Compose::read(context, &group)?;
                project.passed_over_for = None;
                project.is_partial |= found.len() < paths.len();
                project.wanted.extend(paths.iter().filter(|path| !files.is_known(path)).cloned());
                project.named = project.services.iter().map(|it| it.name.value.clone()).collect();
                Some(project)
            }
        }
    }
}

/// What there is to read: the groups that the user names and that hold a file to be linted, and
/// every Compose file that is in none of them.
fn what_to_read(files: &Files, documents: &[Arc<Document>]) -> Vec<Reads> {
    let is_linted = |path: &String| files.find(path).is_some_and(|file| files.is_linted(file.id));
    let groups = files.groups().iter().enumerate();
    let groups = groups.filter(|(_, paths)| paths.iter().any(is_linted)).map(|(at, _)| at);
    let grouped: HashSet<FileId> =
        files.groups().iter().flatten().filter_map(|path| Some(files.find(path)?.id)).collect();
    let alone = documents.iter().filter(|document| {
        document.format == Format::Compose
            && files.is_linted(document.file)
            && !grouped.contains(&document.file)
    });
    let alone = alone.map(|document| Reads::File(document.file));
    groups.map(Reads::Group).chain(alone).collect()
}

/// The problems that are left of those that only seem to be: of files that others take from, of
/// files that are whole once they are overridden, and of those that go over others. `None` where
/// that is all of them.
fn settle<'a>(
    files: &'a Files,
    projects: impl Iterator<Item = &'a Arc<Compose>> + Clone,
) -> Vec<Option<Vec<Problem>>> {
    let elsewhere = Elsewhere::of(files, projects.clone());
    let mut parts = BTreeSet::new();
    let mut overridden: HashMap<FileId, &[Problem]> = HashMap::new();
    for project in projects.clone() {
        parts.extend(project.files.iter().filter(|file| !project.group.contains(file)).copied());
        for base in &project.group[..project.group.len() - 1] {
            overridden.entry(*base).or_insert(&project.problems);
        }
    }
    let left = |project: &Arc<Compose>| {
        let is_part = parts.contains(&project.file);
        let still = overridden.get(&project.file);
        let is_part = is_part || project.problems.iter().any(|it| elsewhere.has(project, it));
        let stays = |problem: &&Problem| {
            let seems = is_part || still.is_some_and(|still| !still.contains(problem));
            !(seems && problem.needs_whole && project.group.len() == 1)
        };
        let problems = || project.problems.iter();
        let is_whole = problems().all(|problem| stays(&problem));
        (!is_whole).then(|| problems().filter(stays).cloned().collect())
    };
    projects.map(left).collect()
}

/// What the files of a workspace lack, and what they define: `docker compose -f a.yml -f b/b.yml`
/// says nowhere that it puts them together.
struct Elsewhere<'a> {
    files: &'a Files,
    /// How many files lack a thing, and the last of them.
    lacked: HashMap<(&'static str, &'a str), (usize, FileId)>,
    /// The files that define one of those.
    defined: HashMap<(&'static str, &'a str), Vec<&'a SourceFile>>,
}

impl<'a> Elsewhere<'a> {
    fn of(files: &'a Files, projects: impl Iterator<Item = &'a Arc<Compose>> + Clone) -> Self {
        let mut lacked: HashMap<_, (usize, FileId)> = HashMap::new();
        for project in projects.clone() {
            lacked.reserve(project.problems.len());
            for thing in project.problems.iter().filter_map(Problem::thing) {
                let (files, last) = lacked.entry(thing).or_insert((1, project.file));
                *files += usize::from(*last != project.file);
                *last = project.file;
            }
        }
        let mut defined: HashMap<_, Vec<&SourceFile>> = HashMap::new();
        if lacked.is_empty() {
            return Self { files, lacked, defined };
        }
        for project in projects {
            let file = files.get(project.file);
            let whole =
                |service: &&Arc<Service>| service.image.is_some() || service.build.is_some();
            let services = project.services.iter().filter(whole);
            let services = services.map(|service| ("service", service.name.value.as_str()));
            let resources = [
                ("network", &project.networks),
                ("volume", &project.volumes),
                ("secret", &project.secrets),
                ("config", &project.configs),
            ];
            let resources = resources
                .into_iter()
                .flat_map(|(what, all)| all.iter().map(move |it| (what, it.name.value.as_str())));
            for thing in services.chain(resources).filter(|thing| lacked.contains_key(thing)) {
                defined.entry(thing).or_default().push(file);
            }
        }
        Self { files, lacked, defined }
    }

    /// Whether a file is most likely to go over another one, which has what it lacks: many lack
    /// it, or the other one beside or above has the name that Compose takes by itself, and this has not.
    fn has(&self, project: &Compose, problem: &Problem) -> bool {
        /// That many make no slip.
        const MANY: usize = 3;
        let Some(thing) = problem.thing() else { return false };
        let Some(others) = self.defined.get(&thing) else { return false };
        let file = self.files.get(project.file);
        let by_itself = |file: &SourceFile| base_of(&file.path).contains(&file.path);
        let below = format!("{}/", file.directory());
        let is_base = |other: &&SourceFile| {
            let above = other.directory();
            by_itself(other) && (above.is_empty() || below.starts_with(&format!("{above}/")))
        };
        self.lacked.get(&thing).is_some_and(|(files, _)| *files >= MANY)
            || !by_itself(file) && others.iter().any(is_base)
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

/// Whether a path names something outside the project: another machine's, or a place of the
/// machine that the project runs on, which need not be this one.
fn is_elsewhere(path: &str) -> bool {
    path.contains("://")
        || path.starts_with("git@")
        || path.starts_with("github.com/")
        || path.starts_with(['/', '~', '\\'])
        || path.as_bytes().get(1) == Some(&b':')
}

/// Leaves out what is said of a value that is none anyway, and what only seems to be wrong behind
/// a syntax error. The problems are in the order of their places.
fn settle_shapes(problems: &mut Vec<Problem>, broken: &[Span]) {
    let of_shape = problems.iter().filter(|problem| problem.is_of_shape);
    let mut wrong: Vec<Span> = Vec::new();
    for Problem { span, .. } in of_shape {
        match wrong.last_mut() {
            Some(last) if last.file == span.file && span.start < last.end => {
                last.end = last.end.max(span.end);
            }
            _ => wrong.push(*span),
        }
    }
    let meets = |spans: &[Span], span: Span| {
        let behind = spans.partition_point(|one| (one.file, one.end) <= (span.file, span.start));
        spans.get(behind).is_some_and(|one| one.file == span.file && one.start < span.end)
    };
    problems.retain(|problem| match problem.kind {
        ProblemKind::Key | ProblemKind::Value if meets(broken, problem.span) => false,
        _ => problem.is_of_shape || !meets(&wrong, problem.span),
    });
}

impl Problem {
    fn new(kind: ProblemKind, span: Span, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            kind,
            span,
            message,
            help: None,
            also: Vec::new(),
            needs_whole: false,
            lacks: None,
            is_of_shape: false,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.also.push((span, label.into()));
        self
    }

    /// Says that the value itself is none that may stand there.
    fn of_shape(mut self) -> Self {
        self.is_of_shape = true;
        self
    }

    /// Says that it may only seem so in a file that is not a whole project.
    fn whole(mut self) -> Self {
        self.needs_whole = true;
        self
    }

    /// Says what is not there, in a file that may not be a whole project.
    fn lacks(mut self, what: &'static str, name: &str) -> Self {
        self.lacks = Some((what, name.to_owned()));
        self.whole()
    }

    /// What is not there: its kind, and its name.
    fn thing(&self) -> Option<(&'static str, &str)> {
        self.lacks.as_ref().map(|(what, name)| (*what, name.as_str()))
    }
}
