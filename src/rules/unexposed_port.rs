use std::collections::HashSet;

use crate::model::Workspace;
use crate::model::container::Container;
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unexposed-port.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let services = workspace.projects.iter().flat_map(|project| &project.services);
    let with_files = services.filter(|service| !service.env_files.is_empty());
    let with_files: HashSet<Span> = with_files.map(|service| service.name.span).collect();
    for container in &workspace.containers {
        let Some(image) = container.built_from.as_deref() else { continue };
        let (Some(first), Some(exposed)) = (container.ports.first(), image.ports.first()) else {
            continue;
        };
        let is_exposed = |port: u16| image.ports.iter().any(|exposed| exposed.number.value == port);
        // One that fits shows that the author knows the image, and means the others.
        let fits = container
            .ports
            .iter()
            .any(|port| is_exposed(port.number.value) || may_be_told(container, port.number.value));
        if fits || with_files.contains(&container.name.span) || is_configured(container) {
            continue;
        }
        let (number, other) = (first.number.value, exposed.number.value);
        let subject = container.subject();
        report
            .at(
                first.number.span,
                format!("{subject} opens port {number}, and its image listens on {other}"),
            )
            .help("name the port that the program listens on, here and in `EXPOSE`")
            .also(exposed.number.span, "what the image says");
    }
}

/// Whether a variable or the command may tell the program to listen there.
fn may_be_told(container: &Container, port: u16) -> bool {
    let says = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit()).any(|number| number.parse() == Ok(port))
    };
    let start = container.start();
    let mut commands = [start.entrypoint, start.command].into_iter();
    container.effective_environment().iter().any(|variable| {
        match variable.value.as_ref().and_then(Text::known) {
            Some(value) => says(value),
            None => variable.name.value.contains("PORT"),
        }
    }) || commands.any(|command| {
        command.is_unresolved()
            || command.get().is_some_and(|it| it.value.line().is_none_or(|line| says(&line)))
    })
}

/// Whether files from elsewhere may configure it, or it has the host's ports.
fn is_configured(container: &Container) -> bool {
    let is_settings = |path: &str| path.contains("conf") || path.contains("etc");
    container.host.network.is_true()
        || container.host.network.is_unresolved()
        || container
            .mounts
            .iter()
            .any(|mount| mount.from_host || mount.target.known().is_none_or(is_settings))
}
