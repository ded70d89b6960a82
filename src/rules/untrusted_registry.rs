use crate::model::image::ImageRef;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/untrusted-registry.md"), Check::Image(check));

fn check(image: &ImageRef, report: &mut Report) {
    let allowed = report.registries();
    if !image.is_pulled() || allowed.is_empty() {
        return;
    }
    if allowed.iter().all(|pattern| image.is_from(pattern) == Some(false)) {
        let at = image.registry().map_or(image.repository().span, |host| host.span);
        let host = image.registry().map_or("docker.io", |host| host.value);
        report
            .at(at, format!("`{}` comes from `{host}`, which is not allowed here", image.shown()))
            .help(format!("allowed: `{}`", allowed.join("`, `")));
    }
}
