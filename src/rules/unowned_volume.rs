use crate::model::compose::{Build, Service, VolumeKind, VolumeMount};
use crate::model::context::{Context, destination_of};
use crate::model::dockerfile::Step;
use crate::model::text::Text;
use crate::model::user::User;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::{Span, normalise};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unowned-volume.md"), Check::Workspace(check));

/// Images that are known to have no directories but their system's and their language's.
const PLAIN: [&str; 20] = [
    "almalinux",
    "alpine",
    "amazonlinux",
    "busybox",
    "centos",
    "debian",
    "eclipse-temurin",
    "fedora",
    "golang",
    "node",
    "openjdk",
    "oraclelinux",
    "perl",
    "php",
    "python",
    "rockylinux",
    "ruby",
    "rust",
    "scratch",
    "ubuntu",
];

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
    for (service, build, recipe) in workspace.builds() {
        let Some(image) = Image::of(service, build, recipe, workspace) else { continue };
        for volume in &service.volumes {
            let Some(path) = mounted(volume).filter(|path| image.lacks(path)) else { continue };
            let (name, account) = (&service.name.value, &image.account);
            report
                .at(
                    volume.span,
                    format!("`{name}` runs as `{account}`, and `{path}` belongs to root"),
                )
                .help(format!("make it in the image: `RUN install -d -o {account} {path}`"))
                .also(image.user, "who runs it");
        }
    }
}

/// Where a volume is mounted that Docker fills from the image.
fn mounted(volume: &VolumeMount) -> Option<&str> {
    let is_filled = volume.kind == VolumeKind::Volume && !volume.read_only.is_true();
    let path = volume.target.as_ref().filter(|_| is_filled).and_then(Text::known);
    path.filter(|path| path.starts_with('/'))
}

/// The image that a service builds, whose process is not root.
struct Image<'a> {
    recipe: &'a Recipe,
    steps: Vec<&'a Step>,
    /// Where it is built, once for each.
    contexts: Vec<&'a Context>,
    account: String,
    user: Span,
}

impl<'a> Image<'a> {
    fn of(
        service: &Service,
        build: &Build,
        recipe: &'a Recipe,
        workspace: &'a Workspace,
    ) -> Option<Self> {
        let stage = build.stage(recipe)?;
        let base = recipe.build.base_image(stage)?;
        if !PLAIN.contains(&base.familiar()) {
            return None;
        }
        let own = &service.container.user;
        let (user, account, span) = if own.is_absent() {
            let user = recipe.build.image(stage).settings.user?;
            (User::parse(user.known()?), user.shown().to_string(), user.span())
        } else {
            let user = own.get()?;
            (user.value.clone(), user.value.name.clone(), user.span)
        };
        let line = recipe.build.line(stage);
        Some(Self {
            recipe,
            steps: line.iter().flat_map(|stage| &recipe.build.stages[*stage].steps).collect(),
            contexts: workspace
                .contexts
                .iter()
                .map(|it| &**it)
                .filter(|it| it.file == recipe.file)
                .collect(),
            account,
            user: span,
        })
        .filter(|_| !user.is_root())
    }

    /// Whether it has nothing at a path: its base has nothing there, and no step makes it.
    fn lacks(&self, path: &str) -> bool {
        let path = normalise(path);
        let first = path.split('/').nth(1).filter(|first| !first.is_empty());
        let is_in_workdir = |step: &&Step| {
            let workdir = step.workdir.as_ref().and_then(|it| it.known());
            workdir.is_some_and(|it| below(&path, it).is_some_and(|rest| !rest.is_empty()))
        };
        first.is_some_and(|first| !SYSTEM.contains(&first) || self.steps.iter().any(is_in_workdir))
            && !self.steps.iter().any(|step| self.may_make(step, &path))
    }

    /// Whether a step may make what is at a path.
    fn may_make(&self, step: &Step, path: &str) -> bool {
        let instruction = step.instruction(&self.recipe.tree);
        let name = path.rsplit('/').next().unwrap_or(path);
        let names = |text: &str| {
            text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'))
                .any(|it| it == name)
        };
        match instruction.kind {
            Keyword::Copy | Keyword::Add => {
                let Some((to, from)) = step.words.split_last() else { return false };
                let Some(to) = destination_of(step, to) else { return true };
                let Some(rest) = below(path, &to) else { return below(&to, path).is_some() };
                let is_lacking = |source: &Text| {
                    let is_plain = |it: &&str| !it.contains(['*', '?', '[', ':']);
                    let source = source.known().filter(is_plain);
                    source.is_some_and(|source| {
                        let source = format!("{}/{rest}", source.trim_start_matches('/'));
                        self.contexts.iter().all(|context| context.lacks(&source))
                    })
                };
                let is_local = instruction.flag("from").is_none() && !self.contexts.is_empty();
                !(is_local && from.iter().all(is_lacking))
            }
            Keyword::Run => {
                let text = instruction.text();
                let is_made = path.split('/').any(|part| MADE.contains(&part));
                is_made || names(text) || runs_own_script(text)
            }
            _ => names(instruction.text()),
        }
    }
}

/// The rest of a path behind a directory, without a `/` at its start.
fn below<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(directory.trim_end_matches('/'))?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// Whether a `RUN` starts what may make anything.
fn runs_own_script(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        word.starts_with("./")
            || word.ends_with(".sh")
            || matches!(word, "make" | "ansible-playbook")
    })
}
