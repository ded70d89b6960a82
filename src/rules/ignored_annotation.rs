use crate::knowledge::kubernetes::old_annotation;
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ignored-annotation.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for annotation in workload.pod.annotations.iter() {
        let Some(old) = old_annotation(&annotation.key.value) else { continue };
        let Some(version) = old.ignored_since else { continue };
        // Beside the field it is for clusters that are older still.
        if object.has_field(&workload.pod, old.field) {
            continue;
        }
        let what = format!("nothing has read this annotation since Kubernetes {version}");
        report.at(annotation.key.span, what).help(format!("use the field `{}`", old.field));
    }
}
