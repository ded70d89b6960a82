use crate::model::Recipe;
use crate::model::dockerfile::Base;
use crate::model::image::{ImageRef, Role};
use crate::model::text::{HOLE, Text};
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;
use crate::syntax::dockerfile::{Instruction, Keyword};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unusable-default.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let is_before = |one: &&Instruction| one.kind != Keyword::From;
    let before = recipe.tree.instructions.iter().take_while(is_before);
    let bare: Vec<&str> = before
        .flat_map(|one| one.arguments.pairs())
        .filter(|pair| pair.value.is_none())
        .map(|pair| pair.key.value.as_str())
        .collect();
    for stage in &recipe.build.stages {
        let Base::Image(text) = &stage.base else { continue };
        let Some(name) = text.unknown().filter(|name| bare.contains(name)) else { continue };
        let rest = Spanned::new(text.value().replace(HOLE, ""), text.span());
        let is_empty = rest.value.is_empty();
        if is_empty || ImageRef::new(Text::written(rest), Role::Base).error().is_some() {
            report
                .at(text.span(), format!("this is no image without `{name}`, which has no default"))
                .help("give the `ARG` a default");
        }
    }
}
