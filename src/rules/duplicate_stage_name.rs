use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-stage-name.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let names: Vec<_> =
        recipe.build.stages.iter().filter_map(|stage| stage.name.as_ref()).collect();
    for (index, name) in names.iter().enumerate() {
        let same = |other: &&&Spanned<String>| other.value.eq_ignore_ascii_case(&name.value);
        if let Some(first) = names[..index].iter().find(same) {
            report
                .at(name.span, format!("another stage is called `{}` already", name.value))
                .also(first.span, "here");
        }
    }
}
