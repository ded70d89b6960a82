use crate::model::Format;
use crate::model::container::{Container, Part};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-healthcheck.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let is_settled = !container.heirs.is_empty()
        && container
            .heirs
            .iter()
            .all(|heir| heir.format == Format::Kubernetes || !heir.healthcheck.is_absent());
    if container.part == Part::Image && container.healthcheck.is_absent() && !is_settled {
        report
            .at(container.name.span, "the image has no health check")
            .help("add `HEALTHCHECK`, or `HEALTHCHECK NONE` where it is run by Kubernetes");
    }
}
