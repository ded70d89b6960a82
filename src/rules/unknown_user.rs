use std::collections::HashMap;

use crate::model::Recipe;
use crate::model::user::User;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unknown-user.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let build = &recipe.build;
    let mut filled: HashMap<usize, bool> = HashMap::new();
    for (step, stage) in recipe.steps() {
        let Some(base) = build.base_image(stage) else { continue };
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
        if is_nobody && !*filled.entry(stage).or_insert_with(|| is_filled(recipe, stage)) {
            let base = base.familiar();
            report
                .at(span, format!("`{}` is nobody: `{base}` has no such user", user.name))
                .help("write the number, or copy an `/etc/passwd` that has the name");
        }
    }
}

/// Whether files come in that may name users, or programs that make some.
fn is_filled(recipe: &Recipe, stage: usize) -> bool {
    let line = recipe.build.line(stage);
    let mut steps = line.iter().flat_map(|stage| &recipe.build.stages[*stage].steps);
    steps.any(|step| {
        let to = step.words.last().map_or("", |to| to.value()).trim_end_matches('/');
        match step.instruction(&recipe.tree).kind {
            Keyword::Add | Keyword::Run | Keyword::Shell => true,
            Keyword::Copy => {
                matches!(to, "" | "/etc")
                    || step.words.iter().any(|it| it.value().contains("passwd"))
            }
            _ => false,
        }
    })
}
