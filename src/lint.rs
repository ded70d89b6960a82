//! The one way in: files and settings to findings. Pure; the command line, the editor and every
//! test call it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Weak};

use rayon::prelude::*;

use crate::config::{Config, Settings};
use crate::finding::Finding;
use crate::knowledge::tokens;
use crate::model::environment::Environment;
use crate::model::{Document, Format, Workspace, read};
use crate::rule::{Check, Facts, Report};
use crate::rules::{Entry, catalogue, entry};
use crate::source::{FileId, Files, Span};
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

/// Where credentials stand, whatever the configuration and comments say of the rules that find them.
pub fn credentials(workspace: &Workspace) -> Vec<Span> {
    let settings = Settings::default();
    let mut findings = Vec::new();
    for entry in catalogue().iter().filter(|entry| entry.rule.finds_credentials) {
        for part in &workspace.parts {
            let facts = settings.facts(entry.page.id);
            check(entry, part, &mut Report::new(&entry.page, facts, &mut findings));
        }
    }
    findings.into_iter().flat_map(|finding| finding.hidden).collect()
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
    let verdicts = Memory::default().lint(files, workspace, config);
    let mut verdicts: Vec<&Verdict> = verdicts.iter().flat_map(|part| part.iter()).collect();
    verdicts.sort_by_key(|verdict| &files.get(verdict.file).path);
    let findings = verdicts.iter().flat_map(|verdict| &verdict.findings).cloned().collect();
    let suppressed = verdicts.iter().flat_map(|verdict| &verdict.suppressed).cloned().collect();
    let checked = checked(files, workspace, config);
    Outcome { findings, suppressed, checked, ..Outcome::default() }
}

/// What is found in one file, in the order of the places.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub file: FileId,
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Finding>,
}

/// What was found, so that only groups of files that have changed are linted again. Belongs to
/// one [`Config`] and to one [`Files`] and its copies.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// By the first file.
    parts: HashMap<FileId, Known>,
    /// What they were before.
    outdated: HashMap<FileId, Known>,
}

#[derive(Clone, Debug)]
struct Known {
    /// Only to know it again: whoever reads its files anew may take it apart.
    part: Weak<Workspace>,
    /// What the rules say of its files that look at everything.
    overall: Vec<Finding>,
    verdicts: Arc<[Verdict]>,
}

impl Memory {
    /// The verdicts on all files that are to be linted, group by group.
    pub fn lint(
        &mut self,
        files: &Files,
        workspace: &Workspace,
        config: &Config,
    ) -> Vec<Arc<[Verdict]>> {
        let worlds = Worlds::new(config);
        let overall =
            by_file(worlds.run(files, workspace, |check| matches!(check, Check::Everything(_))));
        let judge = |part: &Arc<Workspace>| {
            let of_file = |document: &Arc<Document>| overall.get(&document.file).cloned();
            let overall: Vec<Finding> = if overall.is_empty() {
                Vec::new()
            } else {
                part.documents.iter().filter_map(of_file).flatten().collect()
            };
            let first = part.documents.first()?.file;
            let known = self.parts.get(&first).filter(|known| {
                known.part.as_ptr() == Arc::as_ptr(part) && known.overall == overall
            });
            let known = known.cloned().unwrap_or_else(|| Known {
                verdicts: verdicts(files, part, overall.clone(), &worlds),
                part: Arc::downgrade(part),
                overall,
            });
            Some((first, known))
        };
        let parts = workspace.parts.par_iter().with_min_len(16);
        let parts: Vec<(FileId, Known)> = parts.filter_map(judge).collect();
        let verdicts = parts.iter().map(|(_, known)| Arc::clone(&known.verdicts)).collect();
        self.outdated = std::mem::replace(&mut self.parts, parts.into_iter().collect());
        verdicts
    }

    /// Hands over what was known before the last time, to be taken apart when nobody waits.
    pub fn outdated(&mut self) -> impl Send + 'static {
        std::mem::take(&mut self.outdated)
    }
}

/// Bytes of a group from which on it is worth while to run its rules side by side.
const LARGE: usize = 64 << 10;

/// From how many findings on it is worth while to look at them side by side.
const MANY: usize = 512;

/// The configuration, and for each rule the sets of facts that hold for it somewhere.
struct Worlds<'c> {
    config: &'c Config,
    facts: Vec<(&'static Entry, Vec<Facts<'c>>)>,
}

impl<'c> Worlds<'c> {
    fn new(config: &'c Config) -> Self {
        let settings: Vec<_> = config.distinct().collect();
        let facts = catalogue().iter().map(|entry| {
            let mut worlds: Vec<Facts> = Vec::new();
            let speaks = |settings: &&&Settings| {
                Environment::ALL.iter().any(|it| settings.holds(&entry.page, *it))
            };
            for settings in settings.iter().filter(speaks) {
                let facts = settings.facts(entry.page.id);
                if !worlds.contains(&facts) {
                    worlds.push(facts);
                }
            }
            (entry, worlds)
        });
        Self { config, facts: facts.collect() }
    }

    /// Runs rules once for each set of facts, and keeps what they say of files where it holds.
    fn run(
        &self,
        files: &Files,
        workspace: &Workspace,
        which: impl Fn(&Check) -> bool + Sync,
    ) -> Vec<Finding> {
        let run = |(entry, worlds): &(&'static Entry, Vec<Facts<'c>>)| {
            let mut all = Vec::new();
            if !which(&entry.rule.check) {
                return all;
            }
            let of = |file| self.config.of(file).facts(entry.page.id);
            for facts in worlds {
                let mut findings = Vec::new();
                check(entry, workspace, &mut Report::new(&entry.page, *facts, &mut findings));
                findings.retain(|finding| of(finding.span.file) == *facts);
                all.extend(Some(findings).filter(|findings| !findings.is_empty()));
            }
            all
        };
        // One rule at a time is less work, unless there is much to look at.
        let bytes = |document: &Arc<Document>| files.get(document.file).text.len();
        let is_large = workspace.documents.iter().map(bytes).sum::<usize>() > LARGE;
        let least = if is_large { 1 } else { self.facts.len() };
        let found: Vec<_> = self.facts.par_iter().with_min_len(least).map(run).collect();
        let mut all = Vec::with_capacity(found.iter().flatten().map(Vec::len).sum());
        found.into_iter().flatten().for_each(|mut findings| all.append(&mut findings));
        all
    }
}

fn by_file(findings: Vec<Finding>) -> HashMap<FileId, Vec<Finding>> {
    // Mostly they are all of one file.
    let first = findings.first().map(|finding| finding.span.file);
    if let Some(first) = first.filter(|it| findings.iter().all(|one| one.span.file == *it)) {
        return HashMap::from([(first, findings)]);
    }
    let mut by_file: HashMap<FileId, Vec<Finding>> = HashMap::new();
    for finding in findings {
        by_file.entry(finding.span.file).or_default().push(finding);
    }
    by_file
}

/// Lints one group of files.
fn verdicts(
    files: &Files,
    part: &Workspace,
    overall: Vec<Finding>,
    worlds: &Worlds,
) -> Arc<[Verdict]> {
    let config = worlds.config;
    let mut findings = worlds.run(files, part, |check| !matches!(check, Check::Everything(_)));
    findings.extend(overall);
    let finish = |finding: &mut Finding| {
        let decided = part.cluster.decided(finding.span);
        finding.also.extend(decided.map(|values| (values, "decided here".into())));
        config.of(finding.span.file).stamp(finding);
        let first = part.documents.partition_point(|it| it.file < finding.span.file);
        let tree = part.documents.get(first).and_then(|document| document.yaml());
        for alias in tree.map(|tree| tree.uses(finding.span)).unwrap_or_default() {
            finding.also(alias, "used here");
        }
        withhold(finding);
    };
    findings.par_iter_mut().with_min_len(MANY).for_each(finish);
    let mut by_file = by_file(findings);
    // What is written within another document is judged with it.
    let verdict = |documents: &[Arc<Document>]| {
        let document = &documents[0];
        let mut findings = by_file.remove(&document.file).unwrap_or_default();
        let settings = config.of(document.file);
        let environment = settings.environment.unwrap_or(document.environment);
        let mut holds = ("", false);
        findings.retain(|finding| {
            // What a rule finds mostly stands together.
            if holds.0 != finding.rule {
                let entry = entry(finding.rule);
                let speaks = entry.is_some_and(|entry| settings.holds(&entry.page, environment));
                holds = (finding.rule, speaks);
            }
            holds.1
        });
        let suppressions = if settings.inline_suppressions {
            Suppressions::read(files.get(document.file), documents)
        } else {
            Suppressions::default()
        };
        let mut judged = suppressions.judge(findings, settings, environment);
        judged.kept.append(&mut judged.about);
        for findings in [&mut judged.kept, &mut judged.silenced] {
            findings.par_sort_by(|a, b| {
                (a.span, a.rule, &a.message).cmp(&(b.span, b.rule, &b.message))
            });
            findings.dedup();
        }
        Verdict { file: document.file, findings: judged.kept, suppressed: judged.silenced }
    };
    let by_file = part.documents.chunk_by(|one, other| one.file == other.file);
    by_file.filter(|documents| files.is_linted(documents[0].file)).map(verdict).collect()
}

/// Takes tokens out of what a rule says of the value that they stand in.
fn withhold(finding: &mut Finding) {
    let also = finding.also.iter_mut().map(|(_, text)| text);
    for text in also.chain(&mut finding.help).chain([&mut finding.message]) {
        // A rule's own words hold none.
        let Cow::Owned(text) = text else { continue };
        for (range, _) in tokens::find(text).into_iter().rev() {
            text.replace_range(range, "…");
        }
    }
}

fn check(entry: &'static Entry, workspace: &Workspace, report: &mut Report) {
    match entry.rule.check {
        Check::Document(check) => {
            workspace.documents.iter().for_each(|document| check(document, report));
        }
        Check::Dockerfile(check) => {
            workspace.recipes().for_each(|recipe| check(recipe, report));
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
        Check::Workspace(check) | Check::Everything(check) => check(workspace, report),
    }
}
