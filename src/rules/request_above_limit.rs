use crate::model::kubernetes::{Cluster, Member};
use crate::model::quantity::Quantity;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/request-above-limit.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        let resources = &container.resources;
        for (name, request) in resources.requests.iter() {
            let limit = resources.limits.get(&name.value);
            let (Some(request), Some(limit)) = (request.get(), limit.get()) else { continue };
            if Quantity::parse(&limit.value).is_some_and(|limit| {
                Quantity::parse(&request.value).is_some_and(|request| request > limit)
            }) {
                let what = format!(
                    "`{}` requests more {} (`{}`) than its limit of `{}`",
                    container.view.name.value, name.value, request.value, limit.value
                );
                report
                    .at(request.span, what)
                    .help("lower the request or raise the limit")
                    .also(limit.span, "the limit");
            }
        }
    }
}
