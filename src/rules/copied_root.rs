use crate::model::Recipe;
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/copied-root.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for (step, _) in
        recipe.steps_of(&[Keyword::Copy, Keyword::Add]).filter(|(_, stage)| recipe.ships(*stage))
    {
        let instruction = step.instruction(&recipe.tree);
        let Some(from) = instruction.flag("from").and_then(|flag| flag.value.as_ref()) else {
            continue;
        };
        let is_root = |text: &Text| matches!(text.value(), "/" | "/." | "/*" | "//");
        if let [source, to] = step.words.as_slice()
            && is_root(source)
            && is_root(to)
        {
            report
                .at(source.span(), format!("all of `{}` goes into the image", from.value))
                .help("copy what the image needs");
        }
    }
}
