use crate::finding::{Applicability, Fix, Severity};
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};
use crate::source::Edit;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/deprecated-service-account.md"), Check::Workload(check));

const NEW: &str = "serviceAccountName";

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    // A custom resource may have a field of its own.
    if object.group().contains('.') && !workload.controller.has_replicas() {
        return;
    }
    let Some((key, old)) = object.old_service_account(&workload.pod) else { return };
    let Some(new) = workload.pod.service_account.get() else { return };
    if new.span == old.span {
        report.at(key, "`serviceAccount` is deprecated").help(format!("use `{NEW}`")).fix(Fix {
            title: format!("use `{NEW}`"),
            edits: vec![Edit { span: key, text: NEW.to_owned() }],
            applicability: Applicability::Safe,
        });
    } else if new.value != old.value {
        report
            .at(old.span, format!("nothing reads this: `{NEW}` is another one"))
            .severity(Severity::Warning)
            .help("leave one of them")
            .also(new.span, "the account of the pod");
    }
}
