use crate::knowledge::naming::{self, Form, is_placeholder};
use crate::knowledge::schema;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/invalid-name.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let kind = &object.kind.value;
    // What a custom resource may be called is its own affair.
    if schema::fields(&format!("{}/{kind}", object.api_version.value)).is_some() {
        let (form, longest) = naming::of(kind);
        if let Some(name) = object.name.get() {
            judge(name, (form, longest), &format!("a {kind}"), report);
        }
    }
    if let Some(namespace) = object.namespace.get() {
        judge(namespace, (Form::Label, 63), "a namespace", report);
    }
    for pod in object.workloads.iter().map(|workload| &workload.pod) {
        let names = pod.containers.iter().map(|container| &container.view.name);
        // Without one of its own it is called as what holds it.
        for name in names.filter(|name| name.span != pod.name.span) {
            judge(name, (Form::Label, 63), "a container", report);
        }
        for name in pod.volumes.iter().filter_map(|volume| volume.name.get()) {
            judge(name, (Form::Label, 63), "a volume", report);
        }
    }
}

fn judge(name: &Spanned<String>, (form, longest): (Form, usize), what: &str, report: &mut Report) {
    let text = &name.value;
    if is_placeholder(text) {
        return;
    }
    if !form.allows(text) {
        report.at(name.span, format!("`{text}` is no name for {what}")).help(form.help());
    } else if text.len() > longest {
        let length = text.len();
        report
            .at(name.span, format!("`{text}` is too long for {what}: {length} characters"))
            .help(format!("use at most {longest}"));
    }
}
