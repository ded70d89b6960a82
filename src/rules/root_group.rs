use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};
use crate::syntax::yaml::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/root-group.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    let pod = &workload.pod;
    let groups = object.node(pod.spec).at(&["securityContext", "supplementalGroups"]);
    let extra = groups.into_iter().flat_map(Node::items).filter_map(Node::integer);
    let of_containers = pod.containers.iter().filter_map(|container| {
        let group = container.security.run_as_group.get()?;
        Some(group.clone())
    });
    let mut zeros: Vec<_> = of_containers
        .chain(pod.fs_group.get().cloned())
        .chain(extra)
        .filter(|group| group.value == 0)
        .map(|group| group.span)
        .collect();
    zeros.sort();
    zeros.dedup();
    for span in zeros {
        report
            .at(span, format!("`{}` runs in the group of root", object.title()))
            .help("name a group that is not 0");
    }
}
