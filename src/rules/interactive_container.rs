use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/interactive-container.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    if let Some(terminal) = container.terminal.get().filter(|terminal| terminal.value) {
        report
            .at(terminal.span, format!("nobody types into `{}`", container.name.value))
            .help("take it out, unless the program has a console that one attaches to");
    }
}
