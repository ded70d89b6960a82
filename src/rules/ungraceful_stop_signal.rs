use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ungraceful-stop-signal.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps() {
        if step.instruction(&recipe.tree).kind != Keyword::Stopsignal {
            continue;
        }
        let Some(signal) = step.words.first() else { continue };
        let name = signal.value().trim_matches(['"', '\'']).to_ascii_uppercase();
        if matches!(name.strip_prefix("SIG").unwrap_or(&name), "KILL" | "STOP" | "9" | "19") {
            report
                .at(signal.span(), format!("no program can answer `{}`", signal.value()))
                .help("leave it at `SIGTERM`, or name the signal that ends the program gracefully");
        }
    }
}
