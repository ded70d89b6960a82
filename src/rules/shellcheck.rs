use crate::model::Workspace;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/shellcheck.md"), Check::Everything(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for remark in &workspace.remarks {
        report
            .at(remark.span, remark.message.clone())
            .severity(remark.severity)
            .help(remark.help.clone());
    }
}
