use std::collections::HashSet;

use crate::model::Workspace;
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/mounted-token.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let cluster = &workspace.cluster;
    let bound = cluster.objects().filter_map(|object| object.bound_role());
    let bound: HashSet<String> =
        bound.flat_map(|role| role.subjects).map(|subject| subject.name.value).collect();
    for member in cluster.workloads() {
        let (object, pod) = (member.object, &member.workload.pod);
        let account = match &pod.service_account {
            Setting::Set(account) => account.clone(),
            Setting::Absent => Spanned::new("default".to_owned(), object.blame()),
            Setting::Unresolved(_) | Setting::NotApplicable => continue,
        };
        let name = &account.value;
        let found = cluster.find(object, "ServiceAccount", &Setting::Set(account.clone())).found();
        if found.is_none() && name != "default" || bound.contains(name) {
            continue;
        }
        let of_account = found.map_or(Setting::Absent, |found| found.automounts_token());
        let mounts = pod.automount_token.clone().or(of_account);
        if mounts.is_absent() || mounts.is_true() {
            report
                .at(
                    account.span,
                    format!("`{}` holds a token of the account `{name}`", object.title()),
                )
                .help("say `automountServiceAccountToken: false`, unless it asks the API server");
        }
    }
}
