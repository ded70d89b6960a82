//! Kubernetes manifests: objects, the pods they make, and who refers to whom.

mod cluster;
mod labels;
mod object;
mod pod;
mod read;
mod workload;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::source::Files;

use super::{Document, Format};

pub use cluster::{Cluster, Lookup, Member, Source};
pub use labels::{Label, Labels, Operator, Requirement, Selector};
pub use object::{Generated, Manifest, Unit};
pub use pod::{
    ContainerPort, Handler, Pod, PodContainer, PortRef, Probe, ProbeKind, Quantities, Reference,
    Resources, Security, Target, Volume, VolumeSource,
};
pub use workload::{Controller, Workload};

/// What all Kubernetes files of a run come to.
#[derive(Clone, Debug, Default)]
pub struct Kubernetes {
    pub cluster: Cluster,
    /// Paths that are referred to and not known.
    pub wanted: Vec<String>,
}

/// Reads the Kubernetes files among `documents`.
pub fn read(files: &Files, documents: &[Arc<Document>]) -> Kubernetes {
    let mut directories: BTreeMap<&str, u32> = BTreeMap::new();
    let mut objects = Vec::new();
    let mut incomplete = HashSet::new();
    for document in documents.iter().filter(|document| document.format == Format::Kubernetes) {
        let Some(tree) = document.yaml() else { continue };
        let next = directories.len() as u32;
        let directory = files.get(document.file).directory();
        let unit = Unit::Directory(*directories.entry(directory).or_insert(next));
        for part in tree.documents() {
            objects.extend(object::objects(tree, part.root(tree), unit));
            if part.is_damaged() {
                incomplete.insert(unit);
            }
        }
    }
    Kubernetes { cluster: Cluster::new(objects, Vec::new(), incomplete), wanted: Vec::new() }
}
