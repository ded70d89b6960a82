use crate::knowledge::kubernetes::old_annotation;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/deprecated-annotation.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    // A bare pod's own are those of its workload.
    let of_pods = object.workloads.iter().map(|workload| &workload.pod.annotations);
    let own = [&object.annotations].into_iter().filter(|_| object.kind.value != "Pod");
    for annotation in own.chain(of_pods).flat_map(|annotations| annotations.iter()) {
        let Some(old) = old_annotation(&annotation.key.value) else { continue };
        if old.ignored_since.is_none() {
            report
                .at(annotation.key.span, "this annotation is deprecated")
                .help(format!("use the field `{}`", old.field));
        }
    }
}
