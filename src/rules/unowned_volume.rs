use crate::model::compose::{VolumeKind, VolumeMount};
use crate::model::text::Text;
use crate::model::user::User;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unowned-volume.md"), Check::Workspace(check));

/// Images that are known to have no directories but their system's.
const PLAIN: [&str; 8] = ["alpine", "debian", "golang", "node", "python", "ruby", "rust", "ubuntu"];

/// Directories of a system: a base may have what lies in them.
const SYSTEM: [&str; 14] = [
    "bin", "dev", "etc", "home", "lib", "media", "mnt", "opt", "proc", "root", "srv", "tmp", "usr",
    "var",
];

fn check(workspace: &Workspace, report: &mut Report) {
    for (service, build, recipe) in workspace.builds() {
        let (None, Some(target)) = (&build.target, recipe.build.target) else { continue };
        let base = recipe.build.base_image(target);
        let is_plain = base.is_some_and(|base| PLAIN.contains(&base.familiar()));
        let user = recipe.build.image(target).settings.user;
        let user = user.filter(|user| user.known().is_some_and(|it| !User::parse(it).is_root()));
        let Some(user) = user.filter(|_| is_plain && service.container.user.is_absent()) else {
            continue;
        };
        for volume in &service.volumes {
            if let Some(path) = fresh(volume).filter(|path| !is_made(recipe, target, path)) {
                let (name, account) = (&service.name.value, user.shown());
                report
                    .at(
                        volume.span,
                        format!("`{name}` runs as `{account}`, and `{path}` belongs to root"),
                    )
                    .help(format!("make it in the image: `RUN install -d -o {account} {path}`"))
                    .also(user.span(), "the image's user");
            }
        }
    }
}

/// Where a volume is mounted that Docker fills from the image, if no system has such a directory.
fn fresh(volume: &VolumeMount) -> Option<&str> {
    let is_named = volume.kind == VolumeKind::Volume && !volume.read_only.is_true();
    let path = volume.target.as_ref().filter(|_| is_named).and_then(Text::known)?;
    let first = path.strip_prefix('/')?.split('/').next()?;
    (!first.is_empty() && !SYSTEM.contains(&first)).then_some(path)
}

/// Whether a step of the image may have made it: one names the directory that it lies in.
fn is_made(recipe: &Recipe, target: usize, path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    let above = format!("/{first}");
    recipe.build.line(target).iter().flat_map(|stage| &recipe.build.stages[*stage].steps).any(
        |step| {
            let is_root = |word: &Text| word.known().is_none_or(|it| it == "/");
            step.instruction(&recipe.tree).text().contains(&above)
                || step.words.iter().any(|word| word.value().contains(&above))
                || step.words.last().is_some_and(is_root)
        },
    )
}
