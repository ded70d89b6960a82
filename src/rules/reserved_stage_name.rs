use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/reserved-stage-name.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for name in recipe.build.stages.iter().filter_map(|stage| stage.name.as_ref()) {
        if ["scratch", "context"].iter().any(|word| name.value.eq_ignore_ascii_case(word)) {
            report
                .at(name.span, format!("`{}` means something else to the builder", name.value))
                .help("give the stage another name");
        }
    }
}
