use std::collections::HashMap;

use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-container-name.md"), Check::Project(check));

fn check(compose: &Compose, report: &mut Report) {
    let mut taken: HashMap<&str, Vec<&Service>> = HashMap::new();
    for service in &compose.services {
        let Some(name) = service.at(&["container_name"]) else { continue };
        let Some(text) = name.known() else { continue };
        let others = taken.entry(text).or_default();
        if let Some(other) = others.iter().find(|other| other.can_run_with(service)) {
            let message = format!("`{}` has this container name already", other.name.value);
            let finding = report.at(name.span, message);
            finding.help("give each its own, or none: Compose makes unique ones");
            if let Some(first) = other.at(&["container_name"]) {
                let used = name.used_at.or(first.used_at);
                finding.also(used.unwrap_or(first.span), "the other one");
            }
        } else {
            others.push(service);
        }
    }
}
