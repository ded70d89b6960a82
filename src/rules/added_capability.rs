use crate::knowledge::capabilities::{dangerous, is_default, plain};
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/added-capability.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    for capability in &container.capabilities.add {
        let name = plain(&capability.value);
        let is_told = name == "NET_ADMIN" && container.host.network.is_true();
        if !is_default(&name) && dangerous(&name).is_none() && !is_told {
            report
                .at(
                    capability.span,
                    format!("`{}` has `{name}`, which others do not have", container.name.value),
                )
                .help("leave it out if the program runs without");
        }
    }
}
