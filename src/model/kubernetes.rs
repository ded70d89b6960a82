//! Kubernetes manifests: objects, the pods they make, and who refers to whom.

mod access;
mod again;
mod cluster;
mod helm;
mod kustomize;
mod labels;
mod modes;
mod network;
mod object;
mod piece;
mod placement;
mod pod;
mod read;
mod scaling;
mod schedule;
mod schema;
mod secret;
mod standard;
mod ties;
mod workload;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{FileId, Files, SourceFile};
use crate::syntax::yaml::Tree;

use super::{Document, Format};

use again::Again;
use helm::Charts;
use kustomize::Kustomizations;

pub use access::{BoundRole, Permission, Subject};
pub use cluster::{Cluster, Lookup, Member, Source};
pub use labels::{Label, Labels, Operator, Requirement, Selector};
pub use network::{Backend, Opening, Peer, Route, ServicePort};
pub use object::{Generated, Literal, Manifest, Unit};
pub use piece::Piece;
pub use pod::{
    ContainerPort, Handler, Pod, PodContainer, PortRef, Probe, ProbeKind, Quantities, Reference,
    Resources, Security, Target, Volume, VolumeSource,
};
pub use scaling::{Amount, AmountKind, Autoscaler, Budget, SCALED_KINDS};
pub use schedule::{runs_hourly, schedule_flaw};
pub use schema::{Flaw, FlawKind};
pub use secret::SecretValue;
pub use standard::{Standard, Violation};
pub use workload::{Controller, Workload};

/// What all Kubernetes files of a run come to, kept from one reading to the next.
#[derive(Clone, Debug, Default)]
pub struct Kubernetes {
    kustomizations: Kustomizations,
    charts: Charts,
    /// The numbers of directories that are units.
    directories: HashMap<String, u32>,
    /// Files that stand for themselves.
    files: BTreeMap<FileId, Known>,
    /// Paths that are referred to and not found.
    missed: Vec<String>,
    /// Those of them that nobody has looked for.
    wanted: Vec<String>,
    /// Pairs of files that have to do with one another, directly or through others.
    joins: Vec<(FileId, FileId)>,
    /// How many files there were.
    known: usize,
}

#[derive(Clone, Debug)]
struct Known {
    document: Arc<Document>,
    piece: Arc<Piece>,
}

/// A file that is to be read.
struct Job<'a> {
    document: &'a Arc<Document>,
    file: &'a SourceFile,
    tree: &'a Arc<Tree>,
    unit: Unit,
    /// What it was when it was read before.
    before: Option<Known>,
}

impl Kubernetes {
    /// Reads the Kubernetes files among `documents`. All but the `changed` ones must be as they
    /// were.
    pub fn read(&mut self, files: &Files, documents: &[Arc<Document>], changed: &HashSet<FileId>) {
        self.wanted.retain(|path| !files.is_known(path));
        let manifests =
            || documents.iter().filter(|document| document.format == Format::Kubernetes);
        let was = |file: &FileId| self.files.contains_key(file) || self.kustomizations.uses(*file);
        let is_new = self.known == 0;
        self.known = files.iter().len();
        if !is_new
            && !changed.iter().any(was)
            && !manifests().any(|document| changed.contains(&document.file))
        {
            return;
        }
        let mut is_other = self.kustomizations.read(files, documents) || is_new;
        let places = (self.directories.len(), self.charts.len());
        let mut before = std::mem::take(&mut self.files);
        let mut jobs = Vec::new();
        for document in manifests() {
            let is_used = self.kustomizations.uses(document.file);
            let Some(tree) = document.yaml().filter(|_| !is_used) else { continue };
            let known = before.remove(&document.file);
            if known.as_ref().is_some_and(|known| Arc::ptr_eq(&known.document, document)) {
                self.files.extend(known.map(|known| (document.file, known)));
                continue;
            }
            let file = files.get(document.file);
            let unit = self.charts.unit(files, file).unwrap_or_else(|| {
                let next = self.directories.len() as u32;
                let directory = file.directory().to_owned();
                Unit::Directory(*self.directories.entry(directory).or_insert(next))
            });
            jobs.push(Job { document, file, tree, unit, before: known });
        }
        is_other |= !before.is_empty();
        // What is read anew need not be kept beside it.
        drop(before);
        let read = |job: Job| {
            let ties = job.before.as_ref().map(|known| known.piece.ties.clone());
            let document = Arc::clone(job.document);
            let piece = Arc::new(job.read(&self.charts));
            (ties.as_ref() != Some(&piece.ties), Known { document, piece })
        };
        let known: Vec<(bool, Known)> = jobs.into_par_iter().map(read).collect();
        is_other |= known.iter().any(|(is_tied_anew, _)| *is_tied_anew);
        self.files.extend(known.into_iter().map(|(_, known)| (known.document.file, known)));
        if is_other {
            self.joins = ties::joins(self.pieces());
        }
        if is_other || places != (self.directories.len(), self.charts.len()) {
            self.miss(files);
        }
    }

    /// Notes what is not there.
    fn miss(&mut self, files: &Files) {
        // A kustomization beside a file may change what it says.
        let beside = self.directories.keys().flat_map(|directory| {
            kustomize::NAMES.iter().map(move |name| match directory.as_str() {
                "" => (*name).to_owned(),
                directory => format!("{directory}/{name}"),
            })
        });
        let missed = self.kustomizations.missed.iter().chain(&self.charts.missed).cloned();
        self.missed = beside.chain(missed).filter(|path| files.find(path).is_none()).collect();
        self.missed.sort_unstable();
        let wanted = self.missed.iter().filter(|path| !files.is_known(path));
        self.wanted = wanted.cloned().collect();
    }

    /// Whether a file has turned up that would change what was read.
    pub fn is_outdated(&self, files: &Files) -> bool {
        self.known < files.iter().len() && self.missed.iter().any(|it| files.find(it).is_some())
    }

    /// Paths that are referred to and not known.
    pub fn wanted(&self) -> &[String] {
        &self.wanted
    }

    /// Pairs of files that have to do with one another, directly or through others.
    pub fn joins(&self) -> &[(FileId, FileId)] {
        &self.joins
    }

    /// All that was read.
    pub fn pieces(&self) -> impl Iterator<Item = &Arc<Piece>> + Clone {
        self.kustomizations.pieces().chain(self.files.values().map(|known| &known.piece))
    }
}

impl Job<'_> {
    fn read(mut self, charts: &Charts) -> Piece {
        let Self { file, unit, .. } = self;
        let mut documents = self.tree.documents();
        let is_damaged = documents.any(|document| document.root(self.tree).is_damaged());
        let incomplete = is_damaged.then_some(unit);
        let known = self.before.take().and_then(|known| known.again(self.tree, unit));
        let again = known.unwrap_or_else(|| Again::whole(self.tree));
        let documents = self.tree.documents().skip(again.documents.start);
        let documents = documents.take(again.documents.len());
        let found: Vec<_> =
            documents.flat_map(|document| object::find(document.root(self.tree))).collect();
        let mut decided = BTreeMap::new();
        let is_patch = is_patch(&file.path);
        let read = |tree: &Arc<Tree>, found: &object::Found, condition| {
            let mut object = Manifest::read(tree, found, unit)?;
            object.condition = condition;
            if is_patch {
                object.complete_elsewhere();
            }
            // Whoever renders a template that is in no chart may add to it.
            object.is_piece |= tree.is_template() && matches!(unit, Unit::Directory(_));
            Some(object)
        };
        let condition = |found: &object::Found| helm::condition(file, self.tree.node(found.root));
        let objects = if matches!(unit, Unit::Chart(_)) {
            let settle = |mut found: object::Found| {
                let condition = condition(&found);
                let settled = charts.settle(file, self.tree, found.root, &mut decided);
                let tree = settled.as_ref().unwrap_or(self.tree);
                if settled.is_some() {
                    found.root = tree.first();
                }
                read(tree, &found, condition)
            };
            found.into_iter().filter_map(settle).collect()
        } else {
            let found = found.par_iter().with_min_len(64);
            let objects = found.map(|found| read(self.tree, found, condition(found)));
            objects.collect::<Vec<_>>().into_iter().flatten().collect()
        };
        let piece = Piece::new(unit, vec![file.id], again.with(objects));
        Piece { incomplete, decided, ..piece }
    }
}

/// Whether a file that no kustomization in view uses is called as what one completes:
/// `patches/web.yaml`, `web_patch.yaml`.
fn is_patch(path: &str) -> bool {
    path.rsplit('/')
        .take(2)
        .any(|name| name.split(['.', '-', '_']).any(|word| matches!(word, "patch" | "patches")))
}
