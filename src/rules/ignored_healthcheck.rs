use std::collections::HashMap;

use crate::model::Workspace;
use crate::model::container::{Container, Healthcheck};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ignored-healthcheck.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let linked = workspace.containers.iter().map(|one| (one.name.span, &**one));
    let containers: HashMap<Span, &Container> = linked.collect();
    for member in workspace.cluster.workloads() {
        // Behind a Service, the readiness probe that is missing is told.
        let is_served = workspace.cluster.selecting(member, "Service").next().is_some();
        if member.workload.controller.is_job() || is_served {
            continue;
        }
        for own in member.workload.pod.running().filter(|own| own.probes.is_empty()) {
            let name = &own.view.name;
            let image = containers.get(&name.span).and_then(|one| one.built_from.as_deref());
            let check = image.and_then(|image| image.healthcheck.get());
            let Some(check) = check.filter(|check| check.value != Healthcheck::Disabled) else {
                continue;
            };
            if !own.has_open_probes {
                let message = format!(
                    "nobody asks whether `{}` is well: Kubernetes does not run its image's `HEALTHCHECK`",
                    name.value
                );
                report
                    .at(name.span, message)
                    .help("say the same as a `livenessProbe`")
                    .also(check.span, "the check of the image");
            }
        }
    }
}
