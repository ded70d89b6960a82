//! The tool's settings for each file. Loading them from disk is the edges' work.

mod edit;
pub mod load;
mod parse;
mod schema;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::finding::{Finding, Severity};
use crate::model::environment::Environment;
use crate::rule::{Facts, Level, Options, Page, Runtime};
use crate::source::FileId;

pub use edit::switch_off;
pub use parse::{Layer, Part, parse};
pub use schema::schema;

/// The settings of a run: one set for all files, or one for each.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub default: Settings,
    /// The files whose settings differ.
    pub files: BTreeMap<FileId, Arc<Settings>>,
}

/// What holds for a file.
#[derive(Clone, Debug, PartialEq)]
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
    pub fail_on: FailOn,
    /// Registries that images may come from; none named means any.
    pub registries: Vec<String>,
    /// What runs the containers, where the files alone do not tell.
    pub runtime: Option<Runtime>,
    /// Whether comments and annotations may silence findings.
    pub inline_suppressions: bool,
    /// Whether what silences a finding has to say why.
    pub require_reason: bool,
    /// Whether ShellCheck is asked, where it is installed.
    pub shellcheck: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            levels: BTreeMap::new(),
            options: BTreeMap::new(),
            select: Vec::new(),
            pedantic: false,
            environment: None,
            fail_on: FailOn::default(),
            registries: Vec::new(),
            runtime: None,
            inline_suppressions: true,
            require_reason: false,
            shellcheck: false,
        }
    }
}

/// What the configuration makes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    Off,
    At(Severity),
}

impl RuleLevel {
    pub const ALL: [Self; 4] = [
        Self::At(Severity::Error),
        Self::At(Severity::Warning),
        Self::At(Severity::Note),
        Self::Off,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::At(severity) => severity.name(),
        }
    }
}

/// From which severity on findings fail the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    At(Severity),
    Never,
}

impl FailOn {
    pub const ALL: [Self; 4] = [
        Self::At(Severity::Error),
        Self::At(Severity::Warning),
        Self::At(Severity::Note),
        Self::Never,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::At(severity) => severity.name(),
            Self::Never => "never",
        }
    }

    pub fn fails(self, severity: Severity) -> bool {
        matches!(self, Self::At(bar) if severity >= bar)
    }
}

impl Default for FailOn {
    fn default() -> Self {
        Self::At(Severity::Warning)
    }
}

impl Config {
    /// The settings that hold for a file.
    pub fn of(&self, file: FileId) -> &Settings {
        self.files.get(&file).map_or(&self.default, |settings| settings)
    }

    /// Each settings that some file may have, once.
    pub fn distinct(&self) -> impl Iterator<Item = &Settings> {
        let mut seen: Vec<*const Settings> = Vec::new();
        let fresh = move |settings: &&Arc<Settings>| {
            let fresh = !seen.contains(&Arc::as_ptr(settings));
            if fresh {
                seen.push(Arc::as_ptr(settings));
            }
            fresh
        };
        [&self.default].into_iter().chain(self.files.values().filter(fresh).map(AsRef::as_ref))
    }

    /// Whether a finding reaches the bar of its file.
    pub fn fails(&self, finding: &Finding) -> bool {
        self.of(finding.span.file).fail_on.fails(finding.severity)
    }
}

impl Settings {
    /// Whether a rule speaks in a file of this environment.
    pub fn holds(&self, page: &Page, environment: Environment) -> bool {
        let selected = self.select.iter().any(|id| id == page.id);
        let silent = page.production_only && environment == Environment::Development;
        !silent
            && !self.is_off(page.id)
            && (self.select.is_empty() || selected)
            && (page.level == Level::Default
                || self.pedantic
                || selected
                || self.levels.contains_key(page.id))
    }

    /// Gives a finding the severity that is set for its rule.
    pub fn stamp(&self, finding: &mut Finding) {
        if let Some(RuleLevel::At(severity)) = self.levels.get(finding.rule) {
            finding.severity = *severity;
        }
    }

    /// Whether a rule is switched off.
    pub fn is_off(&self, rule: &str) -> bool {
        self.levels.get(rule) == Some(&RuleLevel::Off)
    }

    /// What the user says of their world, as far as it concerns a rule.
    pub fn facts(&self, rule: &str) -> Facts<'_> {
        static NONE: Options = Options::new();
        Facts {
            options: self.options.get(rule).unwrap_or(&NONE),
            registries: &self.registries,
            runtime: self.runtime,
        }
    }
}

/// One thing that a configuration sets.
#[derive(Clone, Debug, PartialEq)]
pub enum Assignment {
    Level(&'static str, RuleLevel),
    /// Rule, option, value.
    Option(&'static str, &'static str, Value),
    Pedantic(bool),
    Environment(Environment),
    FailOn(FailOn),
    Registries(Vec<String>),
    Runtime(Runtime),
    InlineSuppressions(bool),
    RequireReason(bool),
    ShellCheck(bool),
}

impl Assignment {
    /// What it sets, as it is written in the configuration.
    pub fn key(&self) -> String {
        match self {
            Self::Level(rule, _) => format!("rules.{rule}"),
            Self::Option(rule, option, _) => format!("rules.{rule}.{option}"),
            Self::Pedantic(_) => "pedantic".into(),
            Self::Environment(_) => "environment".into(),
            Self::FailOn(_) => "fail-on".into(),
            Self::Registries(_) => "registries".into(),
            Self::Runtime(_) => "runtime".into(),
            Self::InlineSuppressions(_) => "inline-suppressions".into(),
            Self::RequireReason(_) => "require-reason".into(),
            Self::ShellCheck(_) => "shell.shellcheck".into(),
        }
    }

    /// What it is set to; JSON's spelling of the value is also TOML's.
    pub fn value(&self) -> Value {
        match self {
            Self::Level(_, level) => level.name().into(),
            Self::Option(_, _, value) => value.clone(),
            Self::Environment(environment) => environment.name().into(),
            Self::FailOn(bar) => bar.name().into(),
            Self::Registries(registries) => json!(registries),
            Self::Runtime(runtime) => runtime.name().into(),
            Self::Pedantic(on)
            | Self::InlineSuppressions(on)
            | Self::RequireReason(on)
            | Self::ShellCheck(on) => (*on).into(),
        }
    }

    fn apply(&self, settings: &mut Settings) {
        match self.clone() {
            Self::Level(rule, level) => {
                settings.levels.insert(rule.to_owned(), level);
            }
            Self::Option(rule, option, value) => {
                let options = settings.options.entry(rule.to_owned()).or_default();
                options.insert(option.to_owned(), value);
            }
            Self::Pedantic(on) => settings.pedantic = on,
            Self::Environment(environment) => settings.environment = Some(environment),
            Self::FailOn(bar) => settings.fail_on = bar,
            Self::Registries(registries) => settings.registries = registries,
            Self::Runtime(runtime) => settings.runtime = Some(runtime),
            Self::InlineSuppressions(on) => settings.inline_suppressions = on,
            Self::RequireReason(on) => settings.require_reason = on,
            Self::ShellCheck(on) => settings.shellcheck = on,
        }
    }
}
