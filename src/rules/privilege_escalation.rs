use crate::model::container::Part;
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/privilege-escalation.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        let view = &container.view;
        let is_exempt = workload.pod.is_windows || view.part == Part::Ephemeral;
        if is_exempt
            || !(view.privilege_escalation.is_absent() || view.privilege_escalation.is_true())
        {
            continue;
        }
        let span = view.privilege_escalation.span().unwrap_or(view.name.span);
        report
            .at(span, format!("`{}` may gain more rights than it starts with", view.name.value))
            .help("say `allowPrivilegeEscalation: false`");
    }
}
