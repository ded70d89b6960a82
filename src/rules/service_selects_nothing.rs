use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/service-selects-nothing.md"), Check::Manifest(check));

fn check(service: &Manifest, cluster: &Cluster, report: &mut Report) {
    if !service.is_service() {
        return;
    }
    let Some(selector) = &service.selects else { return };
    if !cluster.pods(service, selector).is_missing() {
        return;
    }
    let finding = report.at(
        selector.span,
        format!("`{}` selects no pods, so that it has no endpoints", service.title()),
    );
    finding.help("use the labels of the pod template, in the namespace of the pods");
    if let Some(workload) = cluster.elsewhere(service, selector) {
        finding.also(workload.object.blame(), "has these labels, in another namespace");
    }
}
