//! References to images: their grammar, as written and in full, with exact places.

mod grammar;
mod pin;
mod tag;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::knowledge::bases::{self, DefaultUser};
use crate::knowledge::eol::{self, Ended};
use crate::knowledge::images::{self, Image};
use crate::knowledge::inits::{self, BaseInit};
use crate::knowledge::moved::{self, Moved};
use crate::knowledge::naming::has_loud_word;
use crate::knowledge::sdks::{self, Sdk};
use crate::knowledge::{shells, tools};
use crate::source::{Span, Spanned};
use crate::syntax::shell::Dialect;

use super::text::{HOLE, Origin, Part, Text};

pub use pin::{Channel, Pin};
use tag::Reading;

/// What a file wants an image for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `FROM`: what a stage builds on.
    Base,
    /// `COPY --from`, `ADD --from`: files are taken out of it.
    CopyFrom,
    /// `RUN --mount=from`: seen by one command of the build.
    Mount,
    /// Deployed: a pod's container, a Compose service that is not built here.
    Run,
    /// `# syntax=`: runs in the builder, and reads the file.
    Frontend,
    /// The name given to an image that is built here, as Compose's `image` beside `build`.
    Name,
}

/// `registry/repository:tag@digest`, as distribution/reference reads it.
#[derive(Clone, Debug)]
pub struct ImageRef {
    pub text: Text,
    pub role: Role,
    registry: Option<Range<usize>>,
    repository: Range<usize>,
    tag: Option<Range<usize>>,
    digest: Option<Range<usize>>,
    /// One for all of its copies, and for all references of a file with the same text.
    known: Arc<Known>,
}

/// What follows from the text of a reference; found when it is first asked for.
#[derive(Debug, Default)]
struct Known {
    pin: OnceLock<Pin>,
    /// Of the tag.
    reading: OnceLock<Reading>,
    release: OnceLock<Vec<u64>>,
    /// What is wrong with it, and the bytes that are.
    fault: OnceLock<Option<(Range<usize>, String)>>,
    ended: OnceLock<Option<Ended>>,
    moved: OnceLock<Option<&'static Moved>>,
}

/// References of one file: what is known of a text is found once, however often it is written.
#[derive(Debug, Default)]
pub struct ImageRefs(HashMap<String, Arc<Known>>);

impl ImageRefs {
    pub fn read(&mut self, text: Text, role: Role) -> ImageRef {
        // A variable goes by its name, which the value does not have.
        let Some(value) = text.known() else { return ImageRef::new(text, role) };
        if let Some(known) = self.0.get(value) {
            return ImageRef::with(text, role, Arc::clone(known));
        }
        let image = ImageRef::new(text, role);
        self.0.insert(image.text.value().to_owned(), Arc::clone(&image.known));
        image
    }
}

impl Eq for ImageRef {}

impl PartialEq for ImageRef {
    /// All else follows from the text.
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.role) == (&other.text, other.role)
    }
}

impl ImageRef {
    pub fn new(text: Text, role: Role) -> Self {
        Self::with(text, role, Arc::default())
    }

    fn with(text: Text, role: Role, known: Arc<Known>) -> Self {
        let value = text.value();
        let name_end = value.find('@').unwrap_or(value.len());
        let digest = (name_end < value.len()).then_some(name_end + 1..value.len());
        let name = &value[..name_end];
        let registry = grammar::registry_len(name).map(|length| 0..length);
        let path = registry.as_ref().map_or(0, |host| host.end + 1);
        let last = name.rfind('/').map_or(0, |slash| slash + 1);
        let colon = name[last..].find(':').map(|colon| last + colon);
        let repository = path..colon.unwrap_or(name_end);
        let tag = colon.map(|colon| colon + 1..name_end);
        Self { registry, repository, tag, digest, text, role, known }
    }

    /// As a message says it: known variables replaced, others by name.
    pub fn shown(&self) -> String {
        let part = |part: &Part| match &part.origin {
            Origin::Unknown { name } => format!("${{{name}}}"),
            _ => self.text.value()[part.range.clone()].to_owned(),
        };
        self.text.parts().iter().map(part).collect()
    }

    /// Where all of it is written.
    pub fn span(&self) -> Span {
        self.text.span()
    }

    /// The host (and port) that is named, if one is; Docker Hub is meant otherwise.
    pub fn registry(&self) -> Option<Spanned<&str>> {
        self.registry.clone().map(|range| self.part(range))
    }

    /// The path on the registry, as written: without the `library/` that Docker Hub's official
    /// images may leave out.
    pub fn repository(&self) -> Spanned<&str> {
        self.part(self.repository.clone())
    }

    /// The last component of the path.
    pub fn name(&self) -> Spanned<&str> {
        let path = &self.text.value()[self.repository.clone()];
        let start = self.repository.start + path.rfind('/').map_or(0, |slash| slash + 1);
        self.part(start..self.repository.end)
    }

    /// What follows the colon after the last `/`; with a [`HOLE`] if a variable decides it.
    pub fn tag(&self) -> Option<Spanned<&str>> {
        self.tag.clone().map(|range| self.part(range))
    }

    /// `sha256:…`, what follows the `@`; with a [`HOLE`] if a variable decides it.
    pub fn digest(&self) -> Option<Spanned<&str>> {
        self.digest.clone().map(|range| self.part(range))
    }

    /// Whether there certainly is neither tag nor digest: the registry then gives `latest`. A
    /// variable in the last component could bring its own tag.
    pub fn is_untagged(&self) -> bool {
        self.tag.is_none() && self.digest.is_none() && !self.name().value.contains(HOLE)
    }

    /// The variable that decides part of it, if nothing in view sets one.
    pub fn unknown(&self) -> Option<&str> {
        self.text.unknown()
    }

    /// The empty base, which is not an image.
    pub fn is_scratch(&self) -> bool {
        self.text.value() == "scratch"
    }

    /// Whether a registry is asked for it.
    pub fn is_pulled(&self) -> bool {
        self.role != Role::Name && !self.is_scratch()
    }

    /// Whether it can be a context that the build is given by name: `--from=docs` without a tag,
    /// where Docker Hub has no such image.
    pub fn may_be_context(&self) -> bool {
        matches!(self.role, Role::CopyFrom | Role::Mount)
            && self.tag.is_none()
            && *self.pin() == Pin::Local
    }

    /// Whether it names no registry, or Docker Hub by name.
    pub fn is_on_docker_hub(&self) -> bool {
        let registry = self.registry.clone().map(|range| &self.text.value()[range]);
        grammar::is_docker_hub(registry)
    }

    /// Whether it is one of Docker Hub's official images, retired ones too.
    pub fn is_official(&self) -> bool {
        images::is_official(self.familiar())
    }

    /// Whether it stands for a name that somebody, or some tool, fills in: `<IMAGE>`, `BASEIMAGE`,
    /// `example.com/PROJECT_ID/web`, `ko://example.com/cmd/web`.
    pub fn is_placeholder(&self) -> bool {
        let value = self.text.value();
        value.starts_with("ko://")
            || has_loud_word(value)
            || value.contains(['<', '>', '{', '}', '%', '['])
            || (!value.contains(['/', ':']) && !value.chars().any(char::is_lowercase))
    }

    /// The name without tag and digest as people say it: `node`, `grafana/grafana`,
    /// `quay.io/keycloak/keycloak`. Docker Hub's host and `library/` are left out.
    pub fn familiar(&self) -> &str {
        let name = &self.text.value()[..self.repository.end];
        if self.is_on_docker_hub() {
            let path = &name[self.repository.start..];
            path.strip_prefix("library/").filter(|name| !name.contains('/')).unwrap_or(path)
        } else {
            name
        }
    }

    /// The name without tag and digest in full: `docker.io/library/node`.
    pub fn canonical(&self) -> String {
        let name = &self.text.value()[..self.repository.end];
        match &name[self.repository.start..] {
            _ if !self.is_on_docker_hub() => name.to_owned(),
            path if path.contains('/') => format!("docker.io/{path}"),
            path => format!("docker.io/library/{path}"),
        }
    }

    /// Whom it runs as by itself, if that is known.
    pub fn default_user(&self) -> Option<DefaultUser> {
        self.look_up(|image| bases::default_user(image).map(|(user, _)| user))
    }

    /// The init that it starts by itself.
    pub fn init(&self) -> Option<&'static BaseInit> {
        self.look_up(inits::of_base)
    }

    /// Whether it is known not to hold one of [`tools::ALL`].
    pub fn lacks(&self, tool: &str) -> bool {
        let tag = self.tag().map(|tag| tag.value).unwrap_or_default();
        self.is_bare() || tools::lacks(images::unmirrored(self.familiar()), tag, tool)
    }

    /// Whether it holds no shell and no tools: nothing, or next to nothing.
    pub fn is_bare(&self) -> bool {
        let has_shell = self.tag().is_some_and(|tag| tag.value.contains("debug"));
        self.is_scratch() || self.familiar().starts_with("gcr.io/distroless/") && !has_shell
    }

    /// The shell that it has as `sh`, if that is known.
    pub fn sh(&self) -> Option<Dialect> {
        self.look_up(shells::sh)
    }

    /// Whether its `sh` is dash, of a release that has no `pipefail`.
    pub fn lacks_pipefail(&self) -> bool {
        let is_old = |image: &Image| shells::lacks_pipefail(image).then_some(());
        self.sh() == Some(Dialect::Dash) && self.look_up(is_old).is_some()
    }

    /// Whether it is one of Windows.
    pub fn is_windows(&self) -> bool {
        const WORDS: [&str; 4] = ["windows", "nanoserver", "servercore", "ltsc20"];
        WORDS.iter().any(|word| self.text.value().contains(word))
    }

    /// Whether a container of it runs the command that it is given as process 1: it has no
    /// entrypoint, or one that replaces itself. So do Docker's official images, but for those
    /// that bring an init.
    pub fn passes_on(&self) -> bool {
        self.is_scratch() || self.init().is_none() && images::is_official(self.familiar())
    }

    /// What it builds with, if it is made for building.
    pub fn sdk(&self) -> Option<&'static Sdk> {
        self.look_up(sdks::of)
    }

    /// The end of the line of releases that it is of, if that is past.
    pub fn end_of_life(&self) -> Option<Ended> {
        *self.known.ended.get_or_init(|| self.look_up(eol::ended))
    }

    /// What became of it, if it is published no more or elsewhere.
    pub fn moved(&self) -> Option<&'static Moved> {
        *self.known.moved.get_or_init(|| self.look_up(moved::of))
    }

    fn look_up<T>(&self, table: impl FnOnce(&Image) -> Option<T>) -> Option<T> {
        let name = images::unmirrored(self.familiar());
        if name.contains(HOLE) {
            return None;
        }
        let tag = self.tag().map(|tag| tag.value);
        let hidden = tag.map_or(self.digest.is_some(), |tag| tag.contains(HOLE));
        table(&Image { name, tag, hidden, release: &|| self.release().to_vec() })
    }

    /// Whether it lies in `place`: a host, `*.example.com`, or a host and the beginning of a path.
    /// `None` if a variable decides.
    pub fn is_from(&self, place: &str) -> Option<bool> {
        let place = place.trim_end_matches('/');
        let (host, path) = place.split_once('/').unwrap_or((place, ""));
        let canonical = self.canonical();
        let (own_host, own_path) = canonical.split_once('/')?;
        if self.text.value().starts_with(HOLE) || own_host.contains(HOLE) {
            return None;
        }
        let is_host = match host.strip_prefix('*') {
            Some(domain) => {
                own_host.ends_with(domain) && (domain.is_empty() || domain.len() < own_host.len())
            }
            None => own_host == host || (own_host == "docker.io" && is_docker_hub(host)),
        };
        let rest = own_path.strip_prefix(path);
        let is_path =
            path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match own_path.find(HOLE) {
            Some(hole) if is_host && hole < path.len() => None,
            _ => Some(is_host && is_path),
        }
    }

    /// Why it is not a reference, in distribution/reference's words, and the part at fault.
    /// Nothing is said of a reference that is not wholly known.
    pub fn error(&self) -> Option<Spanned<String>> {
        let value = self.text.known()?;
        let fault = self.known.fault.get_or_init(|| grammar::error(value, self));
        let (range, message) = fault.clone()?;
        Some(Spanned::new(message, self.text.span_of(range)))
    }

    fn part(&self, range: Range<usize>) -> Spanned<&str> {
        Spanned::new(&self.text.value()[range.clone()], self.text.span_of(range))
    }
}

/// Whether `host` is another name of Docker Hub.
fn is_docker_hub(host: &str) -> bool {
    matches!(host, "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com")
}

#[cfg(test)]
mod tests;
