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
use super::object::{self, Generated, Literal, Manifest, Unit};
use super::piece::Piece;
use super::read;

/// What all kustomizations come to, kept from one reading to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Kustomizations {
    /// Those that no other one uses.
    roots: BTreeMap<FileId, Root>,
    /// Each kustomization with its tree and its place there, as they were read.
    all: BTreeMap<FileId, (Arc<Tree>, NodeId)>,
    /// Files that are kustomizations, or that one of them uses, as they were read.
    used: BTreeMap<FileId, Arc<Tree>>,
    /// Paths that are named and not found.
    pub missed: BTreeSet<String>,
}

/// A kustomization that no other one uses.
#[derive(Clone, Debug)]
struct Root {
    /// What it was read from.
    sources: Vec<(FileId, Arc<Tree>)>,
    /// The objects that are judged as it leaves them.
    origins: Vec<(FileId, NodeId)>,
    piece: Arc<Piece>,
}

/// The names that kustomize looks for in a directory.
pub(super) const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// How many objects all kustomizations may come to; beyond it lie only files made to hang.
const LIMIT: usize = 100_000;

impl Kustomizations {
    /// Builds every kustomization among `documents` that no other one uses, if anything has
    /// changed for them; whether it has.
    pub fn read(&mut self, files: &Files, documents: &[Arc<Document>]) -> bool {
        let tree_of = |file: FileId| {
            let at = documents.partition_point(|document| document.file < file);
            documents.get(at).filter(|document| document.file == file)?.yaml()
        };
        let manifests = documents.iter().filter(|document| document.format == Format::Kubernetes);
        let all: BTreeMap<FileId, (Arc<Tree>, NodeId)> = manifests
            .filter_map(|document| {
                let (tree, file) = (document.yaml()?, files.get(document.file));
                let mut roots = tree.documents().map(|part| part.root(tree));
                let root = roots.find(|root| is_kustomization(*root, file))?;
                Some((document.file, (Arc::clone(tree), root.id())))
            })
            .collect();
        // Of other files than documents none has changed.
        let is_stale = |(file, tree): (&FileId, &Arc<Tree>)| {
            tree_of(*file).is_some_and(|now| !Arc::ptr_eq(now, tree))
        };
        let is_known = |(file, (tree, _)): (&FileId, &(Arc<Tree>, NodeId))| {
            self.all.get(file).is_some_and(|(before, _)| Arc::ptr_eq(before, tree))
        };
        let is_same = all.len() == self.all.len()
            && all.iter().all(is_known)
            && !self.used.iter().any(is_stale);
        if is_same {
            return false;
        }
        let builder = Builder {
            files,
            tree_of: &tree_of,
            kustomizations: &all,
            memo: HashMap::new(),
            open: Vec::new(),
            left: LIMIT,
            used: BTreeMap::new(),
            missed: BTreeSet::new(),
            sources: HashMap::new(),
            incomplete: HashSet::new(),
            generated: HashMap::new(),
        };
        let environment = |file: FileId| {
            let at = documents.partition_point(|document| document.file < file);
            documents.get(at).map(|document| document.environment)
        };
        *self = builder.finish(std::mem::take(&mut self.roots), environment);
        self.all = all;
        true
    }

    /// Whether a file is a kustomization, or one uses it.
    pub fn uses(&self, file: FileId) -> bool {
        self.used.contains_key(&file)
    }

    pub fn pieces(&self) -> impl Iterator<Item = &Arc<Piece>> + Clone {
        self.roots.values().map(|root| &root.piece)
    }
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
    /// What it is called there.
    name: Option<String>,
    namespace: Option<Spanned<String>>,
    labels: Vec<transform::LabelChange>,
    /// What is put before and behind its name.
    affixes: (String, String),
}

struct Builder<'a> {
    files: &'a Files,
    tree_of: &'a dyn Fn(FileId) -> Option<&'a Arc<Tree>>,
    kustomizations: &'a BTreeMap<FileId, (Arc<Tree>, NodeId)>,
    memo: HashMap<FileId, Arc<Vec<Item>>>,
    /// The kustomizations that are being built, outermost first.
    open: Vec<FileId>,
    left: usize,
    /// See [`Kustomizations`].
    used: BTreeMap<FileId, Arc<Tree>>,
    missed: BTreeSet<String>,
    /// What each kustomization is read from, those that it uses included.
    sources: HashMap<FileId, BTreeSet<FileId>>,
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
    fn finish(
        mut self,
        mut before: BTreeMap<FileId, Root>,
        environment: impl Fn(FileId) -> Option<Environment>,
    ) -> Kustomizations {
        let all: Vec<FileId> = self.kustomizations.keys().copied().collect();
        let mut roots: BTreeSet<FileId> = all.iter().copied().collect();
        for file in &all {
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
        let mut built = Kustomizations::default();
        for (roots, is_late) in [(first, false), (late, true)] {
            let taken = seen.clone();
            for root in roots {
                let items = self.render(root);
                seen.extend(items.iter().map(|item| item.origin));
                let is_judged = |item: &&Item| !(is_late && taken.contains(&item.origin));
                let items: Vec<&Item> = items.iter().filter(is_judged).collect();
                built.roots.insert(root, self.root(root, &items, before.remove(&root)));
            }
        }
        // Those that use one another in a circle have no root.
        for file in all {
            self.source(file);
        }
        Kustomizations { used: self.used, missed: self.missed, ..built }
    }

    /// What a kustomization comes to that is not used by another one.
    fn root(&mut self, root: FileId, items: &[&Item], before: Option<Root>) -> Root {
        let files = self.sources.get(&root).cloned().unwrap_or_default();
        let sources: Vec<(FileId, Arc<Tree>)> = files
            .iter()
            .filter_map(|file| Some((*file, Arc::clone(self.used.get(file)?))))
            .collect();
        let origins: Vec<(FileId, NodeId)> = items.iter().map(|item| item.origin).collect();
        let is_complete = !self.incomplete.contains(&root);
        let is_same = |before: &Root| {
            // What is not complete may be so for reasons that lie elsewhere.
            is_complete
                && before.piece.incomplete.is_none()
                && before.origins == origins
                && before.sources.len() == sources.len()
                && before
                    .sources
                    .iter()
                    .zip(&sources)
                    .all(|(one, other)| one.0 == other.0 && Arc::ptr_eq(&one.1, &other.1))
        };
        if let Some(before) = before.filter(is_same) {
            return before;
        }
        let unit = Unit::Kustomization(root);
        let objects = items.iter().filter_map(|item| item.manifest(unit)).collect();
        let generated = self.generated.get(&root).into_iter().flatten();
        let piece = Piece {
            generated: generated.map(|entry| Generated { unit, ..entry.clone() }).collect(),
            incomplete: (!is_complete).then_some(unit),
            ..Piece::new(unit, files.into_iter().collect(), objects)
        };
        Root { sources, origins, piece: Arc::new(piece) }
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
        let (tree, root) = self.kustomizations[&file].clone();
        let root = tree.node(root);
        self.source(file);
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

    /// What is not known of `inner` is not known of `outer`, what it generates is there, and what
    /// it is read from.
    fn inherit(&mut self, outer: FileId, inner: FileId) {
        let sources = self.sources.get(&inner).cloned().unwrap_or_default();
        self.sources.entry(outer).or_default().extend(sources);
        if self.incomplete.contains(&inner) {
            self.incomplete.insert(outer);
        }
        let generated = self.generated.get(&inner).cloned().unwrap_or_default();
        self.generated.entry(outer).or_default().extend(generated);
    }

    /// The objects of a file of resources.
    fn load(&mut self, file: FileId, items: &mut Vec<Item>) {
        let tree = self.source(file);
        for part in tree.documents() {
            for found in object::find(part.root(&tree)) {
                let Some(left) = self.left.checked_sub(1) else { return };
                self.left = left;
                items.push(Item {
                    name: tree
                        .node(found.root)
                        .at(&["metadata", "name"])
                        .and_then(read::plain)
                        .map(str::to_owned),
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
        let (tree, root) = self.kustomizations[&file].clone();
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
            self.missed.insert(path);
        } else {
            self.missed.extend(NAMES.iter().map(|name| format!("{path}/{name}")));
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

    /// The tree of a file that is used, which need not be a manifest.
    fn source(&mut self, file: FileId) -> Arc<Tree> {
        if let Some(kustomization) = self.open.last() {
            self.sources.entry(*kustomization).or_default().insert(file);
        }
        let tree = self.used.entry(file).or_insert_with(|| match (self.tree_of)(file) {
            Some(tree) => Arc::clone(tree),
            None => yaml::parse(self.files.get(file)).tree,
        });
        Arc::clone(tree)
    }

    /// Keeps what `configMapGenerator` and `secretGenerator` come to.
    fn generate(&mut self, file: FileId, root: Node) {
        for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            for entry in root.get(key).into_iter().flat_map(Node::items) {
                let Some(name) = entry.get("name").and_then(read::word) else { continue };
                let known = self.generated.entry(file).or_default();
                let is_it = |it: &&mut Generated| {
                    it.kind == kind
                        && (it.name.value == name.value || it.renamed.as_ref() == Some(&name.value))
                };
                let (keys, literals) = (generated_keys(entry), literals(entry));
                match (entry.get("behavior").and_then(read::plain), known.iter_mut().find(is_it)) {
                    (Some("merge"), Some(base)) => {
                        base.keys =
                            base.keys.take().zip(keys).map(|(base, own)| [base, own].concat());
                        base.literals.extend(literals);
                    }
                    (Some("replace"), Some(base)) => {
                        base.keys = keys;
                        base.literals.extend(literals);
                    }
                    (behavior, _) => {
                        // What a merge goes into stands in a manifest.
                        let keys = keys.filter(|_| behavior != Some("merge"));
                        // The unit is that of the root, known at the end.
                        let unit = Unit::Kustomization(file);
                        known.push(Generated { kind, name, renamed: None, keys, literals, unit });
                    }
                }
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
    let from_files = ["env", "envs"].iter().any(|key| entry.get(key).is_some());
    if from_files || read::is_open(entry) {
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

fn literals(entry: Node) -> Vec<Literal> {
    let literal = |node: Node| {
        let text = read::known(node)?.value;
        let (key, value) = text.split_once('=')?;
        let span = node.span_of_text(key.len() + 1..text.len());
        Some(Literal { key: key.to_owned(), value: Spanned::new(value.to_owned(), span) })
    };
    entry.get("literals").into_iter().flat_map(Node::items).filter_map(literal).collect()
}

fn or_dot(directory: &str) -> &str {
    if directory.is_empty() { "." } else { directory }
}
