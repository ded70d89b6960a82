use crate::finding::Severity;
use crate::model::Format;
use crate::model::Workspace;
use crate::model::kubernetes::Controller;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/host-namespace.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for container in &workspace.containers {
        if container.format == Format::Compose {
            let host = &container.host;
            let name = &container.name.value;
            judge(
                report,
                name,
                host.process.is_true(),
                host.process.span(),
                PROCESS,
                Severity::Error,
            );
            judge(report, name, host.ipc.is_true(), host.ipc.span(), IPC, Severity::Error);
            let network = host.network.span();
            judge(report, name, host.network.is_true(), network, NETWORK, Severity::Warning);
        }
    }
    for member in workspace.cluster.workloads() {
        let (pod, name) = (&member.workload.pod, member.object.title());
        let severity = match member.workload.controller {
            Controller::DaemonSet => Severity::Warning,
            _ => Severity::Error,
        };
        let settings =
            [(&pod.host_process, PROCESS), (&pod.host_ipc, IPC), (&pod.host_network, NETWORK)];
        for (setting, what) in settings {
            judge(report, name, setting.is_true(), setting.span(), what, severity);
        }
    }
}

/// What is shared, and what does without.
type Shared = (&'static str, &'static str);

const PROCESS: Shared = (
    "the process namespace",
    "leave it out; share the namespace of one other container, if need be",
);
const IPC: Shared = ("the shared memory", "leave it out; share a volume instead");
const NETWORK: Shared = ("the network", "leave it out; publish a port instead");

fn judge(
    report: &mut Report,
    name: &str,
    shares: bool,
    span: Option<Span>,
    (what, remedy): Shared,
    severity: Severity,
) {
    if let Some(span) = span.filter(|_| shares) {
        report
            .at(span, format!("`{name}` shares {what} of its host"))
            .severity(severity)
            .help(remedy);
    }
}
