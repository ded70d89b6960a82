use crate::model::kubernetes::{Cluster, Controller, Member};
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/restart-policy-rejected.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    // What names no image is a patch.
    if workload.pod.containers.iter().any(|container| container.view.image.is_none()) {
        return;
    }
    let policy = match &workload.pod.restart_policy {
        Setting::Set(policy) => policy.as_ref().map(String::as_str),
        Setting::Absent => Spanned::new("Always", object.blame()),
        Setting::Unresolved(_) | Setting::NotApplicable => return,
    };
    match workload.controller {
        Controller::Job | Controller::CronJob
            if policy.value == "Always" && object.is(&["batch", ""], &object.kind.value) =>
        {
            let name = object.title();
            report
                .at(policy.span, format!("`{name}` needs `restartPolicy: OnFailure` or `Never`"))
                .help("add it to the spec of the pod template");
        }
        Controller::Deployment
        | Controller::ReplicaSet
        | Controller::ReplicationController
        | Controller::StatefulSet
        | Controller::DaemonSet
            if policy.value != "Always" =>
        {
            let kind = &object.kind.value;
            report
                .at(
                    policy.span,
                    format!("`Always` is all that a {kind} may have, not `{}`", policy.value),
                )
                .help("leave `restartPolicy` out, or make it a Job");
        }
        _ => {}
    }
}
