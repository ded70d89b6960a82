use std::cell::LazyCell;

use crate::finding::Severity;
use crate::knowledge::packages::{Action, Family};
use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unattended-install.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    // `APT::Get::Assume-Yes "true";` in a file of the configuration.
    let is_configured = LazyCell::new(|| {
        recipe.tree.instructions.iter().any(|instruction| {
            let text = instruction.text();
            text.contains(".conf") && (text.contains("Assume-Yes") || text.contains("assumeyes"))
        })
    });
    for (_, site, invocation) in recipe.invocations() {
        let acts = matches!(invocation.action, Action::Install | Action::Remove | Action::Upgrade);
        // `autoremove` asks only where there is something to remove.
        let acts = acts && !(invocation.action == Action::Remove && invocation.packages.is_empty());
        // Somebody answers: `yes | apt-get install`.
        if !acts || invocation.assumes_yes() || site.position > 0 || *is_configured {
            continue;
        }
        // apt installs one package that needs no other without a word.
        let (when, severity) = match (invocation.manager.family, invocation.action) {
            (Family::Apt, Action::Install) => {
                ("it installs more than it is told", Severity::Warning)
            }
            _ => ("it acts", Severity::Error),
        };
        let message = format!("`{}` asks before {when}, and nobody answers", invocation.name());
        report.at(invocation.span(), message).severity(severity).help("add `-y`");
    }
}
