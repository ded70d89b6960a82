use std::collections::HashSet;

use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Lookup, Manifest, Reference, Source, Target};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-config.md"), Check::Manifest(check));

fn check(object: &Manifest, cluster: &Cluster, report: &mut Report) {
    let of_pods = object.workloads.iter().flat_map(|workload| &workload.pod.references);
    let mut told = HashSet::new();
    let tls = object.tls_secrets();
    let of_pods = of_pods.map(|reference| (reference, true));
    for (reference, is_of_pod) in of_pods.chain(tls.iter().map(|reference| (reference, false))) {
        let kind = match reference.to {
            Target::ConfigMap => "ConfigMap",
            Target::Secret => "Secret",
            Target::ServiceAccount | Target::PersistentVolumeClaim => continue,
        };
        if reference.optional {
            continue;
        }
        let found = cluster.reference(object, reference);
        let name = reference.name.get().map(|name| name.value.as_str());
        // Secrets of programs are rightly kept elsewhere, and other tools fill in names.
        let is_elsewhere =
            is_of_pod && kind == "Secret" || name.is_some_and(|name| name.contains("{{"));
        if found.is_missing() && is_elsewhere {
            continue;
        }
        // One that is not there is told once, however often it is asked for.
        if !found.is_missing() || told.insert((kind, name)) {
            judge(reference, kind, found, report);
        }
    }
}

fn judge(reference: &Reference, kind: &str, found: Lookup<Source>, report: &mut Report) {
    let Some(name) = reference.name.get() else { return };
    match found {
        Lookup::Missing => {
            report
                .at(name.span, format!("there is no {kind} `{}`", name.value))
                .help(format!("add the {kind}, or say `optional: true`"))
                .severity(Severity::Note);
        }
        Lookup::Found(source) => {
            let Some(key) = reference.key.get() else { return };
            if source.has_key(&key.value) == Some(false) {
                let message = format!("{kind} `{}` has no key `{}`", name.value, key.value);
                report
                    .at(key.span, message)
                    .help("name one of its keys, or say `optional: true`")
                    .also(source.place(), format!("the {kind}"));
            }
        }
        Lookup::OutOfSight => {}
    }
}
