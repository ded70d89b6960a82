use crate::knowledge::naming::{Form, is_placeholder};
use crate::model::kubernetes::{Cluster, Labels, Manifest, Selector};
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/invalid-label.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    labels(&object.labels, report);
    annotations(&object.annotations, report);
    selector(object.selects.as_ref(), report);
    for workload in &object.workloads {
        // A bare pod's are the object's own.
        if workload.pod.labels != object.labels {
            labels(&workload.pod.labels, report);
        }
        if workload.pod.annotations != object.annotations {
            annotations(&workload.pod.annotations, report);
        }
        selector(workload.selector.as_ref(), report);
        labels(&object.node_labels(&workload.pod), report);
    }
}

fn labels(labels: &Labels, report: &mut Report) {
    for label in labels.iter() {
        judge(&label.key, Form::Key, "key of a label", report);
        if let Some(value) = label.value.get() {
            judge(value, Form::Value, "value of a label", report);
        }
    }
}

fn annotations(annotations: &Labels, report: &mut Report) {
    for annotation in annotations.iter() {
        judge(&annotation.key, Form::Key, "key of an annotation", report);
    }
}

fn selector(selector: Option<&Selector>, report: &mut Report) {
    for requirement in selector.into_iter().flat_map(|selector| &selector.requirements) {
        judge(&requirement.key, Form::Key, "key of a label", report);
        for value in requirement.values.iter().filter_map(|value| value.get()) {
            judge(value, Form::Value, "value of a label", report);
        }
    }
}

fn judge(text: &Spanned<String>, form: Form, what: &str, report: &mut Report) {
    if !is_placeholder(&text.value) && !form.allows(&text.value) {
        report.at(text.span, format!("`{}` cannot be the {what}", text.value)).help(form.help());
    }
}
