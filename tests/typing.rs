//! Files as they are while somebody types: what is half-typed is told once, and what is found
//! elsewhere stays.

#[path = "common/disk.rs"]
mod disk;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll::config::Config;
use plimsoll::lint::lint;
use plimsoll::model::Format;
use plimsoll::source::{Encoding, Files};

const OURS: [&str; 5] = [
    "testdata/ok/web/Dockerfile",
    "testdata/ok/web/compose.yaml",
    "testdata/projects/todo-api/Dockerfile.dev",
    "testdata/projects/todo-api/compose.yaml",
    "testdata/projects/todo-api/deploy/deployment.yaml",
];

/// What comes between the characters by a slip, or as the first half of a pair.
const SLIPS: [&str; 8] = ["\"", "'", "[", "{", "\t", ":", "\\", "- "];

/// Rule, line, column.
type Told = BTreeSet<(&'static str, u32, u32)>;

#[test]
fn what_is_half_typed_is_told_once_and_the_rest_stays() {
    let mut seen = Seen::default();
    for path in OURS {
        seen.typed(Path::new(path), 5);
    }
    seen.assert(100);
}

#[test]
fn real_files_stay_calm_while_somebody_types() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let mut paths = Vec::new();
    visit(&corpus, &mut paths);
    if paths.is_empty() {
        println!("skipped: there is no ../shared/corpus");
        return;
    }
    paths.sort();
    let mut seen = Seen::default();
    for path in paths.iter().step_by(paths.len() / 40) {
        seen.typed(path, 101);
    }
    seen.assert(100);
}

/// What became of many moments of typing.
#[derive(Default)]
struct Seen {
    moments: usize,
    /// Of them those that were looked at.
    tried: usize,
    /// Of these those in which the file does not parse.
    broken: usize,
    /// Of these those in which findings elsewhere are gone or new.
    moved: usize,
    /// Of those that were looked at, in how many more than one finding is new for one word.
    noisy: usize,
}

impl Seen {
    /// Types each line of a file, the others being there already, and slips at each place; of
    /// the moments in between takes every `step`th.
    fn typed(&mut self, path: &Path, step: usize) {
        let path = path.to_str().unwrap();
        let Ok(text) = fs::read_to_string(path) else { return };
        if text.len() > 10_000 || Format::of(path, &text).is_none() {
            return;
        }
        let whole = told(path, &text);
        let mut start = 0;
        for (line, content) in text.split_inclusive('\n').enumerate() {
            let end = start + content.trim_end().len();
            let mut without = None;
            let indent = content.len() - content.trim_start().len();
            for at in (start + indent..=end).filter(|at| text.is_char_boundary(*at)) {
                self.moments += 1;
                if !self.moments.is_multiple_of(step) {
                    continue;
                }
                self.tried += 1;
                let half = format!("{}{}", &text[..at], &text[end..]);
                let without = without.get_or_insert_with(|| {
                    told(path, &format!("{}{}", &text[..start], &text[end..]))
                });
                self.moment(path, &half, line as u32, [&whole, without]);
                let slip = SLIPS[at % SLIPS.len()];
                calm(path, &format!("{}{slip}{}", &text[..at], &text[at..]), &whole);
                let next = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
                calm(path, &format!("{}{}", &text[..at], &text[next..]), &whole);
            }
            start += content.len();
        }
    }

    /// A line is half-typed; what is found with and without the whole of it is known.
    fn moment(&mut self, path: &str, text: &str, line: u32, around: [&Told; 2]) {
        let Some(now) = calm(path, text, around[0]) else { return };
        let is_new = |it: &&(&str, u32, u32)| !around.iter().any(|told| told.contains(*it));
        self.noisy += usize::from(now.iter().filter(is_new).nth(1).is_some());
        if syntax(&now) == syntax(around[0]) {
            return;
        }
        self.broken += 1;
        let elsewhere = |it: &&(&str, u32, u32)| it.1 != line && !it.0.ends_with("-syntax");
        let mut stay = around[0].intersection(around[1]).filter(elsewhere);
        let is_gone = stay.any(|it| !now.contains(it));
        self.moved += usize::from(is_gone || now.iter().filter(elsewhere).any(|it| is_new(&it)));
    }

    /// Nearly always nothing moves. That something does is right where the half-typed word may
    /// be what is missing, or where it ends what stood above it.
    fn assert(&self, at_least: usize) {
        let Self { tried, broken, moved, noisy, .. } = self;
        println!("{tried} moments, {broken} of them broken, {moved} moved, {noisy} noisy");
        assert!(*broken > at_least, "{broken}");
        assert!(moved * 100 <= broken * 8, "findings moved in {moved} of {broken}");
        assert!(noisy * 100 <= tried * 5, "more than one is new in {noisy} of {tried}");
    }
}

/// What is found, of which at most one finding more than in the whole file is of syntax. `None`
/// if the file is not recognised any more.
fn calm(path: &str, text: &str, whole: &Told) -> Option<Told> {
    Format::of(path, text)?;
    let now = told(path, text);
    assert!(syntax(&now) <= syntax(whole) + 1, "{path}: {now:?}\n{text}");
    Some(now)
}

fn syntax(told: &Told) -> usize {
    told.iter().filter(|it| it.0.ends_with("-syntax")).count()
}

fn told(path: &str, text: &str) -> Told {
    let mut files = Files::default();
    let file = files.add(path, text);
    disk::complete(&mut files);
    let findings = lint(&files, &Config::default()).findings;
    let told = findings.iter().map(|finding| {
        let at = files.get(file).position(finding.span.start, Encoding::Utf32);
        (finding.rule, at.line, at.column)
    });
    told.collect()
}

fn visit(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => visit(&entry.path(), paths),
            kind if kind.is_file() => paths.push(entry.path()),
            _ => {}
        }
    }
}
