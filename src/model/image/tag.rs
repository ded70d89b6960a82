//! The reading of tags: which of their numbers is a release, and how much of one it is.

mod word;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::knowledge::images::{is_official, unmirrored};
use crate::knowledge::schemes::{self, Scheme};
use crate::knowledge::tags::{
    BRANCHES, BUILD_COUNTERS, CHANNELS, CODE_NAMES, PLACEHOLDER_TAGS, PLATFORMS, RELEASE_PREFIXES,
    REVISIONS, SAMPLE_WORDS, SOFTWARE,
};

use super::{Channel, Pin};

use word::{Word, words};

/// A tag and what there is of a release in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub pin: Pin,
    /// The numbers of the image's own software, in bytes of the tag, and how many more a full
    /// release has.
    pub release: Option<(Range<usize>, usize)>,
}

/// Reads a tag that is wholly known, of the image of this familiar name.
pub(super) fn read(tag: &str, familiar: &str) -> Reading {
    let familiar = unmirrored(familiar);
    let words = words(tag);
    let is_latest = |word: &Word| word.text.eq_ignore_ascii_case("latest");
    // `SET-IN-PIPELINE`, `GIT_SHA`
    let is_loud = tag.contains(['-', '_'])
        && tag.bytes().all(|byte| byte.is_ascii_uppercase() || b"-_".contains(&byte));
    let pin = if is_loud || PLACEHOLDER_TAGS.contains(&tag.to_ascii_lowercase().as_str()) {
        Pin::Local
    } else if words.iter().any(is_latest) {
        Pin::Channel(Channel::Latest)
    } else if is_git_describe(&words) {
        Pin::Build
    } else {
        let tag =
            Tag { words: &words, scheme: scheme_of(familiar), is_sample: is_sample(familiar) };
        return match own_release(&words, familiar) {
            Some(at) => tag.with_release(at),
            None => Reading { pin: tag.without_release(), release: None },
        };
    };
    Reading { pin, release: None }
}

/// The numbers of the image's own release, and where they are in the tag.
pub(super) fn release(tag: &str, familiar: &str) -> Vec<u64> {
    let mut words = words(tag);
    let own = own_release(&words, unmirrored(familiar));
    own.map(|at| words.swap_remove(at).parts).unwrap_or_default()
}

/// The tag with a date behind the code name, or behind that of a release among `releases`.
pub(super) fn dated(tag: &str, releases: &[(&str, &str)]) -> Option<String> {
    let by_number = releases.iter().find(|(number, _)| tag.starts_with(number)).copied();
    let (start, name) = by_number.or_else(|| {
        let name = words(tag).into_iter().find(|word| code_name(word.text).is_some())?.text;
        Some((name, name))
    })?;
    Some(format!("{name}-YYYYMMDD{}", tag.strip_prefix(start)?))
}

/// A tag, and what is known of how its image is numbered.
struct Tag<'a> {
    words: &'a [Word<'a>],
    scheme: Option<&'static Scheme>,
    is_sample: bool,
}

impl Tag<'_> {
    fn without_release(&self) -> Pin {
        if self.is_stamped() || self.is_rebuilt() || counts_builds(self.words) {
            self.stamp()
        } else if is_composite(self.words.iter()) {
            Pin::Version
        } else {
            Pin::Channel(channel(self.words))
        }
    }

    /// `at`: the word that has the release.
    fn with_release(&self, at: usize) -> Reading {
        let number = &self.words[at];
        let pin = self.pin_at(at);
        let full = self.full_parts(number.parts[0]);
        let missing = match pin {
            Pin::Major => full.saturating_sub(1).max(1),
            Pin::Minor => 1,
            _ => 0,
        };
        let is_release = !matches!(pin, Pin::Channel(_));
        Reading { pin, release: is_release.then(|| (number.number.clone(), missing)) }
    }

    fn pin_at(&self, at: usize) -> Pin {
        let (number, rest) = (&self.words[at], &self.words[at..]);
        let parts = number.parts.len();
        let by_parts = if parts > 1 { Pin::Minor } else { Pin::Major };
        let is_dated = self.scheme.is_some_and(|scheme| scheme.dated);
        let starts_date = rest.windows(3).next().is_some_and(is_date_in_three);
        if starts_date || (number.is_date() && !is_dated) {
            return self.stamp();
        }
        if number.wildcard || moves_by_suffix(rest) {
            return by_parts;
        }
        let others = self.words[..at].iter().chain(&self.words[at + 1..]);
        if parts >= self.full_parts(number.parts[0])
            || number.complete
            || is_completed(rest, parts, self.scheme)
            || is_composite(others)
            || (self.is_rebuilt() && rest.len() > 1)
        {
            return Pin::Version;
        }
        let is_lone = parts == 1;
        if self.is_stamped() || (is_lone && is_counted(self.words, at)) {
            return self.stamp();
        }
        if is_lone && at > 0 && is_channel(self.words[at - 1].text) {
            return Pin::Channel(channel(self.words));
        }
        if is_lone && number.parts[0] > self.most() { self.stamp() } else { by_parts }
    }

    /// How many numbers a release that begins with `first` has.
    fn full_parts(&self, first: u64) -> usize {
        let scheme = self.scheme.unwrap_or(Scheme::COMMON);
        if self.is_sample { 1 } else { scheme.parts(first).max(1) }
    }

    /// A lone number above this counts builds, years aside.
    fn most(&self) -> u64 {
        match self.scheme {
            Some(scheme) if scheme.dated => 9999,
            Some(_) => u64::MAX,
            None if self.words.iter().any(Word::is_year) => 2100,
            None => 99,
        }
    }

    /// A commit or a date is in it.
    fn is_stamped(&self) -> bool {
        self.words.iter().any(|word| word.is_hash() || word.is_bare_date())
            || self.words.windows(3).any(is_date_in_three)
    }

    /// It ends in `r50`.
    fn is_rebuilt(&self) -> bool {
        self.words.len() > 1 && self.words.last().is_some_and(Word::is_rebuild)
    }

    /// What a date or a commit is to this project.
    fn stamp(&self) -> Pin {
        if self.scheme.is_some_and(|scheme| scheme.dated) { Pin::Version } else { Pin::Build }
    }
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
        if word.is_hash() || word.is_bare_date() {
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
        if at > 0 && word.is_rebuild() {
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
        let ends = word.char_indices().map(|(at, _)| &word[at..]).filter(|end| end.len() > 3);
        software(&word).or_else(|| ends.filter_map(software).min())
    };
    name.split(['-', '_', '.']).filter_map(|word| row(letters_of(word))).collect()
}

pub(super) fn letters_of(word: &str) -> String {
    word.chars().filter(|c| !c.is_ascii_digit()).collect()
}

fn software(word: &str) -> Option<usize> {
    static ROWS: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
        let rows = SOFTWARE.iter().enumerate().rev();
        rows.flat_map(|(row, words)| words.iter().map(move |word| (*word, row))).collect()
    });
    ROWS.get(word).copied()
}

pub(super) fn scheme_of(familiar: &str) -> Option<&'static Scheme> {
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
            || (lone && parts >= scheme.rebuilds_after && !next.is_bare_date())
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

fn is_date_in_three(words: &[Word]) -> bool {
    let two = |word: &Word| word.text.bytes().take(2).filter(u8::is_ascii_digit).count() == 2;
    words[0].is_year()
        && two(&words[1])
        && two(&words[2])
        && words[1].parts.first().is_some_and(|month| (1..=12).contains(month))
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

fn is_channel(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let word = word.as_str();
    (CHANNELS.contains(&word) || BRANCHES.contains(&word)) && !RELEASE_PREFIXES.contains(&word)
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

/// Whose code name `word` is.
fn code_name(word: &str) -> Option<&'static str> {
    CODE_NAMES.iter().find(|(_, names)| names.contains(&word)).map(|(owner, _)| *owner)
}
