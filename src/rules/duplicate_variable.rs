use std::collections::HashMap;

use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-variable.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    // In a chart the two may stand in different branches.
    if object.is_templated() {
        return;
    }
    for container in &workload.pod.containers {
        let mut set = HashMap::new();
        for variable in &container.view.environment {
            let name = &variable.name;
            if let Some(first) = set.insert(&name.value, name.span) {
                let what =
                    format!("`{}` is set twice for `{}`", name.value, container.view.name.value);
                report
                    .at(name.span, what)
                    .help("keep one of them; the last one counts")
                    .also(first, "the first one, which is lost");
            }
        }
    }
}
