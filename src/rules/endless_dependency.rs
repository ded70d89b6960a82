use crate::knowledge::datastores;
use crate::knowledge::images::unmirrored;
use crate::model::compose::{Compose, Condition, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/endless-dependency.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    for dependency in &service.depends_on {
        let Some(other) = compose.service(&dependency.service.value) else { continue };
        let start = other.container.start();
        let runs_as_meant = start.entrypoint.is_absent() && start.command.is_absent();
        let image = other.image.as_ref().filter(|_| runs_as_meant && other.build.is_none());
        let store = image.and_then(|image| datastores::of(unmirrored(image.familiar())));
        if let (Condition::CompletedSuccessfully, Some(store)) = (dependency.condition.value, store)
        {
            let (name, waits) = (&other.name.value, &service.name.value);
            report
                .at(
                    dependency.condition.span,
                    format!("`{name}` ({}) never completes, so `{waits}` never starts", store.name),
                )
                .help("say `condition: service_healthy`")
                .also(other.name.span, "this is to go on");
        }
    }
}
