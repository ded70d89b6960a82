//! How far a reference pins what is pulled: the reading of tags.

use std::ops::Range;

use crate::knowledge::images::{is_official, unmirrored};
use crate::knowledge::schemes::{self, Scheme, Unique};
use crate::knowledge::tags::{
    BRANCHES, BUILD_COUNTERS, CHANNELS, CODE_NAMES, PLACEHOLDER_TAGS, PLACEHOLDER_WORDS, PLATFORMS,
    RELEASE_PREFIXES, REVISIONS, SAMPLE_WORDS, SOFTWARE,
};
use crate::model::text::HOLE;

use super::ImageRef;

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

/// A tag and what there is of a release in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TagReading {
    pub pin: Pin,
    /// The numbers of the image's own software, in bytes of the tag, and how many more a full
    /// release has.
    pub release: Option<(Range<usize>, usize)>,
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
    pub fn pin(&self) -> Pin {
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
            Some(tag) => read(tag, self.familiar()).pin,
        }
    }

    /// The numbers in the tag that are the image's own release: 22 and 11 of `node:22.11-alpine3.20`.
    pub fn release(&self) -> Vec<u64> {
        let tag = self.tag().map(|tag| tag.value).filter(|tag| !tag.contains(HOLE));
        let own = |tag: &str| {
            let words = words(tag);
            own_release(&words, unmirrored(self.familiar())).map(|at| words[at].parts.clone())
        };
        tag.and_then(own).unwrap_or_default()
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
        match scheme_of(unmirrored(self.familiar())).map(|scheme| scheme.unique) {
            Some(Unique::None) => return None,
            Some(Unique::Like(other)) => return Some(other.to_owned()),
            Some(Unique::Dated(releases)) => {
                let release = releases.iter().find(|(number, _)| tag.starts_with(number));
                let (number, name) = match release {
                    Some(release) => *release,
                    None => words(tag)
                        .iter()
                        .find(|word| code_name(word.text).is_some())
                        .map(|word| (word.text, word.text))
                        .unwrap_or_default(),
                };
                if let Some(rest) = tag.strip_prefix(number).filter(|_| !number.is_empty()) {
                    return Some(format!("{name}-YYYYMMDD{rest}"));
                }
            }
            Some(Unique::Numbers) | None => {}
        }
        let (number, missing) = read(tag, self.familiar()).release?;
        let rest: &str = match missing {
            0 => return None,
            1 => ".y",
            _ => ".x.y",
        };
        let known = tag[number.clone()].trim_end_matches(['x', 'X', '*']).trim_end_matches('.');
        Some(format!("{}{known}{rest}{}", &tag[..number.start], &tag[number.end..]))
    }
}

/// Reads a tag that is wholly known, of the image of this familiar name.
pub(super) fn read(tag: &str, familiar: &str) -> TagReading {
    let familiar = unmirrored(familiar);
    let scheme = scheme_of(familiar);
    let words = words(tag);
    let nothing = |pin| TagReading { pin, release: None };
    if PLACEHOLDER_TAGS.contains(&tag.to_ascii_lowercase().as_str()) {
        return nothing(Pin::Local);
    }
    if words.iter().any(|word| word.text.eq_ignore_ascii_case("latest")) {
        return nothing(Pin::Channel(Channel::Latest));
    }
    if is_git_describe(&words) {
        return nothing(Pin::Build);
    }
    let release = own_release(&words, familiar);
    let stamped = words.iter().any(|word| is_hash(word.text)) || has_date(tag, &words);
    let Some(at) = release else {
        return nothing(if stamped || counts_builds(&words) {
            stamp(scheme)
        } else if is_composite(words.iter()) {
            Pin::Version
        } else {
            Pin::Channel(channel(&words))
        });
    };
    let number = &words[at];
    let parts = number.parts.len();
    let first = number.parts.first().copied().unwrap_or_default();
    let full = if is_sample(familiar) { 1 } else { scheme.map_or(3, |scheme| scheme.parts(first)) };
    let most = match scheme {
        Some(scheme) if scheme.dated => 9999,
        Some(_) => u64::MAX,
        None if (1990..2100).contains(&first) => first,
        None => 99,
    };
    let beside =
        || words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| word);
    let starts_date =
        is_year(number) && words[at..].windows(3).next().is_some_and(is_date_in_three);
    let before = at.checked_sub(1).map(|before| words[before].text).filter(|_| parts == 1);
    let pin = if starts_date || (is_date(number) && !scheme.is_some_and(|scheme| scheme.dated)) {
        stamp(scheme)
    } else if number.wildcard || moves_by_suffix(&words[at..]) {
        by_parts(parts)
    } else if parts >= full.max(1)
        || number.complete
        || is_completed(&words[at..], parts, scheme)
        || is_composite(beside())
    {
        Pin::Version
    } else if stamped || (parts == 1 && is_counted(&words, at)) {
        stamp(scheme)
    } else if before.is_some_and(is_channel) {
        return nothing(Pin::Channel(channel(&words)));
    } else if parts == 1 && first > most {
        stamp(scheme)
    } else {
        by_parts(parts)
    };
    let missing = match pin {
        Pin::Major => full.saturating_sub(1).max(1),
        Pin::Minor => 1,
        _ => 0,
    };
    TagReading { pin, release: Some((number.number.clone(), missing)) }
}

fn by_parts(parts: usize) -> Pin {
    if parts > 1 { Pin::Minor } else { Pin::Major }
}

/// A piece of a tag between its `-`, `_` and `+`.
#[derive(Clone, Debug)]
struct Word<'a> {
    text: &'a str,
    /// What stands before the number: `alpine` of `alpine3.19`.
    letters: &'a str,
    /// The numbers that dots join.
    parts: Vec<u64>,
    /// Where they are, in bytes of the tag.
    number: Range<usize>,
    /// `1.30.x`
    wildcard: bool,
    /// What follows the numbers makes them one release: `8u292`, `4.0.0.Final`, `17beta1`.
    complete: bool,
    /// Each number has two digits or more, as in dates.
    padded: bool,
}

fn words(tag: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = 0;
    for piece in tag.split(['-', '_', '+']) {
        let is_half_of_x86_64 =
            piece == "64" && words.last().is_some_and(|word| word.text == "x86");
        if !piece.is_empty() && !is_half_of_x86_64 {
            words.push(word(piece, start));
        }
        start += piece.len() + 1;
    }
    words
}

fn word(text: &str, offset: usize) -> Word<'_> {
    let digits = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (letters, mut rest) = text.split_at(digits);
    let mut parts = Vec::new();
    let mut padded = true;
    let mut end = digits;
    loop {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            break;
        }
        padded &= length >= 2;
        parts.push(rest[..length].parse().unwrap_or(u64::MAX));
        end += length;
        rest = &rest[length..];
        match rest.strip_prefix('.') {
            Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => {
                rest = after;
                end += 1;
            }
            _ => break,
        }
    }
    let wildcard = matches!(rest, ".x" | ".X" | ".*");
    let suffix = rest.trim_start_matches('.');
    let is_revision = suffix.ends_with(|c: char| c.is_ascii_digit())
        && REVISIONS.contains(&suffix.trim_end_matches(|c: char| c.is_ascii_digit()));
    let goes_on = rest.starts_with('.') && !suffix.is_empty() && !REVISIONS.contains(&suffix);
    let complete = !parts.is_empty() && !wildcard && (is_revision || goes_on);
    let end = if wildcard { end + 2 } else { end };
    Word { text, letters, parts, number: offset + digits..offset + end, wildcard, complete, padded }
}

/// Which word has the release of the image's own software.
fn own_release(words: &[Word], familiar: &str) -> Option<usize> {
    let own = own_software(familiar);
    let mut belongs_to: Option<&str> = None;
    for (at, word) in words.iter().enumerate() {
        let text = word.text.to_ascii_lowercase();
        if PLATFORMS.contains(&text.as_str()) {
            continue;
        }
        let letters = word.letters.to_ascii_lowercase();
        let letters = letters.trim_end_matches('.');
        if word.parts.is_empty() {
            let other = software(&letters_of(&text)).filter(|row| !own.contains(row));
            if code_name(&text).is_none() {
                belongs_to = other.map(|row| SOFTWARE[row][0]);
            }
            continue;
        }
        if is_hash(word.text) || is_bare_date(word) {
            continue;
        }
        let owner = belongs_to.take();
        let is_other = match software(letters) {
            Some(row) => !own.contains(&row),
            None => letters.is_empty() && owner.is_some_and(|owner| may_be_of(owner, &word.parts)),
        };
        let is_word = !letters.is_empty()
            && !word.complete
            && word.text.ends_with(|c: char| c.is_ascii_alphabetic())
            && !word.wildcard
            && word.parts.len() == 1;
        if is_word {
            continue;
        }
        let names_it = software(letters).is_some() || RELEASE_PREFIXES.contains(&letters);
        if at > 0 && letters.len() > 1 && !names_it && word.parts.len() == 1 {
            continue;
        }
        let counts = BUILD_COUNTERS.contains(&letters) && word.parts.len() == 1;
        if !is_other && (!counts || letters.len() < 2) {
            return Some(at);
        }
    }
    None
}

/// Whether a number beside the name of a distribution can be its own.
fn may_be_of(owner: &str, parts: &[u64]) -> bool {
    match owner {
        "alpine" => parts[0] == 3 && parts.len() < 4,
        "ubuntu" => matches!(parts, [_, 4 | 10]),
        "debian" => parts.len() < 3,
        _ => true,
    }
}

/// The rows of [`SOFTWARE`] that the last part of a name speaks of.
fn own_software(familiar: &str) -> Vec<usize> {
    let name = familiar.rsplit('/').next().unwrap_or(familiar).to_ascii_lowercase();
    let row = |word: String| {
        let at_end = |row: &&'static [&'static str]| {
            row.iter().any(|own| own.len() > 3 && word.ends_with(own))
        };
        software(&word).or_else(|| SOFTWARE.iter().position(at_end))
    };
    name.split(['-', '_', '.']).filter_map(|word| row(letters_of(word))).collect()
}

fn letters_of(word: &str) -> String {
    word.chars().filter(|c| !c.is_ascii_digit()).collect()
}

fn software(word: &str) -> Option<usize> {
    SOFTWARE.iter().position(|row| row.contains(&word))
}

fn scheme_of(familiar: &str) -> Option<&'static Scheme> {
    let last = familiar.rsplit('/').next().unwrap_or(familiar);
    schemes::of(familiar).or_else(|| schemes::of(last).filter(|_| is_official(last)))
}

/// The version is not all of the release's name: what follows it is.
fn is_completed(words: &[Word], parts: usize, scheme: Option<&Scheme>) -> bool {
    let Some(next) = words.get(1) else { return false };
    let scheme = scheme.unwrap_or(Scheme::COMMON);
    let revision = next.letters.to_ascii_lowercase();
    if next.letters.is_empty() && !next.parts.is_empty() {
        let lone = next.text.len() <= 6 && next.text.bytes().all(|byte| byte.is_ascii_digit());
        let dashes = parts == 1
            && lone
            && words.get(2).is_some_and(|word| word.letters.is_empty() && !word.parts.is_empty());
        return next.parts.len() >= 3
            || (lone && parts >= scheme.rebuilds_after && !is_bare_date(next))
            || (dashes && words[0].text.len() < 4);
    }
    if !REVISIONS.contains(&revision.trim_end_matches('.')) {
        return false;
    }
    let numbered = !next.parts.is_empty()
        || words.get(2).is_some_and(|word| word.letters.is_empty() && word.parts.len() == 1);
    let least = scheme.rebuilds_after.min(2);
    numbered && (parts >= least || !matches!(revision.as_str(), "p" | "a" | "b" | "m" | "r"))
}

/// `3.13-rc`: whatever is newest of that kind.
fn moves_by_suffix(words: &[Word]) -> bool {
    let Some(next) = words.get(1) else { return false };
    words[0].parts.len() < 3
        && matches!(next.text, "rc" | "dev" | "beta" | "alpha" | "ea" | "preview" | "nightly")
        && !words.get(2).is_some_and(|word| word.letters.is_empty() && !word.parts.is_empty())
}

fn stamp(scheme: Option<&Scheme>) -> Pin {
    if scheme.is_some_and(|scheme| scheme.dated) { Pin::Version } else { Pin::Build }
}

/// `v1.7.0-64-g09ba72b1`
fn is_git_describe(words: &[Word]) -> bool {
    words.windows(2).any(|pair| {
        let hash = pair[1].text.strip_prefix('g').unwrap_or_default();
        pair[0].letters.is_empty()
            && pair[0].parts.len() == 1
            && hash.len() >= 7
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// 7 to 64 hexadecimal digits, with letters and digits among them.
fn is_hash(word: &str) -> bool {
    let word = if word.len() > 7 { word.strip_prefix('g').unwrap_or(word) } else { word };
    let lower_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (7..=64).contains(&word.len())
        && word.bytes().all(lower_hex)
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// A date in one word or three: `20240115`, `2024-01-15`; or a number as long as one.
fn has_date(tag: &str, words: &[Word]) -> bool {
    words.windows(3).any(is_date_in_three) || (tag.len() >= 7 && words.iter().any(is_bare_date))
}

fn is_date_in_three(words: &[Word]) -> bool {
    let two = |word: &Word| word.text.bytes().take(2).filter(u8::is_ascii_digit).count() == 2;
    is_year(&words[0])
        && two(&words[1])
        && two(&words[2])
        && words[1].parts.first().is_some_and(|month| (1..=12).contains(month))
}

fn is_year(word: &Word) -> bool {
    word.number.len() == 4 && word.parts.first().is_some_and(|year| (1990..2100).contains(year))
}

/// `20240115`, `20240115.1`, `1705312345`, `20240115T1200Z`
fn is_bare_date(word: &Word) -> bool {
    word.letters.is_empty() && word.text.bytes().take_while(u8::is_ascii_digit).count() >= 7
}

/// `2024.01.15`, `2025.7.21`; not `2024.1.3`, which is more often a month's third release.
fn is_date(word: &Word) -> bool {
    match word.parts[..] {
        [1990..2100, 1..=12, day @ 1..=31] => word.padded || day >= 13,
        _ => false,
    }
}

fn counts_builds(words: &[Word]) -> bool {
    words.iter().enumerate().any(|(at, word)| word.parts.len() == 1 && is_counted(words, at))
}

/// Whether the number of `words[at]` counts builds: `build-42`, `b4719`.
fn is_counted(words: &[Word], at: usize) -> bool {
    let counter = |word: &str| BUILD_COUNTERS.contains(&word.to_ascii_lowercase().as_str());
    let word = &words[at];
    if word.letters.is_empty() {
        at > 0 && words[at - 1].parts.is_empty() && counter(words[at - 1].text)
    } else {
        counter(word.letters) || (word.letters == "r" && word.parts[0] >= 100)
    }
}

/// Two other programs, each with a full version, leave little to move.
fn is_composite<'a>(words: impl Iterator<Item = &'a Word<'a>>) -> bool {
    words.filter(|word| word.parts.len() >= 3).count() >= 2
}

fn is_sample(familiar: &str) -> bool {
    let name = familiar.rsplit('/').next().unwrap_or(familiar);
    name.split(['-', '_']).any(|word| SAMPLE_WORDS.contains(&word))
}

fn is_made_up(name: &str) -> bool {
    name.split(['-', '_']).any(|word| PLACEHOLDER_WORDS.contains(&word))
        || name.starts_with("my")
        || name.starts_with("your")
}

fn is_channel(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let word = word.as_str();
    (CHANNELS.contains(&word) || BRANCHES.contains(&word)) && !RELEASE_PREFIXES.contains(&word)
}

/// Whose code name `word` is.
fn code_name(word: &str) -> Option<&'static str> {
    CODE_NAMES.iter().find(|(_, names)| names.contains(&word)).map(|(owner, _)| *owner)
}

/// What kind of name a tag without a release is.
fn channel(words: &[Word]) -> Channel {
    let first = |is_kind: &dyn Fn(&str) -> bool| {
        words.iter().any(|word| is_kind(&word.text.to_ascii_lowercase()))
    };
    if first(&|word| BRANCHES.contains(&word)) {
        Channel::Branch
    } else if first(&|word| CHANNELS.contains(&word)) {
        Channel::Channel
    } else if let Some(owner) =
        words.iter().find_map(|word| code_name(&word.text.to_ascii_lowercase()))
    {
        Channel::CodeName(owner)
    } else {
        Channel::Variant
    }
}
