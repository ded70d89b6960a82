use std::collections::HashSet;

use crate::finding::Severity;
use crate::knowledge::packages::Action;
use crate::model::dockerfile::{Base, Step};
use crate::model::packages::Invocation;
use crate::model::run::Run;
use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;
use crate::syntax::shell::Word;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unlocked-install.md"), Check::Dockerfile(check));

/// The names of what each program locks the versions in, the usual one first.
const LOCKFILES: [(&str, &[&str]); 7] = [
    ("npm", &["package-lock.json", "npm-shrinkwrap.json"]),
    ("yarn", &["yarn.lock"]),
    ("pnpm", &["pnpm-lock.yaml"]),
    ("bun", &["bun.lock", "bun.lockb"]),
    ("cargo", &["Cargo.lock"]),
    ("bundle", &["Gemfile.lock"]),
    ("uv", &["uv.lock"]),
];

/// How many of [`LOCKFILES`] are of Node.js, whose programs go on without one.
const OF_NODE: usize = 4;

/// What takes the newest versions whatever is locked, and what does not; from the manual of each.
const NEWEST: [(&str, &[&str], &str); 10] = [
    ("bundle", &["update"], "`bundle install`, with `BUNDLE_FROZEN=true`"),
    ("cargo", &["update", "generate-lockfile"], "`cargo build --locked`"),
    ("composer", &["update", "upgrade"], "`composer install`"),
    ("npm", &["update", "upgrade"], "`npm ci`"),
    ("pdm", &["update", "lock"], "`pdm sync`"),
    ("pipenv", &["update", "lock"], "`pipenv sync`"),
    ("pnpm", &["update", "upgrade"], "`pnpm install --frozen-lockfile`"),
    ("poetry", &["update", "lock"], "`poetry install`"),
    ("uv", &["lock"], "`uv sync --locked`"),
    ("yarn", &["upgrade"], "`yarn install --frozen-lockfile`"),
];

/// What of a project is in a stage, as far as its steps say.
#[derive(Clone, Copy, Default)]
struct Copied {
    manifest: bool,
    /// For each of [`LOCKFILES`]: one of its files may be there.
    locks: [bool; LOCKFILES.len()],
}

fn check(recipe: &Recipe, report: &mut Report) {
    let programs = NEWEST.map(|(program, ..)| program);
    recipe.calls_of(&programs).for_each(|call| newest(&call, report));
    if !recipe.invocations().any(|(.., invocation)| locked(invocation).is_some()) {
        return;
    }
    let configured = configured(recipe);
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
                        judge(recipe, run, copied, configured.contains(&run.stage), report);
                    }
                }
                _ => {}
            }
        }
        ends.push(copied);
    }
}

/// Tells a command that takes the newest of everything.
fn newest(Call { program, .. }: &Call, report: &mut Report) {
    let mut words = program.arguments.iter().filter(|word| !word.prefix().starts_with('-'));
    let (Some(word), name) = (words.next(), &*program.name) else { return };
    let says = |(of, verbs, _): &&(&str, &[&str], _)| {
        *of == name && verbs.iter().any(|verb| word.prefix() == *verb)
    };
    // That only looks, or is about the whole machine.
    const OTHER: [&str; 5] = ["-g", "--global", "--check", "--locked", "--lock"];
    let is_other = program.arguments.iter().any(|word| OTHER.contains(&&*word.prefix()));
    if let Some((_, _, instead)) = NEWEST.iter().find(says).filter(|_| !is_other) {
        let message = format!("`{name} {}` takes the newest, whatever is locked", word.prefix());
        report.at(program.word.span.to(word.span), message).help(format!("use {instead}"));
    }
}

fn judge(recipe: &Recipe, run: &Run, copied: Copied, is_configured: bool, report: &mut Report) {
    for (site, invocation) in run.invocations() {
        let Some(instead) = locked(invocation) else { continue };
        let locks = |key: &str| {
            let own = site.command.environment().find(|(name, _)| name == key);
            let own = own.map(|(_, value)| value.is_none_or(|value| value != "false"));
            own.unwrap_or_else(|| {
                recipe.env_before(run, key).is_some_and(|value| value != "false")
                    || recipe.env_of(run.stage, key).is_some_and(|it| it.known() != Some("false"))
            })
        };
        const VARIABLES: [&str; 5] = [
            "YARN_ENABLE_IMMUTABLE_INSTALLS",
            "BUNDLE_DEPLOYMENT",
            "BUNDLE_FROZEN",
            "UV_LOCKED",
            "UV_FROZEN",
        ];
        // `uv sync $OPTIONS` may say it.
        let is_open = site.command.words.iter().any(|it| it.is_dynamic() && it.prefix().is_empty());
        if VARIABLES.into_iter().any(locks) || is_configured || is_open {
            continue;
        }
        let name = invocation.name();
        let Some(at) = LOCKFILES.iter().position(|(of, _)| *of == invocation.program.value) else {
            continue;
        };
        let severity = if at < OF_NODE { report.severity() } else { Severity::Note };
        let (message, help) = if copied.locks[at] {
            (format!("`{name}` may change what the lockfile says"), format!("use {instead}"))
        } else if at < OF_NODE && copied.manifest && recipe.step(run).mounts.is_empty() {
            (
                format!("`{name}` has no lockfile here, and takes the newest of everything"),
                format!("copy `{}`, too, and use {instead}", LOCKFILES[at].1[0]),
            )
        } else {
            continue;
        };
        report.at(invocation.span(), message).severity(severity).help(help);
    }
}

/// The stages in which a `bundle config` says that the lockfile holds.
fn configured(recipe: &Recipe) -> HashSet<usize> {
    let says = |call: &Call| {
        let words: Vec<_> = call.program.arguments.iter().map(Word::prefix).collect();
        words.iter().any(|word| word == "config")
            && words.iter().any(|word| word == "deployment" || word == "frozen")
    };
    recipe.calls_of(&["bundle"]).filter(says).map(|call| call.run.stage).collect()
}

impl Copied {
    /// Adds what a `COPY` or `ADD` brings.
    fn take(&mut self, step: &Step) {
        let sources = step.words.len().saturating_sub(1);
        for source in step.words.iter().take(sources) {
            let name = source.value().rsplit('/').next().unwrap_or_default();
            // What a directory holds is not known: mostly it is all of the project.
            let is_directory =
                matches!(name, "." | "..") || !name.contains('.') && !name.ends_with("file");
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
    if !matches!(invocation.action, Action::InstallProject | Action::Build) {
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
        ("cargo", "build" | "install")
            if !invocation.has(&["--locked", "--frozen", "--offline", "--git"]) =>
        {
            Some("`--locked`")
        }
        ("bundle", "" | "install") if !invocation.has(&["--deployment", "--frozen"]) => {
            Some("`BUNDLE_FROZEN=true`")
        }
        ("uv", "sync") if !invocation.has(&["--locked", "--frozen"]) => Some("`uv sync --locked`"),
        ("bun", "install") if !invocation.has(&["--frozen-lockfile"]) => {
            Some("`bun install --frozen-lockfile`")
        }
        _ => None,
    }
}
