use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule = Rule::new(
    include_str!("../../rules/network-policy-selects-nothing.md"),
    Check::Manifest(check),
);

fn check(policy: &Manifest, cluster: &Cluster, report: &mut Report) {
    let Some(selector) = &policy.selects else { return };
    if policy.kind.value != "NetworkPolicy" || !cluster.pods(policy, selector).is_missing() {
        return;
    }
    report
        .at(
            selector.span,
            format!("`{}` selects no pods, so that it restricts nothing", policy.title()),
        )
        .help("use the labels of the pod template, in the namespace of the pods");
}
