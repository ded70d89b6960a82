use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/default-account-bound.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let Some(bound) = object.bound_role() else { return };
    let is_default = |name: &str, kind: &str| kind == "ServiceAccount" && name == "default";
    for subject in &bound.subjects {
        if is_default(&subject.name.value, &subject.kind) {
            let what = format!("`{}` is given to all pods that name no account", bound.name.value);
            report
                .at(subject.name.span, what)
                .help("make an account for the one that needs it, and bind that");
        }
    }
}
