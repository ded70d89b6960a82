use crate::finding::Severity;
use crate::model::compose::{Compose, Service};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-env-file.md"), Check::Service(check));

fn check(service: &Service, compose: &Compose, report: &mut Report) {
    // The first of the files that are put together says whose directory it is.
    if compose.is_partial {
        return;
    }
    for file in service.env_files.iter().chain(&service.label_files) {
        let Some(path) = file.resolved.as_ref().filter(|_| file.is_absent) else { continue };
        if file.required.is_false() || file.required.is_unresolved() {
            continue;
        }
        // Whoever sets it up sees what to do.
        if file.sample.is_some() {
            continue;
        }
        let finding = report
            .at(file.path.span(), format!("there is no file `{path}`"))
            .help("add the file or an example of it, or say `required: false`");
        // Nobody puts `.env` into a repository.
        if compose.ignored.contains(path)
            || path.rsplit('/').next().is_some_and(|name| name.starts_with(".env"))
        {
            finding.severity(Severity::Note);
        }
    }
}
