use crate::finding::Severity;
use crate::model::Workspace;
use crate::model::compose::Build;
use crate::model::dockerfile::Mount;
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-build-secret.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for (service, build, recipe) in workspace.builds() {
        // Which stages another target needs is not asked here.
        if build.target.is_some() || service.is_partial {
            continue;
        }
        let stages = recipe.build.stages.iter().filter(|stage| stage.needed);
        for mount in stages.flat_map(|stage| &stage.steps).flat_map(|step| &step.mounts) {
            let Some(id) = id(mount).filter(|id| !is_given(build, &mount.kind, id)) else {
                continue;
            };
            let what = match mount.kind.as_str() {
                "ssh" => "an SSH agent".to_owned(),
                _ => format!("the secret `{id}`"),
            };
            let is_required = mount.options.iter().any(|option| {
                let value = option.value.as_ref().map_or("true", |value| value.value.as_str());
                option.is("required") && value.eq_ignore_ascii_case("true")
            });
            let (then, severity) = match is_required {
                true => ("cannot do without it", Severity::Error),
                false => ("finds nothing in its place", Severity::Warning),
            };
            let message = format!("the build is not given {what}, and a step {then}");
            report
                .at(build.dockerfile_span, message)
                .severity(severity)
                .help(format!(
                    "name it in `build.{}`",
                    if mount.kind == "ssh" { "ssh" } else { "secrets" }
                ))
                .also(mount.span, "the step mounts it");
        }
    }
}

/// What a mount of a secret or of an agent asks for; `None` for other mounts and the unknown.
fn id(mount: &Mount) -> Option<String> {
    let given = mount.options.iter().find(|option| option.is("id"));
    let given = given.and_then(|option| Some(option.value.as_ref()?.value.to_string()));
    let id = match mount.kind.as_str() {
        "secret" => given.or_else(|| {
            let target = mount.target.as_ref().and_then(Text::known)?;
            target.rsplit('/').next().map(str::to_owned)
        })?,
        "ssh" => given.unwrap_or("default".to_owned()),
        _ => return None,
    };
    (!id.contains('$')).then_some(id)
}

fn is_given(build: &Build, kind: &str, id: &str) -> bool {
    match kind {
        "ssh" => build.ssh.iter().any(|key| key.name.value == id),
        _ => build.secrets.iter().any(|secret| {
            let mut names = [Some(&secret.source), secret.target.as_ref()].into_iter().flatten();
            names.any(|name| name.known().is_none_or(|name| name == id))
        }),
    }
}
