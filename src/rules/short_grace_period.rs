use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/short-grace-period.md"), Check::Workload(check));

/// Seconds that a pod is given unless it says otherwise.
const DEFAULT: i64 = 30;

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    let pod = &workload.pod;
    let Some(grace) = pod.termination_grace.known_or(DEFAULT) else { return };
    if grace == 0 && !workload.controller.is_job() {
        let span = pod.termination_grace.span().unwrap_or(pod.name.span);
        report
            .at(span, "0 seconds: the pod is killed without being asked to end")
            .help("leave it out for 30 seconds");
        return;
    }
    for container in &pod.containers {
        let Some(sleep) = container.stop_delay.get().filter(|it| it.value >= grace) else {
            continue;
        };
        let name = &container.view.name.value;
        let finding = report.at(
            sleep.span,
            format!("`{name}` is killed after {grace} seconds, while this still sleeps"),
        );
        finding.help(format!(
            "set `terminationGracePeriodSeconds` to more than {}, with the time it takes to end",
            sleep.value
        ));
        if let Some(span) = pod.termination_grace.span() {
            finding.also(span, "the grace period");
        }
    }
}
