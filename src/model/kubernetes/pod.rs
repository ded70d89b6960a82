//! Pods: what a pod template says of its containers, their rights and their volumes.

mod moved;

use std::sync::{Arc, OnceLock};

use crate::knowledge::capabilities::are_all;
use crate::source::{Span, Spanned};
use crate::syntax::yaml::{Entry, Node, NodeId};

use super::super::Format;
use super::super::command::Command;
use super::super::container::{
    Capabilities, Container, Guard, HostAccess, Mount, Part, Port, Variable,
};
use super::super::image::{ImageRef, Role};
use super::super::quantity::Quantity;
use super::super::setting::Setting;
use super::super::text::Text;
use super::super::user::User;
use super::labels::Labels;
use super::network::ServicePort;
use super::object::Manifest;
use super::read;

/// A pod, or the template that pods are made from.
#[derive(Clone, Debug)]
pub struct Pod {
    /// The node that holds `containers`.
    pub spec: NodeId,
    /// The words to blame for what the pod lacks.
    pub name: Spanned<String>,
    pub labels: Labels,
    pub annotations: Labels,
    /// The keys of labels that a kustomization gives the pods and whatever selects pods.
    pub common_labels: Vec<String>,
    pub containers: Vec<PodContainer>,
    pub volumes: Vec<Volume>,
    /// A template may add volumes, or an operator does.
    pub has_open_volumes: bool,
    /// Other objects that it needs, in the order of the text.
    pub references: Vec<Reference>,
    pub host_network: Setting<bool>,
    pub host_process: Setting<bool>,
    pub host_ipc: Setting<bool>,
    /// `hostUsers: false` maps root to an unprivileged user of the host.
    pub host_users: Setting<bool>,
    pub share_process_namespace: Setting<bool>,
    pub restart_policy: Setting<String>,
    pub service_account: Setting<String>,
    pub automount_token: Setting<bool>,
    /// Seconds.
    pub termination_grace: Setting<i64>,
    pub dns_policy: Setting<String>,
    /// For all containers together.
    pub resources: Resources,
    /// The group that owns mounted volumes.
    pub fs_group: Setting<i64>,
    /// `os.name`.
    pub system: Setting<String>,
    /// `os.name: windows`, `windowsOptions`, or placed on nodes of Windows.
    pub is_windows: bool,
}

/// One container of a pod: the view that all formats share, and what only Kubernetes says.
#[derive(Clone, Debug)]
pub struct PodContainer {
    pub view: Arc<Container>,
    /// Its own mapping.
    pub node: NodeId,
    pub pull_policy: Setting<String>,
    pub security: Security,
    pub resources: Resources,
    pub ports: Vec<ContainerPort>,
    /// A template may add ports of its own.
    pub has_open_ports: bool,
    pub probes: Vec<Probe>,
    /// A template may add probes of its own.
    pub has_open_probes: bool,
    /// Seconds that its `preStop` hook sleeps, where it does nothing else.
    pub stop_delay: Setting<i64>,
    /// The mounts' volume names, in the order of the view's `mounts`.
    pub mounted: Vec<Setting<String>>,
}

/// The effective security context beyond what [`Container`] holds. Each value has the span where
/// it is written, be it the container's or the pod's context.
#[derive(Clone, Debug, Default)]
pub struct Security {
    /// The container's own `securityContext`, key and all, if it has one.
    pub span: Option<Span>,
    pub run_as_group: Setting<i64>,
    /// `seccompProfile.type`.
    pub seccomp: Setting<String>,
}

/// `resources`: quantities as they are written.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    /// Where it is written, if it is.
    pub span: Option<Span>,
    pub requests: Quantities,
    pub limits: Quantities,
}

/// Resource names and quantities, `cpu: 500m`.
#[derive(Clone, Debug, Default)]
pub struct Quantities {
    entries: Vec<(Spanned<String>, Setting<String>)>,
    /// Where a template may add to them.
    open: Option<Span>,
}

/// One of a container's `ports`.
#[derive(Clone, Debug)]
pub struct ContainerPort {
    pub span: Span,
    pub name: Setting<String>,
    pub number: Setting<i64>,
    pub host_port: Setting<i64>,
    pub protocol: Setting<String>,
}

/// A probe of a container.
#[derive(Clone, Debug)]
pub struct Probe {
    pub kind: ProbeKind,
    /// The probe's key: `livenessProbe`.
    pub span: Span,
    pub node: NodeId,
    pub handler: Handler,
    /// Seconds.
    pub initial_delay: Setting<i64>,
    /// Seconds.
    pub period: Setting<i64>,
    /// Seconds.
    pub timeout: Setting<i64>,
    pub success_threshold: Setting<i64>,
    pub failure_threshold: Setting<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeKind {
    Liveness,
    Readiness,
    Startup,
}

/// What a probe does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handler {
    Exec(Setting<Command>),
    Http {
        port: PortRef,
        path: Setting<String>,
    },
    Tcp {
        port: PortRef,
    },
    Grpc {
        port: PortRef,
    },
    /// None is written, or a template decides.
    Unknown,
}

/// A port by number or by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortRef {
    Number(Spanned<i64>),
    Name(Spanned<String>),
    Unknown,
}

/// A pod's volume.
#[derive(Clone, Debug)]
pub struct Volume {
    pub name: Setting<String>,
    pub span: Span,
    pub source: VolumeSource,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeSource {
    HostPath {
        path: Setting<String>,
    },
    EmptyDir {
        /// `Memory`; on the node's disk, if none is given.
        medium: Setting<String>,
        size_limit: Setting<String>,
    },
    Claim {
        name: Setting<String>,
    },
    ConfigMap,
    Secret,
    Projected,
    /// Any other kind, by its key.
    Other(Spanned<String>),
    Unknown,
}

/// Another object that a pod needs.
#[derive(Clone, Debug)]
pub struct Reference {
    pub to: Target,
    /// The object's name.
    pub name: Setting<String>,
    /// The key within it, where one is asked for.
    pub key: Setting<String>,
    /// The pod starts without it.
    pub optional: bool,
    /// A variable of the environment: what changes later is not seen by what runs.
    pub at_start: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    ConfigMap,
    Secret,
    ServiceAccount,
    PersistentVolumeClaim,
}

/// What a pod's place in its object says of it.
pub(super) struct Setup {
    /// The object's name.
    pub name: Spanned<String>,
    /// It is to end.
    pub job: bool,
    /// Whoever reads it adds to it.
    pub is_completed: bool,
    /// Where its containers stand.
    pub lists: Lists,
}

/// Keys of containers, one or a list of them, and what they are if nothing else is said.
pub(super) type Lists = &'static [(&'static str, Part)];

pub(super) const LISTS: Lists = &[
    ("initContainers", Part::Init),
    ("containers", Part::Main { job: false }),
    ("ephemeralContainers", Part::Ephemeral),
];

impl Pod {
    /// The ports that probes ask and that their containers do not list, each with its container.
    pub fn unserved_probes(&self) -> impl Iterator<Item = (&PodContainer, &PortRef)> {
        self.containers.iter().flat_map(|container| {
            let ports = container.probes.iter().filter_map(|probe| probe.handler.port());
            let unserved = ports.filter(|port| !container.may_be_probed_on(port));
            unserved.map(move |port| (container, port))
        })
    }

    /// Reads a pod spec, with the `metadata` beside it.
    pub(super) fn read(spec: Node, metadata: Option<Node>, setup: &Setup) -> Self {
        let restart_policy = read::string_of(spec, "restartPolicy");
        let ends = restart_policy.get().is_some_and(|policy| policy.value != "Always");
        let contexts = Contexts { container: &Setting::Absent, pod: &read::held(spec, CONTEXT) };
        let mut pod = Self {
            spec: spec.id(),
            name: setup.name.clone(),
            labels: Labels::read(metadata.and_then(|metadata| metadata.get("labels"))),
            annotations: Labels::read(metadata.and_then(|metadata| metadata.get("annotations"))),
            common_labels: Vec::new(),
            containers: Vec::new(),
            volumes: Vec::new(),
            has_open_volumes: setup.is_completed
                || read::is_open(spec.get("volumes").unwrap_or(spec)),
            references: Vec::new(),
            host_network: read::flag_of(spec, "hostNetwork"),
            host_process: read::flag_of(spec, "hostPID"),
            host_ipc: read::flag_of(spec, "hostIPC"),
            host_users: read::flag_of(spec, "hostUsers"),
            share_process_namespace: read::flag_of(spec, "shareProcessNamespace"),
            restart_policy,
            service_account: read::string_of(spec, "serviceAccountName")
                .or(read::string_of(spec, "serviceAccount")),
            automount_token: read::flag_of(spec, "automountServiceAccountToken"),
            termination_grace: read::integer_of(spec, "terminationGracePeriodSeconds"),
            dns_policy: read::string_of(spec, "dnsPolicy"),
            resources: Resources::read(spec),
            fs_group: contexts.effective("fsGroup", read::integer_of),
            system: read::within(spec, "os", |system| read::string_of(system, "name")),
            is_windows: is_windows(spec),
        };
        if let Some(volumes) = spec.get("volumes") {
            for volume in volumes.items() {
                pod.volumes.push(Volume::read(volume, &mut pod.references));
            }
        }
        pod.has_open_volumes |=
            pod.volumes.iter().any(|volume| matches!(volume.name, Setting::Unresolved(_)));
        for (key, part) in setup.lists {
            let Some(list) = spec.get(key) else { continue };
            let single = ["container", "script"].contains(key).then_some(list);
            for node in list.items().chain(single).filter(|node| node.is_mapping()) {
                let part = match part {
                    Part::Init if is_sidecar(node) => Part::Sidecar,
                    Part::Main { job } => Part::Main { job: *job || setup.job || ends },
                    part => *part,
                };
                pod.add(contexts, node, part);
            }
        }
        for secret in spec.get("imagePullSecrets").into_iter().flat_map(Node::items) {
            let reference = Reference::read(Target::Secret, secret, "name");
            pod.references.push(Reference { optional: true, ..reference });
        }
        if !pod.service_account.is_absent() {
            pod.references.push(Reference {
                to: Target::ServiceAccount,
                name: pod.service_account.clone(),
                key: Setting::Absent,
                optional: false,
                at_start: false,
            });
        }
        pod
    }

    /// Takes for open what is not written: something else completes it.
    pub(super) fn open(&mut self) {
        let span = self.name.span;
        self.has_open_volumes = true;
        self.resources.open(span);
        self.restart_policy.open(span);
        self.automount_token.open(span);
        self.termination_grace.open(span);
        self.dns_policy.open(span);
        self.system.open(span);
        for container in &mut self.containers {
            let view = Arc::make_mut(&mut container.view);
            view.user.open(span);
            view.non_root.open(span);
            view.init.open(span);
            view.entrypoint.open(span);
            view.command.open(span);
            view.read_only_root.open(span);
            view.privilege_escalation.open(span);
            view.capabilities.drops_all.open(span);
            view.memory_limit.open(span);
            container.security.run_as_group.open(span);
            container.security.seccomp.open(span);
            container.resources.open(span);
            container.has_open_ports = true;
            container.has_open_probes = true;
        }
    }

    /// The containers that keep running: main ones and sidecars.
    pub fn running(&self) -> impl Iterator<Item = &PodContainer> {
        self.containers.iter().filter(|container| container.view.is_long_running())
    }

    /// The volume that is mounted under this name.
    pub fn volume(&self, name: &str) -> Option<&Volume> {
        self.volumes.iter().find(|volume| volume.name.get().is_some_and(|own| own.value == name))
    }

    fn add(&mut self, contexts: Contexts, node: Node, part: Part) {
        let contexts = Contexts { container: &read::held(node, CONTEXT), ..contexts };
        let mut environment = Vec::new();
        for variable in node.get("env").into_iter().flat_map(Node::items) {
            environment.extend(read_variable(variable));
            self.references.extend(variable.get("valueFrom").and_then(Reference::of_variable));
        }
        for source in node.get("envFrom").into_iter().flat_map(Node::items) {
            for (key, to) in [("configMapRef", Target::ConfigMap), ("secretRef", Target::Secret)] {
                let reference = source.get(key).map(|source| Reference::read(to, source, "name"));
                self.references.extend(reference.map(Reference::at_start));
            }
        }
        let (mounts, mounted) = node
            .get("volumeMounts")
            .into_iter()
            .flat_map(Node::items)
            .filter_map(|mount| self.mount(mount))
            .unzip();
        let ports: Vec<_> =
            node.get("ports").into_iter().flat_map(Node::items).map(ContainerPort::read).collect();
        let resources = Resources::read(node);
        let user = contexts
            .effective("runAsUser", read::integer_of)
            .map(|number| User { name: number.to_string(), group: None });
        let name = node.get("name").and_then(read::word).unwrap_or_else(|| self.name.clone());
        let unguarded = self.unguarded(contexts, &name.value);
        let probe = |(key, kind): &(&'static str, ProbeKind)| Probe::read(node, key, *kind);
        let probes: Vec<Probe> = PROBES.iter().filter_map(probe).collect();
        let image = node.get("image").and_then(read::text);
        let view = Container {
            format: Format::Kubernetes,
            part,
            file: self.name.span.file,
            name,
            image: image.map(|image| ImageRef::new(image, Role::Run)),
            user: self.of_linux(user),
            is_windows: self.is_windows,
            non_root: contexts.effective("runAsNonRoot", read::flag_of),
            init: self.share_process_namespace.clone(),
            terminal: ["stdin", "tty"]
                .map(|key| read::flag_of(node, key))
                .into_iter()
                .find(Setting::is_true)
                .unwrap_or_default(),
            entrypoint: read::command_of(node, "command"),
            command: read::command_of(node, "args"),
            privileged: contexts.privileged(),
            read_only_root: contexts.own("readOnlyRootFilesystem", read::flag_of),
            privilege_escalation: self
                .of_linux(contexts.own("allowPrivilegeEscalation", read::flag_of)),
            capabilities: Capabilities {
                add: contexts.capabilities("add"),
                drop: contexts.capabilities("drop"),
                drops_all: self.of_linux(drops_all(contexts)),
            },
            unguarded,
            host: HostAccess {
                network: self.host_network.clone(),
                process: self.host_process.clone(),
                ipc: self.host_ipc.clone(),
                users: self.host_users.clone(),
                cgroup: Setting::NotApplicable,
                uts: Setting::NotApplicable,
            },
            memory_limit: resources.limits.units("memory"),
            environment,
            ports: ports.iter().filter_map(ContainerPort::view).collect(),
            mounts,
            healthcheck: Setting::NotApplicable,
            stop_signal: read::within(node, "lifecycle", |hooks| {
                read::string_of(hooks, "stopSignal")
            }),
            probes: probes.iter().filter_map(|probe| probe.handler.command().cloned()).collect(),
            programs: Vec::new(),
            drops_root: false,
            is_of_go: false,
            scripts: Vec::new(),
            lacks: Vec::new(),
            writes: None,
            built_from: None,
            heirs: Vec::new(),
            written: OnceLock::new(),
        };
        self.containers.push(PodContainer {
            view: Arc::new(view),
            node: node.id(),
            pull_policy: read::string_of(node, "imagePullPolicy"),
            security: Security::read(node, contexts),
            resources,
            ports,
            has_open_ports: read::is_open(node.get("ports").unwrap_or(node)),
            probes,
            has_open_probes: read::is_open(node),
            stop_delay: stop_delay(node),
            mounted,
        });
    }

    /// What nobody asks of a pod of Windows.
    fn of_linux<T>(&self, setting: Setting<T>) -> Setting<T> {
        if self.is_windows { Setting::NotApplicable } else { setting }
    }

    /// What is switched off for the container of this name, be it by a field or by the annotation
    /// from before there was one.
    fn unguarded(&self, contexts: Contexts, container: &str) -> Vec<Spanned<Guard>> {
        let says = |setting: Setting<String>, off: &str| {
            let is_off = |said: &&Spanned<String>| said.value.eq_ignore_ascii_case(off);
            setting.get().filter(is_off).map(|said| said.span)
        };
        let annotated = |key: &str| {
            let said = self.annotations.get(key).map_or(Setting::Absent, |said| said.value.clone());
            says(said, "unconfined")
        };
        let named = |prefix: &str| {
            let is_there = !self.annotations.is_empty();
            is_there.then(|| annotated(&format!("{prefix}/{container}"))).flatten()
        };
        let proc = says(contexts.own("procMount", read::string_of), "Unmasked");
        let guards = [
            (
                Guard::SystemCalls,
                says(contexts.within("seccompProfile", "type"), "Unconfined")
                    .or_else(|| named("container.seccomp.security.alpha.kubernetes.io"))
                    .or_else(|| annotated("seccomp.security.alpha.kubernetes.io/pod")),
            ),
            (
                Guard::AppArmor,
                says(contexts.within("appArmorProfile", "type"), "Unconfined")
                    .or_else(|| named("container.apparmor.security.beta.kubernetes.io")),
            ),
            (Guard::Selinux, says(contexts.within("seLinuxOptions", "type"), "spc_t")),
            // In a user namespace of its own it sees nothing of the host there.
            (Guard::Proc, proc.filter(|_| !self.host_users.is_false())),
        ];
        let found = guards.into_iter().filter_map(|(guard, at)| Some(Spanned::new(guard, at?)));
        found.collect()
    }

    /// A `volumeMounts` entry, and the name of the volume it mounts.
    fn mount(&self, node: Node) -> Option<(Mount, Setting<String>)> {
        let target = node.get("mountPath").and_then(read::text)?;
        let name = read::string_of(node, "name");
        let volume = name.get().and_then(|name| self.volume(&name.value));
        let (source, from_host) = match volume.map(|volume| &volume.source) {
            Some(VolumeSource::HostPath { path }) => {
                (path.get().map(|path| Text::written(path.clone())), true)
            }
            _ => (node.get("name").and_then(read::text), false),
        };
        let writable = !read::flag_of(node, "readOnly").is_true();
        Some((Mount { source, target, from_host, writable, span: node.span() }, name))
    }
}

/// How long a container's hook sleeps before the container is asked to end.
fn stop_delay(node: Node) -> Setting<i64> {
    let hook = node.get("lifecycle").and_then(|lifecycle| lifecycle.get("preStop"));
    let Some(hook) = hook else { return Setting::Absent };
    if let Some(sleep) = hook.get("sleep") {
        return read::integer_of(sleep, "seconds");
    }
    let Some(exec) = hook.get("exec") else { return Setting::Absent };
    let Setting::Set(command) = read::command_of(exec, "command") else { return Setting::Absent };
    let line = command.value.line().unwrap_or_default();
    let seconds = line.rsplit_once("sleep ").and_then(|(_, seconds)| seconds.trim().parse().ok());
    seconds.map_or(Setting::Absent, |seconds| Setting::set(seconds, command.span))
}

const PROBES: [(&str, ProbeKind); 3] = [
    ("livenessProbe", ProbeKind::Liveness),
    ("readinessProbe", ProbeKind::Readiness),
    ("startupProbe", ProbeKind::Startup),
];

impl PodContainer {
    pub fn probe(&self, kind: ProbeKind) -> Option<&Probe> {
        self.probes.iter().find(|probe| probe.kind == kind)
    }

    /// Whether it certainly has no probe of a kind.
    pub fn lacks_probe(&self, kind: ProbeKind) -> bool {
        !self.has_open_probes && self.probe(kind).is_none()
    }

    /// Whether it lists this port.
    pub fn listens_on(&self, port: &PortRef) -> bool {
        self.ports.iter().any(|own| own.is(port) == Some(true))
    }

    /// Whether it lists this port, or a template may let it.
    pub fn may_listen_on(&self, port: &PortRef) -> bool {
        self.has_open_ports || self.ports.iter().any(|own| own.is(port) != Some(false))
    }

    /// Whether a Service may lead to it: a port by number is passed on whatever its protocol.
    pub fn may_serve(&self, port: &ServicePort) -> bool {
        let is_same = |own: &ContainerPort| match (&port.target, &own.protocol, &port.protocol) {
            (PortRef::Number(_), ..) | (_, Setting::Unresolved(_), _) => true,
            (_, _, Setting::Unresolved(_)) => true,
            (_, Setting::Set(protocol), _) => protocol.value == port.protocol_name(),
            _ => port.protocol_name() == "TCP",
        };
        self.has_open_ports
            || self.ports.iter().any(|own| own.is(&port.target) != Some(false) && is_same(own))
    }

    /// Whether a probe may find this port: one of TCP that it lists, or that a template may add.
    pub fn may_be_probed_on(&self, port: &PortRef) -> bool {
        let is_tcp = |own: &&ContainerPort| own.protocol.get().is_none_or(|p| p.value == "TCP");
        self.has_open_ports
            || self.ports.iter().filter(is_tcp).any(|own| own.is(port) != Some(false))
    }

    /// The number of a port, if it is known.
    fn port_number(&self, port: &PortRef) -> Option<i64> {
        match port {
            PortRef::Number(number) => Some(number.value),
            PortRef::Name(_) => {
                let own = self.ports.iter().find(|own| own.is(port) == Some(true))?;
                own.number.get().map(|number| number.value)
            }
            PortRef::Unknown => None,
        }
    }

    /// Whether two probes ask the same; `object` holds them.
    pub fn is_same_probe(&self, object: &Manifest, one: &Probe, other: &Probe) -> bool {
        let same_port = |one, other| {
            self.port_number(one).is_some_and(|one| Some(one) == self.port_number(other))
        };
        let same = |path: &[&str]| {
            let text = |probe: &Probe| object.node(probe.node).at(path).map(read::flat);
            text(one) == text(other)
        };
        match (&one.handler, &other.handler) {
            (Handler::Exec(Setting::Set(one)), Handler::Exec(Setting::Set(other))) => {
                let words = |command: &Command| {
                    let words = command.known_words()?.into_iter();
                    Some(words.map(|word| word.value.to_owned()).collect::<Vec<_>>())
                };
                words(&one.value).is_some_and(|one| Some(one) == words(&other.value))
            }
            (Handler::Http { port: one, .. }, Handler::Http { port: other, .. }) => {
                let parts = ["path", "host", "scheme", "httpHeaders"];
                same_port(one, other) && parts.iter().all(|part| same(&["httpGet", part]))
            }
            (Handler::Tcp { port: one }, Handler::Tcp { port: other }) => same_port(one, other),
            (Handler::Grpc { port: one }, Handler::Grpc { port: other }) => {
                same_port(one, other) && same(&["grpc", "service"])
            }
            _ => false,
        }
    }
}

impl Security {
    fn read(container: Node, contexts: Contexts) -> Self {
        Self {
            span: container.entry(CONTEXT).map(|entry| entry.key.span()),
            run_as_group: contexts.effective("runAsGroup", read::integer_of),
            seccomp: contexts.within("seccompProfile", "type"),
        }
    }
}

const CONTEXT: &str = "securityContext";

/// The `securityContext` of a container, and that of its pod.
#[derive(Clone, Copy)]
struct Contexts<'a, 't> {
    container: &'a Setting<Node<'t>>,
    pod: &'a Setting<Node<'t>>,
}

impl Contexts<'_, '_> {
    /// A field that only a container has.
    fn own<T>(self, key: &str, read: impl Fn(Node, &str) -> Setting<T>) -> Setting<T> {
        read::inside(self.container, |context| read(context, key))
    }

    fn capabilities(self, list: &str) -> Vec<Spanned<String>> {
        let list = self.container.get().and_then(|it| it.value.at(&["capabilities", list]));
        list.into_iter().flat_map(Node::items).filter_map(read::word).collect()
    }

    /// Windows has another word for it.
    fn privileged(self) -> Setting<bool> {
        let host_process = |context: Node, key: &str| {
            read::within(context, key, |options| read::flag_of(options, "hostProcess"))
        };
        match self.effective("windowsOptions", host_process) {
            Setting::Set(on) if on.value => Setting::Set(on),
            _ => self.own("privileged", read::flag_of),
        }
    }

    /// A field of a mapping that the container's context overrides and the pod's provides.
    fn within(self, key: &str, field: &str) -> Setting<String> {
        self.effective(key, |context, key| {
            read::within(context, key, |node| read::string_of(node, field))
        })
    }

    /// A field that the container's context overrides and the pod's provides.
    fn effective<T>(self, key: &str, read: impl Fn(Node, &str) -> Setting<T>) -> Setting<T> {
        match self.own(key, &read) {
            Setting::Absent | Setting::NotApplicable => {
                read::inside(self.pod, |context| read(context, key))
            }
            own => own,
        }
    }
}

impl Resources {
    fn read(container: Node) -> Self {
        let entry = container.entry("resources");
        let of = |key: &str| match entry {
            Some(resources) => Quantities::read(resources.value, key),
            None => Quantities::read(container, "resources"),
        };
        Self {
            span: entry.map(|entry| entry.key.span()),
            requests: of("requests"),
            limits: of("limits"),
        }
    }

    fn open(&mut self, span: Span) {
        self.requests.open.get_or_insert(span);
        self.limits.open.get_or_insert(span);
    }

    /// What is asked for: the request, or else the limit, which the API copies.
    pub fn requested(&self, resource: &str) -> Setting<String> {
        self.requests.get(resource).or(self.limits.get(resource))
    }
}

impl Quantities {
    /// Reads the list under `key`.
    fn read(mapping: Node, key: &str) -> Self {
        let list = mapping.get(key);
        let place = list.unwrap_or(mapping);
        let entries = list
            .into_iter()
            .flat_map(Node::entries)
            .filter_map(|entry| Some((read::word(entry.key)?, read::string(Some(entry.value)))));
        let open = list.map_or(mapping.may_have(key), read::is_open)
            || !(place.is_mapping() || place.is_null());
        Self { entries: entries.collect(), open: open.then(|| place.span()) }
    }

    /// The quantity of a resource, as it is written.
    pub fn get(&self, resource: &str) -> Setting<String> {
        match (self.entries.iter().find(|(name, _)| name.value == resource), self.open) {
            (Some((_, quantity)), _) => quantity.clone(),
            (None, Some(span)) => Setting::Unresolved(span),
            (None, None) => Setting::Absent,
        }
    }

    /// The quantity in whole units (bytes, for memory), rounded up.
    pub fn units(&self, resource: &str) -> Setting<u64> {
        match self.get(resource) {
            Setting::Set(text) => match Quantity::parse(&text.value) {
                Some(quantity) => Setting::set(quantity.units(), text.span),
                None => Setting::Unresolved(text.span),
            },
            other => other.map(|_| 0),
        }
    }

    /// Every resource with its quantity.
    pub fn iter(&self) -> impl Iterator<Item = (&Spanned<String>, &Setting<String>)> {
        self.entries.iter().map(|(name, quantity)| (name, quantity))
    }
}

impl ContainerPort {
    fn read(node: Node) -> Self {
        Self {
            span: node.span(),
            name: read::string_of(node, "name"),
            number: read::integer_of(node, "containerPort"),
            host_port: read::integer_of(node, "hostPort"),
            protocol: read::string_of(node, "protocol"),
        }
    }

    /// Whether it is this port; `None` if that cannot be known.
    fn is(&self, port: &PortRef) -> Option<bool> {
        match port {
            PortRef::Number(number) => Some(self.number.get()?.value == number.value),
            PortRef::Name(name) => match &self.name {
                Setting::Unresolved(_) => None,
                own => Some(own.get().is_some_and(|own| own.value == name.value)),
            },
            PortRef::Unknown => None,
        }
    }

    fn view(&self) -> Option<Port> {
        let number = |setting: &Setting<i64>| {
            let number = setting.get()?;
            let value = u16::try_from(number.value).ok().filter(|number| *number != 0)?;
            Some(Spanned::new(value, number.span))
        };
        let published = number(&self.host_port);
        let number = number(&self.number)?;
        Some(Port { last: number.value, number, published, host_address: None })
    }
}

impl Probe {
    fn read(container: Node, key: &str, kind: ProbeKind) -> Option<Self> {
        let Entry { key, value: node } = container.entry(key)?;
        if !node.is_mapping() {
            return None;
        }
        Some(Self {
            kind,
            span: key.span(),
            node: node.id(),
            handler: Handler::read(node),
            initial_delay: read::integer_of(node, "initialDelaySeconds"),
            period: read::integer_of(node, "periodSeconds"),
            timeout: read::integer_of(node, "timeoutSeconds"),
            success_threshold: read::integer_of(node, "successThreshold"),
            failure_threshold: read::integer_of(node, "failureThreshold"),
        })
    }
}

impl Handler {
    /// The handler of a probe or of a lifecycle hook.
    pub(super) fn read(node: Node) -> Self {
        if let Some(exec) = node.get("exec") {
            return Self::Exec(read::command_of(exec, "command"));
        }
        if let Some(http) = node.get("httpGet") {
            let path = read::string_of(http, "path");
            return Self::Http { port: PortRef::read(http.get("port")), path };
        }
        if let Some(tcp) = node.get("tcpSocket") {
            return Self::Tcp { port: PortRef::read(tcp.get("port")) };
        }
        match node.get("grpc") {
            Some(grpc) => Self::Grpc { port: PortRef::read(grpc.get("port")) },
            None => Self::Unknown,
        }
    }

    /// What it runs, if that is known.
    pub fn command(&self) -> Option<&Spanned<Command>> {
        match self {
            Self::Exec(command) => command.get(),
            _ => None,
        }
    }

    /// The port that it asks.
    pub fn port(&self) -> Option<&PortRef> {
        match self {
            Self::Http { port, .. } | Self::Tcp { port } | Self::Grpc { port } => Some(port),
            Self::Exec(_) | Self::Unknown => None,
        }
    }
}

impl PortRef {
    /// A number, or a string that names a port.
    pub fn read(node: Option<Node>) -> Self {
        if let Setting::Set(number) = read::integer(node) {
            return Self::Number(number);
        }
        match read::string(node) {
            Setting::Set(name) => Self::Name(name),
            _ => Self::Unknown,
        }
    }
}

impl Volume {
    fn read(node: Node, references: &mut Vec<Reference>) -> Self {
        let name = read::string_of(node, "name");
        let entries = node.entries();
        let entry = entries.into_iter().find(|entry| read::plain(entry.key) != Some("name"));
        let source = match entry {
            Some(entry) => VolumeSource::read(entry.key, entry.value, references),
            None => VolumeSource::Unknown,
        };
        Self { name, span: node.span(), source }
    }
}

impl VolumeSource {
    fn read(key: Node, source: Node, references: &mut Vec<Reference>) -> Self {
        let Some(kind) = read::word(key) else { return Self::Unknown };
        match kind.value.as_str() {
            "hostPath" => Self::HostPath { path: read::string_of(source, "path") },
            "emptyDir" => Self::EmptyDir {
                medium: read::string_of(source, "medium"),
                size_limit: read::string_of(source, "sizeLimit"),
            },
            "persistentVolumeClaim" => {
                let reference = Reference::read(Target::PersistentVolumeClaim, source, "claimName");
                let name = reference.name.clone();
                references.push(reference);
                Self::Claim { name }
            }
            "configMap" => {
                references.extend(Reference::of_items(Target::ConfigMap, source, "name"));
                Self::ConfigMap
            }
            "secret" => {
                references.extend(Reference::of_items(Target::Secret, source, "secretName"));
                Self::Secret
            }
            "projected" => {
                for part in source.get("sources").into_iter().flat_map(Node::items) {
                    for (key, to) in [("configMap", Target::ConfigMap), ("secret", Target::Secret)]
                    {
                        if let Some(part) = part.get(key) {
                            references.extend(Reference::of_items(to, part, "name"));
                        }
                    }
                }
                Self::Projected
            }
            _ => Self::Other(kind),
        }
    }
}

impl Target {
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::ServiceAccount => "ServiceAccount",
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
        }
    }
}

impl Reference {
    /// What `node` names under the key `name`.
    pub(super) fn read(to: Target, node: Node, name: &str) -> Self {
        Self {
            to,
            name: read::string_of(node, name),
            key: read::string_of(node, "key"),
            optional: read::flag_of(node, "optional").is_true(),
            at_start: false,
        }
    }

    fn at_start(self) -> Self {
        Self { at_start: true, ..self }
    }

    /// A volume's object, once for each of the keys that it picks.
    fn of_items(to: Target, node: Node, name: &str) -> Vec<Self> {
        let whole = Self::read(to, node, name);
        let items: Vec<_> = node.get("items").into_iter().flat_map(Node::items).collect();
        if items.is_empty() {
            return vec![whole];
        }
        let key = |item: Node| read::string_of(item, "key");
        items.into_iter().map(|item| Self { key: key(item), ..whole.clone() }).collect()
    }

    fn of_variable(source: Node) -> Option<Self> {
        [("configMapKeyRef", Target::ConfigMap), ("secretKeyRef", Target::Secret)]
            .into_iter()
            .find_map(|(key, to)| Some(Self::read(to, source.get(key)?, "name").at_start()))
    }
}

fn drops_all(contexts: Contexts) -> Setting<bool> {
    let list = |list: Node| match read::is_open(list) {
        true => Setting::Unresolved(list.span()),
        false => Setting::set(are_all(list.items().filter_map(read::plain)), list.span()),
    };
    contexts.own("capabilities", |context, key| {
        read::within(context, key, |capabilities| read::within(capabilities, "drop", list))
    })
}

fn read_variable(node: Node) -> Option<Variable> {
    Some(Variable {
        name: read::word(node.get("name")?)?,
        value: node.get("value").and_then(read::text),
    })
}

fn is_sidecar(container: Node) -> bool {
    container.get("restartPolicy").and_then(read::plain) == Some("Always")
}

fn is_windows(spec: Node) -> bool {
    let says = |path: &[&str]| spec.at(path).and_then(read::plain) == Some("windows");
    let terms = spec.at(&[
        "affinity",
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
        "nodeSelectorTerms",
    ]);
    let is_of_windows = |term: Node| {
        term.get("matchExpressions").into_iter().flat_map(Node::items).any(|expression| {
            let says = |key, word| expression.get(key).and_then(read::plain) == Some(word);
            let mut values = expression.get("values").into_iter().flat_map(Node::items);
            says("key", "kubernetes.io/os")
                && says("operator", "In")
                && values.all(|value| read::plain(value) == Some("windows"))
        })
    };
    says(&["os", "name"])
        || says(&["nodeSelector", "kubernetes.io/os"])
        || says(&["nodeSelector", "beta.kubernetes.io/os"])
        || spec.at(&["securityContext", "windowsOptions"]).is_some()
        || terms.into_iter().flat_map(Node::items).any(is_of_windows)
}
