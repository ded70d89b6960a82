use crate::model::kubernetes::{Cluster, Handler, Member, Probe, ProbeKind};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/identical-probes.md"), Check::Workload(check));

/// How much more patient a liveness probe is that does no harm.
const PATIENCE: i64 = 3;

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        let probes = (container.probe(ProbeKind::Liveness), container.probe(ProbeKind::Readiness));
        let (Some(liveness), Some(readiness)) = probes else { continue };
        let (Some(late), Some(early)) = (seconds(liveness), seconds(readiness)) else { continue };
        if late < early.saturating_mul(PATIENCE)
            && !matches!(liveness.handler, Handler::Tcp { .. })
            && container.is_same_probe(object, liveness, readiness)
        {
            let what = format!(
                "the liveness probe of `{}` asks the same as its readiness probe",
                container.view.name.value
            );
            report
                .at(liveness.span, what)
                .help("ask only whether it hangs, or raise `failureThreshold`")
                .also(readiness.span, "the readiness probe");
        }
    }
}

/// How long it must fail in a row; `None` if a template decides.
fn seconds(probe: &Probe) -> Option<i64> {
    let period = probe.period.known_or(10)?;
    probe.failure_threshold.known_or(3)?.checked_mul(period)
}
