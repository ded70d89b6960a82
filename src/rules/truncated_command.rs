use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/truncated-command.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    for line in &service.lines {
        if let Some(dropped) = &line.dropped {
            let message = format!("Compose drops `{}`, for no shell reads this", dropped.value);
            let help = format!("say it to a shell: `{}: [\"sh\", \"-c\", \"…\"]`", line.key);
            report.at(dropped.span, message).help(help);
        }
    }
}
