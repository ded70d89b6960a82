use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/public-binding.md"), Check::Manifest(check));

/// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests and
/// the groups of service accounts beside it; 2026-01.
const EVERYBODY: &[(&str, &str)] = &[
    ("system:anonymous", "everybody who reaches the API server"),
    ("system:unauthenticated", "everybody who reaches the API server"),
    ("system:authenticated", "everybody who has any account, on some clouds anybody at all"),
    ("system:serviceaccounts", "every pod of the cluster"),
];

/// What Kubernetes itself gives to all, and what `kubeadm` must for nodes to join.
const MEANT: &[&str] = &["system:public-info-viewer", "system:discovery", "system:basic-user"];

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let Some(bound) = object.bound_role() else { return };
    let is_meant = MEANT.contains(&bound.name.value.as_str());
    if object.is_of_system() || object.title().starts_with("kubeadm:") || is_meant {
        return;
    }
    for subject in &bound.subjects {
        let who = EVERYBODY.iter().find(|(name, _)| *name == subject.name.value);
        if let Some((_, who)) = who {
            report
                .at(subject.name.span, format!("`{}` is given to {who}", bound.name.value))
                .help("name the users, groups or accounts that it is for");
        }
    }
}
