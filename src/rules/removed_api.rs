use crate::knowledge::kubernetes::removed;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/removed-api.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let (version, kind) = (&object.api_version, &object.kind.value);
    let Some(removed) = removed(&version.value, kind) else { return };
    // Who asks first, asks what the cluster serves.
    if object.root().get("apiVersion").is_some_and(|node| node.branch().is_some()) {
        return;
    }
    let what = format!("{kind} of `{}` is gone since Kubernetes {}", version.value, removed.since);
    let help = match removed.instead {
        Some(instead) => format!("use `{instead}`; some fields have changed"),
        None => "there is no successor".to_owned(),
    };
    report.at(version.span, what).help(help);
}
