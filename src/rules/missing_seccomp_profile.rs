use crate::model::container::Part;
use crate::model::kubernetes::{Cluster, Label, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-seccomp-profile.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    // The profile does nothing any more, of which another rule tells.
    let names_profile = |label: &Label| {
        label.key.value.contains("seccomp.security.alpha.kubernetes.io/")
            && label.value.get().is_none_or(|profile| profile.value.contains('/'))
    };
    if workload.pod.annotations.iter().any(names_profile) {
        return;
    }
    for container in &workload.pod.containers {
        let is_exempt = workload.pod.is_windows || container.view.part == Part::Ephemeral;
        if !is_exempt && container.security.seccomp.is_absent() {
            let name = &container.view.name;
            report
                .at(name.span, format!("nothing filters the system calls of `{}`", name.value))
                .help(
                    "say `seccompProfile: {type: RuntimeDefault}` in the pod's `securityContext`",
                );
        }
    }
}
