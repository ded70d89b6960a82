use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ineffective-budget.md"), Check::Manifest(check));

fn check(object: &Manifest, cluster: &Cluster, report: &mut Report) {
    let Some(budget) = object.budget() else { return };
    let is_known =
        object.root().get("spec").is_some_and(|spec| spec.is_mapping() && !spec.is_damaged());
    let name = object.title();
    match (&budget.min_available, &budget.max_unavailable) {
        (None, None) if is_known => {
            report
                .at(object.blame(), format!("`{name}` does not say how many pods it spares"))
                .help("say `maxUnavailable: 1`");
        }
        // In a chart the two may stand in different branches.
        (Some(minimum), Some(maximum)) if !object.is_templated() => {
            report
                .at(maximum.span, format!("`{name}` says both how many stay and how many go"))
                .help("leave one of the two; the API server refuses both")
                .also(minimum.span, "the other one");
        }
        _ => {}
    }
    if let Some(selector) = &object.selects
        && cluster.pods(object, selector).is_missing()
    {
        report
            .at(selector.span, format!("`{name}` selects no pods, so that it spares none"))
            .severity(Severity::Warning)
            .help("use the labels of the pod template, in the namespace of the pods");
    }
}
