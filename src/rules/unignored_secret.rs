use crate::finding::Severity;
use crate::model::Workspace;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unignored-secret.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for (context, copied) in workspace.copies() {
        let Some(first) = copied.secrets.first() else { continue };
        let source = copied.source.value();
        let severity = if copied.ships { Severity::Error } else { Severity::Note };
        let also = match copied.secrets.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more such files"),
        };
        let path = &first.path;
        let finding = report
            .at(
                copied.source.span(),
                format!("`{source}` takes `{path}` along, which holds {}{also}", first.holds),
            )
            .severity(severity)
            .help(match &context.ignore {
                Some(ignore) => format!("add `{path}` to `{ignore}`"),
                None => format!("write a `.dockerignore` with `{path}` in it"),
            });
        for secret in &copied.secrets {
            if let Some(span) = secret.named {
                finding.also(span, "mounted as a secret here");
            }
        }
    }
}
