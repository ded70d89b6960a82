use crate::model::image::ImageRef;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/end-of-life-image.md"), Check::Image(check));

fn check(image: &ImageRef, report: &mut Report) {
    let Some(ended) = image.end_of_life().filter(|_| image.is_pulled()) else { return };
    let span = image.tag().map_or(image.span(), |tag| tag.span);
    let what = if ended.is_older {
        format!("this release of {} had its last fix before {}", ended.name, ended.date)
    } else {
        format!("{} {} had its last fix on {}", ended.name, ended.line, ended.date)
    };
    report
        .at(span, format!("`{}`: {what}", image.shown()))
        .help(format!("move to a line that is maintained: {}", ended.page));
}
