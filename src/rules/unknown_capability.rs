use crate::finding::Severity;
use crate::knowledge::capabilities::{all, plain};
use crate::model::Format;
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};
use crate::source::closest;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unknown-capability.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let is_pod = container.format == Format::Kubernetes;
    for capability in container.capabilities.add.iter().chain(&container.capabilities.drop) {
        let (own, name) = (&capability.value, plain(&capability.value));
        let is_known = all().any(|known| known == name);
        if !is_known {
            let severity = if is_pod { Severity::Warning } else { Severity::Error };
            let finding = report.at(capability.span, format!("Linux has no capability `{own}`"));
            finding.severity(severity);
            if let Some(near) = closest(&name, all()) {
                finding.help(format!("did you mean `{near}`?"));
            }
        } else if is_pod && own.len() > name.len() {
            report
                .at(capability.span, format!("in a pod, `{own}` names no capability"))
                .severity(Severity::Warning)
                .help(format!("write `{name}`: runtimes put the `CAP_` before it themselves"));
        }
    }
}
