use crate::knowledge::naming::{self, Form, is_placeholder};
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/invalid-name.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    // What a custom resource may be called is its own affair.
    if let Some(name) = object.name.get().filter(|_| object.is_builtin) {
        let kind = &object.kind.value;
        judge(name, naming::of(kind), kind, report);
    }
    if let Some(namespace) = object.namespace.get() {
        judge(namespace, (Form::Label, 63), "namespace", report);
    }
    for pod in object.workloads.iter().map(|workload| &workload.pod) {
        let names = pod.containers.iter().map(|container| &container.view.name);
        // Without one of its own it is called as what holds it.
        for name in names.filter(|name| name.span != pod.name.span) {
            judge(name, (Form::Label, 63), "container", report);
        }
        for name in pod.volumes.iter().filter_map(|volume| volume.name.get()) {
            judge(name, (Form::Label, 63), "volume", report);
        }
    }
}

fn judge(name: &Spanned<String>, (form, longest): (Form, usize), what: &str, report: &mut Report) {
    let text = &name.value;
    if is_placeholder(text) {
        return;
    }
    if !form.allows(text) {
        report.at(name.span, format!("`{text}` is no name for a {what}")).help(form.help());
    } else if text.len() > longest {
        let length = text.len();
        report
            .at(name.span, format!("`{text}` is too long for a {what}: {length} characters"))
            .help(format!("use at most {longest}"));
    }
}
