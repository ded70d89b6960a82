//! Trees to what they mean: containers, images, stages, services, workloads, and what links them.

mod cache;
pub mod command;
pub mod compose;
pub mod container;
pub mod context;
pub mod credentials;
mod detect;
pub mod dockerfile;
mod document;
pub mod download;
pub mod environment;
pub mod git;
pub mod image;
mod inline;
pub mod kubernetes;
mod link;
mod moved;
pub mod packages;
mod parts;
pub mod place;
pub mod process;
pub mod quantity;
pub mod run;
pub mod script;
pub mod setting;
pub mod text;
pub mod user;

use std::collections::HashMap;
use std::sync::Arc;

use crate::finding::Severity;
use crate::source::{FileId, Files, Span};

use compose::{Build, Compose, Service};
use container::Container;
use context::{Context, Copied};
use image::ImageRef;
use kubernetes::{Cluster, Manifest};

pub use cache::Cache;
pub use detect::{Named, is_dockerfile_template};
pub use document::{Call, Document, Recipe, Tree};

/// Everything the files say, with what links them. Rules see nothing else.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// One for each file that is ours, in the order of the files.
    pub documents: Vec<Arc<Document>>,
    pub containers: Vec<Arc<Container>>,
    /// Every reference that is written, file by file; what names an earlier stage is none.
    pub images: Vec<Arc<ImageRef>>,
    /// The projects of all Compose files, in the order of the files.
    pub projects: Vec<Arc<Compose>>,
    /// The Kubernetes objects of a group, and who refers to whom; of all files see
    /// [`Workspace::objects`].
    pub cluster: Cluster,
    /// What Dockerfiles take from the files around them, in the order of the Dockerfiles.
    pub contexts: Vec<Arc<Context>>,
    /// Paths that are referred to and not known; reading again with them would tell more. With a
    /// `/` at its end it is a directory whose listing would.
    pub wanted: Vec<String>,
    /// What programs say that were run beside the linter; none in a group.
    pub remarks: Vec<Remark>,
    /// The same by groups of files that have nothing to do with one another; none in a group.
    pub parts: Vec<Arc<Self>>,
}

/// What another program says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub span: Span,
    pub severity: Severity,
    pub message: String,
    pub help: String,
}

impl Workspace {
    /// What is copied from a context, with the Dockerfile that copies it.
    pub fn copies(&self) -> impl Iterator<Item = (&Context, &Copied)> {
        self.contexts.iter().flat_map(|it| it.copies.iter().map(move |copied| (&**it, copied)))
    }

    /// All Kubernetes objects, group by group.
    pub fn objects(&self) -> impl Iterator<Item = &Manifest> {
        let of_parts = self.parts.iter().flat_map(|part| part.cluster.objects());
        self.cluster.objects().chain(of_parts)
    }

    /// Every Dockerfile, those within other files too.
    pub fn recipes(&self) -> impl Iterator<Item = &Recipe> {
        self.documents.iter().filter_map(|document| document.recipe())
    }

    /// Every service that a Compose file names itself.
    pub fn services(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.projects.iter().flat_map(|project| project.own_services())
    }

    /// Every service that is built of a Dockerfile in view, how, and of what.
    pub fn builds(&self) -> impl Iterator<Item = (&Service, &Build, &Recipe)> {
        let recipes: HashMap<FileId, &Recipe> = self
            .recipes()
            .filter(|recipe| recipe.within.is_none())
            .map(|recipe| (recipe.file, recipe))
            .collect();
        self.services().filter_map(move |service| {
            let build = service.build.as_deref()?;
            Some((&**service, build, *recipes.get(&build.file?)?))
        })
    }
}

/// Reads all files. Never fails: what is broken is kept as such.
pub fn read(files: &Files) -> Workspace {
    Cache::default().read(files)
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
