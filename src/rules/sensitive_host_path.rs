use std::collections::HashSet;

use crate::finding::Severity;
use crate::knowledge::host;
use crate::model::container::Container;
use crate::model::kubernetes::{Pod, VolumeSource};
use crate::model::{Format, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::normalise;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/sensitive-host-path.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for container in &workspace.containers {
        mounted(container, report);
    }
    for member in workspace.cluster.workloads() {
        left_over(member.object.title(), &member.workload.pod, report);
    }
}

fn mounted(container: &Container, report: &mut Report) {
    for mount in container.mounts.iter().filter(|mount| mount.from_host) {
        let Some(source) = mount.source.as_ref().and_then(|source| source.known()) else {
            continue;
        };
        let path = normalise(source);
        let is_sensitive = host::is_sensitive(&path);
        let is_of_logs = container.format == Format::Kubernetes && host::holds_logs(&path);
        if !(is_sensitive || is_of_logs && mount.writable) {
            continue;
        }
        let (can, severity) = match mount.writable {
            true if is_sensitive => ("write to", Severity::Error),
            true => ("write to", Severity::Warning),
            // Among all that is the socket of the container runtime, for root to write to.
            false if path == "/" && !container.non_root.is_true() => ("read", Severity::Error),
            false => ("read", Severity::Warning),
        };
        let what = format!("`{}` may {can} `{path}` of the host", container.name.value);
        report
            .at(mount.span, what)
            .severity(severity)
            .help("mount just the file it needs, read-only, or a volume");
    }
}

/// Volumes that no container mounts.
fn left_over(name: &str, pod: &Pod, report: &mut Report) {
    let mounts = pod.containers.iter().flat_map(|container| &container.mounted);
    let mounted: Option<HashSet<&str>> =
        mounts.map(|mount| mount.get().map(|name| name.value.as_str())).collect();
    // A template may mount any.
    let Some(mounted) = mounted else { return };
    for volume in &pod.volumes {
        let VolumeSource::HostPath { path } = &volume.source else { continue };
        let (Some(path), Some(own)) = (path.get(), volume.name.get()) else { continue };
        let normal = normalise(&path.value);
        if !mounted.contains(own.value.as_str()) && host::is_sensitive(&normal) {
            report
                .at(path.span, format!("`{name}` has `{normal}` of the host at hand, unused"))
                .severity(Severity::Warning)
                .help("take the volume out before somebody mounts it");
        }
    }
}
