use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Lookup, Manifest, Member, Unit};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/overlapping-selectors.md"), Check::Workload(check));

fn check(member: Member, cluster: &Cluster, report: &mut Report) {
    // In a chart the two may stand in different branches.
    if !member.object.is_templated() {
        budgets(member, cluster, report);
        workloads(member, cluster, report);
    }
}

fn budgets(member: Member, cluster: &Cluster, report: &mut Report) {
    let object = member.object;
    let budgets = cluster.selecting(member, "PodDisruptionBudget");
    let mut budgets = budgets.filter(|budget| budget.unit == object.unit);
    if let (Some(one), Some(other)) = (budgets.next(), budgets.next()) {
        report
            .at(other.blame(), format!("the pods of `{}` have two budgets", object.title()))
            .help("leave one of them: the API server evicts no pod of two")
            .also(one.blame(), "the other one")
            .also(object.blame(), "the pods");
    }
}

/// Those that take each other's pods for their own.
fn workloads(member: Member, cluster: &Cluster, report: &mut Report) {
    let Member { object, workload, .. } = member;
    let Some(selector) = workload.selector.as_ref().filter(|selector| !selector.is_empty()) else {
        return;
    };
    let Lookup::Found(pods) = cluster.pods(object, selector) else { return };
    let place = |object: &Manifest| (object.file, object.kind.span.start);
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
