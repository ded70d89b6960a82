//! Comments and annotations that silence findings, and those that silence nothing.

mod annotation;
mod comment;
mod foreign;
mod scope;

use std::collections::HashMap;
use std::sync::Arc;

use crate::config::Settings;
use crate::finding::{Applicability, Finding, Fix, Severity, Words};
use crate::model::Document;
use crate::model::environment::Environment;
use crate::rule::{Check, Report};
use crate::rules::{
    Entry, MALFORMED_SUPPRESSION, UNEXPLAINED_SUPPRESSION, UNUSED_SUPPRESSION, catalogue, entry,
    find,
};
use crate::source::{Edit, SourceFile, Span, closest};

pub use comment::names_end;
use scope::Nodes;

/// What a file silences.
#[derive(Debug, Default)]
pub struct Suppressions {
    all: Vec<Suppression>,
    /// Meant to be one, and none: the place, what is wrong, what to do.
    malformed: Vec<(Span, String, Option<String>)>,
}

/// One comment or annotation that silences findings.
#[derive(Debug)]
struct Suppression {
    /// The comment, or the annotation's key.
    span: Span,
    /// Findings that start here are silenced.
    scope: Span,
    names: Vec<Name>,
    /// Whether it says why.
    reason: bool,
    /// Written for plimsoll: it is told when it is of no use.
    own: bool,
    /// Taking it away as a whole; `None` where that is not a matter of whole lines.
    removal: Option<Edit>,
}

/// One of the names that a suppression lists.
#[derive(Debug)]
struct Name {
    span: Span,
    /// The ids of the rules that it stands for.
    rules: Vec<&'static str>,
    /// Taking away the name alone.
    removal: Edit,
}

/// The findings of a file, told apart.
#[derive(Debug, Default)]
pub struct Judged {
    pub kept: Vec<Finding>,
    pub silenced: Vec<Finding>,
    /// About the suppressions themselves.
    pub about: Vec<Finding>,
}

impl Suppressions {
    /// Reads what a file silences: a document, and those that are written within it.
    pub fn read(file: &SourceFile, documents: &[Arc<Document>]) -> Self {
        let mut suppressions = Self::default();
        for document in documents {
            if document.comments.iter().any(|comment| is_word_of(file.text_at(comment.span))) {
                let nodes = Nodes::read(file, document);
                comment::read(file, document, &nodes, &mut suppressions);
            }
            foreign::directives(document, &mut suppressions);
            annotation::read(file, document, &mut suppressions);
        }
        suppressions
    }

    /// Tells the findings of the file apart; all of them start in it.
    pub fn judge(
        &self,
        findings: Vec<Finding>,
        settings: &Settings,
        environment: Environment,
    ) -> Judged {
        let mut judged = Judged::default();
        let used = self.silence(findings, &mut judged.kept, &mut judged.silenced);
        let about = self.about(&used, settings, environment);
        self.silence(about, &mut judged.about, &mut judged.silenced);
        judged
    }

    /// Sorts findings into kept and silenced; for each name whether it silenced any.
    fn silence(
        &self,
        mut findings: Vec<Finding>,
        kept: &mut Vec<Finding>,
        silenced: &mut Vec<Finding>,
    ) -> Vec<Vec<bool>> {
        if self.all.is_empty() {
            match kept.is_empty() {
                true => *kept = findings,
                false => kept.append(&mut findings),
            }
            return Vec::new();
        }
        let mut used: Vec<Vec<bool>> =
            self.all.iter().map(|suppression| vec![false; suppression.names.len()]).collect();
        // The suppressions of each rule that have begun, the innermost last: one pass over both.
        let mut begun: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_key(|index| (self.all[*index].scope.start, self.all[*index].own));
        let mut waiting = order.into_iter().peekable();
        findings.sort_by_key(|finding| finding.span.start);
        for finding in findings {
            let at = finding.span.start;
            while let Some(index) = waiting.next_if(|index| self.all[*index].scope.start <= at) {
                for (number, name) in self.all[index].names.iter().enumerate() {
                    for rule in &name.rules {
                        begun.entry(rule).or_default().push((index, number));
                    }
                }
            }
            let open = begun.get_mut(finding.rule);
            let holds = |(index, _): &(usize, usize)| at <= self.all[*index].scope.end;
            let found = open.and_then(|open| {
                while open.pop_if(|last| !holds(last)).is_some() {}
                open.last().copied()
            });
            match found {
                Some((index, name)) => {
                    used[index][name] = true;
                    silenced.push(finding);
                }
                None => kept.push(finding),
            }
        }
        used
    }

    fn about(
        &self,
        used: &[Vec<bool>],
        settings: &Settings,
        environment: Environment,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let about = |id: &str| entry(id).filter(|entry| holds(entry, settings, environment));
        if let Some(Entry { page, .. }) = about(MALFORMED_SUPPRESSION) {
            let mut report = Report::new(page, settings.facts(page.id), &mut findings);
            for (span, message, help) in &self.malformed {
                report.at(*span, message.clone()).help = help.clone().map(Words::from);
            }
        }
        if let Some(Entry { page, .. }) = about(UNEXPLAINED_SUPPRESSION) {
            let mut report = Report::new(page, settings.facts(page.id), &mut findings);
            for suppression in self.all.iter().filter(|one| one.own && !one.reason) {
                let finding =
                    report.at(suppression.span, "this silences findings and does not say why");
                finding.help("write the reason behind it");
                if settings.require_reason {
                    finding.severity(Severity::Warning);
                }
            }
        }
        if let Some(Entry { page, .. }) = about(UNUSED_SUPPRESSION) {
            let mut report = Report::new(page, settings.facts(page.id), &mut findings);
            for (suppression, used) in self.all.iter().zip(used).filter(|(one, _)| one.own) {
                suppression.unused(used, settings, environment, &mut report);
            }
        }
        findings.iter_mut().for_each(|finding| settings.stamp(finding));
        findings
    }
}

impl Suppression {
    /// Reports the names that silenced nothing although their rules speak here.
    fn unused(
        &self,
        used: &[bool],
        settings: &Settings,
        environment: Environment,
        report: &mut Report,
    ) {
        // What a rule would have found is unknown where it does not speak; what this room itself
        // says comes too late to count.
        let speaks = |id: &str| {
            entry(id).is_some_and(|entry| {
                !matches!(entry.rule.check, Check::Suppressions)
                    && holds(entry, settings, environment)
            })
        };
        let is_idle =
            |(name, used): &(&Name, &bool)| !**used && name.rules.iter().all(|rule| speaks(rule));
        let idle: Vec<&Name> =
            self.names.iter().zip(used).filter(is_idle).map(|(name, _)| name).collect();
        for name in &idle {
            let message = format!("nothing here is silenced by `{}`", name.rules.join("`, `"));
            let whole = (idle.len() == self.names.len()).then(|| self.removal.clone());
            let edit = whole.unwrap_or_else(|| Some(name.removal.clone()));
            // One name of several leaves the others; all of them leave nothing.
            let first = std::ptr::eq(*name, idle[0]) || idle.len() < self.names.len();
            report.at(name.span, message).help("take it away, it may hide a later finding").fix(
                edit.filter(|_| first).map(|edit| Fix {
                    title: "take the suppression away".to_owned(),
                    edits: vec![edit],
                    applicability: Applicability::Safe,
                }),
            );
        }
    }
}

/// Whether a rule speaks in a file; a reason that is required is asked for.
fn holds(entry: &Entry, settings: &Settings, environment: Environment) -> bool {
    settings.holds(&entry.page, environment)
        || entry.page.id == UNEXPLAINED_SUPPRESSION
            && settings.require_reason
            && !settings.is_off(entry.page.id)
}

/// Whether a comment may be a suppression, ours or another tool's.
fn is_word_of(comment: &str) -> bool {
    comment.contains("plimsoll:") || foreign::is_word_of(comment)
}

/// The rules that a name of ours, or of another tool, stands for; what to say if there are none.
fn rules_of(name: &str) -> Result<Vec<&'static str>, Option<String>> {
    let rules: Vec<&'static str> = find(name).map(|entry| entry.page.id).collect();
    if rules.is_empty() {
        let near = closest(name, catalogue().iter().map(|entry| entry.page.id));
        Err(near.map(|near| format!("did you mean `{near}`?")))
    } else {
        Ok(rules)
    }
}

/// The rules that replace any rule of a tool.
fn rules_of_tool(tool: &str) -> Vec<&'static str> {
    let of_tool = |other: &&str| other.split_once('/').is_some_and(|(other, _)| other == tool);
    let replaces = |entry: &&Entry| entry.page.replaces.iter().any(of_tool);
    catalogue().iter().filter(replaces).map(|entry| entry.page.id).collect()
}
