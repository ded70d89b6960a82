use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/idle-process.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    if !container.is_long_running() || !container.starts_something() {
        return;
    }
    let Some((ending, span)) = container.ending() else { return };
    let Some(idle) = &ending.idle else { return };
    let finding = report
        .at(span, format!("{} keeps the container alive, whatever dies in it", idle.value))
        .help("start the program itself, as process 1 or under an init");
    if idle.span.file != span.file {
        finding.also(idle.span, "here");
    }
}
