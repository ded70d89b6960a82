use std::collections::HashMap;

use crate::knowledge::datastores;
use crate::knowledge::images::unmirrored;
use crate::model::compose::{Compose, Condition, Service};
use crate::model::container::Part;
use crate::model::{Format, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-healthcheck.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for container in workspace.containers.iter().filter(|it| it.part == Part::Image) {
        let is_settled = !container.heirs.is_empty()
            && container
                .heirs
                .iter()
                .all(|heir| heir.format == Format::Kubernetes || !heir.healthcheck.is_absent());
        if container.healthcheck.is_absent() && !is_settled {
            report
                .at(container.name.span, "the image has no health check")
                .help("add `HEALTHCHECK`, or `HEALTHCHECK NONE` where it is run by Kubernetes");
        }
    }
    for project in &workspace.projects {
        let dependents = dependents(project);
        for service in project.own_services().filter(|service| has_none(service)) {
            let name = &service.name;
            let Some((dependent, place)) = dependents.get(name.value.as_str()) else { continue };
            report
                .at(
                    name.span,
                    format!("`{dependent}` depends on `{}`, which has no health check", name.value),
                )
                .help("add a `healthcheck`, and wait for it with `condition: service_healthy`")
                .also(*place, "this does not wait until it is ready");
        }
    }
}

/// For each service one that is started when it is, ready or not, and where that is said.
fn dependents(project: &Compose) -> HashMap<&str, (&str, Span)> {
    let mut dependents = HashMap::new();
    for service in &project.services {
        for dependency in &service.depends_on {
            if dependency.condition.value == Condition::Started {
                let dependent = (service.name.value.as_str(), dependency.condition.span);
                dependents.entry(dependency.service.value.as_str()).or_insert(dependent);
            }
        }
    }
    dependents
}

/// Whether a service certainly has no check: its image is one of Docker's own, and they bring none.
/// Of databases `depends-on-unready` speaks.
fn has_none(service: &Service) -> bool {
    let image =
        service.image.as_ref().filter(|image| service.build.is_none() && image.is_official());
    let is_slow =
        |familiar: &str| datastores::of(unmirrored(familiar)).is_some_and(|it| it.is_slow);
    service.container.healthcheck.is_absent()
        && !service.is_partial
        && image.is_some_and(|image| !is_slow(image.familiar()))
}
