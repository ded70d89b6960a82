//! The tool's settings for each file. Loading them from disk is the edges' work.

use std::collections::BTreeMap;

use crate::finding::Severity;
use crate::model::environment::Environment;
use crate::rule::Options;
use crate::source::FileId;

/// The settings of a run: one set for all files, or one for each.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub default: Settings,
    /// The files whose settings differ.
    pub files: BTreeMap<FileId, Settings>,
}

/// What holds for a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// By rule id.
    pub levels: BTreeMap<String, RuleLevel>,
    /// By rule id.
    pub options: BTreeMap<String, Options>,
    /// Only these rules, if any are named.
    pub select: Vec<String>,
    /// Whether pedantic rules speak.
    pub pedantic: bool,
    /// Judged as this, whatever the file says itself.
    pub environment: Option<Environment>,
}

/// What the configuration makes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    Off,
    At(Severity),
}

impl Config {
    /// The settings that hold for a file.
    pub fn of(&self, file: FileId) -> &Settings {
        self.files.get(&file).unwrap_or(&self.default)
    }
}
