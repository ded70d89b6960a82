use crate::knowledge::images::{is_official, unmirrored};
use crate::model::compose::{Compose, Condition, Service};
use crate::model::container::Healthcheck;
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/healthy-without-healthcheck.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    for dependency in &service.depends_on {
        if dependency.condition.value != Condition::Healthy {
            continue;
        }
        let name = &dependency.service.value;
        let Some(other) = compose.service(name) else { continue };
        let image = other.image.as_ref().filter(|image| image.is_pulled());
        let message = match &other.container.healthcheck {
            Setting::Set(check) if check.value == Healthcheck::Disabled => {
                format!("`{name}` has its health check disabled, and never becomes healthy")
            }
            Setting::Absent
                if other.build.is_none()
                    && image.is_some_and(|image| is_official(unmirrored(image.familiar()))) =>
            {
                format!("`{name}` has no health check, and never becomes healthy")
            }
            _ => continue,
        };
        report
            .at(dependency.condition.span, message)
            .help(format!("give `{name}` a `healthcheck`"))
            .also(other.name.span, "this service");
    }
}
