use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-scale-target.md"), Check::Manifest(check));

fn check(object: &Manifest, cluster: &Cluster, report: &mut Report) {
    let Some(scaler) = object.autoscaler() else { return };
    if !cluster.target(object, &scaler).is_missing() {
        return;
    }
    if let (Some(kind), Some(name)) = (scaler.kind.get(), scaler.name.get()) {
        report
            .at(name.span, format!("there is no {} `{}` to scale", kind.value, name.value))
            .help("name a workload of this namespace");
    }
}
