use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Lookup, Manifest, Unit, Workload};
use crate::rule::{Check, Report, Rule};
use crate::source::FileId;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/overlapping-selectors.md"), Check::Manifest(check));

fn check(object: &Manifest, cluster: &Cluster, report: &mut Report) {
    // In a chart the two may stand in different branches.
    if object.is_templated() {
        return;
    }
    budgets(object, cluster, report);
    for workload in &object.workloads {
        workloads(object, workload, cluster, report);
    }
}

/// Two budgets for the same pods.
fn budgets(budget: &Manifest, cluster: &Cluster, report: &mut Report) {
    const KIND: &str = "PodDisruptionBudget";
    let Some(selector) = budget.selects.as_ref().filter(|_| budget.kind.value == KIND) else {
        return;
    };
    let Lookup::Found(pods) = cluster.pods(budget, selector) else { return };
    let is_other = |other: &&Manifest| {
        other.unit == budget.unit && other.title() != budget.title() && place(other) < place(budget)
    };
    let pair = pods.into_iter().find_map(|member| {
        let other = cluster.selecting(member, KIND).find(is_other)?;
        Some((member.object, other))
    });
    if let Some((object, other)) = pair {
        report
            .at(budget.blame(), format!("the pods of `{}` have two budgets", object.title()))
            .help("leave one of them: the API server evicts no pod of two")
            .also(other.blame(), "the other one")
            .also(object.blame(), "the pods");
    }
}

/// Where an object stands, to tell of two but once.
fn place(object: &Manifest) -> (FileId, u32) {
    (object.file, object.kind.span.start)
}

/// Those that take each other's pods for their own.
fn workloads(object: &Manifest, workload: &Workload, cluster: &Cluster, report: &mut Report) {
    let Some(selector) = workload.selector.as_ref().filter(|selector| !selector.is_empty()) else {
        return;
    };
    let Lookup::Found(pods) = cluster.pods(object, selector) else { return };
    let other = pods.into_iter().find(|other| {
        let selector = other.workload.selector.as_ref();
        // Two files of a directory may be variants, of which one is applied.
        let is_beside = match object.unit {
            Unit::Directory(_) => other.object.file == object.file,
            unit => other.object.unit == unit,
        };
        is_beside
            && place(other.object) < place(object)
            && selector.is_some_and(|selector| selector.matches(&workload.labels) == Some(true))
    });
    if let Some(other) = other {
        let what =
            format!("`{}` and `{}` select the same pods", other.object.title(), object.title());
        report
            .at(selector.span, what)
            .severity(Severity::Warning)
            .help("give the pods of each a label of their own, and ask for it")
            .also(other.object.blame(), "the other one");
    }
}
