//! Trees to what they mean: containers, images, stages, services, workloads, and what links them.

pub mod command;
pub mod compose;
pub mod container;
mod detect;
pub mod environment;
pub mod image;
pub mod quantity;
pub mod setting;
pub mod text;
pub mod user;

use std::sync::Arc;

use crate::source::{FileId, Files};

use container::Container;
use environment::Environment;
use image::ImageRef;

pub use detect::Named;

/// Everything the files say, with what links them. Rules see nothing else.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// One for each file that is ours, in the order of the files.
    pub documents: Vec<Document>,
    pub containers: Vec<Arc<Container>>,
    /// Every reference that is written, file by file; what names an earlier stage is none.
    pub images: Vec<ImageRef>,
    /// Paths that are referred to and not known; reading again with them would tell more.
    pub wanted: Vec<String>,
}

/// A file and what it is.
#[derive(Clone, Debug)]
pub struct Document {
    pub file: FileId,
    pub format: Format,
    /// By its name, its place or its own word.
    pub environment: Environment,
}

/// Reads all files. Never fails: what is broken is kept as such.
pub fn read(files: &Files) -> Workspace {
    let documents = files
        .iter()
        .filter_map(|file| {
            let format = Format::of(&file.path, &file.text)?;
            let environment = Environment::of_path(&file.project_path, format);
            Some(Document { file: file.id, format, environment })
        })
        .collect();
    Workspace { documents, ..Workspace::default() }
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
