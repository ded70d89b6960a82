use crate::knowledge::bases::DefaultUser;
use crate::model::container::Container;
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unstartable-non-root.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let Some(guard) = container.non_root.get().filter(|guard| guard.value) else { return };
    let name = &container.name.value;
    match &container.user {
        Setting::Set(user) if user.value.number() == Some(0) => {
            let what = format!("`{name}` is told to run as user 0, which `runAsNonRoot` forbids");
            report
                .at(user.span, what)
                .help("give it another user, or say `runAsNonRoot: false` for it")
                .also(guard.span, "the guard");
        }
        Setting::Absent => {
            if let Some((what, place)) = of_image(container) {
                report
                    .at(guard.span, format!("`{name}` does not start: {what}"))
                    .help("set `runAsUser` to the number of a user who is not root")
                    .also(place, "the image");
            }
        }
        _ => {}
    }
}

/// Why the kubelet does not take what the image says of its user, and where that is.
fn of_image(container: &Container) -> Option<(String, Span)> {
    let base = container.base().filter(|base| !base.is_windows());
    let image = container.built_from.as_deref();
    match image.map(|image| &image.user) {
        Some(Setting::Set(user)) if user.value.is_root() => {
            Some((format!("its image runs as `{}`", user.value.name), user.span))
        }
        Some(Setting::Set(user)) if user.value.number().is_none() => {
            let name = &user.value.name;
            Some((format!("its image runs as `{name}`, and names are not looked up"), user.span))
        }
        Some(Setting::Set(_) | Setting::Unresolved(_) | Setting::NotApplicable) => None,
        Some(Setting::Absent) | None => {
            let base = base?;
            let is_root = matches!(base.default_user()?, DefaultUser::Root | DefaultUser::Drops(_));
            let place = image.map_or(base.span(), |image| image.name.span);
            is_root.then(|| (format!("`{}` runs as root by default", base.familiar()), place))
        }
    }
}
