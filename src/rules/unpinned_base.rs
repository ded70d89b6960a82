use crate::model::image::{ImageRef, Pin, Role};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unpinned-base.md"), Check::Image(check));

fn check(image: &ImageRef, report: &mut Report) {
    if image.is_pulled()
        && image.role != Role::Frontend
        && matches!(image.pin(), Pin::Version | Pin::Build)
    {
        report
            .at(image.span(), format!("`{}` names no digest, so it can change", image.shown()))
            .help("add the digest that the registry shows for it, as in `app:1.2.3@sha256:…`");
    }
}
