//! Trees to what they mean: containers, images, stages, services, workloads, and what links them.

pub mod command;
pub mod container;
pub mod setting;
pub mod text;
pub mod user;

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
