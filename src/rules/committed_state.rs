use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/committed-state.md"), Check::Manifest(check));

/// What only the API server writes, beside the `status`.
const METADATA: [&str; 5] =
    ["uid", "resourceVersion", "managedFields", "selfLink", "creationTimestamp"];

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    if !object.is_builtin {
        return;
    }
    // Generators write an empty status and a timestamp of `null`.
    let metadata = object.root().get("metadata");
    let of_metadata = METADATA.iter().filter_map(|key| Some((*key, metadata?.entry(key)?)));
    let status = object.root().entry("status").map(|entry| ("status", entry));
    let written = of_metadata.chain(status).find_map(|(key, entry)| {
        let value = entry.value;
        let is_empty = value.is_mapping()
            && value.entries().iter().all(|entry| {
                entry.value.is_null()
                    || entry.value.is_mapping() && entry.value.entries().is_empty()
            });
        (!value.is_null() && !is_empty && !value.is_damaged()).then_some((key, entry.key.span()))
    });
    let debugged = object.workloads.iter().find_map(|workload| {
        let spec = object.node(workload.pod.spec);
        Some(("ephemeralContainers", spec.entry("ephemeralContainers")?.key.span()))
    });
    if let Some((field, span)) = written.or(debugged) {
        report
            .at(span, format!("`{field}` is what a cluster said of `{}` once", object.title()))
            .help("take out what the API server writes: `status`, `uid`, `resourceVersion`");
    }
}
