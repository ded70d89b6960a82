use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/discarded-logs.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    if let Some(driver) = service.at(&["logging", "driver"])
        && driver.known() == Some("none")
    {
        report
            .at(driver.span, format!("what `{}` says is thrown away", service.name.value))
            .help("keep it within bounds instead: `driver: local`");
    }
}
