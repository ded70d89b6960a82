use crate::model::kubernetes::{Cluster, Member, Target};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-claim.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, cluster: &Cluster, report: &mut Report) {
    let claims = workload.pod.references.iter().filter(|r| r.to == Target::PersistentVolumeClaim);
    for reference in claims {
        let Some(name) = reference.name.get() else { continue };
        if cluster.reference(object, reference).is_missing() {
            report
                .at(name.span, format!("there is no PersistentVolumeClaim `{}`", name.value))
                .help("add it, or name one of this namespace");
        }
    }
}
