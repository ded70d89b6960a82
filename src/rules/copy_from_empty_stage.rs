use crate::model::Recipe;
use crate::model::dockerfile::Base;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/copy-from-empty-stage.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in recipe.steps_of(&[Keyword::Copy, Keyword::Add]) {
        let Some(source) = step.from_stage else { continue };
        let stage = &recipe.build.stages[source];
        let fills = || {
            stage.steps.iter().any(|step| {
                matches!(
                    step.instruction(&recipe.tree).kind,
                    Keyword::Copy | Keyword::Add | Keyword::Run
                )
            })
        };
        if !matches!(stage.base, Base::Scratch(_)) || fills() {
            continue;
        }
        let flag = step.instruction(&recipe.tree).flag("from").and_then(|flag| flag.value.as_ref());
        if let Some(flag) = flag {
            report
                .at(flag.span, format!("`{}` holds nothing: it is empty", flag.value))
                .also(stage.from, "this stage begins with nothing and adds nothing");
        }
    }
}
