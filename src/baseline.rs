//! Findings that a team knows already, so that only new ones count.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::fingerprint::Fingerprint;

/// Known findings by their fingerprints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// How often each is known.
    entries: BTreeMap<Entry, usize>,
}

/// A finding that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// Of the file, within its project.
    pub path: String,
    pub rule: String,
    /// Where in the structure of the file; for whoever reads the baseline.
    pub place: String,
    pub fingerprint: String,
}

/// The findings of a run, told apart.
#[derive(Clone, Debug, Default)]
pub struct Split {
    pub new: Vec<Finding>,
    pub known: Vec<Finding>,
    /// What is known and was not found, and how often.
    pub stale: BTreeMap<Entry, usize>,
}

/// A text that is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    #[error("not a baseline: {0}; write it anew with `--write-baseline`")]
    Broken(#[from] serde_json::Error),
    #[error("a baseline of version {0}, which a later plimsoll writes")]
    Later(u32),
}

const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Text {
    version: u32,
    findings: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    entry: Entry,
    count: usize,
}

impl Baseline {
    /// Knows these findings.
    pub fn new(fingerprints: &[Fingerprint]) -> Self {
        let mut baseline = Self::default();
        for fingerprint in fingerprints {
            *baseline.entries.entry(entry(fingerprint)).or_default() += 1;
        }
        baseline
    }

    /// Reads what [`text`](Self::text) wrote.
    ///
    /// # Errors
    /// The text is something else.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let text: Text = serde_json::from_str(text)?;
        if text.version > VERSION {
            return Err(BaselineError::Later(text.version));
        }
        let entries = text.findings.into_iter().map(|line| (line.entry, line.count)).collect();
        Ok(Self { entries })
    }

    /// One line for each finding, sorted, so that a change of it is easy to review.
    pub fn text(&self) -> String {
        let lines: Vec<String> = self
            .entries
            .iter()
            .map(|(entry, count)| Line { entry: entry.clone(), count: *count })
            .map(|line| format!("  {}", serde_json::to_string(&line).unwrap_or_default()))
            .collect();
        let findings = lines.join(",\n");
        let end = if lines.is_empty() { "" } else { "\n" };
        format!("{{\"version\":{VERSION},\"findings\":[{end}{findings}{end}]}}\n")
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.entries.values().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Tells new findings from known ones. Entries are stale only if `is_judged` says that the
    /// run looked at their file.
    pub fn split(
        &self,
        findings: Vec<Finding>,
        fingerprints: &[Fingerprint],
        is_judged: impl Fn(&str) -> bool,
    ) -> Split {
        let mut left = self.entries.clone();
        let mut split = Split::default();
        for (finding, fingerprint) in findings.into_iter().zip(fingerprints) {
            match left.get_mut(&entry(fingerprint)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    split.known.push(finding);
                }
                _ => split.new.push(finding),
            }
        }
        let judged: BTreeSet<String> = left
            .keys()
            .map(|entry| entry.path.clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .filter(|path| is_judged(path))
            .collect();
        left.retain(|entry, count| *count > 0 && judged.contains(&entry.path));
        split.stale = left;
        split
    }

    /// Forgets what is stale. It never grows.
    pub fn forget(&mut self, stale: &BTreeMap<Entry, usize>) {
        for (entry, gone) in stale {
            if let Some(count) = self.entries.get_mut(entry) {
                *count = count.saturating_sub(*gone);
            }
        }
        self.entries.retain(|_, count| *count > 0);
    }
}

fn entry(fingerprint: &Fingerprint) -> Entry {
    Entry {
        path: fingerprint.path.clone(),
        rule: fingerprint.rule.to_owned(),
        place: fingerprint.place.clone(),
        fingerprint: fingerprint.digest.clone(),
    }
}
