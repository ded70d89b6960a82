use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-memory-request.md"), Check::Workload(check));

fn check(member: Member, cluster: &Cluster, report: &mut Report) {
    for container in cluster.without_request(member, "memory") {
        let name = &container.view.name;
        report
            .at(name.span, format!("`{}` requests no memory", name.value))
            .help("set `resources.requests.memory` to what it needs on a normal day");
    }
}
