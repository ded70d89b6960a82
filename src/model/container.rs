//! The one view of a container that all formats share: what runs, as whom, with which rights.

use std::sync::{Arc, OnceLock};

use crate::knowledge::writes::{self, Writes};
use crate::knowledge::{accounts, inits};
use crate::source::{FileId, Span, Spanned};
use crate::syntax::shell::{Item, Word};

use super::Format;
use super::command::Command;
use super::context::EntryScript;
use super::credentials::Written;
use super::image::ImageRef;
use super::process::{Process, process_one};
use super::script::Ending;
use super::setting::Setting;
use super::text::Text;
use super::user::User;

/// A container as a Dockerfile's final or targeted stage, a Compose service or a pod describes
/// it. The view is a union: a format without a word for something says `NotApplicable`.
#[derive(Clone, Debug)]
pub struct Container {
    pub format: Format,
    pub part: Part,
    pub file: FileId,
    /// The words to blame for what is missing: the name of a stage (or its `FROM`), a service, a
    /// pod's container.
    pub name: Spanned<String>,
    /// What settles all that is not said here: the image that is run, or of an image the base that
    /// its stages go back to; `scratch` too. `None` where that is built in view or unknown.
    pub image: Option<ImageRef>,
    pub user: Setting<User>,
    /// It says itself that it runs on Windows; its base may tell, too.
    pub is_windows: bool,
    /// Kubernetes' guard `runAsNonRoot`.
    pub non_root: Setting<bool>,
    /// Whether the runtime itself puts an init before the program: Compose `init`, Kubernetes
    /// `shareProcessNamespace`.
    pub init: Setting<bool>,
    /// An open input or a terminal, for somebody who types.
    pub terminal: Setting<bool>,
    /// `ENTRYPOINT`, Compose `entrypoint`, Kubernetes `command`.
    pub entrypoint: Setting<Command>,
    /// `CMD`, Compose `command`, Kubernetes `args`.
    pub command: Setting<Command>,
    pub privileged: Setting<bool>,
    pub read_only_root: Setting<bool>,
    /// Kubernetes `allowPrivilegeEscalation`; Compose `no-new-privileges`, negated.
    pub privilege_escalation: Setting<bool>,
    pub capabilities: Capabilities,
    /// What of the kernel's guards is switched off, each where that is written.
    pub unguarded: Vec<Spanned<Guard>>,
    pub host: HostAccess,
    /// Bytes.
    pub memory_limit: Setting<u64>,
    pub environment: Vec<Variable>,
    pub ports: Vec<Port>,
    pub mounts: Vec<Mount>,
    /// `HEALTHCHECK`, Compose `healthcheck`; Kubernetes has probes instead.
    pub healthcheck: Setting<Healthcheck>,
    /// What it is told to end with.
    pub stop_signal: Setting<String>,
    /// What the probes of a pod run in it.
    pub probes: Vec<Spanned<Command>>,
    /// Directories of an image into which its steps copy what it starts, by these steps.
    pub programs: Vec<Spanned<String>>,
    /// An image whose own steps bring what changes from root to another user at the start.
    pub drops_root: bool,
    /// An image that takes its programs out of a stage of Go: Go's runtime ends them at a signal that
    /// they do not answer, even as process 1 (`dieFromSignal` in its `runtime/signal_unix.go`).
    pub is_of_go: bool,
    /// The scripts of the build context that an image, a service or a pod starts with, one handing on to
    /// the other; of those that run an image only if they start something of their own.
    pub scripts: Vec<Arc<EntryScript>>,
    /// Those of [`tools::ALL`](crate::knowledge::tools::ALL) that an image built in view is known not to have.
    pub lacks: Vec<&'static str>,
    /// What an image built in view writes to when it starts, as its base does.
    pub writes: Option<&'static Writes>,
    /// For a service or a pod: the image built in view that it runs.
    pub built_from: Option<Arc<Container>>,
    /// For an image: those in view that run it in production. Their `built_from` is empty.
    pub heirs: Vec<Arc<Container>>,
    /// See [`Container::written_credentials`]: several rules ask.
    pub(super) written: OnceLock<Vec<Written>>,
}

/// Which part a container plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What a Dockerfile builds.
    Image,
    /// A Compose service; `job` if another waits for it to end, or nothing starts it again.
    Service {
        job: bool,
    },
    /// One of a pod's `containers`; `job` if the pod is to end.
    Main {
        job: bool,
    },
    /// Runs to its end before the others start.
    Init,
    /// An init container with `restartPolicy: Always`.
    Sidecar,
    Ephemeral,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    pub add: Vec<Spanned<String>>,
    pub drop: Vec<Spanned<String>>,
    /// Whether those that the runtime gives by default are dropped.
    pub drops_all: Setting<bool>,
}

/// What keeps a container in, beside namespaces and capabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Seccomp.
    SystemCalls,
    AppArmor,
    Selinux,
    /// What hides parts of `/proc`, or makes them read-only.
    Proc,
}

/// The host's namespaces that a container shares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostAccess {
    pub network: Setting<bool>,
    pub process: Setting<bool>,
    pub ipc: Setting<bool>,
    /// Root is root of the host; Kubernetes shares it unless told otherwise.
    pub users: Setting<bool>,
    /// The tree of control groups; Compose alone has a word for it.
    pub cgroup: Setting<bool>,
    /// The host's name; Compose alone has a word for it.
    pub uts: Setting<bool>,
}

/// An environment variable. `value` is `None` where only its name is given, or where it comes
/// from elsewhere (a Secret, a file, the caller's environment).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: Spanned<String>,
    pub value: Option<Text>,
}

/// A port that the container listens on, or that is opened to the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The container's side.
    pub number: Spanned<u16>,
    /// The last port of a range, `number` being its first.
    pub last: u16,
    /// The host's side, where one is asked for.
    pub published: Option<Spanned<u16>>,
    /// The host's address that it is bound to, if one is named.
    pub host_address: Option<Spanned<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// A host path, a volume's name; empty for anonymous and temporary ones.
    pub source: Option<Text>,
    pub target: Text,
    pub from_host: bool,
    pub writable: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Healthcheck {
    /// `NONE`, `disable: true`.
    Disabled,
    Command(Command),
}

impl Container {
    /// What an image's entrypoint and command, overridden here, come to. A service's or a pod's
    /// own entrypoint drops the image's command (Docker, Kubernetes and Compose agree).
    pub fn start(&self) -> Start<'_> {
        let image = self.built_from.as_deref();
        let inherited = |of: fn(&Self) -> &Setting<Command>| image.map_or(&Setting::Absent, of);
        let own_entrypoint = !self.entrypoint.is_absent();
        let entrypoint =
            if own_entrypoint { &self.entrypoint } else { inherited(|image| &image.entrypoint) };
        // An empty one takes the image's entrypoint away, and leaves its command.
        let is_empty = self.entrypoint.get().is_some_and(|it| it.value.is_empty());
        let command = if own_entrypoint && !is_empty || !self.command.is_absent() {
            &self.command
        } else {
            inherited(|image| &image.command)
        };
        Start { entrypoint, command }
    }

    /// The variables in force: its own, and those of an image built in view that it leaves.
    pub fn effective_environment(&self) -> Vec<&Variable> {
        let inherited = self.built_from.iter().flat_map(|image| &image.environment);
        let is_own =
            |name: &str| self.environment.iter().any(|variable| variable.name.value == name);
        let left = inherited.filter(|variable| !is_own(&variable.name.value));
        self.environment.iter().chain(left).collect()
    }

    /// How a message calls it.
    pub fn subject(&self) -> String {
        match self.format {
            Format::Dockerfile => "the image".to_owned(),
            Format::Compose => format!("service `{}`", self.name.value),
            Format::Kubernetes => format!("container `{}`", self.name.value),
        }
    }

    /// The image that settles what neither this nor an image built in view says.
    pub fn base(&self) -> Option<&ImageRef> {
        match &self.built_from {
            Some(image) => image.image.as_ref(),
            None => self.image.as_ref(),
        }
    }

    /// What it writes to when it starts, if its image is known and started as it is.
    pub fn writes(&self) -> Option<&'static Writes> {
        let row = match &self.built_from {
            Some(image) => image.writes,
            None => writes::of(self.image.as_ref()?.familiar()),
        }?;
        let start = self.start();
        let is_default = |setting: &Setting<Command>| match setting {
            Setting::Set(command) => {
                let words = command.value.known_words().unwrap_or_default();
                let words: Vec<&str> = words.iter().map(|word| word.value).collect();
                row.commands.contains(&words.join(" ").as_str())
            }
            setting => setting.is_absent(),
        };
        (start.entrypoint.is_absent() && is_default(start.command)).then_some(row)
    }

    /// Whether it is known not to have one of [`tools::ALL`](crate::knowledge::tools::ALL).
    pub fn lacks(&self, tool: &str) -> bool {
        match (&self.built_from, self.part) {
            (Some(image), _) => image.lacks.contains(&tool),
            (None, Part::Image) => self.lacks.contains(&tool),
            (None, _) => self.image.as_ref().is_some_and(|image| image.lacks(tool)),
        }
    }

    /// What is run in it to ask how it is: its health check, its probes.
    pub fn questions(&self) -> impl Iterator<Item = (&Command, Span)> {
        let check = self.healthcheck.get().and_then(|check| match &check.value {
            Healthcheck::Command(command) => Some((command, check.span)),
            Healthcheck::Disabled => None,
        });
        check.into_iter().chain(self.probes.iter().map(|probe| (&probe.value, probe.span)))
    }

    /// What runs as process 1, as far as the files tell.
    pub fn process_one(&self) -> Option<Process> {
        let start = self.start();
        let sh = self.base().and_then(ImageRef::sh);
        let scripts = self.started_scripts();
        // An init before a script stays, whatever that hands on to.
        let written = process_one(start, sh, true).filter(|_| !scripts.is_empty());
        if let Some(init @ Process::Init { .. }) = written {
            return Some(init);
        }
        match scripts {
            [] => process_one(start, sh, self.base().is_some_and(ImageRef::passes_on)),
            [script] if script.ending.only_passes_on() => {
                process_one(Start { entrypoint: &Setting::Absent, ..start }, sh, true)
            }
            [.., last] => last.successor().or_else(|| process_one(start, sh, true)),
        }
    }

    /// How what it starts ends, with the command that says so: its last script, or the text or the
    /// words of its command.
    pub fn ending(&self) -> Option<(Ending, Span)> {
        let start = self.start();
        let (entrypoint, command) = (start.entrypoint.get(), start.command.get());
        match self.started_scripts() {
            [.., last] if !last.ending.passes_on() => {
                return Some((last.ending.clone(), last.word.span));
            }
            [] => {}
            _ => return command.and_then(ending),
        }
        match (entrypoint, command) {
            (Some(entrypoint), Some(command)) => match (&entrypoint.value, &command.value) {
                (Command::Exec(first), Command::Exec(rest)) => {
                    let words = Command::Exec([first.clone(), rest.clone()].concat());
                    let span = if rest.is_empty() { entrypoint.span } else { command.span };
                    ending(&Spanned::new(words, span))
                }
                _ => ending(entrypoint),
            },
            (one, other) => one.or(other).and_then(ending),
        }
    }

    /// Why an entrypoint of its own, which takes the image's command away and has none with it,
    /// starts nothing of use.
    pub fn lacks_command(&self) -> Option<String> {
        let entrypoint = self.entrypoint.get().filter(|it| !it.value.is_empty())?;
        if !self.command.is_absent() {
            return None;
        }
        let image = self.built_from.as_deref().and_then(|image| image.entrypoint.get());
        if image.is_some_and(|image| image.value.line() == entrypoint.value.line()) {
            return Some("is the image's own `ENTRYPOINT` otherwise".to_owned());
        }
        if let (Some(image), Some(dropped)) = (image, self.built_from.as_deref()) {
            let own = entrypoint.value.known_words().unwrap_or_default();
            let first = image.value.known_words().unwrap_or_default();
            let behind = own.get(first.len()).filter(|_| {
                !first.is_empty()
                    && first.iter().zip(&own).all(|(one, other)| one.value == other.value)
            });
            let dropped =
                dropped.command.get().and_then(|it| Some(it.value.known_words()?.first()?.value));
            // Options beside other options may be meant instead of them.
            if behind.is_some_and(|it| it.value.starts_with('-'))
                && dropped.is_some_and(|it| !it.starts_with('-'))
            {
                return Some("adds options to the image's own `ENTRYPOINT`".to_owned());
            }
        }
        if let [scripts @ .., last] = &*self.scripts
            && scripts.iter().all(|script| script.ending.passes_on())
            && last.ending.only_runs_arguments()
        {
            return Some(format!("`{}` runs what it is given", last.word.value));
        }
        if entrypoint.value.is_prompt() && !self.terminal.is_true() {
            return Some(format!("`{}` has no program to run", entrypoint.value.line()?));
        }
        let script = entrypoint.value.script()?;
        let [Item { pipeline, .. }] = &*script.list.items else { return None };
        let command = pipeline.simple().next()?;
        let starter = match command.program() {
            None => command.wrappers().last()?.name.to_owned(),
            // One that starts others, and there is none.
            Some(program) => {
                let own = |word: &&Word| !word.prefix().starts_with('-');
                let given = program.arguments.iter().filter(own).count();
                (given <= own_words(&program.name)?).then(|| program.name.into_owned())?
            }
        };
        Some(format!("`{starter}` has nothing to start"))
    }

    /// The scripts that it starts with, be they its image's.
    pub fn started_scripts(&self) -> &[Arc<EntryScript>] {
        match &self.built_from {
            Some(image) if !self.starts_something() => &image.scripts,
            _ => &self.scripts,
        }
    }

    /// What it starts itself as process 1, if nobody in view puts an init before it and it is meant
    /// to go on.
    pub fn own_process_one(&self) -> Option<Process> {
        self.is_own_process_one().then(|| self.process_one()).flatten()
    }

    /// Whether process 1 is of its own choice, see [`Container::own_process_one`].
    pub fn is_own_process_one(&self) -> bool {
        let has_init = |of: &Self| of.init.is_true() || of.init.is_unresolved();
        let is_settled = !self.heirs.is_empty() && self.heirs.iter().all(|heir| has_init(heir));
        // What the image starts is told where the image is built.
        let is_windows = self.is_windows || self.base().is_some_and(ImageRef::is_windows);
        let is_own = self.is_long_running() && self.starts_something() && !is_windows;
        is_own && !has_init(self) && !is_settled && !self.base_brings_init()
    }

    /// Whether the image that all goes back to starts an init by itself, and still may.
    fn base_brings_init(&self) -> bool {
        let start = self.start();
        self.base().and_then(|base| base.init()).is_some_and(|init| match init.start {
            inits::Start::Entrypoint => start.entrypoint.is_absent(),
            inits::Start::Command => start.entrypoint.is_absent() && start.command.is_absent(),
        })
    }

    /// Whether it says itself what runs, be it only with which arguments.
    pub fn starts_something(&self) -> bool {
        !self.entrypoint.is_absent() || !self.command.is_absent()
    }

    /// Whether it is meant to run until it is stopped.
    pub fn is_long_running(&self) -> bool {
        match self.part {
            Part::Image | Part::Sidecar => true,
            Part::Service { job } | Part::Main { job } => !job,
            Part::Init | Part::Ephemeral => false,
        }
    }
}

/// How many words, beside its name and options, are a program's own that is there to start
/// another one.
fn own_words(name: &str) -> Option<usize> {
    match name {
        "tini" | "tini-static" | "dumb-init" | "catatonit" | "docker-init" => Some(0),
        _ => accounts::drops_root(name).then_some(1),
    }
}

fn ending(command: &Spanned<Command>) -> Option<(Ending, Span)> {
    Some((Ending::of(&command.value.script()?), command.span))
}

/// What a container starts, see [`Container::start`].
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    pub entrypoint: &'a Setting<Command>,
    pub command: &'a Setting<Command>,
}
