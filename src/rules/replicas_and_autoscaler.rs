use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/replicas-and-autoscaler.md"), Check::Workload(check));

fn check(member: Member, cluster: &Cluster, report: &mut Report) {
    let Some(span) = member.workload.replicas.span() else { return };
    let Some((scaler, _)) = cluster.autoscaler(member) else { return };
    let what = format!(
        "`{}` sets the number of pods that `{}` decides, on each apply",
        member.object.title(),
        scaler.title()
    );
    report.at(span, what).help("leave `replicas` out").also(scaler.blame(), "the autoscaler");
}
