use crate::model::kubernetes::{Cluster, Manifest, runs_hourly};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/overlapping-runs.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let Some(schedule) = object.schedule() else { return };
    if runs_hourly(&schedule.value) && object.may_pile_up() {
        report
            .at(schedule.span, "a run that hangs is joined by the next one")
            .help("say `concurrencyPolicy: Forbid`, or give the job `activeDeadlineSeconds`");
    }
}
