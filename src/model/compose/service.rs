//! Services with what rules ask of them, and their view as containers.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use rayon::prelude::*;

use crate::knowledge::capabilities::are_all;
use crate::knowledge::datastores::{self, Datastore};
use crate::knowledge::images::unmirrored;
use crate::model::command::Command;
use crate::model::container::{
    Capabilities, Container, Guard, Healthcheck, HostAccess, Mount, Part, Port, Variable,
};
use crate::model::dockerfile::Stage;
use crate::model::image::{ImageRef, ImageRefs, Role};
use crate::model::quantity;
use crate::model::setting::Setting;
use crate::model::text::{HOLE, Text};
use crate::model::user::User;
use crate::model::{Format, Recipe};
use crate::source::{FileId, Files, Span, Spanned, normalise};
use crate::syntax::yaml::mark;

use super::dotenv;
use super::merge;
use super::port::{self, PortMapping, Ports};
use super::template::Variables;
use super::value::{self, Data, Entry, Scalar, Value, collected};
use super::volume::{self, VolumeKind, VolumeMount};
use super::words;
use super::{Compose, MANY, Problem, ProblemKind, Resource, is_elsewhere, sample_of};

/// A service after merging and interpolation.
#[derive(Clone, Debug)]
pub struct Service {
    pub name: Spanned<String>,
    /// All that is said of it.
    pub value: Value,
    /// The [`mark`]s of its keys: rules ask for many that few services have.
    pub(super) keys: u32,
    pub image: Option<ImageRef>,
    pub build: Option<Box<Build>>,
    pub labels: Vec<Variable>,
    /// As written; see [`Service::needs`] for what they come to.
    pub depends_on: Vec<Dependency>,
    /// What else starts another service first: `links`, `network_mode: service:x`,
    /// `volumes_from` and the like.
    pub implied: Vec<Spanned<String>>,
    /// The networks it asks for; none means `default`.
    pub networks: Vec<Attachment>,
    pub ports: Vec<PortMapping>,
    /// `volumes` and `tmpfs`.
    pub volumes: Vec<VolumeMount>,
    pub secrets: Vec<FileMount>,
    pub configs: Vec<FileMount>,
    pub env_files: Vec<EnvFile>,
    /// `label_file`.
    pub label_files: Vec<EnvFile>,
    /// `command` and `entrypoint` where they are one string that Compose splits itself.
    pub lines: Vec<Line>,
    pub healthcheck: Option<Health>,
    /// How long it may take to end before it is killed.
    pub stop_grace: Setting<Duration>,
    /// What it extends is not in view, so nothing can be said to be missing.
    pub is_partial: bool,
    /// The view that all formats share; not yet linked to what it is built from.
    pub container: Arc<Container>,
}

/// `build`, in either syntax.
#[derive(Clone, Debug)]
pub struct Build {
    /// Where all of it is written.
    pub span: Span,
    pub value: Value,
    /// As written; Compose takes the project's directory if there is none.
    pub context: Option<Text>,
    /// The path of the context, normalised, if it is a directory of this machine.
    pub directory: Option<String>,
    /// The path of the Dockerfile, normalised, if it is a file of this machine.
    pub dockerfile: Option<String>,
    /// The Dockerfile, if it is in view.
    pub file: Option<FileId>,
    /// The Dockerfile was looked for, and is not there.
    pub is_absent: bool,
    /// What names the Dockerfile: `dockerfile`, else the context, else all of `build`.
    pub dockerfile_span: Span,
    /// `dockerfile_inline`.
    pub inline: Option<Text>,
    pub target: Option<Text>,
    /// Those without a value take it from the caller's environment.
    pub args: Vec<Variable>,
    /// By the names that the Dockerfile knows them by.
    pub additional_contexts: Vec<Variable>,
    pub secrets: Vec<FileMount>,
    pub ssh: Vec<Variable>,
}

/// An entry of `depends_on`, in either syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    pub service: Spanned<String>,
    /// Where the condition is written; the service's name in the short syntax.
    pub condition: Spanned<Condition>,
    pub required: Setting<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Started,
    Healthy,
    CompletedSuccessfully,
    Unknown,
}

/// A network that a service asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub network: Spanned<String>,
    /// Its aliases, addresses and the like; null if there are none.
    pub value: Value,
}

/// A secret or a config that is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMount {
    /// The name of the resource.
    pub source: Text,
    pub target: Option<Text>,
}

/// An entry of `env_file` or `label_file`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvFile {
    pub path: Text,
    pub required: Setting<bool>,
    /// The path, normalised, if it is known.
    pub resolved: Option<String>,
    /// The file, if it is in view.
    pub file: Option<FileId>,
    /// It was looked for, and is not there.
    pub is_absent: bool,
    /// A file beside it that shows what to put in it: `.env.example`.
    pub sample: Option<FileId>,
}

/// A command that is one string, and what Compose makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `command` or `entrypoint`.
    pub key: &'static str,
    pub text: Text,
    /// What Compose drops without a word: from the first shell operator on.
    pub dropped: Option<Spanned<String>>,
}

/// `healthcheck`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub span: Span,
    pub disable: Setting<bool>,
    pub test: Setting<Command>,
    pub interval: Setting<Duration>,
    pub timeout: Setting<Duration>,
    pub retries: Setting<u64>,
    pub start_period: Setting<Duration>,
}

impl Build {
    /// The stage of its Dockerfile that it builds.
    pub fn stage(&self, recipe: &Recipe) -> Option<usize> {
        let Some(target) = &self.target else { return recipe.build.target };
        let target = target.known()?;
        let named = |stage: &Stage| {
            stage.name.as_ref().is_some_and(|name| name.value.eq_ignore_ascii_case(target))
        };
        recipe.build.stages.iter().position(named)
    }
}

impl FileMount {
    /// Where it is mounted, and where that is written; `default` is the directory of one that
    /// names no place, or no absolute one.
    pub fn place(&self, default: &str) -> Option<(String, Span)> {
        let text = self.target.as_ref().unwrap_or(&self.source);
        let path = text.known()?;
        let is_absolute = self.target.is_some() && path.starts_with('/');
        let place = if is_absolute { path.to_owned() } else { format!("{default}/{path}") };
        Some((normalise(&place), text.span()))
    }
}

impl Service {
    /// The value at a key, or below several.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        let may_have = |key: &&str| self.keys & mark(key) != 0;
        if path.first().is_none_or(may_have) { self.value.at(path) } else { None }
    }

    fn setting_at<T>(&self, path: &[&str], read: impl FnOnce(&str) -> Option<T>) -> Setting<T> {
        self.at(path).map_or(Setting::Absent, |value| value.setting(read))
    }

    /// A text at a key, or below several.
    pub fn string(&self, path: &[&str]) -> Setting<String> {
        self.setting_at(path, |text| Some(text.to_owned()))
    }

    /// A truth at a key, or below several.
    pub fn truth(&self, path: &[&str]) -> Setting<bool> {
        self.setting_at(path, value::truth)
    }

    /// A whole number at a key, or below several.
    pub fn integer(&self, path: &[&str]) -> Setting<i64> {
        self.setting_at(path, |text| text.parse().ok())
    }

    /// A number of bytes at a key, or below several.
    pub fn bytes(&self, path: &[&str]) -> Setting<i64> {
        self.setting_at(path, quantity::bytes)
    }

    /// A duration at a key, or below several.
    pub fn duration(&self, path: &[&str]) -> Setting<Duration> {
        self.setting_at(path, quantity::duration)
    }

    /// Whether it takes nothing from other files.
    pub fn is_alone(&self) -> bool {
        self.build.is_none() && self.env_files.is_empty() && self.label_files.is_empty()
    }

    /// The name that it gives the image that it builds, by which others may run it. One that is
    /// called like an official image is mistaken for that one.
    pub fn built_name(&self) -> Option<&str> {
        self.build.as_ref()?;
        self.image.as_ref().filter(|image| !image.is_official())?.text.known()
    }

    /// The name of the image that it runs and does not build.
    pub fn run_name(&self) -> Option<&str> {
        self.image.as_ref().filter(|_| self.build.is_none())?.text.known()
    }

    /// The database, queue or cache that it is by its image, if it runs more than a client of it.
    pub fn datastore(&self) -> Option<&'static Datastore> {
        let image = self.image.as_ref().filter(|image| image.is_pulled())?;
        let store = datastores::of(unmirrored(image.familiar()))?;
        let start = [&self.container.entrypoint, &self.container.command];
        let lines = start.into_iter().filter_map(|it| it.get()?.value.line());
        let line = lines.collect::<Vec<_>>().join(" ");
        (!datastores::is_client(&line)).then_some(store)
    }

    /// The profiles that it takes to be started; none means always.
    pub fn profiles(&self) -> &[Value] {
        self.at(&["profiles"]).map_or(&[], Value::items)
    }

    /// How many of it are to run: `scale`, else `deploy.replicas`.
    pub fn replicas(&self) -> Setting<i64> {
        self.integer(&["scale"]).or(self.integer(&["deploy", "replicas"]))
    }

    /// Whether it can run at the same time as another: neither needs a profile, or they share
    /// one, or several may be active, which nobody knows.
    pub fn can_run_with(&self, other: &Self) -> bool {
        let (own, others) = (self.profiles(), other.profiles());
        own.is_empty()
            || others.is_empty()
            || own.iter().any(|profile| {
                profile.known().is_none_or(|name| {
                    others.iter().any(|other| other.known().is_none_or(|other| other == name))
                })
            })
    }
}

/// Reads the services and resources out of a project's effective tree.
pub fn read(compose: &mut Compose, files: &Files) {
    let mut resources = |name: &str| -> Vec<Resource> {
        compose.root.take_entries(name).into_iter().map(resource).collect()
    };
    (compose.networks, compose.volumes) = (resources("networks"), resources("volumes"));
    (compose.secrets, compose.configs) = (resources("secrets"), resources("configs"));
    let services = compose.root.take_entries("services");
    let images = Mutex::default();
    let read = |service: Entry| {
        let (problems, wanted) = (Vec::new(), BTreeSet::new());
        let mut reader = Reader { compose: &*compose, files, images: &images, problems, wanted };
        let is_service = matches!(service.value.data, Data::Map(_));
        let service = is_service.then(|| Arc::new(reader.service(service)));
        (service, reader.problems, reader.wanted)
    };
    let read: Vec<_> = services.into_par_iter().with_min_len(MANY / 4).map(read).collect();
    for (service, mut problems, wanted) in read {
        compose.problems.append(&mut problems);
        compose.wanted.extend(wanted);
        compose.services.extend(service);
    }
}

fn resource(entry: Entry) -> Resource {
    let (name, value) = (entry.name(), entry.value);
    let external = match value.get("external") {
        // `external: {name: x}`, from before there was `name`.
        Some(external @ Value { data: Data::Map(_), .. }) => Setting::set(true, external.span),
        Some(external) => external.truth(),
        None => Setting::Absent,
    };
    Resource { name, value, external }
}

struct Reader<'a> {
    compose: &'a Compose,
    files: &'a Files,
    /// Those of all services.
    images: &'a Mutex<ImageRefs>,
    problems: Vec<Problem>,
    wanted: BTreeSet<String>,
}

impl Reader<'_> {
    fn service(&mut self, entry: Entry) -> Service {
        let (name, value) = (entry.name(), entry.value);
        let build = value.get("build").and_then(|build| self.build(build)).map(Box::new);
        let role = if build.is_some() { Role::Name } else { Role::Run };
        let image = value.get("image").and_then(Value::text).cloned();
        let image = image.map(|text| match self.images.lock() {
            Ok(mut images) => images.read(text, role),
            Err(_) => ImageRef::new(text, role),
        });
        let mut lines = Vec::new();
        let entrypoint = self.command(&value, "entrypoint", &mut lines);
        let command = self.command(&value, "command", &mut lines);
        let healthcheck = value.get("healthcheck").filter(|value| !value.is_null()).map(health);
        let (ports, volumes) = (self.ports(&value), self.volumes(&value));
        let container = Container {
            image: image.clone().filter(|_| build.is_none()),
            entrypoint: entrypoint.or(out_of_sight(&value)),
            command: command.or(out_of_sight(&value)),
            ports: ports.iter().flat_map(container_ports).collect(),
            mounts: collected(
                volumes.len(),
                volumes.iter().filter_map(mount).chain(host_files(&value)),
            ),
            healthcheck: healthcheck
                .as_ref()
                .map_or(Setting::Absent, container_health)
                .or(out_of_sight(&value)),
            ..container(&name, &value)
        };
        Service {
            keys: value.entries().iter().fold(0, |keys, entry| keys | mark(&entry.key.value)),
            image,
            build,
            labels: variables(value.get("labels")),
            depends_on: depends_on(&value),
            implied: implied(&value),
            networks: attachments(&value),
            ports,
            volumes,
            secrets: file_mounts(value.get("secrets")),
            configs: file_mounts(value.get("configs")),
            env_files: self.env_files(&value, "env_file"),
            label_files: self.env_files(&value, "label_file"),
            lines,
            healthcheck,
            stop_grace: value.setting_at(&["stop_grace_period"], quantity::duration),
            is_partial: value.get("extends").is_some(),
            container: Arc::new(container),
            name,
            value,
        }
    }

    fn build(&mut self, value: &Value) -> Option<Build> {
        if !matches!(value.data, Data::Scalar(..) | Data::Map(_)) {
            return None;
        }
        let context = value.text().or_else(|| value.get("context").and_then(Value::text));
        let file = value.get("dockerfile").and_then(Value::text);
        let inline = match value.get("dockerfile_inline").map(|inline| &inline.data) {
            // Empty is as if it were not there.
            Some(Data::Scalar(Scalar::String, text)) if !text.value().is_empty() => Some(text),
            _ => None,
        };
        let directory = match context {
            Some(context) => context
                .known()
                .filter(|path| !is_elsewhere(path) && !path.starts_with("service:"))
                .map(|path| self.compose.resolve(context.span().file, path)),
            None => Some(self.compose.resolve(value.span.file, ".")),
        };
        let dockerfile = match (&directory, inline) {
            (Some(directory), None) => match file {
                Some(file) => file
                    .known()
                    .filter(|file| !is_elsewhere(file))
                    .map(|file| super::resolve(directory, file)),
                None => Some(super::resolve(directory, "Dockerfile")),
            },
            _ => None,
        };
        if let Some(dockerfile) = &dockerfile
            && !self.files.is_known(dockerfile)
        {
            self.wanted.insert(dockerfile.clone());
        }
        Some(Build {
            span: value.span,
            context: context.cloned(),
            directory,
            file: dockerfile.as_deref().and_then(|path| self.files.find(path)).map(|file| file.id),
            is_absent: dockerfile.as_deref().is_some_and(|path| self.files.is_absent(path)),
            dockerfile,
            dockerfile_span: file.or(context).map_or(value.span, Text::span),
            inline: inline.cloned(),
            target: value.get("target").and_then(Value::text).cloned(),
            args: variables(value.get("args")),
            additional_contexts: variables(value.get("additional_contexts")),
            secrets: file_mounts(value.get("secrets")),
            ssh: variables(value.get("ssh")),
            value: value.clone(),
        })
    }

    fn command(
        &mut self,
        service: &Value,
        key: &'static str,
        lines: &mut Vec<Line>,
    ) -> Setting<Command> {
        let Some(value) = service.get(key) else { return Setting::Absent };
        match &value.data {
            Data::Null => Setting::Absent,
            Data::Scalar(_, text) => match words::split(text) {
                Ok(words) => {
                    lines.push(Line { key, text: text.clone(), dropped: words.dropped });
                    match text.value().trim_matches(HOLE) {
                        // The variable is the command.
                        "" if text.known().is_none() => Setting::Unresolved(value.span),
                        _ => Setting::set(Command::Exec(words.words), value.span),
                    }
                }
                Err(span) => {
                    let message = format!("Compose cannot split this `{key}` into words");
                    let help = "close the quote, or quote the parenthesis";
                    let problem = Problem::new(ProblemKind::Value, span, message).help(help);
                    self.problems.push(problem);
                    Setting::Unresolved(value.span)
                }
            },
            Data::List(items) => {
                let words = collected(items.len(), items.iter().filter_map(Value::text).cloned());
                if words.len() == items.len() {
                    Setting::set(Command::Exec(words), value.span)
                } else {
                    Setting::Unresolved(value.span)
                }
            }
            _ => Setting::Unresolved(value.span),
        }
    }

    fn ports(&mut self, service: &Value) -> Vec<PortMapping> {
        let items = service.get("ports").map(Value::items).unwrap_or_default();
        let mut ports = Vec::with_capacity(items.len());
        for item in items {
            match &item.data {
                Data::Scalar(_, text) => match port::parse(text) {
                    Ok(port) => ports.push(port),
                    Err(error) => self.complain(error),
                },
                Data::Map(_) => {
                    let side = |name: &str| {
                        item.get(name).map_or(Setting::Absent, |value| value.setting(Ports::parse))
                    };
                    let word = |name: &str| item.get(name).map_or(Setting::Absent, Value::string);
                    ports.push(PortMapping {
                        span: item.span,
                        host_ip: word("host_ip"),
                        published: side("published"),
                        target: side("target"),
                        protocol: word("protocol"),
                        mode: word("mode"),
                    });
                }
                _ => {}
            }
        }
        ports
    }

    fn volumes(&mut self, service: &Value) -> Vec<VolumeMount> {
        let items = service.get("volumes").map(Value::items).unwrap_or_default();
        let tmpfs = service.get("tmpfs").map(Value::items_or_self).unwrap_or_default();
        let mut mounts = Vec::with_capacity(items.len() + tmpfs.len());
        for item in items {
            match &item.data {
                Data::Scalar(_, text) => match volume::parse(text) {
                    Ok(mount) => mounts.push(mount),
                    Err(error) => self.complain(error),
                },
                Data::Map(_) => mounts.push(long_volume(item)),
                _ => {}
            }
        }
        mounts.extend(tmpfs.iter().filter_map(Value::text).map(|text| {
            let end = text.value().find(':').unwrap_or(text.value().len());
            VolumeMount {
                span: text.span(),
                kind: VolumeKind::Tmpfs,
                source: None,
                target: Some(text.slice(0..end)),
                read_only: Setting::Absent,
                ignored: Vec::new(),
                creates_host_path: false,
            }
        }));
        mounts
    }

    fn env_files(&mut self, service: &Value, key: &str) -> Vec<EnvFile> {
        let mut files = Vec::new();
        for item in service.get(key).map(Value::items_or_self).unwrap_or_default() {
            let Some(path) = item.text().or_else(|| item.get("path").and_then(Value::text)) else {
                continue;
            };
            let known = path.known().filter(|path| !is_elsewhere(path));
            let resolved = known.map(|known| self.compose.resolve(path.span().file, known));
            let file = resolved.as_deref().and_then(|path| self.files.find(path));
            let is_absent = resolved.as_deref().is_some_and(|path| self.files.is_absent(path));
            if let Some(resolved) = &resolved
                && !self.files.is_known(resolved)
            {
                self.wanted.insert(resolved.clone());
            }
            if let Some(file) = file
                && let Some(error) = dotenv::parse(file, &Variables::default()).error
            {
                let message = format!("Compose cannot read `{}`", path.value());
                let problem = Problem::new(ProblemKind::EnvFile, path.span(), message);
                self.problems.push(problem.also(error.span, error.value));
            }
            let absent = resolved.as_deref().filter(|_| is_absent);
            files.push(EnvFile {
                sample: absent.and_then(|path| sample_of(self.files, path, &mut self.wanted)),
                path: path.clone(),
                required: item.get("required").map_or(Setting::Absent, Value::truth),
                file: file.map(|file| file.id),
                is_absent,
                resolved,
            });
        }
        files
    }

    fn complain(&mut self, error: Spanned<String>) {
        let problem = Problem::new(ProblemKind::Value, error.span, error.value);
        self.problems.push(problem);
    }
}

fn long_volume(item: &Value) -> VolumeMount {
    let kind = match item.get("type").and_then(Value::known) {
        Some("bind") => VolumeKind::Bind,
        Some("volume") => VolumeKind::Volume,
        Some("tmpfs") => VolumeKind::Tmpfs,
        Some(_) => VolumeKind::Other,
        None => VolumeKind::Unknown,
    };
    let creates = item.at(&["bind", "create_host_path"]).map_or(Setting::Absent, Value::truth);
    VolumeMount {
        span: item.span,
        kind,
        source: item.get("source").and_then(Value::text).cloned(),
        target: item.get("target").and_then(Value::text).cloned(),
        read_only: item.get("read_only").map_or(Setting::Absent, Value::truth),
        ignored: Vec::new(),
        creates_host_path: kind == VolumeKind::Bind && !creates.is_false(),
    }
}

fn depends_on(service: &Value) -> Vec<Dependency> {
    let Some(value) = service.get("depends_on") else { return Vec::new() };
    let short = value.items().iter().filter_map(Value::text).map(|text| Dependency {
        service: Spanned::new(text.value().to_owned(), text.span()),
        condition: Spanned::new(Condition::Started, text.span()),
        required: Setting::Absent,
    });
    let long = value.entries().iter().map(|entry| {
        let Entry { key, value } = entry;
        let condition = value.get("condition");
        let meant = match condition.and_then(Value::known) {
            Some("service_started") => Condition::Started,
            Some("service_healthy") => Condition::Healthy,
            Some("service_completed_successfully") => Condition::CompletedSuccessfully,
            _ => Condition::Unknown,
        };
        Dependency {
            service: entry.name(),
            condition: Spanned::new(meant, condition.map_or(key.span, |value| value.span)),
            required: value.get("required").map_or(Setting::Absent, Value::truth),
        }
    });
    collected(value.items().len() + value.entries().len(), short.chain(long))
}

fn implied(service: &Value) -> Vec<Spanned<String>> {
    let mut names = Vec::new();
    for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
        if let Some(text) = service.get(key).and_then(Value::text)
            && let Some(name) = text.value().strip_prefix("service:")
        {
            let start = text.value().len() - name.len();
            names.push(Spanned::new(name.to_owned(), text.span_of(start..text.value().len())));
        }
    }
    for key in ["links", "volumes_from"] {
        for text in service.get(key).map(Value::items).unwrap_or_default() {
            let Some(text) = text.text() else { continue };
            let end = text.value().find(':').unwrap_or(text.value().len());
            let name = &text.value()[..end];
            if key == "links" || name != "container" {
                names.push(Spanned::new(name.to_owned(), text.span_of(0..end)));
            }
        }
    }
    names
}

fn attachments(service: &Value) -> Vec<Attachment> {
    let Some(value) = service.get("networks") else { return Vec::new() };
    let short = value.items().iter().filter_map(|item| {
        let network = Spanned::new(item.text()?.value().to_owned(), item.span);
        Some(Attachment { network, value: Value::implied(Data::Null, item.span) })
    });
    let long = value
        .entries()
        .iter()
        .map(|entry| Attachment { network: entry.name(), value: entry.value.clone() });
    collected(value.items().len() + value.entries().len(), short.chain(long))
}

fn file_mounts(value: Option<&Value>) -> Vec<FileMount> {
    let items = value.map(Value::items).unwrap_or_default();
    let mount = |item: &Value| {
        let source = item.text().or_else(|| item.get("source").and_then(Value::text))?;
        let target = item.get("target").and_then(Value::text);
        Some(FileMount { source: source.clone(), target: target.cloned() })
    };
    collected(items.len(), items.iter().filter_map(mount))
}

/// `KEY=value`, as list or mapping.
fn variables(value: Option<&Value>) -> Vec<Variable> {
    let variable =
        |entry: &Entry| Variable { name: entry.name(), value: entry.value.text().cloned() };
    match value.map(|value| &value.data) {
        Some(Data::List(items)) => {
            let pairs = items.iter().filter_map(merge::pair);
            collected(items.len(), pairs.map(|entry| variable(&entry)))
        }
        Some(Data::Map(entries)) => entries.iter().map(variable).collect(),
        _ => Vec::new(),
    }
}

fn health(value: &Value) -> Health {
    let duration = |name: &str| {
        value.get(name).map_or(Setting::Absent, |value| value.setting(quantity::duration))
    };
    let retries = value
        .get("retries")
        .map_or(Setting::Absent, |value| value.setting(|text| text.parse().ok()));
    Health {
        span: value.span,
        disable: value.get("disable").map_or(Setting::Absent, Value::truth),
        test: value.get("test").map_or(Setting::Absent, test),
        interval: duration("interval"),
        timeout: duration("timeout"),
        retries,
        start_period: duration("start_period"),
    }
}

/// `NONE` is an empty command.
fn test(value: &Value) -> Setting<Command> {
    let shell = |text: &Text| match text.known() {
        Some(_) => {
            let word = |word: &str| Spanned::new(word.to_owned(), text.span());
            let shell = ["/bin/sh", "-c"].map(word).to_vec();
            Setting::set(Command::Shell { shell, text: text.clone() }, value.span)
        }
        None => Setting::Unresolved(value.span),
    };
    match &value.data {
        Data::Null => Setting::Absent,
        Data::Scalar(_, text) => shell(text),
        Data::List(items) => match items.split_first() {
            Some((first, rest)) => match (first.known(), rest) {
                (Some("CMD-SHELL"), [line, ..]) => line.text().map_or(Setting::Absent, shell),
                (Some("CMD"), words) => {
                    let texts = words.iter().filter_map(Value::text).cloned();
                    let words = collected(words.len(), texts);
                    Setting::set(Command::Exec(words), value.span)
                }
                (Some("NONE"), _) => Setting::set(Command::Exec(Vec::new()), value.span),
                _ => Setting::Unresolved(value.span),
            },
            None => Setting::Absent,
        },
        _ => Setting::Unresolved(value.span),
    }
}

/// What the mapping of a service alone says of the view that all formats share.
/// A hook runs beside the service, or in it.
fn privileged_hook(service: &Value) -> Setting<bool> {
    let hooks = ["pre_start", "post_start", "pre_stop"].into_iter();
    let hooks = hooks.filter_map(|key| service.get(key)).flat_map(Value::items);
    let privileged = hooks.filter_map(|hook| hook.get("privileged")).map(Value::truth);
    privileged.into_iter().find(Setting::is_true).unwrap_or_default()
}

fn container(name: &Spanned<String>, service: &Value) -> Container {
    let truth = |key: &str| service.setting_at(&[key], value::truth).or(out_of_sight(service));
    let host = |key: &str| {
        let mode = service.setting_at(&[key], |mode| Some(mode == "host"));
        mode.or(out_of_sight(service))
    };
    let strings = |key: &str| -> Vec<Spanned<String>> {
        let items = service.get(key).map(Value::items).unwrap_or_default();
        let known = |item: &Value| Some(Spanned::new(item.known()?.to_owned(), item.span));
        items.iter().filter_map(known).collect()
    };
    let user = service.setting_at(&["user"], |user| Some(User::parse(user)));
    Container {
        format: Format::Compose,
        part: Part::Service { job: service.get("restart").and_then(Value::known) == Some("no") },
        file: name.span.file,
        name: name.clone(),
        image: None,
        user: user.or(out_of_sight(service)),
        is_windows: service
            .at(&["platform"])
            .and_then(Value::known)
            .is_some_and(|platform| platform.starts_with("windows")),
        non_root: Setting::NotApplicable,
        init: truth("init"),
        terminal: ["stdin_open", "tty"]
            .map(truth)
            .into_iter()
            .find(Setting::is_true)
            .unwrap_or_default(),
        entrypoint: Setting::Absent,
        command: Setting::Absent,
        privileged: truth("privileged").or(privileged_hook(service)),
        read_only_root: truth("read_only"),
        privilege_escalation: privilege_escalation(service).or(out_of_sight(service)),
        capabilities: Capabilities {
            add: strings("cap_add"),
            drop: strings("cap_drop"),
            drops_all: drops_all(service),
        },
        unguarded: unguarded(service),
        host: HostAccess {
            network: host("network_mode"),
            process: host("pid"),
            ipc: host("ipc"),
            users: host("userns_mode"),
            cgroup: host("cgroup"),
            uts: host("uts"),
        },
        memory_limit: memory_limit(service).or(out_of_sight(service)),
        environment: variables(service.get("environment")),
        ports: Vec::new(),
        mounts: Vec::new(),
        healthcheck: Setting::Absent,
        stop_signal: service.setting_at(&["stop_signal"], |signal| Some(signal.to_owned())),
        programs: Vec::new(),
        drops_root: false,
        is_of_go: false,
        scripts: Vec::new(),
        lacks: Vec::new(),
        writes: None,
        probes: Vec::new(),
        built_from: None,
        heirs: Vec::new(),
        written: OnceLock::new(),
    }
}

/// Where a service extends another that is not in view: whatever it does not say may be said
/// there.
fn out_of_sight<T>(service: &Value) -> Setting<T> {
    service.get("extends").map_or(Setting::Absent, |extends| Setting::Unresolved(extends.span))
}

fn privilege_escalation(service: &Value) -> Setting<bool> {
    let mut found = Setting::Absent;
    for option in service.get("security_opt").map(Value::items).unwrap_or_default() {
        match option.known().map(|text| text.replace('=', ":")).as_deref() {
            Some("no-new-privileges" | "no-new-privileges:true") => {
                found = Setting::set(false, option.span);
            }
            Some("no-new-privileges:false") => found = Setting::set(true, option.span),
            Some(_) => {}
            None => found = found.or(Setting::Unresolved(option.span)),
        }
    }
    found
}

fn drops_all(service: &Value) -> Setting<bool> {
    let Some(list) = service.get("cap_drop") else { return out_of_sight(service) };
    if list.items().iter().any(|item| item.known().is_none()) {
        return Setting::Unresolved(list.span);
    }
    Setting::set(are_all(list.items().iter().filter_map(Value::known)), list.span)
}

fn unguarded(service: &Value) -> Vec<Spanned<Guard>> {
    let options = service.get("security_opt").map(Value::items).unwrap_or_default();
    let guard = |option: &Value| {
        let guard = match option.known()?.replace('=', ":").as_str() {
            "seccomp:unconfined" => Guard::SystemCalls,
            "apparmor:unconfined" => Guard::AppArmor,
            "label:disable" => Guard::Selinux,
            "systempaths:unconfined" => Guard::Proc,
            _ => return None,
        };
        Some(Spanned::new(guard, option.span))
    };
    options.iter().filter_map(guard).collect()
}

/// What `use_api_socket` and `devices` mount from the host.
fn host_files(service: &Value) -> Vec<Mount> {
    let socket = service.get("use_api_socket").filter(|socket| socket.truth().is_true());
    let socket = socket
        .map(|socket| Text::written(Spanned::new("/var/run/docker.sock".to_owned(), socket.span)));
    let devices = service.get("devices").map(Value::items).unwrap_or_default();
    let devices = devices.iter().filter_map(|device| {
        let text = device.text().or_else(|| device.get("source").and_then(Value::text))?;
        Some(text.slice(0..text.value().find(':').unwrap_or(text.value().len())))
    });
    let mount = |path: Text| Mount {
        span: path.span(),
        target: path.clone(),
        source: Some(path),
        from_host: true,
        writable: true,
    };
    socket.into_iter().chain(devices).map(mount).collect()
}

fn memory_limit(service: &Value) -> Setting<u64> {
    let limits = [&["deploy", "resources", "limits", "memory"][..], &["mem_limit"]];
    let [limit, legacy] = limits.map(|path| service.setting_at(path, quantity::bytes));
    match limit.or(legacy) {
        // Zero and less mean: no limit.
        Setting::Set(limit) => match u64::try_from(limit.value) {
            Ok(bytes) if bytes > 0 => Setting::set(bytes, limit.span),
            _ => Setting::Absent,
        },
        other => other.map(|_| 0),
    }
}

/// Ranges are opened; a range in which nobody can name the single ports gives its first.
fn container_ports(port: &PortMapping) -> Vec<Port> {
    let Some(target) = port.target.get() else { return Vec::new() };
    // Nobody knows what is opened if nobody knows where.
    let published = port.published.get().filter(|_| !port.host_ip.is_unresolved());
    let host_address = port.host_ip.get().cloned();
    let wide = published.is_some_and(|published| {
        published.value.last - published.value.first != target.value.last - target.value.first
    });
    (target.value.first..=target.value.last)
        .map(|number| Port {
            number: Spanned::new(number, target.span),
            last: number,
            published: published.map(|published| {
                let offset = if wide { 0 } else { number - target.value.first };
                Spanned::new(published.value.first + offset, published.span)
            }),
            host_address: host_address.clone(),
        })
        .collect()
}

fn mount(volume: &VolumeMount) -> Option<Mount> {
    Some(Mount {
        source: volume.source.clone(),
        target: volume.target.clone()?,
        from_host: volume.kind == VolumeKind::Bind,
        writable: !volume.read_only.is_true(),
        span: volume.span,
    })
}

fn container_health(health: &Health) -> Setting<Healthcheck> {
    if let Some(disable) = health.disable.get().filter(|disable| disable.value) {
        return Setting::set(Healthcheck::Disabled, disable.span);
    }
    match &health.test {
        Setting::Set(test) if test.value.is_empty() => {
            Setting::set(Healthcheck::Disabled, test.span)
        }
        Setting::Set(test) => Setting::set(Healthcheck::Command(test.value.clone()), test.span),
        Setting::Unresolved(span) => Setting::Unresolved(*span),
        Setting::Absent | Setting::NotApplicable => Setting::Absent,
    }
}
