//! What git keeps of a project, as far as its `.gitignore` files tell.

use std::collections::{BTreeSet, HashMap};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::source::{FileId, Files, SourceFile, normalise};

/// What the `.gitignore` files around one file of a project say; each is read once.
pub struct Git<'a> {
    files: &'a Files,
    near: &'a SourceFile,
    ignores: HashMap<FileId, Gitignore>,
}

impl<'a> Git<'a> {
    /// As seen from a file of the project.
    pub fn new(files: &'a Files, near: &'a SourceFile) -> Self {
        Self { files, near, ignores: HashMap::new() }
    }

    /// Whether git keeps the file at `path`, or would with the next `git add`; `None` where no
    /// repository is in view, or the path is outside of it.
    pub fn keeps(&mut self, path: &str, wanted: &mut BTreeSet<String>) -> Option<bool> {
        let (root, path) = within(self.near, path)?;
        let mut is_repository = false;
        let mut look = |place: &str| {
            let place = normalise(&format!("{root}{place}"));
            let file = self.files.find(&place);
            if file.is_none() && !self.files.is_known(&place) {
                wanted.insert(place);
            }
            is_repository |= file.is_some();
            file
        };
        // In a worktree `.git` is a file.
        look(".git");
        look(".git/HEAD");
        let mut found: Vec<(usize, FileId)> = Vec::new();
        let mut is_ignored = false;
        let mut start = 0;
        loop {
            if let Some(file) = look(&format!("{}.gitignore", &path[..start])) {
                self.ignores.entry(file.id).or_insert_with(|| read(file));
                found.push((start, file.id));
            }
            let end = path[start..].find('/').map(|length| start + length);
            let entry = &path[..end.unwrap_or(path.len())];
            // The nearest file that has a word for it decides; what lies in an ignored directory
            // cannot be taken back.
            let matched = found
                .iter()
                .rev()
                .map(|(at, file)| self.ignores[file].matched(&entry[*at..], end.is_some()));
            let decided = matched.into_iter().find(|matched| !matched.is_none());
            is_ignored |= matches!(decided, Some(Match::Ignore(_)));
            match end {
                Some(end) => start = end + 1,
                None => break,
            }
        }
        is_repository.then_some(!is_ignored)
    }
}

fn read(file: &SourceFile) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for line in file.text.lines() {
        // What git cannot read matches nothing.
        drop(builder.add_line(None, line));
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// The way to the root of the project of `near`, and the path from there to `path`.
fn within(near: &SourceFile, path: &str) -> Option<(String, String)> {
    let directory = normalise(near.directory());
    let directory: Vec<&str> = directory.split('/').filter(|part| *part != ".").collect();
    let path = normalise(path);
    let path: Vec<&str> = path.split('/').collect();
    let common = directory.iter().zip(&path).take_while(|(one, other)| one == other).count();
    let up = directory.len() - common;
    let mut place: Vec<&str> = near.project_path.split('/').collect();
    place.pop();
    let root: Vec<&str> = directory.iter().copied().chain(place.iter().map(|_| "..")).collect();
    place.truncate(place.len().checked_sub(up)?);
    place.extend(&path[common..]);
    let root = if root.is_empty() { String::new() } else { format!("{}/", root.join("/")) };
    (!place.contains(&"..") && place.first() != Some(&"")).then(|| (root, place.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeps(ignores: &[(&str, &str)], path: &str) -> Option<bool> {
        let mut files = Files::default();
        let near = files.add_at("../shop/compose.yaml", "deploy/shop/compose.yaml", "");
        for (place, text) in ignores {
            files.add_context(place, *text);
        }
        Git::new(&files, files.get(near)).keeps(path, &mut BTreeSet::new())
    }

    #[test]
    fn what_git_ignores_is_not_kept() {
        for (ignores, path, expected) in [
            (&[("../.gitignore", "")][..], "../shop/db.txt", None),
            (&[("../../.gitignore", "")], "../shop/db.txt", Some(true)),
            (&[("../../.gitignore", "*.txt")], "../shop/db.txt", Some(false)),
            (&[("../../.gitignore", "deploy/")], "../shop/db.txt", Some(false)),
            (&[("../../.gitignore", "/shop")], "../shop/db.txt", Some(true)),
            (
                &[("../../deploy/shop/.gitignore", "secrets\n!*.txt")],
                "../shop/secrets/a.txt",
                Some(false),
            ),
            (
                &[("../../.gitignore", "*.txt"), ("../../deploy/shop/.gitignore", "!db.txt")],
                "../shop/db.txt",
                Some(true),
            ),
            (&[("../../.git/HEAD", "")], "../shop/db.txt", Some(true)),
            (&[("../../.git", "gitdir: x")], "../other/db.txt", Some(true)),
            (&[("../../.git/HEAD", "")], "../../../db.txt", None),
            (&[("../../.git/HEAD", "")], "/etc/db.txt", None),
            (&[("../../.gitignore", "[\n\\\n*.txt")], "../shop/db.txt", Some(false)),
        ] {
            assert_eq!(keeps(ignores, path), expected, "{ignores:?} {path}");
        }
    }

    #[test]
    fn what_decides_is_asked_for() {
        let mut files = Files::default();
        let near = files.add_at("a/compose.yaml", "a/compose.yaml", "");
        let mut wanted = BTreeSet::new();
        Git::new(&files, files.get(near)).keeps("a/b/c.txt", &mut wanted);
        let wanted: Vec<_> = wanted.iter().map(String::as_str).collect();
        let ignores = [".gitignore", "a/.gitignore", "a/b/.gitignore"];
        assert_eq!(wanted, [&[".git", ".git/HEAD"], &ignores[..]].concat());
    }
}
