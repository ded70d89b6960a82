use std::collections::HashMap;

use crate::model::Workspace;
use crate::model::kubernetes::{Controller, Manifest, Unit, Violation};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/pod-security-violation.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let mut namespaces = HashMap::new();
    for namespace in workspace.cluster.of_kind("Namespace") {
        if let (Some(name), Some(standard)) =
            (namespace.name.get(), namespace.enforced_standard().get())
        {
            namespaces.insert((place(namespace), name.value.clone()), standard.clone());
        }
    }
    for member in workspace.cluster.workloads() {
        let (object, workload) = (member.object, member.workload);
        // What an operator makes of its own kinds may differ from what they say.
        let is_plain = !matches!(
            workload.controller,
            Controller::Custom | Controller::Knative | Controller::Template
        );
        let Some(name) = object.namespace.get().filter(|_| is_plain) else { continue };
        let key = (place(object), name.value.clone());
        let Some(standard) = namespaces.get(&key) else { continue };
        let violations = workload.pod.violations(standard.value);
        for at_one_place in violations.chunk_by(|one, other| one.span == other.span) {
            let [Violation { span, .. }, ..] = at_one_place else { continue };
            let whats: Vec<&str> = at_one_place.iter().map(|it| it.what.as_str()).collect();
            let what = format!("namespace `{}` refuses the pod: {}", name.value, whats.join(", "));
            report
                .at(*span, what)
                .help("change the pod, or the standard that the namespace enforces")
                .also(standard.span, "enforced here");
        }
    }
}

/// Where a Namespace and what it holds are found together: a kustomization, a chart, or any files.
fn place(object: &Manifest) -> Option<Unit> {
    Some(object.unit).filter(|unit| !matches!(unit, Unit::Directory(_)))
}
