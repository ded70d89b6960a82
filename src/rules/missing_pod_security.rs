use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-pod-security.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    // What belongs to the cluster itself needs its rights.
    let is_own = object.is(&[""], "Namespace") && !object.title().starts_with("kube-");
    if is_own && object.enforced_standard().is_absent() {
        report
            .at(object.blame(), format!("`{}` takes pods with any rights", object.title()))
            .help("add the label `pod-security.kubernetes.io/enforce: baseline`, or `restricted`");
    }
}
