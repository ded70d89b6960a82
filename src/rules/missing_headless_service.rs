use crate::model::kubernetes::{Cluster, Lookup, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-headless-service.md"), Check::Workload(check));

fn check(member: Member, cluster: &Cluster, report: &mut Report) {
    let Member { object, workload, .. } = member;
    let governing = object.governing_service();
    let Some(name) = governing.get().filter(|name| !name.value.is_empty()) else { return };
    // A single pod may well be asked for by the name of the Service alone.
    let is_alone = || cluster.replicas(member).is_some_and(|replicas| replicas.value <= 1);
    let pod = format!("`{}-0.{}`", object.title(), name.value);
    match cluster.find(object, "Service", &governing) {
        Lookup::Missing => {
            report
                .at(name.span, format!("there is no Service `{}`, nor a pod {pod}", name.value))
                .help("name a headless Service of this namespace");
        }
        Lookup::Found(service) => {
            let selects =
                service.selects.as_ref().and_then(|selector| selector.matches(&workload.labels));
            let (what, help) = match selects {
                Some(true) if service.is_headless() == Some(false) && !is_alone() => (
                    format!("Service `{}` is not headless: {pod} is no name", name.value),
                    "name a Service with `clusterIP: None`",
                ),
                // One of another file may have nothing to do with it but the name.
                Some(false) if service.file == object.file => (
                    format!(
                        "Service `{}` does not select these pods: {pod} is no name",
                        name.value
                    ),
                    "name a headless Service that selects them",
                ),
                _ => return,
            };
            report.at(name.span, what).help(help).also(service.blame(), "the Service");
        }
        Lookup::OutOfSight => {}
    }
}
