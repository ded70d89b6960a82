//! Scripts of the context that an image starts with.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::Recipe;
use crate::model::command::Command;
use crate::model::script::Ending;
use crate::source::{FileId, SourceFile, Span, Spanned, normalise};
use crate::syntax::dockerfile::Instruction;
use crate::syntax::shell::{Shell, parse};

use super::{Around, destination_of, is_local, is_pattern, local};

/// A script that `ENTRYPOINT` or `CMD` names.
#[derive(Clone, Debug)]
pub struct EntryScript {
    /// As `ENTRYPOINT` or `CMD` has it.
    pub word: Spanned<String>,
    /// In the context.
    pub path: String,
    pub file: FileId,
    pub ending: Ending,
    /// Its first line, if that names an interpreter.
    pub shebang: Option<String>,
    /// Where its lines end as on Windows.
    pub carriage_return: Option<Span>,
    /// Whether it may be run in the image, where that can be told.
    pub executable: Option<bool>,
}

/// Directories that are searched for a program without a `/`.
const SEARCHED: [&str; 6] =
    ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// The scripts that the image of a Dockerfile starts with, if they are read; else they are wanted.
pub fn scripts(
    known: &Around,
    recipe: &Recipe,
    wanted: &mut BTreeSet<String>,
) -> Vec<Arc<EntryScript>> {
    let Some(target) = recipe.build.target else { return Vec::new() };
    let settings = recipe.build.image(target).settings;
    let workdir = settings.workdir.as_deref().map_or(Some("/"), |dir| dir.known());
    // The lines' ends are changed in the image.
    let is_mended = recipe.brings(target, "dos2unix") || recipe.brings(target, "\\r");
    let mut scripts: Vec<Arc<EntryScript>> = Vec::new();
    for command in [settings.entrypoint, settings.command].into_iter().flatten() {
        for word in words(&command.value) {
            if scripts.iter().any(|script| script.word.value == word.value) {
                continue;
            }
            let places = places(&word.value, workdir);
            let Some((path, mode)) =
                places.iter().find_map(|place| source(known, recipe, target, place))
            else {
                continue;
            };
            let place = known.path(&path);
            match known.files.find(&place) {
                Some(file) => scripts.extend(read(word, path, file, mode, is_mended).map(Arc::new)),
                None if known.files.is_known(&place) => {}
                None => drop(wanted.insert(place)),
            }
        }
    }
    scripts
}

/// Words that may name a script.
fn words(command: &Command) -> Vec<Spanned<String>> {
    match command {
        Command::Exec(words) => words
            .iter()
            .filter_map(|word| Some(Spanned::new(word.known()?.to_owned(), word.span())))
            .collect(),
        Command::Shell { text, .. } => text
            .value
            .split_ascii_whitespace()
            .map(|word| Spanned::new(word.trim_matches(['"', '\'', ';']).to_owned(), text.span))
            .collect(),
    }
}

/// Where a word leads in the image.
fn places(word: &str, workdir: Option<&str>) -> Vec<String> {
    if word.is_empty() || word.starts_with('-') {
        return Vec::new();
    }
    if word.starts_with('/') {
        return vec![normalise(word)];
    }
    let here = workdir.map(|workdir| normalise(&format!("{workdir}/{word}")));
    let searched = SEARCHED.iter().filter(|_| !word.contains('/'));
    here.into_iter().chain(searched.map(|place| format!("{place}/{word}"))).collect()
}

/// The file of the context that is at a place of the image, and whether a step says that it may be
/// run.
fn source(
    known: &Around,
    recipe: &Recipe,
    target: usize,
    place: &str,
) -> Option<(String, Option<bool>)> {
    let line = recipe.build.line(target);
    let steps = line.iter().flat_map(|stage| recipe.build.stages[*stage].steps.iter().rev());
    for step in steps.filter(|step| is_local(step, recipe)) {
        let Some((last, sources)) = step.words.split_last() else { continue };
        let Some(destination) = destination_of(step, last) else { continue };
        let sources = sources.iter().filter_map(|source| local(source.known()?));
        let found = sources
            .filter_map(|source| at(known, &source, &destination, place))
            .find(|path| known.is_file(path) && !known.ignore.excludes(path));
        if let Some(path) = found {
            let changed = is_changed(recipe, &line).then_some(true);
            return Some((path, mode(step.instruction(&recipe.tree)).or(changed)));
        }
    }
    None
}

/// The path in the context of what comes to `place` when `source` is copied to `destination`.
fn at(known: &Around, source: &str, destination: &str, place: &str) -> Option<String> {
    if known.is_file(source) && destination == place {
        return Some(source.to_owned());
    }
    let inner = place.strip_prefix(destination.trim_end_matches('/'))?.strip_prefix('/')?;
    let directory = source.rsplit_once('/').map_or("", |(directory, _)| directory);
    let path = if known.is_file(source) || is_pattern(source) {
        // A directory takes files by their names.
        normalise(&format!("./{directory}/{inner}"))
    } else {
        normalise(&format!("{source}/{inner}"))
    };
    (!known.is_file(source) || path == source).then_some(path)
}

/// What `--chmod` says of being run.
fn mode(instruction: &Instruction) -> Option<bool> {
    let mode = &instruction.flag("chmod")?.value.as_ref()?.value;
    match u32::from_str_radix(mode, 8) {
        Ok(mode) => Some(mode & 0o111 != 0),
        Err(_) => Some(true),
    }
}

/// Whether some step of the image says that files may be run: then it may be this one.
fn is_changed(recipe: &Recipe, line: &[usize]) -> bool {
    let runs = recipe.runs.iter().filter(|run| line.contains(&run.stage));
    runs.flat_map(|run| run.script.commands()).any(|site| {
        site.command.program().is_some_and(|it| matches!(&*it.name, "chmod" | "install"))
    })
}

fn read(
    word: Spanned<String>,
    path: String,
    file: &SourceFile,
    mode: Option<bool>,
    is_mended: bool,
) -> Option<EntryScript> {
    let text = &file.text;
    let first = text.lines().next().unwrap_or_default();
    let shebang = first.strip_prefix("#!").map(|line| line.trim().to_owned());
    // A program, or a text of which nothing is known.
    if text.contains('\0') || shebang.is_none() && !path.ends_with(".sh") {
        return None;
    }
    let shell = Shell::of_shebang(first.trim_end()).unwrap_or_default();
    let script = parse(text, shell, &|range| Span::new(file.id, range.start, range.end)).tree;
    let carriage_return =
        text.find("\r\n").map(|at| Span::new(file.id, at, at + 1)).filter(|_| !is_mended);
    Some(EntryScript {
        word,
        path,
        file: file.id,
        ending: Ending::of(&script),
        shebang,
        carriage_return,
        executable: mode.or(file.executable),
    })
}
