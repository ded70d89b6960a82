use crate::model::image::ImageRef;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/deprecated-image.md"), Check::Image(check));

fn check(image: &ImageRef, report: &mut Report) {
    let Some(moved) = image.moved().filter(|_| image.is_pulled()) else { return };
    report
        .at(image.repository().span, format!("`{}` {}", image.familiar(), moved.what))
        .help(format!("use {} instead; see {}", moved.instead, moved.source));
}
