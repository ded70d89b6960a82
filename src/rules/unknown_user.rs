use std::cell::LazyCell;

use crate::model::Recipe;
use crate::model::dockerfile::Step;
use crate::model::user::User;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unknown-user.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let build = &recipe.build;
    let filled = LazyCell::new(|| recipe.led_by(|step| may_fill(recipe, step)));
    let steps = (0..build.stages.len()).filter_map(|stage| Some((stage, build.base_image(stage)?)));
    let steps = steps.flat_map(|(stage, base)| {
        build.stages[stage].steps.iter().map(move |step| (step, stage, base.clone()))
    });
    for (step, stage, base) in steps {
        let known: &[&str] = if base.is_scratch() {
            &["root"]
        } else if base.familiar().starts_with("gcr.io/distroless/") {
            &["root", "nobody", "nonroot"]
        } else {
            continue;
        };
        let instruction = step.instruction(&recipe.tree);
        let given = match instruction.kind {
            Keyword::User => step.words.first().and_then(|text| Some((text.known()?, text.span()))),
            _ => instruction
                .flag("chown")
                .and_then(|flag| flag.value.as_ref())
                .map(|value| (value.value.as_str(), value.span)),
        };
        let Some((text, span)) = given.filter(|(text, _)| !text.contains('$')) else { continue };
        let user = User::parse(text);
        let is_nobody = user.number().is_none()
            && !user.name.is_empty()
            && !known.contains(&user.name.as_str());
        if is_nobody && !filled[stage] {
            let base = base.familiar();
            report
                .at(span, format!("`{}` is nobody: `{base}` has no such user", user.name))
                .help("write the number, or copy an `/etc/passwd` that has the name");
        }
    }
}

/// Whether files come in that may name users, or programs that make some.
fn may_fill(recipe: &Recipe, step: &Step) -> bool {
    let to = step.words.last().map_or("", |to| to.value()).trim_end_matches('/');
    match step.instruction(&recipe.tree).kind {
        Keyword::Add | Keyword::Run | Keyword::Shell => true,
        Keyword::Copy => {
            matches!(to, "" | "/etc") || step.words.iter().any(|it| it.value().contains("passwd"))
        }
        _ => false,
    }
}
