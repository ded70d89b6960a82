use crate::knowledge::sysctls::is_safe;
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};
use crate::syntax::yaml::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unsafe-sysctl.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    let sysctls = object.node(workload.pod.spec).at(&["securityContext", "sysctls"]);
    for sysctl in sysctls.into_iter().flat_map(Node::items) {
        if let Some(name) = sysctl.get("name").and_then(Node::text)
            && !is_safe(name.value)
        {
            report
                .at(name.span, format!("nodes reject a pod that sets `{}`", name.value))
                .help("leave it out, or allow it on nodes that are kept for such pods");
        }
    }
}
