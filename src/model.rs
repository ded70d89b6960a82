//! Trees to what they mean: containers, images, stages, services, workloads, and what links them.

mod cache;
pub mod command;
pub mod compose;
pub mod container;
mod detect;
pub mod dockerfile;
mod document;
pub mod environment;
pub mod image;
pub mod kubernetes;
pub mod packages;
pub mod place;
pub mod quantity;
pub mod run;
pub mod script;
pub mod setting;
pub mod text;
pub mod user;

use std::sync::Arc;

use crate::source::Files;

use compose::Compose;
use container::Container;
use image::ImageRef;
use kubernetes::{Cluster, Kubernetes};

pub use cache::Cache;
pub use detect::Named;
pub use document::{Document, Recipe, Tree};

/// Everything the files say, with what links them. Rules see nothing else.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// One for each file that is ours, in the order of the files.
    pub documents: Vec<Arc<Document>>,
    pub containers: Vec<Arc<Container>>,
    /// Every reference that is written, file by file; what names an earlier stage is none.
    pub images: Vec<ImageRef>,
    /// The projects of all Compose files, in the order of the files.
    pub projects: Vec<Arc<Compose>>,
    /// All Kubernetes objects, and who refers to whom.
    pub cluster: Cluster,
    /// Paths that are referred to and not known; reading again with them would tell more.
    pub wanted: Vec<String>,
}

/// Reads all files. Never fails: what is broken is kept as such.
pub fn read(files: &Files) -> Workspace {
    Cache::default().read(files)
}

/// What parsed files mean together.
pub fn link(files: &Files, documents: Vec<Arc<Document>>) -> Workspace {
    let mut workspace = Workspace::default();
    for recipe in documents.iter().filter_map(|document| document.recipe()) {
        let images = recipe.build.images.iter().map(|reference| reference.image.clone());
        workspace.images.extend(images);
    }
    let Kubernetes { cluster, wanted } = kubernetes::read(files, &documents);
    for member in cluster.workloads() {
        for container in &member.workload.pod.containers {
            workspace.containers.push(Arc::clone(&container.view));
            workspace.images.extend(container.image.clone());
        }
    }
    workspace.projects = compose::read(files, &documents);
    for project in &workspace.projects {
        for service in project.own_services() {
            workspace.containers.push(Arc::new(service.container.clone()));
            workspace.images.extend(service.image.clone());
        }
        workspace.wanted.extend(project.wanted.iter().cloned());
    }
    workspace.cluster = cluster;
    workspace.wanted.extend(wanted);
    workspace.documents = documents;
    workspace
}

/// The kinds of files that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Dockerfile,
    Compose,
    Kubernetes,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Dockerfile, Self::Compose, Self::Kubernetes];

    pub fn name(self) -> &'static str {
        match self {
            Self::Dockerfile => "dockerfile",
            Self::Compose => "compose",
            Self::Kubernetes => "kubernetes",
        }
    }
}
