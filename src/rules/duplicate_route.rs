use std::collections::HashMap;

use crate::model::Workspace;
use crate::model::kubernetes::{Manifest, Unit};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-route.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let mut known = HashMap::new();
    for object in workspace.cluster.of_kind("Ingress") {
        // In a chart the two may stand in different branches.
        if object.is_templated() || has_variants(object) {
            continue;
        }
        let Some(class) = object.ingress_class() else { continue };
        // Of these controllers each Ingress has an address of its own.
        if ["alb", "gce", "gce-internal"].contains(&class.as_str()) {
            continue;
        }
        for route in object.routes() {
            // Which these are, nothing says.
            if class.is_empty() && route.host.is_empty() {
                continue;
            }
            let shown = format!("`{}{}`", route.host, route.path);
            // Two files of a directory may be two variants of which one is applied.
            let file = matches!(object.unit, Unit::Directory(_)).then_some(object.file);
            let place = (object.unit, file, class.clone());
            let key = (place, route.host, route.path, route.path_type);
            let span = *known.entry(key).or_insert(route.span);
            if span != route.span {
                report
                    .at(route.span, format!("{shown} leads somewhere else already"))
                    .help("take one of the two out, or give it another path")
                    .also(span, "the other one");
            }
        }
    }
}

/// Whether several Ingresses of one route are meant: canaries, groups, weights.
fn has_variants(object: &Manifest) -> bool {
    object.annotations.is_open()
        || object.annotations.iter().any(|annotation| annotation.key.value.contains("canary"))
}
