//! What of the findings counts: the baseline, and the lines that changed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::baseline::{Baseline, BaselineError};
use crate::changes::Changes;
use crate::discover::project_root;
use crate::fingerprint::fingerprints;
use crate::lint::Outcome;
use crate::model::Workspace;
use crate::source::Files;

use super::{Error, complain};

#[derive(Args, Debug)]
pub struct Gate {
    /// Findings that this file knows do not count.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Let the baseline forget what is no longer found; it never grows.
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
    /// Write all findings of this run to a baseline.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
    /// Only findings on lines that changed since this revision of git.
    #[arg(long, value_name = "REV")]
    diff_base: Option<String>,
}

/// Why findings cannot be told apart.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    #[error("cannot read the baseline {}: {error}; `--write-baseline` writes one", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{}: {error}", path.display())]
    Broken { path: PathBuf, error: BaselineError },
    #[error("cannot run git, which `--diff-base` needs: {0}")]
    NoGit(io::Error),
    #[error("git does not know what changed since `{revision}`: {message}")]
    Git { revision: String, message: String },
}

impl Gate {
    /// Sets aside what is known or did not change.
    pub fn apply(
        &self,
        files: &Files,
        workspace: &Workspace,
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        if let Some(path) = &self.write_baseline {
            let baseline = Baseline::new(&fingerprints(files, workspace, &outcome.findings));
            write(path, &baseline)?;
            let count = baseline.len();
            complain("baseline", &format_args!("{count} findings written to {}", path.display()));
            outcome.known.append(&mut outcome.findings);
        }
        if let Some(path) = &self.baseline {
            self.split(path, files, workspace, outcome)?;
        }
        if let Some(revision) = &self.diff_base {
            let repository = Repository::here(revision)?;
            let changes = repository.changes(revision)?;
            let findings = std::mem::take(&mut outcome.findings);
            for finding in findings {
                let touched = changes.touch(files, &finding, |path| repository.inside(path));
                if touched { &mut outcome.findings } else { &mut outcome.known }.push(finding);
            }
        }
        Ok(())
    }

    fn split(
        &self,
        path: &Path,
        files: &Files,
        workspace: &Workspace,
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        let text = fs::read_to_string(path)
            .map_err(|error| GateError::Unreadable { path: path.to_owned(), error })?;
        let mut baseline = Baseline::parse(&text)
            .map_err(|error| GateError::Broken { path: path.to_owned(), error })?;
        let fingerprints = fingerprints(files, workspace, &outcome.findings);
        let here = std::env::current_dir().map_err(Error::Here)?;
        let root = project_root(Path::new("."), &here);
        // A run over some files says nothing of the others, unless they are gone.
        let is_judged = |project_path: &str| {
            let of_file = |id| &files.get(id).project_path;
            outcome.checked.iter().any(|checked| of_file(checked.file) == project_path)
                || !root.join(project_path).exists()
        };
        let findings = std::mem::take(&mut outcome.findings);
        let split = baseline.split(findings, &fingerprints, is_judged);
        outcome.findings = split.new;
        outcome.known = split.known;
        for (entry, count) in &split.stale {
            let what = if self.update_baseline { "forgotten" } else { "no longer found" };
            let entry = format!("{}: {} at {} ({count})", entry.path, entry.rule, entry.place);
            complain("baseline", &format_args!("{what}: {entry}"));
        }
        if !split.stale.is_empty() && self.update_baseline {
            baseline.forget(&split.stale);
            write(path, &baseline)?;
        } else if !split.stale.is_empty() {
            complain("baseline", &"`--update-baseline` takes out what is no longer found");
        }
        Ok(())
    }
}

fn write(path: &Path, baseline: &Baseline) -> Result<(), Error> {
    fs::write(path, baseline.text()).map_err(|error| Error::Write(path.to_owned(), error))
}

/// A repository of git, asked through the program.
struct Repository {
    root: PathBuf,
}

impl Repository {
    fn here(revision: &str) -> Result<Self, Error> {
        let root = git(Path::new("."), revision, &["rev-parse", "--show-toplevel"])?;
        Ok(Self { root: PathBuf::from(root.trim_end_matches('\n')) })
    }

    /// What changed on this branch since it left `revision`, uncommitted and new files included.
    fn changes(&self, revision: &str) -> Result<Changes, Error> {
        let commit = format!("{revision}^{{commit}}");
        let verify = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
        let commit = git(&self.root, revision, &verify)?;
        let commit = commit.trim();
        // Without common history (a shallow clone) the revision itself is what there is.
        let base = git(&self.root, revision, &["merge-base", commit, "HEAD"]);
        let base = base.unwrap_or_else(|_| commit.to_owned());
        let diff = ["diff", "--unified=0", "--no-prefix", "--no-color", "--no-ext-diff", "-M"];
        let diff = [&diff[..], &[base.trim(), "--"]].concat();
        let mut changes = Changes::parse(&git(&self.root, revision, &diff)?);
        let others = ["ls-files", "--others", "--exclude-standard", "-z"];
        git(&self.root, revision, &others)?
            .split('\0')
            .filter(|path| !path.is_empty())
            .for_each(|path| changes.add_file(path));
        Ok(changes)
    }

    /// A path of this run, from the root of the repository.
    fn inside(&self, path: &str) -> Option<String> {
        let path = fs::canonicalize(path).or_else(|_| std::path::absolute(path)).ok()?;
        let inside = path.strip_prefix(&self.root).ok()?;
        Some(inside.to_string_lossy().replace('\\', "/"))
    }
}

fn git(directory: &Path, revision: &str, arguments: &[&str]) -> Result<String, Error> {
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(arguments)
        .output()
        .map_err(GateError::NoGit)?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        let message = match told.trim() {
            "" => "there is no such revision here".to_owned(),
            told => told.to_owned(),
        };
        return Err(GateError::Git { revision: revision.to_owned(), message }.into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
