//! What is kept from one reading to the next changes no verdict: after each of many edits all that
//! is said is what is said when everything is read from nothing.
//! `EDITS=10000 cargo test --release --test edits` takes longer.

#[path = "common/random.rs"]
mod random;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use plimsoll::config::Config;
use plimsoll::lint::{Memory, Verdict};
use plimsoll::model::{Cache, Workspace};
use plimsoll::source::{FileId, Files};
use random::Random;

#[test]
fn nothing_is_forgotten_and_nothing_is_left_over() {
    let edits: usize =
        std::env::var("EDITS").ok().and_then(|text| text.parse().ok()).unwrap_or(120);
    let mut originals = Vec::new();
    for folder in ["testdata/kubernetes", "testdata/projects", "testdata/compose"] {
        visit(Path::new(folder), &mut originals);
    }
    originals.sort();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut files = Files::default();
    let (mut later, first): (Vec<_>, Vec<_>) =
        originals.iter().partition(|_| random.below(10) == 0);
    for (path, text) in first {
        add(&mut files, path, text);
    }
    let config = Config::default();
    let (mut cache, mut memory) = (Cache::default(), Memory::default());
    for edit in 0..edits {
        let what = match later.pop().filter(|_| edit % 8 == 0) {
            Some((path, text)) => {
                files.put(path, path, text.as_str(), !is_context(path));
                format!("{path} is new")
            }
            None => {
                let id = FileId(random.below(files.iter().len()) as u32);
                let other = &originals[random.below(originals.len())];
                let text = edited(&files.get(id).text, other, &originals, &mut random);
                files.replace(id, text);
                format!("{} has changed", files.get(id).path)
            }
        };
        let workspace = cache.read(&files);
        let kept = said(&files, memory.lint(&files, &workspace, &config).iter());
        let workspace = Cache::default().read(&files);
        let anew = said(&files, Memory::default().lint(&files, &workspace, &config).iter());
        for (path, findings) in &anew {
            assert_eq!(kept.get(path), Some(findings), "{path}, when {what}, edit {edit}");
        }
        assert_eq!(kept.len(), anew.len(), "when {what}, edit {edit}");
    }
}

#[test]
fn of_a_large_dockerfile_only_what_has_changed_is_read_again() {
    let text = |middle: &str| {
        let part = "RUN echo a\n".repeat(2000);
        format!("FROM alpine:3.21\n{part}{middle}COPY a /b\n{part}")
    };
    let mut files = Files::default();
    let id = files.add("Dockerfile", text("RUN b\n"));
    let (mut cache, mut memory, config) = (Cache::default(), Memory::default(), Config::default());
    let place = |workspace: &Workspace| {
        let recipe = workspace.documents[0].recipe().expect("a Dockerfile");
        let site = recipe.runs.last().and_then(|run| run.script.command(0)).expect("a command");
        (std::ptr::from_ref(site.command), site.command.words[0].span)
    };
    let mut before = None;
    // Broken or not.
    for middle in ["RUN b\n", "", "RUM c\n", "RUN d\nENV\n", "RUN b\n"] {
        files.replace(id, text(middle));
        let workspace = cache.read(&files);
        memory.lint(&files, &workspace, &config);
        let (command, span) = place(&workspace);
        assert_eq!(files.text_at(span), "echo");
        assert_eq!(command, *before.get_or_insert(command), "{middle}");
    }
}

/// What is found, by the files' paths.
fn said<'a, T: AsRef<[Verdict]> + 'a>(
    files: &Files,
    verdicts: impl Iterator<Item = &'a T>,
) -> BTreeMap<String, String> {
    let all = verdicts.flat_map(|group| group.as_ref());
    all.map(|it| {
        (files.get(it.file).path.clone(), format!("{:#?}", (&it.findings, &it.suppressed)))
    })
    .collect()
}

/// Another text: as a hand changes it, another file's, or the first one again.
fn edited(
    text: &str,
    (_, other): &(String, String),
    originals: &[(String, String)],
    random: &mut Random,
) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = random.below(lines.len() + 1);
    let foreign: Vec<&str> = other.split_inclusive('\n').collect();
    match random.below(12) {
        0 => return other.clone(),
        1 => return String::new(),
        2 if at < lines.len() => drop(lines.remove(at)),
        3 if at < lines.len() => lines.insert(at, lines[at]),
        4..7 if !foreign.is_empty() => lines.insert(at, foreign[random.below(foreign.len())]),
        7 => lines.insert(at, "#\n"),
        8 => return originals[random.below(originals.len())].1.clone(),
        9 => return format!("{text}---\n{other}"),
        // A word for a word: names and labels that others have.
        _ => {
            let own: Vec<&str> = text.split_whitespace().collect();
            let theirs: Vec<&str> = other.split_whitespace().collect();
            if !own.is_empty() && !theirs.is_empty() {
                let from = own[random.below(own.len())];
                return text.replacen(from, theirs[random.below(theirs.len())], 1);
            }
        }
    }
    lines.concat()
}

fn add(files: &mut Files, path: &str, text: &str) {
    match is_context(path) {
        true => files.add_context(path, text),
        false => files.add(path, text),
    };
}

/// Whether a file is only there because others refer to it.
fn is_context(path: &str) -> bool {
    path.ends_with("values.yaml") || path.ends_with("Chart.yaml") || path.ends_with(".env")
}

fn visit(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            visit(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path)
            && !path.ends_with("expected.txt")
        {
            found.push((path.to_str().unwrap().to_owned(), text));
        }
    }
}
