use crate::model::Format;
use crate::model::container::{Container, Part};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/privilege-escalation.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let setting = &container.privilege_escalation;
    if container.part == Part::Ephemeral || !(setting.is_absent() || setting.is_true()) {
        return;
    }
    let span = setting.span().unwrap_or(container.name.span);
    let help = match container.format {
        Format::Compose => "say `security_opt: [no-new-privileges:true]`",
        _ => "say `allowPrivilegeEscalation: false`",
    };
    report
        .at(span, format!("`{}` may gain more rights than it starts with", container.name.value))
        .help(help);
}
