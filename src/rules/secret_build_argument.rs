use crate::knowledge::secrets::is_credential;
use crate::model::credentials::among;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/secret-build-argument.md"), Check::Workspace(check))
        .with_credentials();

const HELP: &str = "mount it: `RUN --mount=type=secret,id=…`";

fn check(workspace: &Workspace, report: &mut Report) {
    workspace.recipes().for_each(|recipe| {
        declared(recipe, report);
    });
    let services = workspace.services();
    for build in services.filter_map(|service| service.build.as_ref()) {
        for credential in among(&build.args) {
            let span = credential.value.span();
            let message =
                format!("`{}` stays in this file and in the image's history", credential.name);
            report.at(span, message).hide(span).help(HELP);
        }
    }
}

fn declared(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&[Keyword::Arg]) {
        for (name, value) in &step.pairs {
            if name.known().is_some_and(is_credential) {
                let message = format!("`{}` stays in the image's history", name.value());
                let finding = report.at(name.span(), message).help(HELP);
                finding.hidden.extend(value.iter().map(|value| value.span()));
            }
        }
    }
}
