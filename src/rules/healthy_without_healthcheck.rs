use std::collections::HashMap;

use crate::knowledge::images::{is_official, unmirrored};
use crate::model::Workspace;
use crate::model::compose::{Condition, Service};
use crate::model::container::{Container, Healthcheck};
use crate::model::image::ImageRef;
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/healthy-without-healthcheck.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let containers: HashMap<Span, &Container> =
        workspace.containers.iter().map(|one| (one.name.span, &**one)).collect();
    for project in &workspace.projects {
        for service in project.own_services() {
            for dependency in &service.depends_on {
                if dependency.condition.value != Condition::Healthy {
                    continue;
                }
                let name = &dependency.service.value;
                let Some(other) = project.service(name) else { continue };
                let linked = containers.get(&other.name.span).copied();
                let Some(why) = never_healthy(other, linked) else { continue };
                report
                    .at(
                        dependency.condition.span,
                        format!("`{name}` {why}, so nobody sees it healthy"),
                    )
                    .help(format!("give `{name}` a `healthcheck`"))
                    .also(other.name.span, "this service");
            }
        }
    }
}

fn never_healthy(service: &Service, linked: Option<&Container>) -> Option<&'static str> {
    match &service.container.healthcheck {
        Setting::Set(check) if check.value == Healthcheck::Disabled => {
            return Some("has its health check disabled");
        }
        Setting::Absent => {}
        _ => return None,
    }
    let bare = |image: Option<&ImageRef>| {
        image.is_some_and(|image| image.is_scratch() || is_official(unmirrored(image.familiar())))
    };
    let has_none = match (&service.build, linked.and_then(|linked| linked.built_from.as_deref())) {
        (None, None) => bare(service.image.as_ref()),
        (_, Some(built)) => match &built.healthcheck {
            Setting::Set(check) => check.value == Healthcheck::Disabled,
            other => other.is_absent() && bare(built.image.as_ref()),
        },
        (Some(_), None) => false,
    };
    has_none.then_some("has no health check")
}
