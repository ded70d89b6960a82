use crate::finding::Severity;
use crate::model::Workspace;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unignored-files.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for (context, copied) in workspace.copies().filter(|(_, copied)| !copied.ballast.is_empty()) {
        let names: Vec<String> = copied.ballast.iter().map(|name| format!("`{name}`")).collect();
        let why = match &context.ignore {
            Some(ignore) => format!("`{ignore}` does not stop it"),
            None => "there is no `.dockerignore`".to_owned(),
        };
        let severity = if copied.ships { Severity::Warning } else { Severity::Note };
        report
            .at(copied.source.span(), format!("this takes {} along: {why}", names.join(" and ")))
            .severity(severity)
            .help(match &context.ignore {
                Some(ignore) => format!("add {} to `{ignore}`", names.join(" and ")),
                None => format!("write a `.dockerignore` with {}", names.join(" and ")),
            });
    }
}
