use crate::model::container::Part;
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/writable-root.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        let view = &container.view;
        let is_exempt = workload.pod.is_windows || view.part == Part::Ephemeral;
        if is_exempt || !(view.read_only_root.is_absent() || view.read_only_root.is_false()) {
            continue;
        }
        let span = view.read_only_root.span().unwrap_or(view.name.span);
        report
            .at(span, format!("`{}` may change the files of its image", view.name.value))
            .help("say `readOnlyRootFilesystem: true` and mount an `emptyDir` where it writes");
    }
}
