//! How far a reference pins what is pulled.

use crate::knowledge::images::{is_official, unmirrored};
use crate::knowledge::schemes::{self, Unique};
use crate::knowledge::tags::{PLACEHOLDER_NAMES, PLACEHOLDER_WORDS};
use crate::model::text::HOLE;

use super::{ImageRef, tag};

/// How far a reference pins what is pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    /// By content: one image for ever.
    Digest,
    /// The tag `latest`.
    Latest,
    /// No tag, so `latest`.
    Untagged,
    /// A name that moves, without a release of the image's own software in it.
    Channel(Channel),
    /// Only the first number of a release: `node:22`.
    Major,
    /// A release but for its last number: `python:3.13`.
    Minor,
    /// A full release, as the project numbers them.
    Version,
    /// One build: a commit, a date, a counter.
    Build,
    /// This variable decides, and nothing in view sets it.
    Variable(String),
    /// No registry has it: a placeholder, a name of something built elsewhere, no reference.
    Local,
}

/// What kind of name that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// `latest-alpine`, `server-latest`.
    Latest,
    /// `stable`, `lts`, `edge`.
    Channel,
    /// `main`, `develop`.
    Branch,
    /// `bookworm`, `jammy`; whose it is.
    CodeName(&'static str),
    /// `alpine`, `fpm`, `jdk17`: how it is made, not which release.
    Variant,
}

impl Pin {
    /// The name of the kind, as options and summaries say it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Latest => "latest",
            Self::Untagged => "untagged",
            Self::Channel(_) => "channel",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Version => "version",
            Self::Build => "build",
            Self::Variable(_) => "variable",
            Self::Local => "local",
        }
    }
}

impl ImageRef {
    /// How far it pins what is pulled. An empty `scratch` is [`Pin::Local`].
    pub fn pin(&self) -> &Pin {
        self.known.pin.get_or_init(|| self.read_pin())
    }

    fn read_pin(&self) -> Pin {
        let variable = |_| Pin::Variable(self.unknown().unwrap_or_default().to_owned());
        let tag = self.tag().map(|tag| tag.value);
        if let Some(digest) = self.digest() {
            let unknown = digest.value.starts_with(HOLE).then_some(());
            return unknown.map_or(Pin::Digest, variable);
        }
        if self.error().is_some() || self.is_scratch() {
            return Pin::Local;
        }
        let named_here = self.is_on_docker_hub()
            && !self.text.value().contains(['/', HOLE])
            && !is_official(self.familiar());
        match tag {
            None if self.name().value.contains(HOLE) => variable(()),
            None if named_here => Pin::Local,
            None => Pin::Untagged,
            Some(tag) if tag.contains(HOLE) => variable(()),
            Some("latest") => Pin::Latest,
            Some(_) if named_here && is_made_up(self.familiar()) => Pin::Local,
            Some(tag) => match &self.reading(tag).pin {
                Pin::Channel(_) | Pin::Major | Pin::Minor
                    if named_here && PLACEHOLDER_NAMES.contains(&self.familiar()) =>
                {
                    Pin::Local
                }
                pin => pin.clone(),
            },
        }
    }

    fn reading(&self, tag: &str) -> &tag::Reading {
        self.known.reading.get_or_init(|| tag::read(tag, self.familiar()))
    }

    /// The numbers in the tag that are the image's own release: 22 and 11 of `node:22.11-alpine3.20`.
    pub fn release(&self) -> &[u64] {
        self.known.release.get_or_init(|| {
            let tag = self.tag().map(|tag| tag.value).filter(|tag| !tag.contains(HOLE));
            tag.map(|tag| tag::release(tag, self.familiar())).unwrap_or_default()
        })
    }

    /// Whether it is known how the project numbers releases: it is an official image, or in the
    /// tables.
    pub fn has_known_scheme(&self) -> bool {
        let name = unmirrored(self.familiar());
        is_official(name) || schemes::of(name).is_some()
    }

    /// What a tag that names one release would look like: `22.x.y-alpine` for `22-alpine`. `None`
    /// if that cannot be told.
    pub fn unique_tag(&self) -> Option<String> {
        let tag = self.tag()?.value;
        if tag.contains(HOLE) {
            return None;
        }
        match tag::scheme_of(unmirrored(self.familiar())).map(|scheme| scheme.unique) {
            Some(Unique::None) => return None,
            Some(Unique::Like(other)) => return Some(other.to_owned()),
            Some(Unique::Dated(releases)) => {
                if let Some(dated) = tag::dated(tag, releases) {
                    return Some(dated);
                }
            }
            Some(Unique::Numbers) | None => {}
        }
        let (number, missing) = self.reading(tag).release.clone()?;
        let rest: &str = match missing {
            0 => return None,
            1 => ".y",
            _ => ".x.y",
        };
        let known = tag[number.clone()].trim_end_matches(['x', 'X', '*']).trim_end_matches('.');
        Some(format!("{}{known}{rest}{}", &tag[..number.start], &tag[number.end..]))
    }
}

fn is_made_up(name: &str) -> bool {
    name.split(['-', '_']).any(|word| PLACEHOLDER_WORDS.contains(&tag::letters_of(word).as_str()))
        || name.starts_with("my")
        || name.starts_with("your")
}
