//! The one way in: files and settings to findings. Pure; the command line, the editor and every
//! test call it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::config::Config;
use crate::finding::Finding;
use crate::model::environment::Environment;
use crate::model::{Document, Format, Workspace, read};
use crate::rule::{Check, Facts, Report};
use crate::rules::{Entry, catalogue, entry};
use crate::source::{FileId, Files};
use crate::suppress::Suppressions;

/// What a run comes to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// In the order of the files' paths and of the places in them.
    pub findings: Vec<Finding>,
    /// Found, and silenced by somebody who named it.
    pub suppressed: Vec<Finding>,
    /// Found, and set aside by whoever runs it: known before, or not on lines that changed.
    pub known: Vec<Finding>,
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
    linted(files, workspace)
        .map(|document| Checked {
            file: document.file,
            format: document.format,
            environment: config.of(document.file).environment.unwrap_or(document.environment),
        })
        .collect()
}

fn linted<'a>(
    files: &'a Files,
    workspace: &'a Workspace,
) -> impl Iterator<Item = &'a Arc<Document>> {
    workspace.documents.iter().filter(|document| files.is_linted(document.file))
}

/// Lints what has been read already.
pub fn lint_workspace(files: &Files, workspace: &Workspace, config: &Config) -> Outcome {
    let checked = checked(files, workspace, config);
    let mut by_file: HashMap<FileId, Vec<Finding>> = HashMap::new();
    for finding in catalogue().iter().flat_map(|entry| run(entry, workspace, config)) {
        by_file.entry(finding.span.file).or_default().push(finding);
    }
    let mut outcome = Outcome::default();
    for (file, document) in checked.iter().zip(linted(files, workspace)) {
        let settings = config.of(file.file);
        let mut findings = by_file.remove(&file.file).unwrap_or_default();
        findings.retain_mut(|finding| {
            settings.stamp(finding);
            entry(finding.rule).is_some_and(|entry| settings.holds(&entry.page, file.environment))
        });
        let suppressions = if settings.inline_suppressions {
            Suppressions::read(files.get(file.file), document)
        } else {
            Suppressions::default()
        };
        let mut judged = suppressions.judge(findings, settings, file.environment);
        outcome.findings.append(&mut judged.kept);
        outcome.findings.append(&mut judged.about);
        outcome.suppressed.append(&mut judged.silenced);
    }
    for findings in [&mut outcome.findings, &mut outcome.suppressed] {
        let path = |finding: &Finding| files.get(finding.span.file).path.clone();
        findings.sort_by_cached_key(|finding| {
            (path(finding), finding.span, finding.rule, finding.message.clone())
        });
        findings.dedup();
    }
    Outcome { checked, ..outcome }
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
        Check::Dockerfile(check) => {
            let recipes = workspace.documents.iter().filter_map(|document| document.recipe());
            recipes.for_each(|recipe| check(recipe, report));
        }
        Check::Container(check) => {
            workspace.containers.iter().for_each(|container| check(container, report));
        }
        Check::Image(check) => workspace.images.iter().for_each(|image| check(image, report)),
        Check::Manifest(check) => {
            let cluster = &workspace.cluster;
            cluster.objects().for_each(|object| check(object, cluster, report));
        }
        Check::Workload(check) => {
            let cluster = &workspace.cluster;
            cluster.workloads().for_each(|member| check(member, cluster, report));
        }
        Check::Suppressions => {}
        Check::Project(check) => {
            workspace.projects.iter().for_each(|project| check(project, report));
        }
        Check::Service(check) => {
            for project in &workspace.projects {
                project.own_services().for_each(|service| check(service, project, report));
            }
        }
        Check::Workspace(check) => check(workspace, report),
    }
}
