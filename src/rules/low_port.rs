use crate::model::Recipe;
use crate::model::user::User;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/low-port.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    let Some(target) = recipe.shipped() else { return };
    let image = recipe.build.image(target);
    let user = image.settings.user.as_ref().and_then(|user| user.known().map(User::parse));
    let is_windows = recipe.build.base_image(target).is_some_and(|base| base.is_windows());
    if user.is_none_or(|user| user.is_root())
        || is_windows
        || recipe.brings(target, "cap_net_bind_service")
    {
        return;
    }
    // 0 is no port that anybody listens on.
    for exposed in image.exposed.iter().filter(|exposed| (1..1024).contains(&exposed.first)) {
        let port = exposed.first;
        report
            .at(
                exposed.text.span(),
                format!(
                    "only root may listen on port {port} everywhere, and the image runs as another"
                ),
            )
            .help("listen on a port from 1024 on, such as 8080");
    }
}
