//! Files that have to do with one another, each group by itself: what one file says changes
//! nothing outside its group.

use std::collections::HashMap;
use std::sync::Arc;

use crate::source::{FileId, Files};

use super::compose::Compose;
use super::context::{Context, Contexts};
use super::kubernetes::{Cluster, Kubernetes, Piece};
use super::link::Links;
use super::{Document, Workspace};

/// One group: its files' documents and projects, both in the order of the files, and what its
/// manifests come to.
#[derive(Debug, Default)]
pub struct Group {
    documents: Vec<Arc<Document>>,
    projects: Vec<Arc<Compose>>,
    contexts: Vec<Arc<Context>>,
    pieces: Vec<Arc<Piece>>,
}

impl Group {
    /// The first of its files: no other group has it.
    pub fn first(&self) -> Option<FileId> {
        self.documents.first().map(|document| document.file)
    }

    /// Whether this is what a part was made of.
    pub fn is_of(&self, part: &Workspace) -> bool {
        fn same<T>(one: &[Arc<T>], other: &[Arc<T>]) -> bool {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| Arc::ptr_eq(one, other))
        }
        same(&self.documents, &part.documents)
            && same(&self.projects, &part.projects)
            && same(&self.contexts, &part.contexts)
            && same(&self.pieces, part.cluster.pieces())
    }

    /// What its files mean together.
    pub fn link(self, files: &Files) -> Workspace {
        let Self { documents, projects, contexts, pieces } = self;
        let cluster = Cluster::new(pieces);
        let mut links = Links::new(files, &documents, &contexts);
        projects.iter().for_each(|project| links.builds(project));
        projects.iter().for_each(|project| links.project(project));
        cluster.workloads().for_each(|member| links.workload(member.workload));
        let Links { containers, images, mut wanted, .. } = links.finish();
        wanted.extend(contexts.iter().flat_map(|context| context.wanted.iter().cloned()));
        let images = images.into_iter().map(Arc::new).collect();
        Workspace {
            documents,
            containers,
            images,
            projects,
            contexts,
            cluster,
            wanted,
            ..Workspace::default()
        }
    }
}

/// Groups all that was read, in the order of the groups' first files.
pub fn groups(
    files: &Files,
    documents: &[Arc<Document>],
    projects: &[Arc<Compose>],
    contexts: &Contexts,
    kubernetes: &Kubernetes,
) -> Vec<Group> {
    let mut sets = Sets((0..files.iter().len() as u32).collect());
    kubernetes.joins().iter().for_each(|(one, other)| sets.join(*one, *other));
    let mut running: Option<HashMap<&str, Vec<FileId>>> = None;
    for project in projects {
        project.files.iter().for_each(|file| sets.join(project.file, *file));
        for service in project.own_services() {
            let Some(build) = &service.build else { continue };
            let dockerfile = build.dockerfile.as_ref().and_then(|path| files.find(path));
            let dockerfile = dockerfile.map(|file| file.id).into_iter().chain(build.file);
            dockerfile.for_each(|file| sets.join(project.file, file));
            // A pod may run what a service builds.
            let Some(image) = &service.image else { continue };
            let running = running.get_or_insert_with(|| running_in(kubernetes));
            if let Some(found) = running.get_mut(image.familiar()) {
                found.iter().for_each(|file| sets.join(project.file, *file));
                // They are one from now on.
                found.truncate(1);
            }
        }
    }
    // So may a service of another project.
    let services = || projects.iter().flat_map(|it| it.own_services().map(|one| (it.file, one)));
    let built: HashMap<&str, FileId> =
        services().filter_map(|(file, service)| Some((service.built_name()?, file))).collect();
    for (file, service) in services().filter(|_| !built.is_empty()) {
        let known = service.run_name().and_then(|name| built.get(name));
        known.into_iter().for_each(|other| sets.join(file, *other));
    }
    let mut groups: Vec<Group> = Vec::new();
    // By the roots.
    let mut numbers: Vec<Option<usize>> = vec![None; sets.0.len()];
    for document in documents {
        let number = &mut numbers[sets.root(document.file).0 as usize];
        let number = *number.get_or_insert_with(|| {
            groups.push(Group::default());
            groups.len() - 1
        });
        groups[number].documents.push(Arc::clone(document));
        if document.recipe().is_some_and(|recipe| recipe.within.is_none()) {
            groups[number].contexts.extend(contexts.of(document.file).iter().cloned());
        }
    }
    for project in projects {
        if let Some(number) = numbers[sets.root(project.file).0 as usize] {
            groups[number].projects.push(Arc::clone(project));
        }
    }
    for piece in kubernetes.pieces() {
        let number = piece.files.first().and_then(|file| numbers[sets.root(*file).0 as usize]);
        if let Some(number) = number {
            groups[number].pieces.push(Arc::clone(piece));
        }
    }
    groups
}

/// The images that pods run, by their familiar names, with the files of those.
fn running_in(kubernetes: &Kubernetes) -> HashMap<&str, Vec<FileId>> {
    let mut running: HashMap<&str, Vec<FileId>> = HashMap::new();
    for piece in kubernetes.pieces() {
        for image in piece.images() {
            running.entry(image).or_default().extend(piece.files.first());
        }
    }
    running
}

/// Disjoint sets of files: for each file another one of its set, or itself.
struct Sets(Vec<u32>);

impl Sets {
    fn root(&mut self, file: FileId) -> FileId {
        let mut at = file.0 as usize;
        while self.0[at] as usize != at {
            self.0[at] = self.0[self.0[at] as usize];
            at = self.0[at] as usize;
        }
        FileId(at as u32)
    }

    /// The smaller root wins.
    fn join(&mut self, one: FileId, other: FileId) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other).0 as usize] = one.min(other).0;
    }
}
