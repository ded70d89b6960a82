use crate::model::Format;
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/dropped-command.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    let [own, key] = match container.format {
        Format::Dockerfile => return,
        Format::Compose => ["entrypoint", "command"],
        Format::Kubernetes => ["command", "args"],
    };
    let Some(entrypoint) = container.entrypoint.get() else { return };
    let Some(lacks) = container.lacks_command() else { return };
    let image = container.built_from.as_ref();
    let dropped = image.and_then(|image| image.command.get()).filter(|it| !it.value.is_empty());
    // Which of its own commands an image brings is only known where it is built.
    let Some(dropped) = dropped else { return };
    report
        .at(entrypoint.span, format!("`{own}` drops the image's `CMD`, and {lacks}"))
        .help(format!("repeat the command below `{key}`, or leave `{own}` to the image"))
        .also(dropped.span, "this does not run");
}
