//! What the files are to one another: which service or pod runs the image of which Dockerfile.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use crate::knowledge::accounts::{self, BROUGHT};
use crate::knowledge::{tools, writes};
use crate::source::{FileId, Files, Span, Spanned, normalise};
use crate::syntax::dockerfile::Keyword;
use crate::syntax::shell::Word;

use super::command;
use super::compose::{self, Compose};
use super::container::{Capabilities, Container, HostAccess, Part, Port, Variable};
use super::context::{Context, EntryScript, destination_of};
use super::dockerfile::{Build, Exposed, Inputs, Reference, Step, build};
use super::environment::Environment;
use super::image::{ImageRef, Role};
use super::kubernetes::Workload;
use super::run::Mark;
use super::setting::Setting;
use super::text::Text;
use super::user::User;
use super::{Document, Format, Recipe};

/// Containers and images of all formats, with what links them.
pub struct Links<'a> {
    files: &'a Files,
    contexts: &'a [Arc<Context>],
    documents: HashMap<FileId, &'a Document>,
    /// What services and pods start with, by where their names stand.
    scripts: HashMap<Span, &'a [Arc<EntryScript>]>,
    /// Dockerfiles that are written within other files.
    inline: HashMap<FileId, Vec<&'a Recipe>>,
    /// Images that are built in view, in the order of their Dockerfiles.
    built: Vec<Built>,
    /// The same by what is built; an index of `built`.
    places: HashMap<Which, usize>,
    /// The same by the names that services give them, without tags; an index of `built`.
    names: HashMap<String, usize>,
    /// The same by the whole names; an index of `built`.
    tagged: HashMap<String, usize>,
    /// What services build, by where their names stand; an index of `built`.
    of_services: HashMap<Span, usize>,
    /// The images that Dockerfiles name.
    references: HashSet<(Span, String)>,
    /// The contexts that services give to Dockerfiles, by their names there.
    build_contexts: HashSet<(FileId, String)>,
    pub containers: Vec<Arc<Container>>,
    pub images: Vec<ImageRef>,
    /// Dockerfiles that are referred to and not in view.
    pub wanted: Vec<String>,
}

/// A Dockerfile, where it stands within another file, and the stage that is built.
type Which = (FileId, Option<Span>, usize);

/// The image of a Dockerfile, built in one way.
struct Built {
    image: Arc<Container>,
    heirs: Vec<Arc<Container>>,
    /// Whether it is an image of its own, and not only of a development file's.
    told: bool,
}

impl<'a> Links<'a> {
    pub fn new(
        files: &'a Files,
        documents: &'a [Arc<Document>],
        contexts: &'a [Arc<Context>],
    ) -> Self {
        let mut links = Self {
            files,
            contexts,
            documents: HashMap::new(),
            scripts: contexts
                .iter()
                .flat_map(|context| &context.services)
                .map(|(name, scripts)| (*name, scripts.as_slice()))
                .collect(),
            inline: HashMap::new(),
            built: Vec::new(),
            places: HashMap::new(),
            names: HashMap::new(),
            tagged: HashMap::new(),
            of_services: HashMap::new(),
            references: HashSet::new(),
            build_contexts: HashSet::new(),
            containers: Vec::new(),
            images: Vec::new(),
            wanted: Vec::new(),
        };
        for document in documents {
            match document.recipe() {
                Some(recipe) if recipe.within.is_some() => {
                    links.inline.entry(document.file).or_default().push(recipe);
                }
                _ => drop(links.documents.insert(document.file, document)),
            }
        }
        for recipe in documents.iter().filter_map(|document| document.recipe()) {
            let frontend = recipe.tree.syntax.clone().map(Text::written);
            links.images.extend(frontend.map(|text| ImageRef::new(text, Role::Frontend)));
            let references = recipe.build.images.iter().map(|reference| &reference.image);
            links.references.extend(references.clone().map(key));
            links.images.extend(references.cloned());
            links.add(recipe, &recipe.build, recipe.shipped().is_some());
        }
        links
    }

    /// The images that the services of a Compose file build.
    pub fn builds(&mut self, project: &Compose) {
        for service in project.own_services() {
            let Some(built) = service.build.as_ref().and_then(|build| self.build(build)) else {
                continue;
            };
            self.of_services.insert(service.name.span, built);
            if let Some(image) = &service.image {
                self.names.entry(image.familiar().to_owned()).or_insert(built);
                let tagged = service.built_name().map(str::to_owned);
                tagged.map(|tagged| self.tagged.entry(tagged).or_insert(built));
            }
        }
    }

    /// The services that a Compose file names, when all that services build is known.
    pub fn project(&mut self, project: &Compose) {
        let here: HashSet<&str> =
            project.services.iter().filter_map(|service| service.built_name()).collect();
        for service in project.own_services() {
            let own = self.of_services.get(&service.name.span).copied();
            let built = own.or_else(|| self.tagged.get(service.run_name()?).copied());
            let mut view = self.with_scripts(&service.container);
            if project.awaits_completion(&service.name.value).is_some() {
                Arc::make_mut(&mut view).part = Part::Service { job: true };
            }
            self.run(view, built, project.file);
            let mut image = service.image.clone();
            // What another of its services builds is pulled from nowhere.
            if let (Some(image), true) =
                (&mut image, service.run_name().is_some_and(|it| here.contains(it)))
            {
                image.role = Role::Name;
            }
            self.images.extend(image);
        }
    }

    /// The containers of a pod.
    pub fn workload(&mut self, workload: &Workload) {
        for container in &workload.pod.containers {
            let view = self.with_scripts(&container.view);
            let built =
                view.image.as_ref().and_then(|image| self.names.get(image.familiar()).copied());
            self.images.extend(view.image.clone());
            let file = view.file;
            self.run(view, built, file);
        }
    }

    /// A service's or a pod's container, with the scripts that it starts with.
    fn with_scripts(&self, container: &Arc<Container>) -> Arc<Container> {
        let mut container = Arc::clone(container);
        if let Some(scripts) = self.scripts.get(&container.name.span) {
            Arc::make_mut(&mut container).scripts = scripts.to_vec();
        }
        container
    }

    /// Hands over containers and images.
    pub fn finish(mut self) -> Self {
        let contexts = std::mem::take(&mut self.build_contexts);
        if !contexts.is_empty() {
            // What names a context of a build is no image.
            self.images.retain(|image| {
                let name = image.text.known().unwrap_or_default();
                !contexts.contains(&(image.span().file, name.to_owned()))
            });
        }
        for built in std::mem::take(&mut self.built).into_iter().filter(|built| built.told) {
            let image = Container { heirs: built.heirs, ..(*built.image).clone() };
            self.containers.push(Arc::new(image));
        }
        self
    }

    /// Adds a container that runs, and tells the image built in view that it does.
    fn run(&mut self, view: Arc<Container>, built: Option<usize>, file: FileId) {
        let Some(built) = built.map(|index| &mut self.built[index]) else {
            self.containers.push(view);
            return;
        };
        let environment = self.documents.get(&file).map(|document| document.environment);
        if environment == Some(Environment::Production) {
            built.heirs.push(Arc::clone(&view));
            built.told = true;
        }
        let built_from = Some(Arc::clone(&built.image));
        let view = Container { image: None, built_from, ..Arc::unwrap_or_clone(view) };
        self.containers.push(Arc::new(view));
    }

    /// The image that a service builds, if its Dockerfile is in view.
    fn build(&mut self, of: &compose::Build) -> Option<usize> {
        let recipe = self.recipe(of)?;
        let target = of
            .target
            .as_ref()
            .and_then(|target| Some(Spanned::new(target.known()?.to_owned(), target.span())));
        let arguments =
            of.args.iter().map(|argument| (argument.name.value.clone(), argument.value.clone()));
        let contexts = of.additional_contexts.iter().map(|context| context.name.value.clone());
        let inputs = Inputs {
            target,
            args: arguments.collect(),
            contexts: contexts.collect(),
            configured: Arc::clone(&self.files.get(recipe.file).build_args),
            closed: false,
        };
        let own;
        let build =
            if inputs.target.is_none() && inputs.args.is_empty() && inputs.contexts.is_empty() {
                &recipe.build
            } else {
                own = build(&recipe.tree, &inputs);
                &own
            };
        let index = self.add(recipe, build, false)?;
        let contexts = inputs.contexts.into_iter().map(|name| (recipe.file, name));
        self.build_contexts.extend(contexts);
        // What only arguments decide is said of the file once.
        for Reference { image, .. } in &build.images {
            if image.unknown().is_none() && self.references.insert(key(image)) {
                self.images.push(image.clone());
            }
        }
        Some(index)
    }

    /// The Dockerfile of a build, if it is in view.
    fn recipe(&mut self, of: &compose::Build) -> Option<&'a Recipe> {
        if let Some(inline) = &of.inline {
            let recipes = self.inline.get(&inline.span().file)?;
            let holds = |within: Span| within.contains(inline.span());
            return recipes.iter().find(|recipe| recipe.within.is_some_and(holds)).copied();
        }
        let path = normalise(of.dockerfile.as_deref()?);
        let Some(file) = self.files.find(&path) else {
            self.wanted.push(path);
            return None;
        };
        self.documents.get(&file.id)?.recipe()
    }

    /// The image of the stage that a build is for; the same one when it is built again.
    fn add(&mut self, recipe: &Recipe, build: &Build, told: bool) -> Option<usize> {
        let stage = build.target?;
        let which = (recipe.file, recipe.within, stage);
        if let Some(known) = self.places.get(&which) {
            return Some(*known);
        }
        let mut image = image(recipe, build, stage);
        if recipe.build.target == Some(stage) && recipe.within.is_none() {
            let first = self.contexts.partition_point(|context| context.file < recipe.file);
            let context = self.contexts.get(first).filter(|context| context.file == recipe.file);
            image.scripts = context.map(|context| context.scripts.clone()).unwrap_or_default();
            image.drops_root |= image.scripts.iter().any(|script| script.ending.drops_root());
        }
        let place = self.built.len();
        self.built.push(Built { image: Arc::new(image), heirs: Vec::new(), told });
        self.places.insert(which, place);
        Some(place)
    }
}

/// Where an image is named, and as what.
fn key(image: &ImageRef) -> (Span, String) {
    (image.span(), image.text.value().to_owned())
}

/// What a stage's image says of a container that runs it.
fn image(recipe: &Recipe, build: &Build, index: usize) -> Container {
    let stage = &build.stages[index];
    let image = build.image(index);
    let settings = image.settings;
    let span = stage.base.span();
    let name = match &stage.name {
        Some(name) => Spanned::new(name.value.clone(), span),
        None => Spanned::new(String::new(), span),
    };
    let user = settings.user.map(|user| match user.known() {
        Some(known) => Setting::set(User::parse(known), user.span()),
        None => Setting::Unresolved(user.span()),
    });
    let set = |command: Option<Arc<Spanned<_>>>| {
        command.map_or(Setting::Absent, |command| Setting::Set((*command).clone()))
    };
    let variable = |(name, value): (Arc<Text>, Arc<Text>)| Variable {
        name: Spanned::new(name.value().to_owned(), name.span()),
        value: Some((*value).clone()),
    };
    let port = |exposed: &Exposed| Port {
        number: Spanned::new(exposed.first, exposed.text.span()),
        last: exposed.last,
        published: None,
        host_address: None,
    };
    Container {
        format: Format::Dockerfile,
        part: Part::Image,
        file: recipe.file,
        name,
        image: build.base_image(index).cloned(),
        user: user.unwrap_or_default(),
        is_windows: false,
        non_root: Setting::NotApplicable,
        init: Setting::NotApplicable,
        terminal: Setting::NotApplicable,
        entrypoint: set(settings.entrypoint),
        command: set(settings.command),
        privileged: Setting::NotApplicable,
        read_only_root: Setting::NotApplicable,
        privilege_escalation: Setting::NotApplicable,
        capabilities: Capabilities {
            add: Vec::new(),
            drop: Vec::new(),
            drops_all: Setting::NotApplicable,
        },
        unguarded: Vec::new(),
        host: HostAccess {
            network: Setting::NotApplicable,
            process: Setting::NotApplicable,
            ipc: Setting::NotApplicable,
            users: Setting::NotApplicable,
            cgroup: Setting::NotApplicable,
            uts: Setting::NotApplicable,
        },
        memory_limit: Setting::NotApplicable,
        environment: image.env.into_iter().map(variable).collect(),
        ports: image.exposed.iter().map(port).collect(),
        mounts: Vec::new(),
        healthcheck: settings
            .healthcheck
            .map_or(Setting::Absent, |healthcheck| Setting::Set((*healthcheck).clone())),
        stop_signal: settings.stop_signal.map_or(Setting::Absent, |signal| match signal.known() {
            Some(known) => Setting::set(known.to_owned(), signal.span()),
            None => Setting::Unresolved(signal.span()),
        }),
        programs: programs(recipe, build, index),
        drops_root: drops_root(recipe, build, index),
        is_of_go: is_of_go(build, index),
        scripts: Vec::new(),
        lacks: lacks(recipe, build, index),
        writes: build
            .base_image(index)
            .and_then(|base| writes::of(base.familiar()))
            .filter(|row| !row.settings.iter().any(|path| recipe.touches(index, path))),
        probes: Vec::new(),
        built_from: None,
        heirs: Vec::new(),
        written: OnceLock::new(),
    }
}

/// The working directory, and that of a program that is started by its path, where a step copies
/// something into it.
fn programs(recipe: &Recipe, build: &Build, index: usize) -> Vec<Spanned<String>> {
    let settings = build.settings(index);
    let started = [&settings.entrypoint, &settings.command].into_iter().flatten();
    let paths = started.filter_map(|command| match &command.value {
        command::Command::Exec(words) => words.first()?.known(),
        command::Command::Shell { .. } => None,
    });
    let above = paths.filter_map(|path| path.rsplit_once('/').map(|(above, _)| above));
    let workdir = settings.workdir.as_deref().and_then(Text::known);
    let mut directories: Vec<String> = workdir.into_iter().chain(above).map(normalise).collect();
    directories.retain(|it| it.starts_with('/') && it.len() > 1);
    directories.dedup();
    let line = build.line(index);
    let steps = || line.iter().flat_map(|stage| &build.stages[*stage].steps);
    let place = |directory: String| {
        let copies = |step: &Step| {
            let is_copy =
                matches!(step.instruction(&recipe.tree).kind, Keyword::Copy | Keyword::Add);
            let to = destination_of(step, step.words.last().filter(|_| is_copy)?)?;
            let rest = to.strip_prefix(&directory)?;
            (rest.is_empty() || rest.starts_with('/')).then(|| step.instruction(&recipe.tree).span)
        };
        let span = steps().find_map(copies)?;
        Some(Spanned::new(directory, span))
    };
    directories.into_iter().filter_map(place).collect()
}

/// The tools that an image is known not to have: its base lacks them, and no step brings them.
fn lacks(recipe: &Recipe, build: &Build, index: usize) -> Vec<&'static str> {
    let Some(base) = build.base_image(index) else { return Vec::new() };
    let leads = build.leading(index);
    let runs = recipe.runs_with(Mark::Tool).filter(|run| leads[run.stage]);
    let copies = recipe.steps_of(&[Keyword::Copy, Keyword::Add]);
    let copies = copies.filter(|(_, stage)| leads[*stage]).map(|(step, _)| step);
    let steps = runs.map(|run| recipe.step(run)).chain(copies);
    let texts: Vec<&str> = steps.map(|step| step.instruction(&recipe.tree).text()).collect();
    let lacks = |tool: &&str| base.lacks(tool) && !texts.iter().any(|text| text.contains(*tool));
    let lacking: Vec<_> = tools::ALL.into_iter().filter(lacks).collect();
    let is_open = !lacking.is_empty() && brings_anything(recipe, build, &leads, base.is_scratch());
    if is_open { Vec::new() } else { lacking }
}

/// Whether a step of some stages may bring whatever it likes: a whole file system, or a script that
/// is run.
fn brings_anything(recipe: &Recipe, build: &Build, stages: &[bool], is_scratch: bool) -> bool {
    let is_root = |word: &Text| word.known().is_some_and(|it| matches!(it, "/" | "/*"));
    let copies = build.steps_of(&[Keyword::Copy, Keyword::Add]);
    copies.filter(|(_, stage)| stages[*stage]).any(|(step, _)| {
        step.words
            .split_last()
            .is_some_and(|(to, from)| is_root(to) && (is_scratch || from.iter().any(is_root)))
    }) || recipe.runs_with(Mark::Script).any(|run| stages[run.stage])
}

fn is_of_go(build: &Build, index: usize) -> bool {
    let is_go = |stage: usize| {
        build.base_image(stage).is_some_and(|base| base.name().value.starts_with("golang"))
    };
    build.stages[index].steps.iter().filter_map(|step| step.from_stage).any(is_go)
}

/// Whether the steps of an image bring a program whose one use is to change from root to another
/// user at the start.
fn drops_root(recipe: &Recipe, build: &Build, index: usize) -> bool {
    let leads = build.leading(index);
    let settings = build.settings(index);
    let start = [&settings.entrypoint, &settings.command].into_iter().flatten();
    let starts_with_one = start.filter_map(|command| command.value.line()).any(|line| {
        line.split_whitespace().any(|word| {
            let program = word.rsplit('/').next().unwrap_or(word);
            accounts::drops_root(program)
        })
    });
    starts_with_one
        || recipe.runs_with(Mark::Dropper).filter(|run| leads[run.stage]).any(|run| {
            let instruction = recipe.step(run).instruction(&recipe.tree);
            let text = instruction.text();
            let may =
                !instruction.heredocs.is_empty() || BROUGHT.iter().any(|it| text.contains(it));
            may && run.script.commands().any(|site| {
                let mut words = site.command.words.iter().map(Word::prefix);
                words.any(|word| BROUGHT.iter().any(|program| word.contains(program)))
            })
        })
}
