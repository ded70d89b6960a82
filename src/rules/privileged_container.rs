use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/privileged-container.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    if let Some(privileged) = container.privileged.get().filter(|privileged| privileged.value) {
        let what =
            format!("`{}` is privileged: it has all rights over its host", container.name.value);
        report.at(privileged.span, what).help("add the one capability or device that it needs");
    }
}
