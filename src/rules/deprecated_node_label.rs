use crate::finding::{Applicability, Fix};
use crate::knowledge::kubernetes::replaced_node_key;
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};
use crate::source::Edit;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/deprecated-node-label.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    let keys = object.node_keys(&workload.pod);
    for key in &keys {
        let Some(new) = replaced_node_key(&key.value) else { continue };
        // Who names both wants to run on old clusters as well.
        if keys.iter().any(|other| other.value == new) {
            continue;
        }
        report
            .at(key.span, format!("`{}` has been replaced", key.value))
            .help(format!("use `{new}`"))
            .fix(Fix {
                title: format!("use `{new}`"),
                edits: vec![Edit { span: key.span, text: new.to_owned() }],
                applicability: Applicability::Unsafe,
            });
    }
}
