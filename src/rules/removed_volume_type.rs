use crate::knowledge::kubernetes::{removed_provisioner, removed_volume};
use crate::model::kubernetes::{Cluster, Manifest, VolumeSource};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/removed-volume-type.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    for volume in object.workloads.iter().flat_map(|workload| &workload.pod.volumes) {
        if let VolumeSource::Other(kind) = &volume.source {
            judge(&kind.value, kind.span, report);
        }
    }
    let is_volume = object.is(&[""], "PersistentVolume");
    let spec = is_volume.then(|| object.root().get("spec")).flatten();
    for entry in spec.map(|spec| spec.entries()).unwrap_or_default() {
        if let Some(kind) = entry.key.text() {
            judge(kind.value, kind.span, report);
        }
    }
    let Some(provisioner) = object.provisioner() else { return };
    if let Some(since) = removed_provisioner(&provisioner.value) {
        report
            .at(provisioner.span, format!("Kubernetes provisions nothing with this since {since}"))
            .help("name a provisioner for CSI");
    }
}

fn judge(kind: &str, span: Span, report: &mut Report) {
    let Some(since) = removed_volume(kind) else { return };
    let help = match kind {
        "gitRepo" => "clone it into an `emptyDir` in an init container",
        _ => "take a volume of the driver's successor for CSI",
    };
    report.at(span, format!("Kubernetes mounts no `{kind}` since {since}")).help(help);
}
