use crate::model::Workspace;
use crate::model::context::Fate;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ignored-copy-source.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for (context, copied) in workspace.copies() {
        let Fate::Ignored(pattern) = copied.fate else { continue };
        let ignore = context.ignore.as_deref().unwrap_or(".dockerignore");
        report
            .at(
                copied.source.span(),
                format!("`{}` is left out by `{ignore}`", copied.source.value()),
            )
            .help("let it in with a line that begins with `!`, or do not copy it")
            .also(pattern, "left out here");
    }
}
