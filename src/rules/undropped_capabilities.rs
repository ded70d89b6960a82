use crate::model::Format;
use crate::model::container::{Container, Part};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/undropped-capabilities.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let drops = &container.capabilities.drops_all;
    if container.part == Part::Ephemeral || !(drops.is_absent() || drops.is_false()) {
        return;
    }
    let help = match container.format {
        Format::Compose => "say `cap_drop: [ALL]`, and add those back that it needs",
        _ => "say `capabilities: {drop: [ALL]}`, and add those back that it needs",
    };
    report
        .at(
            drops.span().unwrap_or(container.name.span),
            format!("`{}` keeps capabilities that it does not need", container.name.value),
        )
        .help(help);
}
