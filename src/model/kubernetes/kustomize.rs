//! Kustomizations: objects as the overlay that nobody else uses leaves them.

mod patch;
mod replace;
mod transform;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::source::{FileId, Files, SourceFile, Spanned, normalise};
use crate::syntax::yaml::{self, Node, NodeId, Tree};

use super::super::environment::Environment;
use super::super::setting::Setting;
use super::super::{Document, Format};
use super::object::{self, Generated, Manifest, Unit};
use super::read;

/// What all kustomizations come to.
#[derive(Debug, Default)]
pub(super) struct Built {
    pub objects: Vec<Manifest>,
    pub generated: Vec<Generated>,
    /// Units of which a part is far away or left to a tool.
    pub incomplete: HashSet<Unit>,
    /// Files that are kustomizations, or that one of them uses.
    pub used: HashSet<FileId>,
    pub wanted: BTreeSet<String>,
}

/// The names that kustomize looks for in a directory.
pub(super) const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// How many objects all kustomizations may come to; beyond it lie only files made to hang.
const LIMIT: usize = 100_000;

/// Builds every kustomization among `documents` that no other one uses.
pub(super) fn build(files: &Files, documents: &[Arc<Document>]) -> Built {
    let mut builder = Builder {
        files,
        trees: HashMap::new(),
        kustomizations: BTreeMap::new(),
        memo: HashMap::new(),
        open: Vec::new(),
        left: LIMIT,
        built: Built::default(),
        incomplete: HashSet::new(),
        generated: HashMap::new(),
    };
    for document in documents.iter().filter(|document| document.format == Format::Kubernetes) {
        let Some(tree) = document.yaml() else { continue };
        builder.trees.insert(document.file, Arc::clone(tree));
        let file = files.get(document.file);
        let root =
            tree.documents().map(|part| part.root(tree)).find(|root| is_kustomization(*root, file));
        if let Some(root) = root {
            builder.kustomizations.insert(document.file, root.id());
        }
    }
    let environment = |file: FileId| {
        documents.iter().find(|document| document.file == file).map(|document| document.environment)
    };
    builder.finish(environment)
}

fn is_kustomization(root: Node, file: &SourceFile) -> bool {
    match root.get("kind").and_then(read::plain) {
        Some("Kustomization") => {
            // Flux has a kind of the same name.
            root.get("apiVersion")
                .and_then(read::plain)
                .is_none_or(|version| version.starts_with("kustomize.config.k8s.io/"))
        }
        Some("Component") => root
            .get("apiVersion")
            .and_then(read::plain)
            .is_some_and(|version| version.starts_with("kustomize.config.k8s.io/")),
        _ => NAMES.contains(&file.name()) && root.is_mapping(),
    }
}

/// An object on its way through kustomizations.
#[derive(Clone, Debug)]
struct Item {
    tree: Arc<Tree>,
    found: object::Found,
    /// Where it comes from.
    origin: (FileId, NodeId),
    namespace: Option<Spanned<String>>,
    labels: Vec<transform::LabelChange>,
    /// What is put before and behind its name.
    affixes: (String, String),
}

struct Builder<'a> {
    files: &'a Files,
    trees: HashMap<FileId, Arc<Tree>>,
    kustomizations: BTreeMap<FileId, NodeId>,
    memo: HashMap<FileId, Arc<Vec<Item>>>,
    /// The kustomizations that are being built, outermost first.
    open: Vec<FileId>,
    left: usize,
    built: Built,
    /// Kustomizations of which something is not known.
    incomplete: HashSet<FileId>,
    /// What each kustomization generates, those that it uses included.
    generated: HashMap<FileId, Vec<Generated>>,
}

/// What an entry of `resources` is.
enum Resource {
    File(FileId),
    Kustomization(FileId),
    /// Far away, or not there.
    Unknown,
}

impl Builder<'_> {
    fn finish(mut self, environment: impl Fn(FileId) -> Option<Environment>) -> Built {
        let all: Vec<FileId> = self.kustomizations.keys().copied().collect();
        let mut roots: BTreeSet<FileId> = all.iter().copied().collect();
        for file in &all {
            self.built.used.insert(*file);
            for used in self.uses(*file) {
                if used != *file {
                    roots.remove(&used);
                }
            }
        }
        // Objects that production has are not judged once more as development leaves them.
        let is_development = |file: &FileId| environment(*file) == Some(Environment::Development);
        let (late, first): (Vec<FileId>, Vec<FileId>) =
            roots.into_iter().partition(|file| is_development(file));
        let mut seen = HashSet::new();
        for (roots, is_late) in [(first, false), (late, true)] {
            let before = seen.clone();
            for root in roots {
                let unit = Unit::Kustomization(root);
                let items = self.render(root);
                for item in items.iter() {
                    seen.insert(item.origin);
                    if !(is_late && before.contains(&item.origin)) {
                        self.built.objects.extend(item.manifest(unit));
                    }
                }
                if self.incomplete.contains(&root) {
                    self.built.incomplete.insert(unit);
                }
                let generated = self.generated.remove(&root).unwrap_or_default();
                self.built
                    .generated
                    .extend(generated.iter().cloned().map(|entry| Generated { unit, ..entry }));
                self.generated.insert(root, generated);
            }
        }
        self.built
    }

    /// The objects that a kustomization comes to.
    fn render(&mut self, file: FileId) -> Arc<Vec<Item>> {
        if let Some(items) = self.memo.get(&file) {
            return Arc::clone(items);
        }
        if self.open.contains(&file) {
            self.incomplete.insert(file);
            return Arc::default();
        }
        self.open.push(file);
        let mut items = Vec::new();
        self.apply(file, &mut items);
        self.open.pop();
        let items = Arc::new(items);
        self.memo.insert(file, Arc::clone(&items));
        items
    }

    /// Adds what a kustomization or component adds, and changes all as it says.
    fn apply(&mut self, file: FileId, items: &mut Vec<Item>) {
        let (tree, root) = (Arc::clone(&self.trees[&file]), self.kustomizations[&file]);
        let root = tree.node(root);
        for node in ["resources", "bases"].into_iter().filter_map(|key| root.get(key)) {
            for entry in node.items() {
                match self.resource(file, entry) {
                    Resource::File(resource) => self.load(resource, items),
                    Resource::Kustomization(inner) => {
                        let new = self.render(inner);
                        self.inherit(file, inner);
                        let taken = new.len().min(self.left);
                        self.left -= taken;
                        items.extend(new[..taken].iter().cloned());
                    }
                    Resource::Unknown => drop(self.incomplete.insert(file)),
                }
            }
        }
        for entry in root.get("components").into_iter().flat_map(Node::items) {
            match self.resource(file, entry) {
                Resource::Kustomization(inner) if !self.open.contains(&inner) => {
                    self.open.push(inner);
                    self.apply(inner, items);
                    self.open.pop();
                    self.inherit(file, inner);
                }
                _ => drop(self.incomplete.insert(file)),
            }
        }
        self.generate(file, root);
        self.transform(file, root, items);
        const LEFT_TO_TOOLS: [&str; 5] =
            ["helmCharts", "helmChartInflationGenerator", "generators", "transformers", "crds"];
        if read::is_open(root) || LEFT_TO_TOOLS.iter().any(|key| root.get(key).is_some()) {
            self.incomplete.insert(file);
        }
    }

    /// What is not known of `inner` is not known of `outer`, and what it generates is there.
    fn inherit(&mut self, outer: FileId, inner: FileId) {
        if self.incomplete.contains(&inner) {
            self.incomplete.insert(outer);
        }
        let generated = self.generated.get(&inner).cloned().unwrap_or_default();
        self.generated.entry(outer).or_default().extend(generated);
    }

    /// The objects of a file of resources.
    fn load(&mut self, file: FileId, items: &mut Vec<Item>) {
        self.built.used.insert(file);
        let Some(tree) = self.tree(file) else { return };
        for part in tree.documents() {
            for found in object::find(part.root(&tree)) {
                let Some(left) = self.left.checked_sub(1) else { return };
                self.left = left;
                items.push(Item {
                    tree: Arc::clone(&tree),
                    origin: (file, found.root),
                    found,
                    namespace: None,
                    labels: Vec::new(),
                    affixes: Default::default(),
                });
            }
        }
    }

    /// The kustomizations that one uses.
    fn uses(&mut self, file: FileId) -> Vec<FileId> {
        let (tree, root) = (Arc::clone(&self.trees[&file]), self.kustomizations[&file]);
        let mut used = Vec::new();
        for key in ["resources", "bases", "components"] {
            for entry in tree.node(root).get(key).into_iter().flat_map(Node::items) {
                if let Resource::Kustomization(inner) = self.resource(file, entry) {
                    used.push(inner);
                }
            }
        }
        used
    }

    fn resource(&mut self, file: FileId, entry: Node) -> Resource {
        let Some(path) = read::plain(entry).and_then(|path| self.path(file, path)) else {
            return Resource::Unknown;
        };
        if let Some(found) = self.files.find(&path) {
            return Resource::File(found.id);
        }
        for name in NAMES {
            if let Some(found) = self.files.find(&format!("{path}/{name}"))
                && self.kustomizations.contains_key(&found.id)
            {
                return Resource::Kustomization(found.id);
            }
        }
        let is_file = path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
        if is_file {
            self.want(path);
        } else {
            NAMES.iter().for_each(|name| self.want(format!("{path}/{name}")));
        }
        Resource::Unknown
    }

    /// A path that the kustomization in `file` names; `None` if it lies in another repository.
    fn path(&self, file: FileId, path: &str) -> Option<String> {
        let is_far = path.contains("://")
            || path.contains("?ref=")
            || path.starts_with("git@")
            || path.starts_with("github.com/")
            || path.starts_with("github.com:");
        let directory = self.files.get(file).directory();
        (!is_far && !path.is_empty()).then(|| normalise(&format!("{}/{path}", or_dot(directory))))
    }

    /// The tree of a file, which need not be a manifest.
    fn tree(&mut self, file: FileId) -> Option<Arc<Tree>> {
        if !self.trees.contains_key(&file) {
            let tree = yaml::parse(self.files.get(file)).tree;
            self.trees.insert(file, tree);
        }
        self.trees.get(&file).cloned()
    }

    fn want(&mut self, path: String) {
        if !self.files.is_known(&path) {
            self.built.wanted.insert(path);
        }
    }

    /// Keeps what `configMapGenerator` and `secretGenerator` come to.
    fn generate(&mut self, file: FileId, root: Node) {
        for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            for entry in root.get(key).into_iter().flat_map(Node::items) {
                let Some(name) = entry.get("name").and_then(read::word) else { continue };
                // The unit is that of the root, known at the end.
                let unit = Unit::Kustomization(file);
                let generated =
                    Generated { kind, name, renamed: None, keys: generated_keys(entry), unit };
                self.generated.entry(file).or_default().push(generated);
            }
        }
    }
}

impl Item {
    /// The object with all changes made.
    fn manifest(&self, unit: Unit) -> Option<Manifest> {
        let mut manifest = Manifest::read(&self.tree, &self.found, unit)?;
        if let Some(namespace) = self.namespace.clone().map(Setting::Set) {
            match manifest.is(&[""], "Namespace") {
                // Of a Namespace its own name is changed.
                true => manifest.name = namespace,
                false if manifest.is_cluster_wide() => {}
                false => manifest.namespace = namespace,
            }
        }
        let (prefix, suffix) = &self.affixes;
        if !prefix.is_empty() || !suffix.is_empty() {
            let name = manifest.name.get();
            manifest.renamed = name.map(|name| format!("{prefix}{}{suffix}", name.value));
        }
        self.labels.iter().for_each(|label| label.apply(&mut manifest));
        Some(manifest)
    }
}

/// The keys of a generated object; `None` if a file that is not read tells them.
fn generated_keys(entry: Node) -> Option<Vec<String>> {
    let merges = entry.get("behavior").and_then(read::plain).is_some_and(|how| how == "merge");
    let from_files = ["env", "envs"].iter().any(|key| entry.get(key).is_some());
    if merges || from_files || read::is_open(entry) {
        return None;
    }
    let mut keys = Vec::new();
    for literal in entry.get("literals").into_iter().flat_map(Node::items) {
        keys.push(read::plain(literal)?.split_once('=')?.0.to_owned());
    }
    for file in entry.get("files").into_iter().flat_map(Node::items) {
        let file = read::plain(file)?;
        let key =
            file.split_once('=').map_or_else(|| file.rsplit('/').next(), |(key, _)| Some(key));
        keys.push(key?.to_owned());
    }
    Some(keys)
}

fn or_dot(directory: &str) -> &str {
    if directory.is_empty() { "." } else { directory }
}
