use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unbounded-logs.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    if service.is_partial || service.at(&["logging", "options", "max-size"]).is_some() {
        return;
    }
    let driver = service.at(&["logging", "driver"]);
    let span = match driver.map(|driver| driver.known()) {
        None => service.name.span,
        Some(Some("json-file")) => driver.map_or(service.name.span, |driver| driver.span),
        Some(_) => return,
    };
    report
        .at(span, format!("nothing bounds the log of `{}`", service.name.value))
        .help("say `driver: local`, or set `max-size` and `max-file`");
}
