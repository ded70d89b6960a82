use crate::model::Workspace;
use crate::model::compose::{Service, Value};
use crate::model::kubernetes::Member;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::yaml::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/root-group.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    workspace.cluster.workloads().for_each(|member| of_workload(member, report));
    workspace.services().for_each(|service| of_service(service, report));
}

fn of_service(service: &Service, report: &mut Report) {
    let is_root = |name: &str| matches!(name, "0" | "root");
    let groups = service.at(&["group_add"]).map(Value::items).unwrap_or_default().iter();
    let added = groups.filter(|it| it.known().is_some_and(is_root)).map(|it| it.span);
    let user = service.container.user.get();
    let user =
        user.filter(|it| !it.value.is_root() && it.value.group.as_deref().is_some_and(is_root));
    for span in user.map(|it| it.span).into_iter().chain(added) {
        tell(&service.name.value, span, report);
    }
}

fn of_workload(Member { object, workload, .. }: Member, report: &mut Report) {
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
        tell(object.title(), span, report);
    }
}

fn tell(name: &str, span: Span, report: &mut Report) {
    report
        .at(span, format!("`{name}` runs in the group of root"))
        .help("name a group that is not 0");
}
