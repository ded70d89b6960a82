use crate::model::image::{ImageRef, Role};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shadowed-image.md"), Check::Image(check));

fn check(image: &ImageRef, report: &mut Report) {
    if image.role == Role::Name && image.is_official() {
        let message =
            format!("what is built here takes the name of the official image `{}`", image.shown());
        report.at(image.span(), message).help("give it a name of your own, such as `shop/web`");
    }
}
