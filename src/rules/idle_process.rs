use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/idle-process.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let start = [&container.entrypoint, &container.command];
    for command in start.into_iter().filter_map(|setting| setting.get()) {
        let Some(line) = command.value.line() else { continue };
        let idle = ["sleep infinity", "sleep inf", "tail -f /dev/null", "tail -F /dev/null"]
            .into_iter()
            .find(|idle| line.ends_with(idle));
        if let (Some(idle), true) = (idle, container.is_long_running()) {
            report
                .at(
                    command.span,
                    format!("`{idle}` keeps the container alive, whatever dies in it"),
                )
                .help("start the program itself, as process 1 or under an init");
        }
    }
}
