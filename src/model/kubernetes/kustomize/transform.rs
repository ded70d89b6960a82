//! What a kustomization changes in all objects at once: namespace, labels, replicas, images.

use std::sync::Arc;

use crate::source::{FileId, Span, Spanned};
use crate::syntax::yaml::{Draft, Node};

use super::super::super::setting::Setting;
use super::super::object::Manifest;
use super::super::read;
use super::{Builder, Item};

/// A label that a kustomization sets.
#[derive(Clone, Debug)]
pub(super) struct LabelChange {
    key: Spanned<String>,
    value: Setting<String>,
    selectors: bool,
    templates: bool,
}

impl Builder<'_> {
    /// Changes `items` as the kustomization at `root` says, in the order of kustomize's own
    /// transformers.
    pub(super) fn transform(&mut self, file: FileId, root: Node, items: &mut Vec<Item>) {
        self.patch(file, root, &["patchesStrategicMerge", "patches"], items);
        if let Some(namespace) = root.get("namespace").and_then(read::word) {
            for item in items.iter_mut() {
                item.namespace = Some(namespace.clone());
            }
        }
        for labels in label_sets(root).into_iter().filter(|labels| labels.selectors) {
            items.iter_mut().for_each(|item| add_selector(item, labels.pairs));
        }
        for change in label_changes(root) {
            items.iter_mut().for_each(|item| item.labels.push(change.clone()));
        }
        self.patch(file, root, &["patchesJson6902"], items);
        for entry in root.get("replicas").into_iter().flat_map(Node::items) {
            let (Some(name), Some(count)) = (entry.get("name"), entry.get("count")) else {
                continue;
            };
            for item in items.iter_mut() {
                set_replicas(item, read::plain(name), count);
            }
        }
        let changes: Vec<ImageChange> = root
            .get("images")
            .into_iter()
            .flat_map(Node::items)
            .filter_map(ImageChange::read)
            .collect();
        if !changes.is_empty() {
            items.iter_mut().for_each(|item| change_images(item, &changes));
        }
        self.replace(file, root, items);
        self.rename(file, root, items);
    }
}

impl Builder<'_> {
    /// Notes what `namePrefix` and `nameSuffix` make of names. Whoever refers to an object may say
    /// the one or the other.
    fn rename(&mut self, file: FileId, root: Node, items: &mut [Item]) {
        let affix = |key| root.get(key).and_then(read::plain).unwrap_or_default();
        let (prefix, suffix) = (affix("namePrefix"), affix("nameSuffix"));
        if prefix.is_empty() && suffix.is_empty() {
            return;
        }
        for item in items {
            item.affixes = (format!("{prefix}{}", item.affixes.0), item.affixes.1.clone() + suffix);
        }
        for generated in self.generated.entry(file).or_default() {
            let name = generated.renamed.as_ref().unwrap_or(&generated.name.value);
            generated.renamed = Some(format!("{prefix}{name}{suffix}"));
        }
    }
}

impl LabelChange {
    pub fn apply(&self, manifest: &mut Manifest) {
        manifest.labels.set(&self.key, &self.value);
        if self.selectors
            && let Some(selector) = &mut manifest.selects
        {
            selector.require(&self.key, &self.value);
        }
        for workload in &mut manifest.workloads {
            if self.templates {
                workload.pod.labels.set(&self.key, &self.value);
                workload.labels.set(&self.key, &self.value);
            }
            if self.selectors {
                workload.pod.common_labels.push(self.key.value.clone());
                if let Some(selector) = &mut workload.selector {
                    selector.require(&self.key, &self.value);
                }
            }
        }
    }
}

/// `commonLabels`, or one of `labels`.
struct LabelSet<'t> {
    pairs: Node<'t>,
    selectors: bool,
    templates: bool,
}

fn label_sets(root: Node) -> Vec<LabelSet> {
    let common = root.get("commonLabels");
    let common = common.map(|pairs| LabelSet { pairs, selectors: true, templates: true });
    let others = root.get("labels").into_iter().flat_map(Node::items).filter_map(|entry| {
        let selectors = read::flag_of(entry, "includeSelectors").is_true();
        let templates = selectors || read::flag_of(entry, "includeTemplates").is_true();
        Some(LabelSet { pairs: entry.get("pairs")?, selectors, templates })
    });
    common.into_iter().chain(others).collect()
}

fn label_changes(root: Node) -> Vec<LabelChange> {
    let sets = label_sets(root).into_iter();
    let changes = sets.flat_map(|LabelSet { pairs, selectors, templates }| {
        pairs.entries().into_iter().filter_map(move |entry| {
            let value = read::string(Some(entry.value));
            Some(LabelChange { key: read::word(entry.key)?, value, selectors, templates })
        })
    });
    changes.collect()
}

/// Gives a workload that has no selector one of these labels.
fn add_selector(item: &mut Item, labels: Node) {
    const SELECTING: [&str; 4] = ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"];
    let tree = Arc::clone(&item.tree);
    let root = tree.node(item.found.root);
    let kind = root.get("kind").and_then(read::plain);
    let lacks = root.get("spec").is_some_and(|spec| spec.get("selector").is_none());
    if !lacks || !kind.is_some_and(|kind| SELECTING.contains(&kind)) {
        return;
    }
    let mut draft = Draft::Node(root);
    let Some(entries) = draft.get("spec").and_then(Draft::entries) else { return };
    let key = |name: &str| Draft::Scalar(labels, vec![(name.to_owned(), labels.span())]);
    let selector = Draft::Mapping(labels, vec![(key("matchLabels"), Draft::Node(labels))]);
    entries.push((key("selector"), selector));
    item.replace(&draft);
}

fn set_replicas(item: &mut Item, name: Option<&str>, count: Node) {
    let tree = Arc::clone(&item.tree);
    let root = tree.node(item.found.root);
    let kind = root.get("kind").and_then(read::plain);
    let is_scaled = kind.is_some_and(|kind| {
        matches!(kind, "Deployment" | "ReplicaSet" | "StatefulSet" | "ReplicationController")
    });
    let own = root.at(&["metadata", "name"]).and_then(read::plain);
    if !is_scaled || name.is_none() || ![own, item.name.as_deref()].contains(&name) {
        return;
    }
    let mut draft = Draft::Node(root);
    let Some(spec) = draft.get("spec") else { return };
    if let Some(replicas) = spec.get("replicas") {
        *replicas = Draft::Node(count);
    } else if let Some(entries) = spec.entries() {
        let key = Draft::Scalar(count, vec![("replicas".to_owned(), count.span())]);
        entries.push((key, Draft::Node(count)));
    }
    item.replace(&draft);
}

impl Item {
    /// Takes the draft's tree for its own.
    pub(super) fn replace(&mut self, draft: &Draft) {
        self.tree = draft.build();
        self.found.root = self.tree.first();
    }
}

/// One of `images`, or several one after another.
#[derive(Clone)]
struct ImageChange<'t> {
    name: Spanned<&'t str>,
    node: Node<'t>,
    new_name: Option<Spanned<&'t str>>,
    new_tag: Option<Spanned<&'t str>>,
    suffix: Option<Spanned<&'t str>>,
    digest: Option<Spanned<&'t str>>,
}

impl<'t> ImageChange<'t> {
    fn read(node: Node<'t>) -> Option<Self> {
        let of = |key| node.get(key).and_then(Node::text).filter(|text| !text.value.is_empty());
        Some(Self {
            name: of("name")?,
            node: node.get("name")?,
            new_name: of("newName"),
            new_tag: of("newTag"),
            suffix: of("tagSuffix"),
            digest: of("digest"),
        })
    }

    /// This change and then another one.
    fn then(self, next: &Self) -> Self {
        let last = if next.new_tag.is_some() || next.digest.is_some() || next.suffix.is_some() {
            next.clone()
        } else {
            self.clone()
        };
        let new_name = next.new_name.clone().or(self.new_name);
        Self { name: self.name, new_name, ..last }
    }

    /// The reference in `image` as it is changed. What decides the tag is underlined here, or else
    /// in the manifest.
    fn apply(&self, image: Node<'t>) -> Option<Draft<'t>> {
        let text = image.text()?.value;
        let (name, tag) = split(text);
        let mut parts = Vec::new();
        if self.new_tag.is_none() && self.digest.is_none() && self.suffix.is_none() {
            let new = self.new_name.as_ref()?;
            parts.push((new.value.to_owned(), image.span_of_text(0..name.len())));
            let rest = name.len()..text.len();
            if !rest.is_empty() {
                parts.push((text[rest.clone()].to_owned(), image.span_of_text(rest)));
            }
            return Some(Draft::Scalar(image, parts));
        }
        let new = self.new_name.as_ref().unwrap_or(&self.name);
        parts.push((new.value.to_owned(), new.span));
        let mut push = |sign: &str, value: String, span: Span| {
            parts.push((sign.to_owned(), span.part(0..0)));
            parts.push((value, span));
        };
        match (&self.new_tag, &self.suffix) {
            (Some(tag), _) => push(":", tag.value.to_owned(), tag.span),
            (None, Some(suffix)) => {
                push(":", format!("{}{}", tag.unwrap_or("latest"), suffix.value), suffix.span);
            }
            (None, None) => {}
        }
        if let Some(digest) = &self.digest {
            push("@", digest.value.to_owned(), digest.span);
        }
        Some(Draft::Scalar(self.node, parts))
    }
}

/// Changes every image in a list of containers, wherever it stands.
fn change_images(item: &mut Item, changes: &[ImageChange]) {
    let tree = Arc::clone(&item.tree);
    if let Some(draft) = changed(tree.node(item.found.root), changes, false) {
        item.replace(&draft);
    }
}

/// The node with its images changed; `None` if none is.
fn changed<'t>(
    node: Node<'t>,
    changes: &[ImageChange<'t>],
    are_containers: bool,
) -> Option<Draft<'t>> {
    let mut draft = None;
    if node.is_sequence() {
        for (at, item) in node.items().enumerate() {
            let new = match are_containers {
                true => changed_container(item, changes),
                false => changed(item, changes, false),
            };
            if let Some(new) = new {
                draft.get_or_insert(Draft::Node(node)).items()?[at] = new;
            }
        }
    }
    for (at, entry) in node.entries().into_iter().enumerate() {
        let lists = ["containers", "initContainers", "ephemeralContainers"];
        let are_containers = read::plain(entry.key).is_some_and(|key| lists.contains(&key));
        if let Some(new) = changed(entry.value, changes, are_containers) {
            draft.get_or_insert(Draft::Node(node)).entries()?[at].1 = new;
        }
    }
    draft
}

fn changed_container<'t>(node: Node<'t>, changes: &[ImageChange<'t>]) -> Option<Draft<'t>> {
    let image = node.get("image")?;
    let (mut name, _) = split(image.text()?.value);
    let mut whole: Option<ImageChange> = None;
    for change in changes {
        if change.name.value != name {
            continue;
        }
        name = change.new_name.as_ref().map_or(name, |new| new.value);
        whole = Some(match whole {
            Some(before) => before.then(change),
            None => change.clone(),
        });
    }
    let new = whole?.apply(image)?;
    let mut draft = Draft::Node(node);
    *draft.get("image")? = new;
    Some(draft)
}

/// The name and the tag of a reference, as kustomize splits it.
fn split(image: &str) -> (&str, Option<&str>) {
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    let path = image.rfind('/').map_or(0, |slash| slash + 1);
    match image[path..].find(':') {
        Some(colon) => (&image[..path + colon], Some(&image[path + colon + 1..])),
        None => (image, None),
    }
}
