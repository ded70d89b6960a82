use crate::model::Recipe;
use std::sync::Arc;

use crate::model::text::{Origin, Text};
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/same-statement-reference.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&[Keyword::Env]) {
        for (at, (_, value)) in step.pairs.iter().enumerate() {
            for part in value.iter().flat_map(|value| value.parts()) {
                let (Origin::Unknown { name } | Origin::Variable { name, defined: None }) =
                    &part.origin
                else {
                    continue;
                };
                let is_set = |(key, _): &&(Arc<Text>, _)| key.value() == name;
                if let Some((key, _)) = step.pairs[..at].iter().find(is_set) {
                    report
                        .at(part.span, format!("`{name}` is not set yet: this statement sets it"))
                        .help("use an `ENV` of its own for what depends on it")
                        .also(key.span(), "set here, for what follows the statement");
                }
            }
        }
    }
}
