//! What was read, kept from one reading to the next.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{FileId, Files, SourceFile};

use super::compose::{self, Projects};
use super::context::Contexts;
use super::kubernetes::{Cluster, Kubernetes};
use super::parts::groups;
use super::{Document, Format, Workspace};

/// What an earlier reading came to, so that only what has changed is read again. Belongs to one
/// [`Files`] and its copies: a file is known by its id. What is unchanged is the same [`Arc`].
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// In the order of the ids.
    parsed: Vec<Kept>,
    /// See [`Files::layout`].
    layout: u64,
    kubernetes: Kubernetes,
    projects: Projects,
    contexts: Contexts,
    /// By their first file.
    parts: HashMap<FileId, Arc<Workspace>>,
    /// What was parsed, linked and read as a project before, and is no more.
    outdated: (Vec<Kept>, Vec<Workspace>, Projects),
}

/// What is not as it was at the last reading.
#[derive(Default)]
struct Changes {
    /// Those that are new among them.
    files: HashSet<FileId>,
    /// Whether known files are among them that are none of ours: env files are part of anything.
    others: bool,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    text: Arc<str>,
    document: Option<Arc<Document>>,
    /// The same before it was broken, of YAML.
    sound: Option<Arc<Document>>,
}

impl Cache {
    /// Reads all files. Never fails: what is broken is kept as such.
    pub fn read(&mut self, files: &Files) -> Workspace {
        let changes = self.parse(files);
        let mut documents: Vec<Arc<Document>> =
            self.parsed.iter().filter_map(|kept| kept.document.clone()).collect();
        if changes.others || self.layout != files.layout() {
            self.projects = Projects::default();
            self.contexts = Contexts::default();
        }
        if changes.others || self.kubernetes.is_outdated(files) {
            // What is read anew need not be kept beside it.
            self.kubernetes = Kubernetes::default();
            self.parts.retain(|_, part| part.cluster.pieces().is_empty());
        }
        self.kubernetes.read(files, &documents, &changes.files);
        self.layout = files.layout();
        let parsed = &self.outdated.0;
        let text_before = |file: FileId| Arc::clone(&parsed[file.0 as usize].text);
        self.outdated.2 = self.projects.read(files, &documents, &changes.files, text_before);
        // What is written within a file comes after it.
        documents.extend(self.projects.inline());
        documents.sort_by_key(|document| document.file);
        let projects: Vec<Arc<compose::Compose>> = self.projects.iter().cloned().collect();
        self.contexts.read(files, &documents, &projects, self.kubernetes.pieces());
        self.link(files, documents, projects)
    }

    /// Hands over what the last reading has left behind: to take a large file apart takes time, for
    /// which nobody has to wait.
    pub fn outdated(&mut self) -> impl Send + 'static {
        std::mem::take(&mut self.outdated)
    }

    /// Parses what is not parsed.
    fn parse(&mut self, files: &Files) -> Changes {
        let mut before = std::mem::take(&mut self.parsed);
        let mut changes = Changes::default();
        for (index, file) in files.iter().enumerate() {
            match before.get(index) {
                Some(known) if Arc::ptr_eq(&known.text, &file.text) => continue,
                known => changes.others |= known.is_some_and(|known| known.document.is_none()),
            }
            changes.files.insert(file.id);
        }
        let parts = self.give_up(&changes.files);
        let known = before.len();
        before.resize_with(files.iter().len(), Kept::default);
        let parse = |(file, kept): (&SourceFile, &mut Kept)| match changes.files.contains(&file.id)
        {
            true => Kept::parse(file, kept),
            false => std::mem::take(kept),
        };
        let all: Vec<&SourceFile> = files.iter().collect();
        self.parsed = all.into_par_iter().zip(&mut before).with_min_len(16).map(parse).collect();
        changes.others |= changes.files.iter().any(|file| {
            let index = file.0 as usize;
            index < known && self.parsed[index].document.is_none()
        });
        self.outdated = (before, parts, Projects::default());
        changes
    }

    /// Gives up the parts that have one of the `changed` files, so that its document may be taken
    /// for the next one, its objects, and what of its project stays. What is left of them has
    /// nothing of these.
    fn give_up(&mut self, changed: &HashSet<FileId>) -> Vec<Workspace> {
        let is_changed = |part: &Workspace| {
            part.documents.iter().any(|document| changed.contains(&document.file))
        };
        let gone = self.parts.extract_if(|_, part| is_changed(part));
        let gone = gone.filter_map(|(_, part)| Arc::into_inner(part));
        let give_up = |mut part: Workspace| {
            part.documents.clear();
            part.projects.clear();
            // What others have a part in costs nothing to give up.
            part.containers.retain(|container| {
                container.format != Format::Kubernetes && Arc::strong_count(container) == 1
            });
            part.cluster.give_up();
            part
        };
        gone.map(give_up).collect()
    }

    /// Links the files, group by group.
    fn link(
        &mut self,
        files: &Files,
        documents: Vec<Arc<Document>>,
        projects: Vec<Arc<compose::Compose>>,
    ) -> Workspace {
        let before = &self.parts;
        let parts: Vec<Arc<Workspace>> =
            groups(files, &documents, &projects, &self.contexts, &self.kubernetes)
                .into_par_iter()
                .with_min_len(16)
                .map(|group| {
                    let known = group.first().and_then(|first| before.get(&first));
                    match known.filter(|known| group.is_of(known)) {
                        Some(known) => Arc::clone(known),
                        None => Arc::new(group.link(files)),
                    }
                })
                .collect();
        let of_projects = projects.iter().flat_map(|project| &project.wanted);
        let of_parts = parts.iter().flat_map(|part| &part.wanted);
        let wanted = self.kubernetes.wanted().iter();
        let wanted = wanted.chain(of_projects).chain(of_parts).cloned().collect();
        self.parts = parts
            .iter()
            .filter_map(|part| Some((part.documents.first()?.file, Arc::clone(part))))
            .collect();
        Workspace {
            containers: parts.iter().flat_map(|part| part.containers.iter().cloned()).collect(),
            images: parts.iter().flat_map(|part| part.images.iter().cloned()).collect(),
            contexts: parts.iter().flat_map(|part| part.contexts.iter().cloned()).collect(),
            cluster: Cluster::default(),
            documents,
            projects,
            parts,
            wanted,
            remarks: Vec::new(),
        }
    }
}

impl Kept {
    /// Takes from what was read before what has not changed, unless somebody else has a part in it.
    fn parse(file: &SourceFile, before: &mut Self) -> Self {
        let dockerfile = before.document.take_if(|document| document.recipe().is_some());
        let document = match dockerfile.and_then(Arc::into_inner) {
            Some(document) => document.parse_again(&before.text, file),
            None => Document::parse(file, before.sound.as_deref()),
        };
        let document = document.map(Arc::new);
        let is_sound =
            |document: &Arc<Document>| document.errors.is_empty() && document.yaml().is_some();
        let sound = document.clone().filter(is_sound).or_else(|| before.sound.clone());
        Self { text: file.text.clone(), document, sound }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &mut Files, name: &str) -> FileId {
        let base = format!("FROM alpine:{name} AS {name}\nUSER 1\n");
        let id = files.add(&format!("{name}/Dockerfile"), base);
        let service = format!("services:\n  {name}:\n    build: .\n    image: my/{name}:1\n");
        files.add(&format!("{name}/compose.yaml"), service);
        id
    }

    #[test]
    fn only_what_a_change_concerns_is_read_again() {
        let mut files = Files::default();
        let changed = project(&mut files, "a");
        project(&mut files, "b");
        project(&mut files, "c");
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  \
            - name: c\n    image: my/b:2\n";
        files.add("pod.yaml", pod);
        let mut cache = Cache::default();
        let before = cache.read(&files);
        assert_eq!(before.parts.len(), 3, "the pod runs what `b` builds");
        files.replace(changed, "FROM alpine:c\n");
        let after = cache.read(&files);
        assert!(!Arc::ptr_eq(&before.documents[0], &after.documents[0]));
        assert!(Arc::ptr_eq(&before.documents[1], &after.documents[1]));
        assert!(Arc::ptr_eq(&before.projects[0], &after.projects[0]));
        assert!(!Arc::ptr_eq(&before.parts[0], &after.parts[0]));
        assert!(Arc::ptr_eq(&before.parts[1], &after.parts[1]), "with a cluster");
        assert!(Arc::ptr_eq(&before.parts[2], &after.parts[2]), "without one");
    }

    #[test]
    fn a_file_that_was_missed_is_read_where_it_was_missed() {
        let mut files = Files::default();
        project(&mut files, "a");
        project(&mut files, "b");
        let mut cache = Cache::default();
        let before = cache.read(&files);
        assert!(before.projects[0].wanted.contains("a/.env"));
        let env = files.add_context("a/.env", "X=1\n");
        let found = cache.read(&files);
        assert!(!Arc::ptr_eq(&before.projects[0], &found.projects[0]));
        assert!(Arc::ptr_eq(&before.projects[1], &found.projects[1]));
        files.replace(env, "X=2\n");
        assert!(!Arc::ptr_eq(&found.projects[0], &cache.read(&files).projects[0]));
    }
}
