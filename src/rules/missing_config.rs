use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Lookup, Member, Reference, Source, Target};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-config.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, cluster: &Cluster, report: &mut Report) {
    for reference in &workload.pod.references {
        let kind = match reference.to {
            Target::ConfigMap => "ConfigMap",
            Target::Secret => "Secret",
            Target::ServiceAccount | Target::PersistentVolumeClaim => continue,
        };
        if !reference.optional {
            judge(reference, kind, cluster.reference(object, reference), report);
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
