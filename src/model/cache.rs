//! Parsed files, kept from one reading to the next.

use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{Files, SourceFile};

use super::{Document, Workspace, link};

/// What was parsed, so that a file is parsed again only when its text is another. Belongs to one
/// [`Files`] and its copies: a file is known by its id.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// In the order of the ids.
    parsed: Vec<Kept>,
}

#[derive(Clone, Debug)]
struct Kept {
    text: Arc<str>,
    /// What the file is, then what is written within it.
    documents: Vec<Arc<Document>>,
}

impl Cache {
    /// Reads all files. Never fails: what is broken is kept as such.
    pub fn read(&mut self, files: &Files) -> Workspace {
        let files_in_order: Vec<&SourceFile> = files.iter().collect();
        self.parsed = files_in_order
            .into_par_iter()
            .with_min_len(16)
            .map(|file| self.kept(file).unwrap_or_else(|| Kept::parse(file)))
            .collect();
        let documents =
            self.parsed.iter().flat_map(|kept| kept.documents.iter().cloned()).collect();
        link(files, documents)
    }

    fn kept(&self, file: &SourceFile) -> Option<Kept> {
        let kept = self.parsed.get(file.id.0 as usize)?;
        Arc::ptr_eq(&kept.text, &file.text).then(|| kept.clone())
    }
}

impl Kept {
    fn parse(file: &SourceFile) -> Self {
        let mut documents = Vec::new();
        if let Some(mut document) = Document::parse(file) {
            let within = document.inline(file);
            documents.push(Arc::new(document));
            documents.extend(within.into_iter().map(Arc::new));
        }
        Self { text: file.text.clone(), documents }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_changed_file_is_parsed_again() {
        let mut files = Files::default();
        let changed = files.add("a/Dockerfile", "FROM a\n");
        files.add("b/Dockerfile", "FROM b\n");
        let mut cache = Cache::default();
        let before = cache.read(&files).documents;
        files.replace(changed, "FROM c\n");
        files.add("c/Dockerfile", "FROM c\n");
        let after = cache.read(&files).documents;
        assert!(!Arc::ptr_eq(&before[0], &after[0]));
        assert!(Arc::ptr_eq(&before[1], &after[1]));
        assert_eq!(after.len(), 3);
    }
}
