use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-cpu-request.md"), Check::Workload(check));

fn check(member: Member, cluster: &Cluster, report: &mut Report) {
    for container in cluster.without_request(member, "cpu") {
        let name = &container.view.name;
        report
            .at(name.span, format!("`{}` requests no cpu", name.value))
            .help("set `resources.requests.cpu` to what it needs on a normal day");
    }
}
