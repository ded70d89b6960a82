use crate::knowledge::kubernetes::removed;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/removed-api.md"), Check::Manifest(check));

/// What conditions of charts say that ask about the cluster.
const CLUSTER: [&str; 3] = ["apabilities", "ubeVersion", "semver"];

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let (version, kind) = (&object.api_version, &object.kind.value);
    let Some(removed) = removed(&version.value, kind) else { return };
    // Who asks first what the cluster serves, or whether anybody wants what has no successor, knows.
    let asks = |condition: &String| {
        removed.instead.is_none() || CLUSTER.iter().any(|word| condition.contains(word))
    };
    if object.condition.as_ref().is_some_and(asks) {
        return;
    }
    let what = format!("{kind} of `{}` is gone since Kubernetes {}", version.value, removed.since);
    let help = match removed.instead {
        Some(instead) => format!("use `{instead}`; some fields have changed"),
        None if kind == "PodSecurityPolicy" => {
            "label the namespaces with `pod-security.kubernetes.io/enforce` instead".to_owned()
        }
        None => "say in each pod what it set".to_owned(),
    };
    report.at(version.span, what).help(help);
}
