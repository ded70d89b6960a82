use crate::model::kubernetes::{Cluster, Manifest};
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/cluster-admin.md"), Check::Manifest(check));

fn check(object: &Manifest, cluster: &Cluster, report: &mut Report) {
    let Some(bound) = object.bound_role() else { return };
    if object.title() == "cluster-admin" || object.is_of_system() {
        return;
    }
    for subject in bound.subjects.iter().filter(|subject| subject.name.value == "system:masters") {
        report
            .at(subject.name.span, "`system:masters` has all rights, whatever the role says")
            .help("name a group of your own: no role limits this one, and nobody can revoke it");
    }
    let name = Setting::Set(bound.name.clone());
    let role = cluster.find(object, &bound.kind, &name).found();
    let total = role.and_then(|role| {
        let permissions = role.permissions();
        permissions.into_iter().find(|permission| permission.is_total())
    });
    let is_own = bound.kind == "ClusterRole" && bound.name.value == "cluster-admin";
    if is_own || total.is_some() {
        let scope = match object.is_cluster_wide() {
            true => "the cluster",
            false => "its namespace",
        };
        let finding = report
            .at(bound.name.span, format!("`{}` gives all rights in {scope}", object.title()))
            .help("bind a role with the verbs and resources that it needs");
        if let Some(verb) = total.as_ref().and_then(|permission| permission.verbs.first()) {
            finding.also(verb.span, "the role leaves out nothing");
        }
    }
}
