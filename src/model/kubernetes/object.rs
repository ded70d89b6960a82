//! One object of the API: what it is, what it is called, what it holds.

use std::sync::Arc;

use crate::source::{FileId, Placed, Span, Spanned};
use crate::syntax::yaml::{Distance, Node, NodeId, Tree};

use super::super::setting::Setting;
use super::labels::{Labels, Selector};
use super::pod::Pod;
use super::read;
use super::schema::{self, Flaw, FlawKind};
use super::workload::{self, Workload};

/// An object as it would be sent to the API server.
#[derive(Clone, Debug)]
pub struct Manifest {
    pub file: FileId,
    tree: Arc<Tree>,
    root: NodeId,
    /// Empty if a template decides it.
    pub api_version: Spanned<String>,
    pub kind: Spanned<String>,
    /// `Absent` beside a `generateName`.
    pub name: Setting<String>,
    /// What a kustomization calls it in the end, if otherwise.
    pub renamed: Option<String>,
    /// `Absent` means that whoever applies it decides, which is not `default`.
    pub namespace: Setting<String>,
    pub labels: Labels,
    pub annotations: Labels,
    pub workloads: Vec<Workload>,
    /// Which pods of its namespace it is about: a Service's, a PodDisruptionBudget's or a
    /// NetworkPolicy's selector.
    pub selects: Option<Selector>,
    /// Whether its kind is one of Kubernetes' own, in a version that there is.
    pub is_builtin: bool,
    /// What the API server refuses of its fields, if its kind is known.
    pub flaws: Vec<Flaw>,
    /// A patch or a template: something else may complete it.
    pub is_piece: bool,
    /// What it is applied together with.
    pub unit: Unit,
    /// What a chart asks before there is such an object, or such a version of it.
    pub condition: Option<String>,
}

/// What an entry of a kustomization's `configMapGenerator` or `secretGenerator` comes to.
#[derive(Clone, Debug)]
pub struct Generated {
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// As it is referred to, without the hash that is added to it.
    pub name: Spanned<String>,
    /// With what a kustomization puts before and behind it.
    pub(super) renamed: Option<String>,
    /// `None` if files that are not read tell them.
    pub keys: Option<Vec<String>>,
    /// `literals`, as they are written.
    pub literals: Vec<Literal>,
    pub unit: Unit,
}

/// A key and its value that stand in a kustomization.
#[derive(Clone, Debug)]
pub struct Literal {
    pub key: String,
    pub value: Spanned<String>,
}

/// Objects of one unit are applied together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// The files of one directory, by number.
    Directory(u32),
    /// What a kustomization that no other one uses comes to.
    Kustomization(FileId),
    /// A chart's templates, of which only Helm knows what they come to.
    Chart(u32),
}

impl Manifest {
    /// Reads an object that was found in `tree`.
    pub(super) fn read(tree: &Arc<Tree>, found: &Found, unit: Unit) -> Option<Self> {
        let root = tree.node(found.root);
        let kind = root.get("kind").and_then(read::word).or_else(|| found.kind.clone())?;
        let api_version = match root.get("apiVersion") {
            Some(version) => {
                let unknown = || Spanned::new(String::new(), version.span());
                read::word(version).unwrap_or_else(unknown)
            }
            None => found.api_version.clone()?,
        };
        let metadata = root.get("metadata");
        let of_metadata =
            |key| read::within(root, "metadata", |metadata| read::string_of(metadata, key));
        let name = of_metadata("name");
        let blame = Spanned::new(
            name.get().map_or_else(|| kind.value.clone(), |name| name.value.clone()),
            name.span().unwrap_or(kind.span),
        );
        let group = group_of(&api_version.value);
        let fields = schema::fields(&api_version.value, &kind.value);
        let flaws = fields.map(|fields| schema::check(root, fields, &kind.value, blame.span));
        let mut flaws = flaws.unwrap_or_default();
        // A chart that chooses the kind chooses the fields with it.
        const QUOTES: usize = 2;
        if kind.span.range().len() > kind.value.len() + QUOTES {
            flaws.clear();
        }
        // Behind a syntax error nobody is sure what belongs to what.
        let document = tree.document_at(root.span()).filter(|_| !tree.is_template());
        if let Some(broken) = document.and_then(|document| tree.broken(document)) {
            flaws.retain(|flaw| flaw.span.file != broken.file || flaw.span.end <= broken.start);
        }
        Some(Self {
            file: kind.span.file,
            tree: Arc::clone(tree),
            root: found.root,
            namespace: of_metadata("namespace"),
            labels: Labels::read(metadata.and_then(|metadata| metadata.get("labels"))),
            annotations: Labels::read(metadata.and_then(|metadata| metadata.get("annotations"))),
            workloads: workload::workloads(group, &kind.value, root, &blame),
            selects: selected(group, &kind.value, root),
            is_builtin: fields.is_some(),
            flaws,
            is_piece: false,
            name,
            renamed: None,
            api_version,
            kind,
            unit,
            condition: None,
        })
    }

    /// Whether it was read in this tree.
    pub(super) fn is_of(&self, tree: &Arc<Tree>) -> bool {
        Arc::ptr_eq(&self.tree, tree)
    }

    /// Makes it the same object of a tree in which it stands where it stood.
    pub(super) fn stay(&mut self, tree: &Arc<Tree>) {
        self.tree = Arc::clone(tree);
    }

    /// Makes it the same object of a tree in which it has moved.
    pub(super) fn shift(&mut self, tree: &Arc<Tree>, by: Distance) {
        self.stay(tree);
        let Self {
            file: _,
            tree: _,
            root,
            api_version,
            kind,
            name,
            renamed: _,
            namespace,
            labels,
            annotations,
            workloads,
            selects,
            is_builtin: _,
            flaws,
            is_piece: _,
            unit: _,
            condition: _,
        } = self;
        root.shift(by);
        api_version.shift(by.bytes);
        kind.shift(by.bytes);
        name.shift(by.bytes);
        namespace.shift(by.bytes);
        labels.shift(by.bytes);
        annotations.shift(by.bytes);
        workloads.iter_mut().for_each(|workload| workload.shift(by));
        selects.shift(by.bytes);
        flaws.shift(by.bytes);
    }

    /// Takes it for a patch, which says only what it changes.
    pub(super) fn complete_elsewhere(&mut self) {
        self.is_piece = true;
        self.flaws.retain(|flaw| flaw.kind != FlawKind::MissingField);
        self.workloads.iter_mut().for_each(Workload::open);
    }

    /// The object's own text, for what has no field here.
    pub fn root(&self) -> Node<'_> {
        self.tree.node(self.root)
    }

    /// Where it stands among all files.
    pub(super) fn place(&self) -> (FileId, u32) {
        (self.file, self.kind.span.start)
    }

    /// A node of this object whose id is kept in a field.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        self.tree.node(id)
    }

    /// Whether the pods of a ServiceAccount are given its token, as far as it says so.
    pub fn automounts_token(&self) -> Setting<bool> {
        read::flag_of(self.root(), "automountServiceAccountToken")
    }

    /// Whether a ConfigMap or a Secret can only be replaced by another one.
    pub fn is_immutable(&self) -> bool {
        !read::flag_of(self.root(), "immutable").is_absent()
    }

    /// Whether one of its pods has a field of this name anywhere.
    pub fn has_field(&self, pod: &Pod, field: &str) -> bool {
        read::flat(self.node(pod.spec)).iter().any(|word| word == field)
    }

    /// The field of a pod that `serviceAccountName` has replaced: its key and its value.
    pub fn old_service_account(&self, pod: &Pod) -> Option<(Span, Spanned<String>)> {
        let entry = self.node(pod.spec).entry("serviceAccount")?;
        Some((entry.key.span(), read::word(entry.value)?))
    }

    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        group_of(&self.api_version.value)
    }

    /// Whether it is of this kind in one of these groups.
    pub fn is(&self, groups: &[&str], kind: &str) -> bool {
        self.kind.value == kind && groups.contains(&self.group())
    }

    /// Whether a chart's actions may have taken part of it away.
    pub fn is_templated(&self) -> bool {
        matches!(self.unit, Unit::Chart(_)) || self.tree.is_template()
    }

    /// Whether a StatefulSet may make a volume of this name for each of its pods.
    pub fn may_claim(&self, name: &str) -> bool {
        self.root().at(&["spec", "volumeClaimTemplates"]).is_some_and(|claims| {
            let named = |claim: Node| read::string(claim.at(&["metadata", "name"]));
            let may_be = |claim| named(claim).get().is_none_or(|own| own.value == name);
            read::is_open(claims) || claims.items().any(may_be)
        })
    }

    /// Whether it is a claim of a volume that the pods of one node alone may mount.
    pub fn is_single_writer_claim(&self) -> bool {
        let modes = self.root().at(&["spec", "accessModes"]);
        let mut modes = modes.into_iter().flat_map(Node::items).map(read::plain).peekable();
        let is_single = |mode| matches!(mode, Some("ReadWriteOnce" | "ReadWriteOncePod"));
        self.is(&[""], "PersistentVolumeClaim") && modes.peek().is_some() && modes.all(is_single)
    }

    /// What makes the volumes of a StorageClass.
    pub fn provisioner(&self) -> Option<Spanned<String>> {
        let is_one = self.kind.value == "StorageClass";
        is_one.then(|| self.root().get("provisioner")).flatten().and_then(read::word)
    }

    /// Whether it belongs to no namespace, as far as its kind is known.
    pub fn is_cluster_wide(&self) -> bool {
        const KINDS: [&str; 14] = [
            "Namespace",
            "Node",
            "PersistentVolume",
            "ClusterRole",
            "ClusterRoleBinding",
            "StorageClass",
            "PriorityClass",
            "IngressClass",
            "RuntimeClass",
            "CustomResourceDefinition",
            "APIService",
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
            "PodSecurityPolicy",
        ];
        KINDS.contains(&self.kind.value.as_str())
    }

    /// The words to blame for what is missing: its name, or else its kind.
    pub fn blame(&self) -> Span {
        self.name.span().unwrap_or(self.kind.span)
    }

    /// The name for a message; its kind's if it has none or a template decides it.
    pub fn title(&self) -> &str {
        self.name.get().map_or(&self.kind.value, |name| &name.value)
    }
}

/// An object in a tree, with what the list around it says of its items.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub root: NodeId,
    pub kind: Option<Spanned<String>>,
    pub api_version: Option<Spanned<String>>,
}

/// How deep lists of lists are followed.
const DEPTH: usize = 8;

/// All objects in a document: itself, or the items of a list, however deep.
pub(super) fn find(root: Node) -> Vec<Found> {
    let mut found = Vec::new();
    collect(root, (None, None), DEPTH, &mut found);
    found
}

fn collect(
    node: Node,
    (kind, api_version): (Option<&Spanned<String>>, Option<&Spanned<String>>),
    depth: usize,
    found: &mut Vec<Found>,
) {
    let of_list = node.get("kind").and_then(read::known).and_then(|kind| {
        let item = kind.value.strip_suffix("List")?;
        Some(Spanned::new(item.to_owned(), kind.span))
    });
    let items = node.get("items").filter(|items| items.is_sequence());
    let (Some(item_kind), Some(items), Some(depth)) = (of_list, items, depth.checked_sub(1)) else {
        let (kind, api_version) = (kind.cloned(), api_version.cloned());
        found.push(Found { root: node.id(), kind, api_version });
        return;
    };
    let item_version = node.get("apiVersion").and_then(read::word);
    let item_kind = Some(&item_kind).filter(|kind| !kind.value.is_empty());
    for item in items.items() {
        collect(item, (item_kind, item_version.as_ref()), depth, found);
    }
}

/// `apps` of `apps/v1`; empty for the core group's `v1`.
fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

fn selected(group: &str, kind: &str, root: Node) -> Option<Selector> {
    match (group, kind) {
        ("", "Service") => {
            let selector = root.at(&["spec", "selector"]).map(Selector::from_map)?;
            // Without labels it is a Service whose endpoints somebody else keeps.
            Some(selector).filter(|selector| !selector.is_empty())
        }
        ("policy" | "", "PodDisruptionBudget") => {
            let selector = root.at(&["spec", "selector"])?;
            Some(Selector::from_label_selector(selector))
        }
        ("networking.k8s.io" | "extensions", "NetworkPolicy") => {
            let selector = root.at(&["spec", "podSelector"])?;
            Some(Selector::from_label_selector(selector))
        }
        _ => None,
    }
}
