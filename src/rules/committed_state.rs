use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/committed-state.md"), Check::Manifest(check));

/// What only the API server writes.
const STATE: [&[&str]; 6] = [
    &["metadata", "uid"],
    &["metadata", "resourceVersion"],
    &["metadata", "managedFields"],
    &["metadata", "selfLink"],
    &["metadata", "creationTimestamp"],
    &["status"],
];

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    if !object.is_builtin {
        return;
    }
    // Generators write an empty status and a timestamp of `null`.
    let written = STATE.iter().find_map(|path| {
        let (last, holders) = path.split_last()?;
        let entry = object.root().at(holders)?.entry(last)?;
        let value = entry.value;
        let is_empty = value.is_mapping()
            && value.entries().iter().all(|entry| {
                entry.value.is_null()
                    || entry.value.is_mapping() && entry.value.entries().is_empty()
            });
        (!value.is_null() && !is_empty && !value.is_damaged()).then_some((last, entry.key.span()))
    });
    let debugged = object.workloads.iter().find_map(|workload| {
        let spec = object.node(workload.pod.spec);
        Some(("ephemeralContainers", spec.entry("ephemeralContainers")?.key.span()))
    });
    if let Some((field, span)) = written.map(|(last, span)| (*last, span)).or(debugged) {
        report
            .at(span, format!("`{field}` is what a cluster said of `{}` once", object.title()))
            .help("take out what the API server writes: `status`, `uid`, `resourceVersion`");
    }
}
