//! What a rule has to say: where, what, how to mend it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::source::{Edit, Span};

/// How bad it is. Ordered: `Note < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|severity| severity.name() == name).ok_or(())
    }
}

/// What a rule says: mostly in words of its own, which need no copy.
pub type Words = Cow<'static, str>;

/// One thing that is wrong, at exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule that says it.
    pub rule: &'static str,
    pub severity: Severity,
    /// The value at fault; for what is missing, the words that a comment can stand beside.
    pub span: Span,
    /// One sentence without a full stop; code in backticks.
    pub message: Words,
    /// What to do about it, one sentence.
    pub help: Option<Words>,
    /// Other places that belong to it, each with what to say there.
    pub also: Vec<(Span, Words)>,
    pub fixes: Vec<Fix>,
    /// Texts that no report may print: credentials.
    pub hidden: Vec<Span>,
}

/// How far back the same related place is looked for.
const NEAR: usize = 8;

impl Finding {
    pub fn help(&mut self, text: impl Into<Words>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    pub fn also(&mut self, span: Span, label: impl Into<Words>) -> &mut Self {
        let other = (span, label.into());
        // A file that is read by itself and through another tells the same twice in a row.
        if !self.also.iter().rev().take(NEAR).any(|it| *it == other) {
            self.also.push(other);
        }
        self
    }

    pub fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Self {
        self.fixes.extend(fix.into());
        self
    }

    /// Keeps the text at a place out of all reports.
    pub fn hide(&mut self, span: Span) -> &mut Self {
        self.hidden.push(span);
        self
    }

    /// Departs from the severity that the rule's page states: for a rule whose certainty
    /// differs from case to case.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }
}

/// A change that would end a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative: "pin to `1.2.3`".
    pub title: String,
    /// Disjoint, all of one file.
    pub edits: Vec<Edit>,
    pub applicability: Applicability,
}

/// What may be promised of a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Leaves a hole for a person to fill; never applied unasked.
    Manual,
    /// May change what runs.
    Unsafe,
    /// Does what the author meant.
    Safe,
}
