use crate::model::kubernetes::{Cluster, Controller, Member, ProbeKind};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-liveness-probe.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    if workload.controller.is_job() || workload.controller == Controller::Template {
        return;
    }
    for container in workload.pod.running() {
        if container.lacks_probe(ProbeKind::Liveness) {
            let name = &container.view.name;
            report
                .at(name.span, format!("`{}` has no liveness probe", name.value))
                .help("add a `livenessProbe` if it can hang");
        }
    }
}
