use crate::model::kubernetes::{Cluster, Lookup, Manifest, SCALED_KINDS};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-scale-target.md"), Check::Manifest(check));

fn check(object: &Manifest, cluster: &Cluster, report: &mut Report) {
    let Some(scaler) = object.autoscaler() else { return };
    let target = cluster.target(object, &scaler);
    let (Some(kind), Some(name)) = (scaler.kind.get(), scaler.name.get()) else { return };
    // Of another kind it is not what was meant, be others of this kind in view or not.
    let namesake = || {
        let others = SCALED_KINDS.iter().filter(|other| **other != kind.value);
        let mut found =
            others.filter_map(|other| cluster.find(object, other, &scaler.name).found());
        found.find(|_| !object.is_templated())
    };
    let (place, help, namesake) = match (target, namesake()) {
        (Lookup::Found(_), _) | (Lookup::OutOfSight, None) => return,
        (Lookup::Missing, None) => (name.span, "name a workload of this namespace", None),
        (_, namesake) => (kind.span, "name the kind of the workload", namesake),
    };
    let finding = report.at(place, format!("there is no {} `{}` to scale", kind.value, name.value));
    finding.help(help);
    if let Some(namesake) = namesake {
        finding.also(namesake.blame(), format!("a {} of this name", namesake.kind.value));
    }
}
