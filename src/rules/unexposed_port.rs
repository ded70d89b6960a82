use std::collections::{HashMap, HashSet};

use crate::model::Workspace;
use crate::model::compose::Service;
use crate::model::container::{Container, Port};
use crate::model::kubernetes::{PodContainer, PortRef};
use crate::model::text::Text;
use crate::rule::{Check, Report, Rule};
use crate::source::{Span, Spanned};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unexposed-port.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let services = || workspace.projects.iter().flat_map(|project| &project.services);
    let with_files = services().filter(|service| !service.env_files.is_empty());
    let with_files: HashSet<Span> = with_files.map(|service| service.name.span).collect();
    let mut asked = asked(workspace);
    let told = services().filter(|service| !with_files.contains(&service.name.span));
    asked.extend(told.filter_map(|service| Some((service.name.span, of_traefik(service)?))));
    for container in &workspace.containers {
        let Some(image) = container.built_from.as_deref() else { continue };
        let Some(exposed) = image.ports.first() else { continue };
        if let Some(port) = asked.get(&container.name.span) {
            of_asked(container, port, report);
        }
        if container.ports.is_empty() {
            continue;
        }
        let first = &container.ports[0];
        let mut open = may_be_told(container);
        for range in &image.ports {
            open[range.number.value.into()..=range.last.max(range.number.value).into()].fill(true);
        }
        // One that fits shows that the author knows the image, and means the others.
        let fits = container.ports.iter().any(|port| open[usize::from(port.number.value)]);
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

/// A port of a container that others turn to, and how that is said of it.
struct Asked {
    port: Spanned<u16>,
    how: &'static str,
}

/// The port that a label tells Traefik to send what it is asked to.
fn of_traefik(service: &Service) -> Option<Asked> {
    let mut labels = service.labels.iter().filter(|label| {
        let name = label.name.value.to_ascii_lowercase();
        name == "traefik.port"
            || name.starts_with("traefik.") && name.ends_with(".loadbalancer.server.port")
    });
    let value = labels.next()?.value.as_ref()?;
    let port = Spanned::new(value.known()?.trim().parse().ok()?, value.span());
    Some(Asked { port, how: "is asked by Traefik" })
}

/// The port that the first probe of a pod's container asks, by where the container's name stands;
/// only of those that list no ports.
fn asked(workspace: &Workspace) -> HashMap<Span, Asked> {
    let containers = workspace.cluster.workloads().flat_map(|it| &it.workload.pod.containers);
    let silent = containers.filter(|own| own.ports.is_empty() && !own.has_open_ports);
    let port = |own: &PodContainer| {
        let mut ports = own.probes.iter().filter_map(|probe| match probe.handler.port()? {
            PortRef::Number(port) => Some(Spanned::new(u16::try_from(port.value).ok()?, port.span)),
            _ => None,
        });
        Some((own.view.name.span, Asked { port: ports.next()?, how: "is asked" }))
    };
    silent.filter_map(port).collect()
}

/// Tells of a port that is asked and on which the image does not listen.
fn of_asked(container: &Container, Asked { port: asked, how }: &Asked, report: &mut Report) {
    let image = container.built_from.as_deref().unwrap_or(container);
    let exposes =
        |port: &Port| (port.number.value..=port.last.max(port.number.value)).contains(&asked.value);
    let Some(exposed) = image.ports.first().filter(|_| !image.ports.iter().any(exposes)) else {
        return;
    };
    if may_be_told(container)[usize::from(asked.value)] || is_configured(container) {
        return;
    }
    let (number, other) = (asked.value, exposed.number.value);
    let subject = container.subject();
    report
        .at(
            asked.span,
            format!("{subject} {how} on port {number}, and its image listens on {other}"),
        )
        .help("ask the port that the program listens on")
        .also(exposed.number.span, "what the image says");
}

/// The ports on which a variable or the command may tell the program to listen.
fn may_be_told(container: &Container) -> Vec<bool> {
    let mut told = vec![false; 1 << 16];
    let mut read = |text: Option<&str>| match text {
        Some(text) => {
            let numbers = text.split(|c: char| !c.is_ascii_digit());
            for port in numbers.filter_map(|number| number.parse::<u16>().ok()) {
                told[usize::from(port)] = true;
            }
        }
        None => told.fill(true),
    };
    for variable in container.effective_environment() {
        let value = variable.value.as_ref().and_then(Text::known);
        if value.is_some() || variable.name.value.contains("PORT") {
            read(value);
        }
    }
    let start = container.start();
    for command in [start.entrypoint, start.command].into_iter().filter(|it| !it.is_absent()) {
        read(command.get().and_then(|command| command.value.line()).as_deref());
    }
    told
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
