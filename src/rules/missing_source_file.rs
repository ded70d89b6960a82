use crate::finding::Severity;
use crate::model::compose::{Compose, Role, State};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-source-file.md"), Check::Project(check));

fn check(compose: &Compose, report: &mut Report) {
    // The first of the files that are put together says whose directory it is.
    if compose.is_partial {
        return;
    }
    for source in &compose.sources {
        let State::Missing { similar, sample } = &source.state else { continue };
        // Whoever keeps it out of git knows that it is missing there.
        if source.kept == Some(false) && similar.is_none() {
            continue;
        }
        let message = match source.role {
            Role::Volume => "there is no file `{}`, and Docker makes a directory of that name",
            _ => "there is no file `{}`",
        };
        let finding = report.at(source.span, message.replace("{}", &source.path));
        if let Some(similar) = similar {
            finding.help(format!("there is `{similar}`"));
            continue;
        }
        if source.role == Role::Secret || sample.is_some() {
            finding.severity(Severity::Note);
        }
        finding.help(match (source.role, sample, source.kept) {
            (_, Some(_), _) => "copy the example, and fill it in",
            (Role::Secret, None, Some(true)) => {
                "name it in `.gitignore`, or the next `git add` takes it along"
            }
            (Role::Secret, ..) => "add an example of it, with `.example` behind its name",
            _ => "add the file, or an example of it",
        });
    }
}
