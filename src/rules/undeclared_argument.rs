use crate::model::Recipe;
use crate::model::text::{Origin, Text};
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::{Arguments, Keyword};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/undeclared-argument.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let before_from =
        recipe.tree.instructions.iter().take_while(|instruction| instruction.kind != Keyword::From);
    let mut global = Vec::new();
    for instruction in before_from {
        if let (Keyword::Arg, Arguments::Pairs(pairs)) = (instruction.kind, &instruction.arguments)
        {
            global.extend(pairs.iter().map(|pair| &pair.key));
        }
    }
    if global.is_empty() {
        return;
    }
    for (step, _) in recipe.steps() {
        let values = step.pairs.iter().filter_map(|(_, value)| value.as_deref());
        let texts: Vec<&Text> = step.words.iter().chain(values).collect();
        for part in texts.iter().flat_map(|text| text.parts()) {
            let (Origin::Unknown { name } | Origin::Variable { name, defined: None }) =
                &part.origin
            else {
                continue;
            };
            if let Some(declared) = global.iter().find(|key| key.value == *name) {
                report
                    .at(part.span, format!("`{name}` is empty here: the stage does not declare it"))
                    .help(format!("put `ARG {name}` into the stage, before this line"))
                    .also(declared.span, "this one is for `FROM` lines only");
            }
        }
    }
}
