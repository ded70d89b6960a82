use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unstartable-non-root.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let (Some(user), Some(guard)) = (container.user.get(), container.non_root.get()) else {
        return;
    };
    if guard.value && user.value.number() == Some(0) {
        let what = format!(
            "`{}` is told to run as user 0, which `runAsNonRoot` forbids",
            container.name.value
        );
        report
            .at(user.span, what)
            .help("give it another user, or say `runAsNonRoot: false` for it")
            .also(guard.span, "the guard");
    }
}
