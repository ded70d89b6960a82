//! The files that secrets, configs and env files of a project are taken from: whether they are
//! there, what credentials they hold, and whether git keeps those.

use std::collections::{BTreeSet, HashSet};

use crate::knowledge::passwords;
use crate::knowledge::secrets::is_value;
use crate::knowledge::tokens;
use crate::model::Format;
use crate::model::container::Variable;
use crate::model::credentials;
use crate::model::environment::Environment;
use crate::model::git::Git;
use crate::model::text::Text;
use crate::source::{FileId, Files, SourceFile, Span, closest};

use super::template::Variables;
use super::value::Value;
use super::volume::{VolumeKind, VolumeMount};
use super::{Compose, Resource, dotenv, is_elsewhere, sample_of};

/// A file that a secret, a config or variables are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub role: Role,
    /// Where it is named; for `.env`, which nobody names, where a credential of it is asked for.
    pub span: Span,
    /// Normalised.
    pub path: String,
    pub state: State,
    /// Whether git keeps it, or would, if a repository is in view; told where it matters.
    pub kept: Option<bool>,
}

/// What a file is to a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Secret,
    Config,
    /// A file that is mounted as a volume.
    Volume,
    Environment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It was looked for, and is not there.
    Missing {
        /// A file of its directory that is called nearly so, and that nothing else names.
        similar: Option<String>,
        /// A file beside it that shows what to put in it.
        sample: Option<FileId>,
    },
    /// It holds these.
    Holds(Vec<Credential>),
}

/// A credential in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Of the variable or the secret.
    pub name: String,
    pub span: Span,
    /// Everybody tries it, or it is the user's name.
    pub is_guessable: bool,
}

/// How many files a directory may hold for another name to be looked for among them.
const MOST: usize = 200;

/// Looks at all of them, in the order of the secrets, the configs and the services; `.env` last.
/// An env file that is not there is told by its service.
pub fn read(compose: &mut Compose, files: &Files) -> Vec<Source> {
    let named = |resources: &[Resource], role: Role| -> Vec<_> {
        let file = |resource: &Resource| {
            let path = resource.value.get("file").and_then(Value::text)?;
            let known = path.known().filter(|path| !path.is_empty() && !is_elsewhere(path))?;
            let resolved = compose.resolve(path.span().file, known);
            Some((role, resource.name.value.clone(), path.span(), resolved))
        };
        resources.iter().filter_map(file).collect()
    };
    let secrets = named(&compose.secrets, Role::Secret);
    let volumes = compose.services.iter().flat_map(|service| &service.volumes);
    let volumes = volumes.filter_map(|volume| {
        let path = file_of(volume)?;
        let resolved = compose.resolve(path.span().file, path.known()?);
        Some((Role::Volume, String::new(), path.span(), resolved))
    });
    let configs = named(&compose.configs, Role::Config);
    let all: Vec<_> = secrets.into_iter().chain(configs).chain(volumes).collect();
    let taken: HashSet<&str> = all.iter().map(|(.., path)| path.as_str()).collect();
    let mut sources = Vec::new();
    for (role, name, span, path) in &all {
        let state = match files.find(path) {
            Some(file) if *role == Role::Secret => {
                State::Holds(secret(name, file).into_iter().collect())
            }
            Some(_) => continue,
            None if files.is_absent(path) => match missing(compose, files, path, &taken) {
                Some(state) => state,
                None => continue,
            },
            None => {
                compose.wanted.insert(path.clone());
                continue;
            }
        };
        sources.push(Source { role: *role, span: *span, path: path.clone(), state, kept: None });
    }
    let mut seen = HashSet::new();
    let env_files: Vec<(Span, FileId)> = compose
        .services
        .iter()
        .flat_map(|service| &service.env_files)
        .filter_map(|env_file| Some((env_file.path.span(), env_file.file?)))
        .filter(|(_, file)| seen.insert(*file))
        .collect();
    sources.extend(env_files.into_iter().filter_map(|(span, file)| {
        let file = files.get(file);
        Some(environment(span, file, in_env_file(file)?))
    }));
    sources.extend(beside(compose, files, &seen));
    let mut git = Git::new(files, files.get(compose.file));
    for source in &mut sources {
        if source.state != State::Holds(Vec::new()) {
            source.kept = git.keeps(&source.path, &mut compose.wanted);
        }
    }
    let env_files = compose.services.iter().flat_map(|service| &service.env_files);
    let missing = env_files.filter(|it| it.is_absent).filter_map(|it| it.resolved.as_ref());
    let (mut ignored, wanted) = (BTreeSet::new(), &mut compose.wanted);
    for path in missing {
        if !ignored.contains(path) && git.keeps(path, wanted) == Some(false) {
            ignored.insert(path.clone());
        }
    }
    compose.ignored = ignored;
    sources
}

/// The file of the project that a volume mounts, by what both ends are called: `./a.conf:/etc/b.conf`.
fn file_of(volume: &VolumeMount) -> Option<&Text> {
    let ending = |path: &str| -> Option<String> {
        let name = path.rsplit('/').next()?;
        let (stem, ending) = name.rsplit_once('.')?;
        let is_ending =
            matches!(ending.len(), 2..=5) && ending.bytes().all(|it| it.is_ascii_alphabetic());
        (!stem.is_empty() && is_ending && ending != "d").then(|| ending.to_owned())
    };
    let source = volume.source.as_ref().filter(|_| volume.kind == VolumeKind::Bind)?;
    let path = source.known().filter(|path| !is_elsewhere(path))?;
    let target = volume.target.as_ref()?.known()?;
    let is_file = ending(path).is_some_and(|it| Some(it) == ending(target));
    is_file.then_some(source)
}

fn environment(span: Span, file: &SourceFile, holds: Vec<Credential>) -> Source {
    let (role, path) = (Role::Environment, file.path.clone());
    Source { role, span, path, state: State::Holds(holds), kept: None }
}

/// The `.env` of the project's directory, if something asks for a credential of it.
fn beside(compose: &Compose, files: &Files, named: &HashSet<FileId>) -> Option<Source> {
    let file = files.find(&compose.resolve(compose.group[0], ".env"))?;
    if named.contains(&file.id) {
        return None;
    }
    let mut holds = in_env_file(file)?;
    let asked: BTreeSet<&str> =
        compose.uses.iter().map(|asked| asked.name.value.as_str()).collect();
    holds.retain(|credential| asked.contains(credential.name.as_str()));
    let names: HashSet<&str> = holds.iter().map(|credential| credential.name.as_str()).collect();
    let first = compose.uses.iter().find(|asked| names.contains(asked.name.value.as_str()))?.span;
    Some(environment(first, file, holds))
}

/// What is said of a file that cannot be read; `None` if it is there all the same.
fn missing(
    compose: &mut Compose,
    files: &Files,
    path: &str,
    taken: &HashSet<&str>,
) -> Option<State> {
    let (directory, name) = path.rsplit_once('/').unwrap_or((".", path));
    if matches!(name, "." | "..") {
        return None;
    }
    let sample = sample_of(files, path, &mut compose.wanted);
    let folder = format!("{directory}/");
    let Some(listing) = files.listing(&folder) else {
        compose.wanted.insert(folder);
        return None;
    };
    // A directory, or nobody else's to read.
    if listing.has(name) {
        return None;
    }
    // Where nothing is but what describes containers, the rest of the project is elsewhere.
    let project = format!("{}/", compose.resolve(compose.group[0], "."));
    let Some(own) = files.listing(&project) else {
        compose.wanted.insert(project);
        return None;
    };
    let is_of_program = |path: &String| {
        let is_text = path.ends_with(".md") || path.ends_with("LICENSE");
        !path.ends_with('/') && !is_text && Format::of_name(path).is_none()
    };
    if !own.paths.iter().any(is_of_program) {
        return None;
    }
    // Among very many one is always called nearly so.
    let listing = Some(listing).filter(|listing| listing.paths.len() <= MOST);
    let paths = listing.into_iter().flat_map(|listing| &listing.paths);
    let beside = paths.map(String::as_str).filter(|found| {
        let place = if directory == "." { (*found).to_owned() } else { folder.clone() + found };
        !found.contains('/') && !taken.contains(place.as_str())
    });
    let similar = closest(name, beside).map(str::to_owned);
    Some(State::Missing { similar, sample })
}

/// The credential that a file is as a whole. What is encrypted or public is none.
fn secret(name: &str, file: &SourceFile) -> Option<Credential> {
    const HARMLESS: [&str; 5] = [
        "-----BEGIN CERT",
        "-----BEGIN PUBLIC",
        "-----BEGIN PGP MESSAGE",
        "-----BEGIN AGE ENCRYPTED",
        "$ANSIBLE_VAULT",
    ];
    let text = file.text.trim();
    let is_one_line = !text.contains('\n');
    let is_secret = file.garbled.is_none()
        && !text.is_empty()
        && (!is_one_line || is_value(text) || !tokens::find(text).is_empty())
        && !HARMLESS.iter().any(|start| text.starts_with(start))
        && !(text.contains("ENC[") && text.contains("sops"));
    let start = file.text.len() - file.text.trim_start().len();
    is_secret.then(|| Credential {
        name: name.to_owned(),
        span: Span::new(file.id, start, start + text.len()),
        is_guessable: passwords::is_known(text),
    })
}

/// The credentials that an env file holds; `None` if it is only there to be copied or to develop
/// with.
fn in_env_file(file: &SourceFile) -> Option<Vec<Credential>> {
    const SAMPLES: [&str; 6] = ["example", "sample", "template", "dist", "default", "defaults"];
    let is_sample = file.name().split(['.', '-', '_']).any(|word| SAMPLES.contains(&word));
    let environment = Environment::of_path(&file.project_path, Format::Compose);
    if is_sample || environment == Environment::Development || file.garbled.is_some() {
        return None;
    }
    let set = dotenv::parse(file, &Variables::default()).variables;
    let variables: Vec<Variable> =
        set.into_iter().map(|set| Variable { name: set.name, value: set.value }).collect();
    let written = credentials::among(&variables).into_iter();
    let written = written.filter(|it| it.value.known().is_some_and(is_value));
    let mut found: Vec<Credential> = written
        .map(|it| Credential {
            span: it.value.span(),
            name: it.name,
            is_guessable: it.is_guessable,
        })
        .collect();
    let tokens = variables.iter().filter_map(|variable| {
        let value = variable.value.as_ref()?;
        let name = variable.name.value.clone();
        let is_token = !tokens::find(value.value()).is_empty();
        is_token.then(|| Credential { name, span: value.span(), is_guessable: false })
    });
    found.extend(tokens);
    found.sort_by_key(|credential| credential.span);
    Some(found)
}
