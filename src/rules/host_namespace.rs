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
            for (setting, what, severity) in [
                (&host.process, PROCESS, Severity::Error),
                (&host.ipc, IPC, Severity::Error),
                (&host.network, NETWORK, Severity::Warning),
                (&host.users, USERS, Severity::Warning),
                (&host.cgroup, CGROUP, Severity::Warning),
                (&host.uts, UTS, Severity::Warning),
            ] {
                let name = &container.name.value;
                judge(report, name, setting.is_true(), setting.span(), what, severity);
            }
        }
    }
    for member in workspace.cluster.workloads() {
        let (pod, name) = (&member.workload.pod, member.object.title());
        let severity = match member.workload.controller {
            Controller::DaemonSet => Severity::Warning,
            _ => Severity::Error,
        };
        let settings =
            [(&pod.host_process, PROCESS), (&pod.host_ipc, IPC), (&pod.host_network, NODE)];
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
const NODE: Shared = ("the network", "leave it out; let a Service lead to the pod");
const USERS: Shared = ("the users", "leave it out, and give the files it needs to its user");
const CGROUP: Shared =
    ("the control groups", "leave it out; mount `/sys/fs/cgroup` read-only instead");
const UTS: Shared = ("the name", "leave it out; set `hostname` instead");

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
