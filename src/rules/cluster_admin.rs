use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/cluster-admin.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let Some(role) = object.bound_role() else { return };
    let is_admin = role.kind == "ClusterRole" && role.name.value == "cluster-admin";
    if is_admin && object.title() != "cluster-admin" && !role.is_of_masters {
        let scope = match object.is_cluster_wide() {
            true => "the cluster",
            false => "its namespace",
        };
        report
            .at(role.name.span, format!("`{}` gives all rights in {scope}", object.title()))
            .help("bind a role with the verbs and resources that it needs");
    }
}
