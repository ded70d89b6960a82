use std::collections::HashMap;

use crate::finding::Severity;
use crate::model::Workspace;
use crate::model::compose::VolumeKind;
use crate::model::container::Container;
use crate::model::kubernetes::{Member, VolumeSource};
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};
use crate::source::{Span, Spanned, normalise};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/hidden-program.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let running: HashMap<Span, &Container> =
        workspace.containers.iter().map(|one| (one.name.span, &**one)).collect();
    for service in workspace.services() {
        let Some(image) = image(&running, service.name.span) else { continue };
        // What of the host is mounted there is `source-mount`.
        let volumes = service.volumes.iter().filter(|it| it.kind == VolumeKind::Volume);
        for volume in volumes {
            let Some((directory, target)) = hidden(image, volume.target.as_ref()) else { continue };
            let message = format!("this volume keeps the first version of `{directory}`");
            report
                .at(volume.span, format!("{message}: Docker fills it from the image only once"))
                .severity(Severity::Warning)
                .help("mount a directory below it that holds data alone")
                .also(target, "what the image has there");
        }
    }
    workspace.cluster.workloads().for_each(|member| of_workload(member, &running, report));
}

fn of_workload(member: Member, running: &HashMap<Span, &Container>, report: &mut Report) {
    let pod = &member.workload.pod;
    for container in &pod.containers {
        let Some(image) = image(running, container.view.name.span) else { continue };
        for (mount, name) in container.view.mounts.iter().zip(&container.mounted) {
            let Some((directory, span)) = hidden(image, Some(&mount.target)) else { continue };
            let Some(name) = name.get().map(|name| &name.value) else { continue };
            let is_empty = pod.volumes.iter().any(|volume| {
                volume.name.get().is_some_and(|it| it.value == *name)
                    && matches!(
                        volume.source,
                        VolumeSource::EmptyDir { .. }
                            | VolumeSource::ConfigMap
                            | VolumeSource::Secret
                    )
            });
            // Another container, one that runs before it above all, may put the program there.
            let others = pod.containers.iter().filter(|other| other.node != container.node);
            let is_shared = others
                .flat_map(|other| &other.mounted)
                .any(|other| other.get().is_none_or(|other| other.value == *name));
            if is_empty && !is_shared {
                report
                    .at(mount.span, format!("`{name}` hides what the image has in `{directory}`"))
                    .help("mount it elsewhere, or single files by `subPath`")
                    .also(span, "what the image has there");
            }
        }
    }
}

/// The image built in view that the container of this name runs.
fn image<'a>(running: &HashMap<Span, &'a Container>, name: Span) -> Option<&'a Container> {
    running.get(&name)?.built_from.as_deref()
}

/// The directory of an image's program that a mount covers.
fn hidden<'a>(image: &'a Container, target: Option<&Text>) -> Option<(&'a str, Span)> {
    let target = normalise(target?.known().filter(|it| it.starts_with('/'))?);
    let is_covered = |directory: &&Spanned<String>| {
        let rest = directory.value.strip_prefix(&target);
        target.len() > 1 && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let directory = image.programs.iter().find(is_covered)?;
    Some((&directory.value, directory.span))
}
