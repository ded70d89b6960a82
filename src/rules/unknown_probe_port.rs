use crate::model::kubernetes::{Cluster, Member, PortRef};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unknown-probe-port.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for (container, port) in workload.pod.unserved_probes() {
        let PortRef::Name(port) = port else { continue };
        let name = &container.view.name.value;
        let what = format!("container `{name}` has no port of the name `{}`", port.value);
        report.at(port.span, what).help("name one of its `ports`, or give the number");
    }
}
