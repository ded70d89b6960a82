use crate::model::{Call, Recipe};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/rolling-download.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for Call { program, .. } in recipe.calls_of(&["curl", "wget"]) {
        program.arguments.iter().for_each(|word| say(&word.prefix(), word.span, report));
    }
    for (step, _) in recipe.steps_of(&[Keyword::Add]) {
        step.words.iter().for_each(|word| say(word.value(), word.span(), report));
    }
}

fn say(url: &str, span: Span, report: &mut Report) {
    let Some((_, path)) = url.split_once("://") else { return };
    let is_rolling = path.split('/').skip(1).any(|part| part == "latest" || part == "stable.txt")
        && !path.contains("api.github.com");
    if is_rolling {
        report.at(span, "this address is another file after each release").help("name the release");
    }
}
