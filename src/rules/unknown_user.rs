use std::cell::LazyCell;
use std::collections::HashSet;

use crate::model::compose::{Build, Service, Value};
use crate::model::dockerfile::Step;
use crate::model::image::ImageRef;
use crate::model::user::User;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unknown-user.md"), Check::Workspace(check));

/// Images of systems and languages that have none of [`OF_HOSTS`]: Debian's base-passwd, Alpine's
/// alpine-baselayout.
const PLAIN: [&str; 10] = [
    "alpine",
    "debian",
    "eclipse-temurin",
    "golang",
    "node",
    "php",
    "python",
    "ruby",
    "rust",
    "ubuntu",
];

/// Groups that are the host's, made there by Docker's package and by udev.
const OF_HOSTS: [&str; 2] = ["docker", "render"];

fn check(workspace: &Workspace, report: &mut Report) {
    workspace.recipes().for_each(|recipe| of_recipe(recipe, report));
    for (service, build, recipe) in workspace.builds() {
        of_service(service, build, recipe, report);
    }
}

/// The names that an image without a list of users has; `None` if it may have one.
fn names_of(base: &ImageRef) -> Option<&'static [&'static str]> {
    if base.is_scratch() {
        Some(&["root"])
    } else if base.familiar().starts_with("gcr.io/distroless/") {
        Some(&["root", "nobody", "nonroot"])
    } else {
        None
    }
}

fn of_recipe(recipe: &Recipe, report: &mut Report) {
    let build = &recipe.build;
    let filled = LazyCell::new(|| recipe.led_by(|step| may_fill(recipe, step)));
    let bases: Vec<_> = (0..build.stages.len())
        .map(|stage| build.base_image(stage).and_then(|base| Some((base, names_of(base)?))))
        .collect();
    for (step, stage) in recipe.steps_of(&[Keyword::User, Keyword::Copy, Keyword::Add]) {
        let Some((base, known)) = bases[stage] else { continue };
        let instruction = step.instruction(&recipe.tree);
        let given = match instruction.kind {
            Keyword::User => step.words.first().and_then(|text| Some((text.known()?, text.span()))),
            _ => instruction
                .flag("chown")
                .and_then(|flag| flag.value.as_ref())
                .map(|value| (value.value.as_str(), value.span)),
        };
        let Some((text, span)) = given.filter(|(text, _)| !text.contains('$')) else { continue };
        let user = User::parse(text);
        let is_nobody = user.number().is_none()
            && !user.name.is_empty()
            && !known.contains(&user.name.as_str());
        if is_nobody && !filled[stage] {
            let base = base.familiar();
            report
                .at(span, format!("`{}` is nobody: `{base}` has no such user", user.name))
                .help("write the number, or copy an `/etc/passwd` that has the name");
        }
    }
}

/// The groups that a service adds, by name, to an image that does not have them.
fn of_service(service: &Service, build: &Build, recipe: &Recipe, report: &mut Report) {
    let groups = service.at(&["group_add"]).map(Value::items).unwrap_or_default();
    let base = || recipe.build.base_image(build.stage(recipe)?);
    let Some(base) = (!groups.is_empty()).then(base).flatten() else { return };
    let Some(stage) = build.stage(recipe) else { return };
    let filled = LazyCell::new(|| recipe.led_by(|step| may_fill(recipe, step))[stage]);
    let mut seen = HashSet::new();
    for group in groups {
        let Some(name) = group.known().filter(|name| name.parse::<u32>().is_err()) else {
            continue;
        };
        if !seen.insert(name) {
            continue;
        }
        let is_missing = match names_of(base) {
            Some(known) => !known.contains(&name) && !*filled,
            None => {
                let names = |step: &Step| step.instruction(&recipe.tree).text().contains(name);
                OF_HOSTS.contains(&name)
                    && PLAIN.contains(&base.familiar())
                    && !recipe.led_by(names)[stage]
            }
        };
        if is_missing {
            report
                .at(
                    group.span,
                    format!("`{name}` is no group of the image, so that nothing starts"),
                )
                .help(format!("write the number that it has on the host: `getent group {name}`"))
                .also(base.span(), "this has no such group");
        }
    }
}

/// Whether files come in that may name users, or programs that make some.
fn may_fill(recipe: &Recipe, step: &Step) -> bool {
    let to = step.words.last().map_or("", |to| to.value()).trim_end_matches('/');
    match step.instruction(&recipe.tree).kind {
        Keyword::Add | Keyword::Run | Keyword::Shell => true,
        Keyword::Copy => {
            matches!(to, "" | "/etc") || step.words.iter().any(|it| it.value().contains("passwd"))
        }
        _ => false,
    }
}
