use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unknown-restart-policy.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    let Some(restart) = service.at(&["restart"]) else { return };
    let Some(policy) = restart.known() else { return };
    let (word, count) = policy.split_once(':').unwrap_or((policy, "0"));
    let fine = match word {
        "" | "no" | "always" | "unless-stopped" => policy == word,
        "on-failure" => count.parse::<u32>().is_ok(),
        _ => false,
    };
    if !fine {
        report
            .at(restart.span, format!("`{policy}` is not a restart policy"))
            .help("`no`, `always`, `unless-stopped`, `on-failure` or `on-failure:5`");
    }
}
