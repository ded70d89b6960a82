use crate::model::Workspace;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ungraceful-stop-signal.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for recipe in workspace.recipes() {
        let is_signal = |kind| kind == Keyword::Stopsignal;
        for (step, _) in recipe.steps() {
            let signal = step.words.first();
            if let Some(signal) = signal.filter(|_| is_signal(step.instruction(&recipe.tree).kind))
            {
                judge(signal.value(), signal.span(), report);
            }
        }
    }
    for service in workspace.services() {
        if let Some(signal) = service.stop_signal.get() {
            judge(&signal.value, signal.span, report);
        }
    }
    for pod in workspace.cluster.workloads().map(|member| &member.workload.pod) {
        for signal in pod.containers.iter().filter_map(|container| container.stop_signal.get()) {
            judge(&signal.value, signal.span, report);
            if pod.system.is_absent() {
                report
                    .at(signal.span, "a stop signal is refused where `spec.os.name` is missing")
                    .help("add `os: {name: linux}` to the pod");
            }
        }
    }
}

fn judge(signal: &str, span: Span, report: &mut Report) {
    let name = signal.trim_matches(['"', '\'']).to_ascii_uppercase();
    if matches!(name.strip_prefix("SIG").unwrap_or(&name), "KILL" | "STOP" | "9" | "19") {
        report
            .at(span, format!("no program can answer `{signal}`"))
            .help("leave it at `SIGTERM`, or name the signal that ends the program gracefully");
    }
}
