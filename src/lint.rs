//! The one way in: files and settings to findings. Pure; the command line, the editor and every
//! test call it.

use crate::config::{Config, RuleLevel, Settings};
use crate::finding::Finding;
use crate::model::environment::Environment;
use crate::model::{Format, Workspace, read};
use crate::rule::{Check, Facts, Level, Page, Report};
use crate::rules::{Entry, catalogue};
use crate::source::{FileId, Files};

/// What a run comes to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// In the order of the files' paths and of the places in them.
    pub findings: Vec<Finding>,
    /// Found, and silenced by somebody who named it.
    pub suppressed: Vec<Finding>,
    /// How many files were judged as each format.
    pub checked: Vec<Checked>,
}

/// A file that was linted.
#[derive(Clone, Copy, Debug)]
pub struct Checked {
    pub file: FileId,
    pub format: Format,
    pub environment: Environment,
}

/// Lints all files of a run.
pub fn lint(files: &Files, config: &Config) -> Outcome {
    lint_workspace(files, &read(files), config)
}

/// What would be linted.
pub fn checked(files: &Files, workspace: &Workspace, config: &Config) -> Vec<Checked> {
    workspace
        .documents
        .iter()
        .filter(|document| files.is_linted(document.file))
        .map(|document| Checked {
            file: document.file,
            format: document.format,
            environment: config.of(document.file).environment.unwrap_or(document.environment),
        })
        .collect()
}

/// Lints what has been read already.
pub fn lint_workspace(files: &Files, workspace: &Workspace, config: &Config) -> Outcome {
    let checked = checked(files, workspace, config);
    let mut findings: Vec<Finding> =
        catalogue().iter().flat_map(|entry| run(entry, workspace, config)).collect();
    findings.retain_mut(|finding| {
        let document = checked.iter().find(|checked| checked.file == finding.span.file);
        document
            .is_some_and(|document| stamp(finding, config.of(document.file), document.environment))
    });
    let place =
        |finding: &Finding| (files.get(finding.span.file).path.clone(), finding.span, finding.rule);
    findings.sort_by_cached_key(|finding| (place(finding), finding.message.clone()));
    findings.dedup();
    Outcome { findings, suppressed: Vec::new(), checked }
}

/// Runs a rule once for each set of facts that hold for it somewhere, and keeps what it says of
/// the files where they hold.
fn run(entry: &'static Entry, workspace: &Workspace, config: &Config) -> Vec<Finding> {
    let of = |file| config.of(file).facts(entry.page.id);
    let mut worlds: Vec<Facts> = Vec::new();
    for settings in config.distinct() {
        let facts = settings.facts(entry.page.id);
        if !worlds.contains(&facts) {
            worlds.push(facts);
        }
    }
    let mut all = Vec::new();
    for facts in worlds {
        let mut findings = Vec::new();
        check(entry, workspace, &mut Report::new(&entry.page, facts, &mut findings));
        findings.retain(|finding| of(finding.span.file) == facts);
        all.append(&mut findings);
    }
    all
}

fn check(entry: &'static Entry, workspace: &Workspace, report: &mut Report) {
    match entry.rule.check {
        Check::Document(check) => {
            workspace.documents.iter().for_each(|document| check(document, report));
        }
        Check::Container(check) => {
            workspace.containers.iter().for_each(|container| check(container, report));
        }
        Check::Image(check) => workspace.images.iter().for_each(|image| check(image, report)),
        Check::Workspace(check) => check(workspace, report),
    }
}

/// Gives a finding the severity that holds for its file; `false` if nobody wants it there.
fn stamp(finding: &mut Finding, settings: &Settings, environment: Environment) -> bool {
    let Some(page) = page(finding.rule) else { return false };
    if page.production_only && environment == Environment::Development {
        return false;
    }
    if !settings.select.is_empty() && !settings.select.iter().any(|id| id == page.id) {
        return false;
    }
    match settings.levels.get(page.id) {
        Some(RuleLevel::Off) => false,
        Some(RuleLevel::At(severity)) => {
            finding.severity = *severity;
            true
        }
        None => {
            page.level == Level::Default
                || settings.pedantic
                || settings.select.iter().any(|id| id == page.id)
        }
    }
}

fn page(id: &str) -> Option<&'static Page> {
    let at = catalogue().binary_search_by(|entry| entry.page.id.cmp(id)).ok()?;
    Some(&catalogue()[at].page)
}
