use crate::knowledge::naming::is_placeholder;
use crate::model::kubernetes::{Cluster, Manifest, schedule_flaw};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/invalid-schedule.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let Some(schedule) = object.schedule() else { return };
    if is_placeholder(schedule.value.trim_start_matches("CRON_TZ=")) {
        return;
    }
    if let Some(flaw) = schedule_flaw(&schedule.value) {
        report.at(schedule.span, flaw).help(
            "write minute, hour, day of the month, month and day of the week: `30 4 * * 1-5`",
        );
    }
}
