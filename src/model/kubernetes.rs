//! Kubernetes manifests: objects, the pods they make, and who refers to whom.

mod access;
mod cluster;
mod helm;
mod kustomize;
mod labels;
mod modes;
mod network;
mod object;
mod placement;
mod pod;
mod read;
mod scaling;
mod schedule;
mod schema;
mod secret;
mod standard;
mod workload;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::Files;

use super::{Document, Format};

use helm::Charts;
use kustomize::Built;

pub use access::{BoundRole, Permission, Subject};
pub use cluster::{Cluster, Lookup, Member, Source};
pub use labels::{Label, Labels, Operator, Requirement, Selector};
pub use network::{Backend, Opening, Peer, Route, ServicePort};
pub use object::{Generated, Manifest, Unit};
pub use pod::{
    ContainerPort, Handler, Pod, PodContainer, PortRef, Probe, ProbeKind, Quantities, Reference,
    Resources, Security, Target, Volume, VolumeSource,
};
pub use scaling::{Amount, AmountKind, Autoscaler, Budget};
pub use schedule::{runs_hourly, schedule_flaw};
pub use schema::{Flaw, FlawKind};
pub use secret::SecretValue;
pub use standard::{Standard, Violation};
pub use workload::{Controller, Workload};

/// What all Kubernetes files of a run come to.
#[derive(Clone, Debug, Default)]
pub struct Kubernetes {
    pub cluster: Arc<Cluster>,
    /// Paths that are referred to and not known.
    pub wanted: Vec<String>,
}

/// Reads the Kubernetes files among `documents`.
pub fn read(files: &Files, documents: &[Arc<Document>]) -> Kubernetes {
    let Built { mut objects, generated, mut incomplete, used, mut wanted } =
        kustomize::build(files, documents);
    let mut charts = Charts::new(files);
    let mut directories: BTreeMap<&str, u32> = BTreeMap::new();
    for document in documents.iter().filter(|document| document.format == Format::Kubernetes) {
        let Some(tree) = document.yaml().filter(|_| !used.contains(&document.file)) else {
            continue;
        };
        let file = files.get(document.file);
        let chart = charts.unit(file);
        let unit = chart.unwrap_or_else(|| {
            let next = directories.len() as u32;
            Unit::Directory(*directories.entry(file.directory()).or_insert(next))
        });
        for part in tree.documents() {
            for mut found in object::find(part.root(tree)) {
                let condition = helm::condition(file, tree.node(found.root));
                let settled = chart.and_then(|_| charts.settle(file, tree, found.root));
                let tree = settled.as_ref().unwrap_or(tree);
                if settled.is_some() {
                    found.root = tree.first();
                }
                if let Some(mut object) = Manifest::read(tree, &found, unit) {
                    object.condition = condition;
                    objects.push(object);
                }
            }
            if part.root(tree).is_damaged() {
                incomplete.insert(unit);
            }
        }
    }
    // A kustomization beside a file may change what it says.
    let beside = directories.keys().flat_map(|directory| {
        kustomize::NAMES.iter().map(move |name| match *directory {
            "" => (*name).to_owned(),
            directory => format!("{directory}/{name}"),
        })
    });
    wanted.extend(beside.filter(|path| !files.is_known(path)));
    wanted.append(&mut charts.wanted);
    objects.sort_by_key(Manifest::place);
    let decided = charts.decided.into_inner();
    Kubernetes {
        cluster: Arc::new(Cluster::new(objects, generated, incomplete, decided)),
        wanted: wanted.into_iter().collect(),
    }
}
