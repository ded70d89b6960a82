//! What makes pods: which kinds of objects hold pod templates, and where.

use std::sync::Arc;

use crate::source::{Placed, Spanned};
use crate::syntax::yaml::{Distance, Node};

use super::super::container::Part;
use super::super::setting::Setting;
use super::labels::{Labels, Selector};
use super::pod::{LISTS, Pod, Setup};
use super::read;

/// A pod template and what keeps pods of it running. An object may hold several.
#[derive(Clone, Debug)]
pub struct Workload {
    pub controller: Controller,
    /// How many pods are asked for; `NotApplicable` where the kind decides that otherwise.
    pub replicas: Setting<i64>,
    /// How its pods are replaced by new ones: `RollingUpdate`, `Recreate`, `OnDelete`.
    pub strategy: Setting<String>,
    /// A `rollingUpdate` says how many pods may be gone, or be there too many.
    pub tunes_rollout: bool,
    /// Which pods it takes for its own.
    pub selector: Option<Selector>,
    /// The labels of its pods, and those that they must have for the API server to take it.
    pub labels: Labels,
    pub pod: Pod,
}

/// What looks after the pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Controller {
    /// Nobody: a bare pod.
    None,
    /// Nobody yet: a `PodTemplate`.
    Template,
    Deployment,
    ReplicaSet,
    ReplicationController,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    /// OpenShift's Deployment.
    DeploymentConfig,
    /// Argo's Deployment.
    Rollout,
    /// Knative, which decides on its own how many there are.
    Knative,
    /// Any other custom resource.
    Custom,
}

impl Workload {
    /// Takes for open what is not written: something else completes it.
    pub(super) fn open(&mut self) {
        let span = self.pod.name.span;
        self.replicas.open(span);
        self.strategy.open(span);
        self.pod.open();
    }

    /// Moves all of its places and nodes.
    pub(super) fn shift(&mut self, by: Distance) {
        let Self { controller: _, replicas, strategy, tunes_rollout: _, selector, labels, pod } =
            self;
        replicas.shift(by.bytes);
        strategy.shift(by.bytes);
        selector.shift(by.bytes);
        labels.shift(by.bytes);
        pod.shift(by);
    }

    /// Whether, of a single pod, a new one must be ready before the old one goes: as a Deployment
    /// does if nothing else is said.
    pub fn starts_anew_first(&self) -> bool {
        match &self.strategy {
            Setting::Absent => true,
            Setting::Set(strategy) => strategy.value == "RollingUpdate" && !self.tunes_rollout,
            Setting::Unresolved(_) | Setting::NotApplicable => false,
        }
    }

    /// Whether all its pods go before new ones come.
    pub fn recreates(&self) -> bool {
        self.strategy.get().is_some_and(|strategy| strategy.value == "Recreate")
    }
}

impl Controller {
    /// Whether its pods are to end.
    pub fn is_job(self) -> bool {
        matches!(self, Self::Job | Self::CronJob)
    }

    /// Whether it keeps a number of equal pods running that `replicas` states.
    pub fn has_replicas(self) -> bool {
        matches!(
            self,
            Self::Deployment
                | Self::ReplicaSet
                | Self::ReplicationController
                | Self::StatefulSet
                | Self::DeploymentConfig
                | Self::Rollout
        )
    }
}

/// A kind whose pod template stands at a fixed path below the object.
struct Owner {
    groups: &'static [&'static str],
    kind: &'static str,
    controller: Controller,
    template: &'static [&'static str],
}

const CORE: &[&str] = &[""];
/// The core group is accepted for all: what a wrong group says of a pod is still meant.
const APPS: &[&str] = &["apps", "extensions", ""];
const BATCH: &[&str] = &["batch", ""];

const OWNERS: &[Owner] = &[
    owner(CORE, "Pod", Controller::None, &[]),
    owner(CORE, "PodTemplate", Controller::Template, &["template"]),
    owner(CORE, "ReplicationController", Controller::ReplicationController, TEMPLATE),
    owner(APPS, "Deployment", Controller::Deployment, TEMPLATE),
    owner(APPS, "ReplicaSet", Controller::ReplicaSet, TEMPLATE),
    owner(APPS, "StatefulSet", Controller::StatefulSet, TEMPLATE),
    owner(APPS, "DaemonSet", Controller::DaemonSet, TEMPLATE),
    owner(BATCH, "Job", Controller::Job, TEMPLATE),
    owner(BATCH, "CronJob", Controller::CronJob, &["spec", "jobTemplate", "spec", "template"]),
    owner(&["apps.openshift.io", ""], "DeploymentConfig", Controller::DeploymentConfig, TEMPLATE),
    owner(&["argoproj.io"], "Rollout", Controller::Rollout, TEMPLATE),
    owner(&["serving.knative.dev"], "Service", Controller::Knative, TEMPLATE),
    owner(&["serving.knative.dev"], "Configuration", Controller::Knative, TEMPLATE),
    owner(&["serving.knative.dev"], "Revision", Controller::Knative, &[]),
];

const TEMPLATE: &[&str] = &["spec", "template"];

const fn owner(
    groups: &'static [&'static str],
    kind: &'static str,
    controller: Controller,
    template: &'static [&'static str],
) -> Owner {
    Owner { groups, kind, controller, template }
}

/// Containers that a group of custom resources holds outside of pod specs.
struct Shape {
    group: &'static str,
    /// The keys that make a mapping one, each a list of containers or one container.
    main: &'static [&'static str],
    lists: &'static [(&'static str, Part)],
}

const SHAPES: &[Shape] = &[
    // https://argo-workflows.readthedocs.io/en/latest/fields/#template
    Shape {
        group: "argoproj.io",
        main: &["container", "script"],
        lists: &[
            ("initContainers", Part::Init),
            ("container", Part::Main { job: true }),
            ("script", Part::Main { job: true }),
            ("sidecars", Part::Sidecar),
        ],
    },
    // https://tekton.dev/docs/pipelines/tasks/
    Shape {
        group: "tekton.dev",
        main: &["steps"],
        lists: &[("steps", Part::Main { job: true }), ("sidecars", Part::Sidecar)],
    },
];

/// The workloads of an object: by its kind, or for a custom resource by the shape of what it
/// holds.
pub(super) fn workloads(
    group: &str,
    kind: &str,
    root: Node,
    name: &Spanned<String>,
) -> Vec<Workload> {
    let own = |owner: &&Owner| owner.kind == kind && owner.groups.contains(&group);
    if let Some(owner) = OWNERS.iter().find(own) {
        return owner.read(root, name).into_iter().collect();
    }
    let is_builtin = !group.contains('.') || group.ends_with(".k8s.io");
    // Without a dot a group is one of the API server's own; JobSet and its like live in `x-k8s.io`.
    if is_builtin && !group.ends_with(".x-k8s.io") {
        return Vec::new();
    }
    let job = ["Job", "Task", "Pipeline", "Workflow"].iter().any(|word| kind.contains(word));
    let mut search = Search { group, name, job, found: Vec::new() };
    search.visit(root);
    search.found
}

impl Owner {
    fn read(&self, root: Node, name: &Spanned<String>) -> Option<Workload> {
        let template = root.at(self.template).filter(|template| template.is_mapping())?;
        // Without a spec there are no containers, but there may be labels.
        let spec = template.get("spec").filter(|spec| spec.is_mapping()).unwrap_or(template);
        let setup = Setup {
            name: name.clone(),
            job: self.controller.is_job(),
            is_completed: false,
            lists: LISTS,
        };
        let mut pod = Pod::read(spec, template.get("metadata"), &setup);
        let holder = root.get("spec").unwrap_or(root);
        let triggered = triggered(root);
        for container in &mut pod.containers {
            if triggered.contains(&container.view.name.value.as_str()) {
                Arc::make_mut(&mut container.view).image = None;
            }
        }
        let selector = holder.get("selector").filter(|selector| selector.is_mapping());
        let selector = match self.controller {
            Controller::None => None,
            Controller::ReplicationController | Controller::DeploymentConfig => {
                selector.map(Selector::from_map)
            }
            _ => selector.map(Selector::from_label_selector),
        };
        Some(Workload {
            controller: self.controller,
            replicas: match self.controller.has_replicas() {
                true => read::integer_of(holder, "replicas"),
                false => Setting::NotApplicable,
            },
            strategy: read::within(holder, "strategy", |node| read::string_of(node, "type"))
                .or(read::within(holder, "updateStrategy", |node| read::string_of(node, "type"))),
            tunes_rollout: holder.at(&["strategy", "rollingUpdate"]).is_some(),
            labels: pod.labels.with(selector.as_ref()),
            selector,
            pod,
        })
    }
}

/// The containers whose images OpenShift puts in, whatever is written.
fn triggered<'t>(root: Node<'t>) -> Vec<&'t str> {
    let triggers = root.at(&["spec", "triggers"]).into_iter().flat_map(Node::items);
    let names = triggers.filter_map(|it| it.at(&["imageChangeParams", "containerNames"]));
    names.flat_map(Node::items).filter_map(read::plain).collect()
}

/// Looks for what has the shape of a pod.
struct Search<'a> {
    group: &'a str,
    name: &'a Spanned<String>,
    job: bool,
    found: Vec<Workload>,
}

impl Search<'_> {
    fn visit(&mut self, root: Node) {
        let mut open = vec![(root, None)];
        // A node with the mapping in which it stands under the key `spec`, if it does.
        while let Some((node, parent)) = open.pop() {
            let next = open.len();
            if node.is_mapping() {
                self.pods_of(node, parent);
                open.extend(node.entries().into_iter().map(|entry| {
                    let is_spec = read::plain(entry.key) == Some("spec");
                    (entry.value, is_spec.then_some(node))
                }));
            } else {
                open.extend(node.items().map(|item| (item, None)));
            }
            open[next..].reverse();
        }
    }

    fn pods_of(&mut self, node: Node, parent: Option<Node>) {
        let own = SHAPES.iter().filter(|shape| shape.group == self.group);
        let shapes =
            own.map(|shape| (shape.main, shape.lists)).chain([(&["containers"][..], LISTS)]);
        for (main, lists) in shapes {
            let is_one = main.iter().filter_map(|key| node.get(key)).any(holds_images);
            if !is_one {
                continue;
            }
            // A workflow has many templates, each with a name.
            let own = node.get("name").and_then(read::word).filter(|own| !own.value.is_empty());
            let name = own.unwrap_or_else(|| self.name.clone());
            let setup = Setup { name, job: self.job, is_completed: true, lists };
            let pod = Pod::read(node, parent.and_then(|parent| parent.get("metadata")), &setup);
            self.found.push(Workload {
                controller: if self.job { Controller::Job } else { Controller::Custom },
                replicas: Setting::NotApplicable,
                strategy: Setting::NotApplicable,
                tunes_rollout: false,
                selector: None,
                labels: pod.labels.clone(),
                pod,
            });
        }
    }
}

/// Whether it is a container or a list of containers that all say what they run: what an operator
/// completes is not ours to judge.
fn holds_images(node: Node) -> bool {
    let is_container = |node: Node| node.is_mapping() && node.get("image").is_some();
    is_container(node) || (node.items().next().is_some() && node.items().all(is_container))
}
