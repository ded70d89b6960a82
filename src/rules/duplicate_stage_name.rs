use std::collections::HashMap;

use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-stage-name.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let mut first: HashMap<String, Span> = HashMap::new();
    for name in recipe.build.stages.iter().filter_map(|stage| stage.name.as_ref()) {
        let first = *first.entry(name.value.to_ascii_lowercase()).or_insert(name.span);
        if first != name.span {
            report
                .at(name.span, format!("another stage is called `{}` already", name.value))
                .also(first, "here");
        }
    }
}
