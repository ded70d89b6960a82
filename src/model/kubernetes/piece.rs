//! What is read at once: a file that stands for itself, or a kustomization with all that it uses.

use std::collections::BTreeMap;

use crate::source::{FileId, Span};

use super::object::{Generated, Manifest, Unit};
use super::ties::Ties;

/// The objects of files that are read at once.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    /// The files that it is made of.
    pub files: Vec<FileId>,
    pub objects: Vec<Manifest>,
    /// What kustomizations generate.
    pub(super) generated: Vec<Generated>,
    /// The unit, if a part of it is broken, far away or left to a tool.
    pub(super) incomplete: Option<Unit>,
    /// For each action of a template that its chart's values decide where they do.
    pub(super) decided: BTreeMap<Span, Span>,
    pub(super) ties: Ties,
}

impl Piece {
    /// Objects that are applied together.
    pub(super) fn new(unit: Unit, files: Vec<FileId>, objects: Vec<Manifest>) -> Self {
        Self { files, ties: Ties::of(unit, &objects), objects, ..Self::default() }
    }

    /// The images that its pods run, by their familiar names.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        let workloads = self.objects.iter().flat_map(|object| &object.workloads);
        let containers = workloads.flat_map(|workload| &workload.pod.containers);
        containers.filter_map(|container| Some(container.view.image.as_ref()?.familiar()))
    }
}
