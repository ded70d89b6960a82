use crate::knowledge::bases::DefaultUser;
use crate::model::Recipe;
use crate::model::run::{Mark, Run};
use crate::model::user::User;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/sudo-in-build.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for run in recipe.runs_with(Mark::Wrapper) {
        let sites = run.script.commands();
        let wrappers = sites.flat_map(|site| site.command.wrappers());
        let sudo =
            wrappers.filter(|wrapper| wrapper.name == "sudo").find_map(|it| it.words.first());
        if let Some(word) = sudo.filter(|_| is_root(recipe, run)) {
            report
                .at(word.span, "`sudo` in a build: steps are root until `USER` says otherwise")
                .help("drop it, with `USER root` before the step if need be");
        }
    }
}

/// Whether a step is root already; where nothing in view says so, `sudo` may be the way to it.
fn is_root(recipe: &Recipe, run: &Run) -> bool {
    match &recipe.step(run).user {
        Some(user) => user.known().is_some_and(|user| User::parse(user).is_root()),
        None => {
            let base = recipe.build.base_image(run.stage);
            let user = base.and_then(|base| base.default_user());
            matches!(user, Some(DefaultUser::Root | DefaultUser::Drops(_)))
        }
    }
}
