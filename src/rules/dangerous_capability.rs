use crate::finding::Severity;
use crate::knowledge::capabilities::{dangerous, plain};
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/dangerous-capability.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let own = &container.name.value;
    for capability in &container.capabilities.add {
        let name = plain(&capability.value);
        if let Some(danger) = dangerous(&name) {
            report
                .at(
                    capability.span,
                    format!("`{name}` lets `{own}` {danger}: a way out to the host"),
                )
                .help("leave it out, or add a weaker one");
        } else if name == "NET_ADMIN" && container.host.network.is_true() {
            report
                .at(
                    capability.span,
                    format!("`{name}` lets `{own}` change the network of its host"),
                )
                .severity(Severity::Warning)
                .help("give it a network of its own, or leave the capability out");
        }
    }
}
