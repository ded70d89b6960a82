use crate::finding::Severity;
use crate::knowledge::tools;
use crate::model::kubernetes::{Cluster, Member, PodContainer, Probe, ProbeKind};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unsafe-probe-timing.md"), Check::Workload(check));

/// Seconds in which a program may well be busy and no less healthy.
const SHORTEST: i64 = 10;

/// Seconds after which a liveness probe should begin, however slow the start.
const LONGEST: i64 = 60;

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        for probe in &container.probes {
            judge(container, probe, report);
        }
    }
}

fn judge(container: &PodContainer, probe: &Probe, report: &mut Report) {
    let restarts = probe.kind != ProbeKind::Readiness;
    if let Some(successes) = probe.success_threshold.get().filter(|it| restarts && it.value != 1) {
        report
            .at(successes.span, "this probe must succeed once, not more often")
            .severity(Severity::Error)
            .help("only a readiness probe may have another `successThreshold`");
    }
    if probe.timeout.known_or(1) == Some(1) {
        slow(probe, report);
    }
    let is_only_guard =
        probe.kind == ProbeKind::Liveness && container.lacks_probe(ProbeKind::Startup);
    if let Some(delay) = probe.initial_delay.get().filter(|it| is_only_guard && it.value > LONGEST)
    {
        let name = &container.view.name.value;
        let what = format!("for {} seconds nobody notices that `{name}` hangs", delay.value);
        report
            .at(delay.span, what)
            .severity(Severity::Note)
            .help("add a `startupProbe`, which waits no longer than the start takes");
    }
    let Some(period) = probe.period.known_or(10) else { return };
    let times = (probe.initial_delay.known_or(0), probe.failure_threshold.known_or(3));
    let (Some(delay), Some(failures)) = times else { return };
    let patience = period.saturating_mul(failures).saturating_add(delay);
    if is_only_guard && patience < SHORTEST {
        let name = &container.view.name.value;
        report
            .at(
                probe.span,
                format!("`{name}` is killed if it has not answered in {patience} seconds"),
            )
            .help("raise `failureThreshold`, or add a `startupProbe`");
    }
}

/// A program that takes longer to start than it is given.
fn slow(probe: &Probe, report: &mut Report) {
    let Some(script) = probe.handler.command().and_then(|command| command.value.script()) else {
        return;
    };
    let programs = script.commands().filter_map(|site| site.command.program());
    let Some(program) = programs.into_iter().find(|program| tools::is_slow(&program.name)) else {
        return;
    };
    let what = format!("`{}` may take longer to start than the 1 second it has", program.name);
    report.at(program.word.span, what).help("set `timeoutSeconds` to 10, or ask a port");
}
