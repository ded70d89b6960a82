use crate::model::dockerfile::Base;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-build-argument.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for (service, build, recipe) in workspace.builds() {
        if build.target.is_some() || service.is_partial {
            continue;
        }
        for stage in recipe.build.stages.iter().filter(|stage| stage.needed) {
            let Base::Image(base) = &stage.base else { continue };
            let Some(name) = base.unknown() else { continue };
            let is_given = build.args.iter().any(|argument| argument.name.value == name);
            let Some(declared) = declared(recipe, name).filter(|_| !is_given) else { continue };
            report
                .at(
                    build.dockerfile_span,
                    format!(
                        "the build is not given `{name}`, and `{}` is no image without",
                        base.shown()
                    ),
                )
                .help(format!("name `{name}` in `build.args`, or give its `ARG` a default"))
                .also(declared, "declared without a default")
                .also(base.span(), "the base that it decides");
        }
    }
}

/// Where an argument for `FROM` is declared, if it has no default.
fn declared(recipe: &Recipe, name: &str) -> Option<Span> {
    let before = recipe.tree.instructions.iter().take_while(|one| one.kind != Keyword::From);
    let mut pairs = before.flat_map(|one| one.arguments.pairs());
    pairs.find(|pair| pair.key.value == name && pair.value.is_none()).map(|pair| pair.key.span)
}
