use crate::knowledge::capabilities::{dangerous, plain};
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/dangerous-capability.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    for capability in &container.capabilities.add {
        let name = plain(&capability.value);
        if let Some(danger) = dangerous(&name) {
            let message =
                format!("`{name}` lets `{}` {danger}: a way out to the host", container.name.value);
            report.at(capability.span, message).help("leave it out, or add a weaker one");
        }
    }
}
