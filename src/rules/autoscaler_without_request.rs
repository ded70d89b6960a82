use crate::model::kubernetes::{Cluster, Lookup, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/autoscaler-without-request.md"), Check::Manifest(check));

fn check(object: &Manifest, cluster: &Cluster, report: &mut Report) {
    let Some(scaler) = object.autoscaler() else { return };
    let Lookup::Found(target) = cluster.target(object, &scaler) else { return };
    for resource in &scaler.utilization_of {
        let without = target
            .workloads
            .iter()
            .flat_map(|workload| workload.pod.running())
            .find(|container| container.resources.requested(&resource.value).is_absent());
        if let Some(container) = without {
            let name = &container.view.name;
            let what = format!(
                "`{}` cannot tell the share: container `{}` requests no {}",
                object.title(),
                name.value,
                resource.value
            );
            report
                .at(resource.span, what)
                .help(format!("give each container `resources.requests.{}`", resource.value))
                .also(name.span, "the container");
        }
    }
}
