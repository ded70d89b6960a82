use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/selector-mismatch.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    let Some(selector) = &workload.selector else { return };
    if selector.is_empty() && !workload.controller.is_job() && object.group() == "apps" {
        report
            .at(selector.span, format!("`{}` selects no pods at all", object.title()))
            .help("ask for a label of its pods; the API server refuses an empty selector");
        return;
    }
    let labels = &workload.pod.labels;
    let Some(unmet) = selector.unmet(labels) else { return };
    let key = &unmet.key.value;
    let own = labels.get(key);
    let pods = match own.and_then(|label| label.value.get()) {
        Some(value) => format!("its pods have `{key}: {}`", value.value),
        None => format!("its pods have no label `{key}`"),
    };
    let finding =
        report.at(unmet.span, format!("`{}` does not select its own pods: {pods}", object.title()));
    finding.help("give the template's labels what the selector asks for");
    if let Some(label) = own {
        finding.also(label.key.span, "the label of the pods");
    }
}
