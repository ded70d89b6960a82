use crate::knowledge::packages::Action;
use crate::model::Recipe;
use crate::model::dockerfile::{Base, Step};
use crate::model::packages::Invocation;
use crate::model::run::Run;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unlocked-install.md"), Check::Dockerfile(check));

/// The names of what each program locks the versions in, the usual one first.
const LOCKFILES: [(&str, &[&str]); 4] = [
    ("npm", &["package-lock.json", "npm-shrinkwrap.json"]),
    ("yarn", &["yarn.lock"]),
    ("pnpm", &["pnpm-lock.yaml"]),
    ("bun", &["bun.lock", "bun.lockb"]),
];

/// What of a project is in a stage, as far as its steps say.
#[derive(Clone, Copy, Default)]
struct Copied {
    manifest: bool,
    /// For each of [`LOCKFILES`]: one of its files may be there.
    locks: [bool; 4],
}

fn check(recipe: &Recipe, report: &mut Report) {
    let mut ends: Vec<Copied> = Vec::new();
    let mut runs = recipe.runs.iter();
    for stage in &recipe.build.stages {
        let mut copied = match stage.base {
            Base::Stage { index, .. } => ends[index],
            _ => Copied::default(),
        };
        for step in &stage.steps {
            match step.instruction(&recipe.tree).kind {
                Keyword::Copy | Keyword::Add => copied.take(step),
                Keyword::Run => {
                    if let Some(run) = runs.next() {
                        judge(recipe, run, copied, report);
                    }
                }
                _ => {}
            }
        }
        ends.push(copied);
    }
}

fn judge(recipe: &Recipe, run: &Run, copied: Copied, report: &mut Report) {
    for (_, invocation) in run.invocations() {
        let Some(instead) = locked(invocation) else { continue };
        let locks = |key: &str| recipe.env_before(run, key).is_some_and(|value| value != "false");
        if ["YARN_ENABLE_IMMUTABLE_INSTALLS", "BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN"]
            .into_iter()
            .any(locks)
        {
            continue;
        }
        let name = invocation.name();
        let Some(at) = LOCKFILES.iter().position(|(of, _)| *of == invocation.program.value) else {
            continue;
        };
        let (message, help) = if copied.locks[at] {
            (format!("`{name}` may change what the lockfile says"), format!("use {instead}"))
        } else if copied.manifest && recipe.step(run).mounts.is_empty() {
            (
                format!("`{name}` has no lockfile here, and takes the newest of everything"),
                format!("copy `{}`, too, and use {instead}", LOCKFILES[at].1[0]),
            )
        } else {
            continue;
        };
        report.at(invocation.span(), message).help(help);
    }
}

impl Copied {
    /// Adds what a `COPY` or `ADD` brings.
    fn take(&mut self, step: &Step) {
        let sources = step.words.len().saturating_sub(1);
        for source in step.words.iter().take(sources) {
            let name = source.value().rsplit('/').next().unwrap_or_default();
            // What a directory holds is not known: mostly it is all of the project.
            let is_directory = matches!(name, "." | "..") || !name.contains('.');
            let fits = |file: &str| match name.split_once('*') {
                Some((start, end)) => file.starts_with(start) && file.ends_with(end),
                None => file == name,
            };
            self.manifest |= fits("package.json");
            for (lock, (_, files)) in self.locks.iter_mut().zip(LOCKFILES) {
                *lock |= is_directory || files.iter().any(|file| fits(file));
            }
        }
    }
}

/// What would do the same and stop when the lockfile does not fit; `None` if this does.
fn locked(invocation: &Invocation) -> Option<&'static str> {
    if invocation.action != Action::InstallProject {
        return None;
    }
    match (invocation.program.value.as_str(), invocation.subcommand.value.as_str()) {
        ("npm", "install" | "i") if !invocation.has(&["-g", "--global"]) => Some("`npm ci`"),
        ("yarn", "" | "install")
            if !invocation.has(&["--frozen-lockfile", "--immutable", "--pure-lockfile"]) =>
        {
            Some("`yarn install --frozen-lockfile` (from Yarn 2 on `--immutable`)")
        }
        ("pnpm", "install" | "i") if invocation.has(&["--no-frozen-lockfile"]) => {
            Some("`pnpm install --frozen-lockfile`")
        }
        ("bun", "install") if !invocation.has(&["--frozen-lockfile"]) => {
            Some("`bun install --frozen-lockfile`")
        }
        _ => None,
    }
}
