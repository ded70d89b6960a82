use crate::knowledge::host;
use crate::model::kubernetes::VolumeSource;
use crate::model::{Format, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::{Span, normalise};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/runtime-socket.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let services =
        workspace.containers.iter().filter(|container| container.format == Format::Compose);
    for service in services {
        // It is what keeps the others away from the socket.
        let name = service.image.as_ref().map(|image| image.name().value);
        if name.is_some_and(|name| name.ends_with("socket-proxy")) {
            continue;
        }
        for variable in &service.environment {
            let value = variable.value.as_ref().filter(|_| variable.name.value == "DOCKER_HOST");
            if let Some(host) = value.filter(|value| value.known().is_some_and(is_open_host)) {
                let name = &service.name.value;
                report
                    .at(host.span(), format!("`{name}` talks to a Docker that lets everybody in"))
                    .help("use TLS on port 2376, or a proxy that allows only the calls it needs");
            }
        }
        for mount in service.mounts.iter().filter(|mount| mount.from_host) {
            if let Some(source) = mount.source.as_ref().and_then(|source| source.known()) {
                judge(&service.name.value, source, mount.span, report);
            }
        }
    }
    for member in workspace.cluster.workloads() {
        for volume in &member.workload.pod.volumes {
            if let VolumeSource::HostPath { path } = &volume.source
                && let Some(path) = path.get()
            {
                judge(member.object.title(), &path.value, path.span, report);
            }
        }
    }
}

/// Whether a Docker is reached without TLS on a machine, not in a service of the project.
fn is_open_host(host: &str) -> bool {
    let address = host.strip_prefix("tcp://").and_then(|rest| rest.strip_suffix(":2375"));
    address.is_some_and(|name| {
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        is_number || name == "host.docker.internal"
    })
}

fn judge(name: &str, path: &str, span: Span, report: &mut Report) {
    // Of the whole host a rule of its own tells.
    if host::holds_runtime_socket(path) && normalise(path) != "/" {
        let what =
            format!("`{name}` may talk to the container runtime of its host, through `{path}`");
        report.at(span, what).help("put a proxy in between that allows only the calls it needs");
    }
}
