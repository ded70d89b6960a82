use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/seccomp-unconfined.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        let seccomp = container.security.seccomp.get();
        if let Some(profile) = seccomp.filter(|profile| profile.value == "Unconfined") {
            let name = &container.view.name.value;
            report
                .at(profile.span, format!("no filter of system calls holds for `{name}`"))
                .help("say `type: RuntimeDefault`");
        }
    }
}
