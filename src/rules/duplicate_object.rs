use std::collections::HashMap;

use crate::model::Workspace;
use crate::model::kubernetes::Unit;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-object.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let mut known = HashMap::new();
    for object in workspace.cluster.objects() {
        // In a chart the two may stand in different branches, in a directory they may be two
        // variants of which one is applied.
        let place = match object.unit {
            Unit::Chart(_) => continue,
            Unit::Directory(_) => Some(object.file),
            Unit::Kustomization(_) => None,
        };
        let is_whole = !object.is_piece && !object.namespace.is_unresolved();
        let Some(name) = object.name.get().filter(|_| is_whole) else { continue };
        let namespace = object.namespace.get().map(|namespace| &namespace.value);
        // A kustomization below may give it a prefix of its own.
        let own = object.renamed.as_ref().unwrap_or(&name.value);
        let key = (object.unit, place, object.group(), &object.kind.value, namespace, own);
        if let Some(first) = known.insert(key, name.span).filter(|first| *first != name.span) {
            report
                .at(name.span, format!("there is another {} `{}`", object.kind.value, name.value))
                .help("give it another name, or take one of them out")
                .also(first, "the other one");
        }
    }
}
