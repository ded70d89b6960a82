use crate::finding::Severity;
use crate::knowledge::{images, signals};
use crate::model::container::Container;
use crate::model::image::ImageRef;
use crate::model::process::Process;
use crate::model::{Format, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ungraceful-stop-signal.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for recipe in workspace.recipes() {
        for (step, _) in recipe.steps_of(&[Keyword::Stopsignal]) {
            if let Some(signal) = step.words.first() {
                judge(signal.value(), signal.span(), report);
            }
        }
    }
    for service in workspace.services() {
        if let Some(signal) = service.container.stop_signal.get() {
            judge(&signal.value, signal.span, report);
        }
    }
    for pod in workspace.cluster.workloads().map(|member| &member.workload.pod) {
        for signal in pod.containers.iter().filter_map(|it| it.view.stop_signal.get()) {
            judge(&signal.value, signal.span, report);
            if pod.system.is_absent() {
                report
                    .at(signal.span, "a stop signal is refused where `spec.os.name` is missing")
                    .help("add `os: {name: linux}` to the pod");
            }
        }
    }
    let images = workspace.containers.iter().filter(|it| it.format == Format::Dockerfile);
    images.for_each(|image| judge_daemon(image, report));
}

fn judge(signal: &str, span: Span, report: &mut Report) {
    let name = signal.trim_matches(['"', '\'']).to_ascii_uppercase();
    if matches!(name.strip_prefix("SIG").unwrap_or(&name), "KILL" | "STOP" | "9" | "19") {
        report
            .at(span, format!("no program can answer `{signal}`"))
            .help("leave it at `SIGTERM`, or name the signal that ends the program gracefully");
    }
}

/// Tells a daemon that `SIGTERM` ends badly, in an image that nobody gives another signal.
fn judge_daemon(image: &Container, report: &mut Report) {
    let is_left = image.base().is_some_and(|base: &ImageRef| images::is_plain(base.familiar()));
    let is_told =
        !image.heirs.is_empty() && image.heirs.iter().all(|it| it.stop_signal.get().is_some());
    if !is_left || is_told || !image.stop_signal.is_absent() {
        return;
    }
    let (name, span) = match image.process_one() {
        Some(Process::Program { name, span, .. } | Process::Init { name, span }) => (name, span),
        _ => return,
    };
    let start = image.start();
    let lines =
        [start.entrypoint, start.command].into_iter().filter_map(|it| it.get()?.value.line());
    let Some(daemon) = signals::of(&name, &lines.collect::<Vec<_>>().join(" ")) else { return };
    let message = format!("on `SIGTERM`, which stops the image, `{name}` {}", daemon.on_term);
    report
        .at(span, message)
        .severity(Severity::Warning)
        .help(format!("add `STOPSIGNAL {}`", daemon.graceful));
}
