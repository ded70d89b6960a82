use crate::model::image::{ImageRef, Role};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/invalid-image-reference.md"), Check::Image(check));

fn check(image: &ImageRef, report: &mut Report) {
    // Of a Dockerfile's, the build itself speaks.
    if !matches!(image.role, Role::Run | Role::Name) || image.is_placeholder() {
        return;
    }
    if let Some(error) = image.error() {
        report
            .at(error.span, format!("`{}` names no image: {}", image.shown(), error.value))
            .help("write `registry/path:tag`, the path in lower case");
    }
}
