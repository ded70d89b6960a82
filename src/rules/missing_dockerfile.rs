use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-dockerfile.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    // The first of the files that are put together says whose directory it is.
    if compose.is_partial {
        return;
    }
    if let Some(build) = service.build.as_ref().filter(|build| build.is_absent)
        && let Some(path) = &build.dockerfile
    {
        report.at(build.dockerfile_span, format!("there is no Dockerfile `{path}`")).help(
            "the path is relative to the context, and the context to the project's directory",
        );
    }
}
