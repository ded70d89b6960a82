use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/undeclared-build-argument.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for (_, build, recipe) in workspace.builds() {
        for argument in &build.args {
            let name = argument.name.value.as_str();
            if name.is_empty() || is_given(name) || declares(recipe, name) {
                continue;
            }
            let path = build.dockerfile.as_deref().unwrap_or("the Dockerfile");
            let finding = report.at(argument.name.span, format!("`{path}` has no `ARG {name}`"));
            finding.help("declare it there, or drop it here");
            if let Some(stage) = recipe.build.stages.first() {
                finding.also(stage.from, "the Dockerfile that is built");
            }
        }
    }
}

fn declares(recipe: &Recipe, name: &str) -> bool {
    let arguments = recipe.tree.instructions.iter().filter(|one| one.kind == Keyword::Arg);
    // A base that is not in view may declare some in its triggers; nobody does that any more.
    arguments.flat_map(|one| one.arguments.pairs()).any(|pair| pair.key.value == name)
}

/// What BuildKit takes without an `ARG`.
fn is_given(name: &str) -> bool {
    const PROXIES: [&str; 5] = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];
    PROXIES.iter().any(|proxy| name.eq_ignore_ascii_case(proxy))
        || name.starts_with("BUILDKIT_")
        || name.starts_with("BUILD_CONTEXT")
        || name == "SOURCE_DATE_EPOCH"
}
