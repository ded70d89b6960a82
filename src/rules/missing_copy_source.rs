use crate::finding::Severity;
use crate::model::Workspace;
use crate::model::context::{Context, Fate};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-copy-source.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for context in &workspace.contexts {
        check_context(context, report);
    }
}

fn check_context(context: &Context, report: &mut Report) {
    let is_context = context.copies.iter().any(|copied| copied.fate == Fate::Found);
    for copied in &context.copies {
        let Fate::Missing { similar } = &copied.fate else { continue };
        let source = copied.source.value();
        let by_case = similar.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(source));
        if !(by_case || is_context && is_written(source)) {
            continue;
        }
        let place = match context.directory.as_str() {
            "." => "here".to_owned(),
            directory => format!("in `{directory}`"),
        };
        let finding =
            report.at(copied.source.span(), format!("there is no `{source}` {place} to copy"));
        match similar {
            Some(similar) => finding.help(format!("there is `{similar}`")),
            None => finding
                .severity(Severity::Warning)
                .help("sources are relative to the build context, not to the Dockerfile"),
        };
        if let Some(named) = context.named {
            finding.also(named, "the build context");
        }
    }
}

/// Whether somebody writes such a file by hand: what a build makes need not be there yet.
fn is_written(path: &str) -> bool {
    const ENDINGS: [&str; 22] = [
        "cfg",
        "conf",
        "gradle",
        "html",
        "ini",
        "js",
        "json",
        "kts",
        "lock",
        "mod",
        "php",
        "properties",
        "py",
        "rb",
        "rs",
        "sh",
        "sql",
        "toml",
        "ts",
        "txt",
        "yaml",
        "yml",
    ];
    const MADE: [&str; 8] =
        ["build", "dist", "out", "target", "bin", "public", "release", "generated"];
    let mut above = path.split('/').rev();
    let name = above.next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ENDINGS.contains(&ending)) && !above.any(|it| MADE.contains(&it))
}
