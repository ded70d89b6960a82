//! Kubernetes manifests: objects, the pods they make, and who refers to whom.

mod cluster;
mod kustomize;
mod labels;
mod network;
mod object;
mod pod;
mod read;
mod scaling;
mod workload;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::Files;

use super::{Document, Format};

use kustomize::Built;

pub use cluster::{Cluster, Lookup, Member, Source};
pub use labels::{Label, Labels, Operator, Requirement, Selector};
pub use network::{Backend, ServicePort};
pub use object::{Generated, Manifest, Unit};
pub use pod::{
    ContainerPort, Handler, Pod, PodContainer, PortRef, Probe, ProbeKind, Quantities, Reference,
    Resources, Security, Target, Volume, VolumeSource,
};
pub use scaling::{Amount, AmountKind, Autoscaler, Budget};
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
    let Built { mut objects, generated, mut incomplete, used, mut wanted } =
        kustomize::build(files, documents);
    let mut directories: BTreeMap<&str, u32> = BTreeMap::new();
    for document in documents.iter().filter(|document| document.format == Format::Kubernetes) {
        let Some(tree) = document.yaml().filter(|_| !used.contains(&document.file)) else {
            continue;
        };
        let next = directories.len() as u32;
        let directory = files.get(document.file).directory();
        let number = *directories.entry(directory).or_insert_with(|| {
            // A kustomization beside it may change what it says.
            let names = kustomize::NAMES.iter().map(|name| format!("{directory}/{name}"));
            let names = names.map(|path| path.trim_start_matches('/').to_owned());
            wanted.extend(names.filter(|path| !files.is_known(path)));
            next
        });
        let unit = Unit::Directory(number);
        for part in tree.documents() {
            let found = object::find(part.root(tree));
            objects.extend(found.iter().filter_map(|found| Manifest::read(tree, found, unit)));
            if part.is_damaged() {
                incomplete.insert(unit);
            }
        }
    }
    objects.sort_by_key(Manifest::place);
    Kubernetes {
        cluster: Cluster::new(objects, generated, incomplete),
        wanted: wanted.into_iter().collect(),
    }
}
