use std::collections::{BTreeMap, HashMap, HashSet};

use crate::knowledge::images;
use crate::model::compose::{Service, VolumeKind, VolumeMount};
use crate::model::context::{Context, destination_of};
use crate::model::dockerfile::Step;
use crate::model::text::Text;
use crate::model::user::User;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::{FileId, Span, normalise};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unowned-volume.md"), Check::Workspace(check));

/// Directories of a system: a base, or a package, may have what lies in them.
const SYSTEM: [&str; 11] =
    ["bin", "dev", "etc", "home", "lib", "opt", "proc", "root", "tmp", "usr", "var"];

/// Directories that package managers and builds make.
const MADE: [&str; 22] = [
    ".cache",
    ".next",
    ".npm",
    ".nuxt",
    ".venv",
    ".yarn",
    "assets",
    "bin",
    "build",
    "cache",
    "dist",
    "lib",
    "log",
    "node_modules",
    "out",
    "public",
    "static",
    "staticfiles",
    "target",
    "tmp",
    "vendor",
    "venv",
];

fn check(workspace: &Workspace, report: &mut Report) {
    let mut images: HashMap<(FileId, usize), Option<Image>> = HashMap::new();
    for (service, build, recipe) in workspace.builds() {
        let mut mounts =
            service.volumes.iter().filter_map(|it| Some((it, mounted(it)?))).peekable();
        let Some(stage) = build.stage(recipe).filter(|_| mounts.peek().is_some()) else { continue };
        let image = images
            .entry((recipe.file, stage))
            .or_insert_with(|| Image::of(recipe, stage, workspace));
        let Some(image) = image else { continue };
        let Some((account, user)) = runner(service, recipe, stage) else { continue };
        for (volume, path) in mounts.filter(|(_, path)| image.lacks(path)) {
            let name = &service.name.value;
            report
                .at(
                    volume.span,
                    format!("`{name}` runs as `{account}`, and `{path}` belongs to root"),
                )
                .help(format!("make it in the image: `RUN install -d -o {account} {path}`"))
                .also(user, "who runs it");
        }
    }
}

/// Where a volume is mounted that Docker fills from the image.
fn mounted(volume: &VolumeMount) -> Option<&str> {
    let is_filled = volume.kind == VolumeKind::Volume && !volume.read_only.is_true();
    let path = volume.target.as_ref().filter(|_| is_filled).and_then(Text::known);
    path.filter(|path| path.starts_with('/'))
}

/// Who runs a service, if that is not root, and where it is said.
fn runner(service: &Service, recipe: &Recipe, stage: usize) -> Option<(String, Span)> {
    let own = &service.container.user;
    let (user, shown, span) = if own.is_absent() {
        let user = recipe.build.settings(stage).user.as_ref()?;
        (User::parse(user.known()?), user.shown(), user.span())
    } else {
        let user = own.get()?;
        (user.value.clone(), user.value.name.clone(), user.span)
    };
    (!user.is_root()).then_some((shown, span))
}

/// What the steps of an image may make.
struct Image<'a> {
    recipe: &'a Recipe,
    /// Where it is built.
    contexts: Vec<&'a Context>,
    /// Without a `/` at the end.
    workdirs: HashSet<&'a str>,
    /// What its steps name, other than those that copy.
    words: HashSet<&'a str>,
    /// By where they copy to, without a `/` at the end.
    copies: BTreeMap<String, Vec<&'a Step>>,
    has_run: bool,
    /// A step makes what nobody knows.
    is_open: bool,
}

impl<'a> Image<'a> {
    /// `None` if its base may have any directory.
    fn of(recipe: &'a Recipe, stage: usize, workspace: &'a Workspace) -> Option<Self> {
        let base = recipe.build.base_image(stage)?;
        if !images::is_plain(base.familiar()) && !matches!(base.familiar(), "openjdk" | "php") {
            return None;
        }
        // They are in the order of their Dockerfiles.
        let first = workspace.contexts.partition_point(|context| context.file < recipe.file);
        let contexts = workspace.contexts[first..].iter().map(|context| &**context);
        let mut image = Self {
            recipe,
            contexts: contexts.take_while(|context| context.file == recipe.file).collect(),
            workdirs: HashSet::new(),
            words: HashSet::new(),
            copies: BTreeMap::new(),
            has_run: false,
            is_open: false,
        };
        let line = recipe.build.line(stage);
        for step in line.iter().flat_map(|stage| &recipe.build.stages[*stage].steps) {
            let workdir = step.workdir.as_ref().and_then(|it| it.known());
            image.workdirs.extend(workdir.map(|it| it.trim_end_matches('/')));
            image.add(step);
        }
        Some(image)
    }

    fn add(&mut self, step: &'a Step) {
        let instruction = step.instruction(&self.recipe.tree);
        let text = instruction.text();
        let is_run = instruction.kind == Keyword::Run;
        match (instruction.kind, step.words.last()) {
            (Keyword::Copy | Keyword::Add, Some(to)) => match destination_of(step, to) {
                Some(to) => {
                    let to = to.trim_end_matches('/').to_owned();
                    self.copies.entry(to).or_default().push(step);
                }
                None => self.is_open = true,
            },
            _ => {
                let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
                self.words.extend(text.split(|c| !is_part(c)));
            }
        }
        self.has_run |= is_run;
        self.is_open |= is_run && runs_own_script(text);
    }

    /// Whether it has nothing at a path: its base has nothing there, and no step makes it.
    fn lacks(&self, path: &str) -> bool {
        let path = normalise(path);
        let parts = || path.split('/').skip(1);
        let Some(first) = parts().next().filter(|first| !first.is_empty()) else { return false };
        let mut above = path.match_indices('/').map(|(at, _)| &path[..at]);
        if SYSTEM.contains(&first) && !above.any(|it| self.workdirs.contains(it)) {
            return false;
        }
        let is_named = path.rsplit('/').next().is_some_and(|name| self.words.contains(name));
        let is_made = self.has_run && parts().any(|part| MADE.contains(&part));
        let within = format!("{path}/");
        let mut inner = self.copies.range(within.clone()..);
        let is_filled = inner.next().is_some_and(|(to, _)| to.starts_with(&within));
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let mut copied = ends.flat_map(|end| {
            let steps = self.copies.get(&path[..end]).into_iter().flatten();
            steps.map(move |step| (*step, end))
        });
        !(self.is_open || is_named || is_made || is_filled)
            && copied.all(|(step, end)| self.brings_none(step, path[end..].trim_start_matches('/')))
    }

    /// Whether a step is known to copy nothing that lies at `rest` within its sources.
    fn brings_none(&self, step: &Step, rest: &str) -> bool {
        let is_local = step.instruction(&self.recipe.tree).flag("from").is_none();
        let sources = step.words.split_last().map_or(&[][..], |(_, sources)| sources);
        let lacks = |source: &Text| {
            let source = source.known().filter(|it| !it.contains(['*', '?', '[', ':']));
            source.is_some_and(|source| {
                let source = format!("{}/{rest}", source.trim_start_matches('/'));
                self.contexts.iter().all(|context| context.lacks(&source))
            })
        };
        is_local && !self.contexts.is_empty() && sources.iter().all(lacks)
    }
}

/// Whether a `RUN` starts what may make anything.
fn runs_own_script(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        word.starts_with("./")
            || word.ends_with(".sh")
            || matches!(word, "make" | "ansible-playbook")
    })
}
