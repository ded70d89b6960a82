use crate::model::kubernetes::{Cluster, Member, Target};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-service-account.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, cluster: &Cluster, report: &mut Report) {
    let accounts = workload.pod.references.iter().filter(|r| r.to == Target::ServiceAccount);
    for reference in accounts {
        let Some(name) = reference.name.get() else { continue };
        // Every namespace has one of this name.
        if name.value != "default" && cluster.reference(object, reference).is_missing() {
            report
                .at(name.span, format!("there is no ServiceAccount `{}`", name.value))
                .help("add it, or name one of this namespace");
        }
    }
}
