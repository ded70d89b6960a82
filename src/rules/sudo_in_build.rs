use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/sudo-in-build.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for run in &recipe.runs {
        let sites = run.script.commands();
        let wrappers = sites.flat_map(|site| site.command.wrappers());
        let sudo =
            wrappers.filter(|wrapper| wrapper.name == "sudo").find_map(|it| it.words.first());
        if let Some(word) = sudo {
            report
                .at(word.span, "`sudo` in a build: steps are root until `USER` says otherwise")
                .help("drop it, with `USER root` before the step if need be");
        }
    }
}
