use crate::finding::Severity;
use crate::model::image::{ImageRef, Pin, Role};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule = Rule::new(include_str!("../../rules/latest-tag.md"), Check::Image(check));

fn check(image: &ImageRef, report: &mut Report) {
    if !image.is_pulled() || image.may_be_context() {
        return;
    }
    let (span, message) = match (image.pin(), image.tag()) {
        (Pin::Latest, Some(tag)) => {
            (tag.span, format!("`{}` is whatever was pushed last, not a release", image.shown()))
        }
        (Pin::Untagged, _) | (Pin::Local, None) if image.error().is_none() => {
            (image.span(), format!("`{}` has no tag, so `latest` is pulled", image.shown()))
        }
        _ => return,
    };
    // It is kept compatible.
    let severity = match image.role {
        Role::Frontend => Severity::Note,
        _ => report.severity(),
    };
    report
        .at(span, message)
        .severity(severity)
        .help("name the release that was tested, or better its digest");
}
