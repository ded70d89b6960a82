use crate::model::container::Container;
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::yaml::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/contradictory-rights.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        let view = &container.view;
        let name = &view.name.value;
        let guard = view.privilege_escalation.get().filter(|may_gain| !may_gain.value);
        if let Some((guard, (span, right))) = guard.zip(all_rights(view)) {
            report
                .at(guard.span, format!("`{name}` may not gain rights, and has them all"))
                .help(format!("take out this, or {right}"))
                .also(span, "all rights");
        }
        if view.privileged.is_absent() || view.privileged.is_false() {
            let mounts = object.node(container.node).get("volumeMounts");
            for mount in mounts.into_iter().flat_map(Node::items) {
                let mode = mount.get("mountPropagation").and_then(Node::text);
                if let Some(mode) = mode.filter(|mode| mode.value == "Bidirectional") {
                    report
                        .at(mode.span, format!("`{name}` is not privileged, as this demands"))
                        .help("say `HostToContainer` if it only has to see what the host mounts");
                }
            }
        }
    }
}

/// What gives a container all rights, in the words that the API server looks for.
fn all_rights(container: &Container) -> Option<(Span, &'static str)> {
    let privileged = container.privileged.get().filter(|privileged| privileged.value);
    let capability = container.capabilities.add.iter().find(|own| own.value == "CAP_SYS_ADMIN");
    let privileged = privileged.map(|it| (it.span, "`privileged`"));
    privileged.or_else(|| capability.map(|it| (it.span, "the capability")))
}
