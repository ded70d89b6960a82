use crate::model::kubernetes::{Cluster, Member, PortRef};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unlisted-probe-port.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for (container, port) in workload.pod.unserved_probes() {
        let (PortRef::Number(port), Some(listed)) = (port, container.ports.first()) else {
            continue;
        };
        let name = &container.view.name.value;
        let what = format!("container `{name}` does not list port {} that is asked", port.value);
        report
            .at(port.span, what)
            .help("ask a port that it listens on, and list it")
            .also(listed.span, "a port that it lists");
    }
}
