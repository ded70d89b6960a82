use std::collections::HashMap;

use crate::finding::Severity;
use crate::model::container::{Container, Variable};
use crate::model::{Format, Workspace};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-variable.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for member in workspace.cluster.workloads() {
        // In a chart the two may stand in different branches.
        if !member.object.is_templated() {
            let containers = &member.workload.pod.containers;
            containers.iter().for_each(|container| list(&container.view, report));
        }
    }
    for service in workspace.services() {
        list(&service.container, report);
    }
}

fn list(container: &Container, report: &mut Report) {
    let is_compose = container.format == Format::Compose;
    let mut set: HashMap<&str, &Variable> = HashMap::new();
    for variable in &container.environment {
        let name = &variable.name;
        let Some(first) = set.insert(&name.value, variable) else { continue };
        let value = |of: &Variable| of.value.as_ref().map(|value| value.value().to_owned());
        // Compose makes one of them.
        if is_compose && value(first) == value(variable) {
            continue;
        }
        let what = format!("`{}` is set twice for `{}`", name.value, container.name.value);
        let finding = report.at(name.span, what);
        finding.help("keep one of them; the last one counts");
        finding.also(first.name.span, "the first one, which is lost");
        if is_compose {
            finding.severity(Severity::Warning);
        }
    }
}
