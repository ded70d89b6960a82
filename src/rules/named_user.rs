use crate::model::Recipe;
use crate::model::user::User;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/named-user.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let Some(target) = recipe.shipped() else { return };
    let Some(user) = &recipe.build.settings(target).user else { return };
    let Some(parsed) = user.known().map(User::parse) else { return };
    let is_windows = recipe.build.base_image(target).is_some_and(|base| base.is_windows());
    if parsed.number().is_none() && !parsed.is_root() && !is_windows {
        report
            .at(user.span(), format!("`{}` is a name: `runAsNonRoot` wants a number", parsed.name))
            .help("write the user's number");
    }
}
