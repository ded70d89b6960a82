use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/wildcard-permissions.md"), Check::Manifest(check));

fn check(role: &Manifest, _: &Cluster, report: &mut Report) {
    let name = role.title();
    if role.is_of_system() {
        return;
    }
    for permission in role.permissions() {
        let [verbs, resources, groups] =
            [&permission.verbs, &permission.resources, &permission.groups]
                .map(|words| words.iter().find(|word| word.value == "*"));
        let (span, what, severity) = match (verbs, resources, groups) {
            (Some(verb), Some(_), Some(_)) => (verb.span, "everything", Severity::Error),
            (Some(verb), _, _) => (verb.span, "all verbs", Severity::Warning),
            (None, Some(resource), _) => (resource.span, "all resources", Severity::Warning),
            (None, None, Some(group)) => (group.span, "all API groups", Severity::Warning),
            (None, None, None) => continue,
        };
        let severity = match permission.is_of_custom_kinds() {
            true => Severity::Note,
            false => severity,
        };
        report
            .at(span, format!("`{name}` allows {what}"))
            .severity(severity)
            .help("list what it needs");
    }
}
