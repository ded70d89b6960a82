use crate::model::dockerfile::Settings;
use crate::model::kubernetes::PodContainer;
use crate::model::user::User;
use crate::model::{Recipe, Workspace};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule = Rule::new(include_str!("../../rules/low-port.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    for recipe in workspace.recipes() {
        image(recipe, report);
    }
    for member in workspace.cluster.workloads().filter(|member| !member.workload.pod.is_windows) {
        member.workload.pod.containers.iter().for_each(|own| container(own, report));
    }
}

fn image(recipe: &Recipe, report: &mut Report) {
    let Some(target) = recipe.shipped() else { return };
    let settings = recipe.build.settings(target);
    let user = settings.user.as_ref().and_then(|user| user.known().map(User::parse));
    let is_windows = recipe.build.base_image(target).is_some_and(|base| base.is_windows());
    if user.is_none_or(|user| user.is_root()) || is_windows {
        return;
    }
    // 0 is no port that anybody listens on.
    let exposed = recipe.build.exposed(target);
    let exposed: Vec<_> = exposed.filter(|it| (1..1024).contains(&it.first)).collect();
    let told = told(settings);
    let is_low = told.is_some() || !exposed.is_empty();
    if !is_low || recipe.brings(target, "cap_net_bind_service") {
        return;
    }
    if let Some((port, span)) = told {
        report
            .at(
                span,
                format!(
                    "only root may listen on port {port} everywhere, and the image runs as another"
                ),
            )
            .help("listen on a port from 1024 on, such as 8080");
    }
    for exposed in exposed {
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

/// A port below 1024 on which the command line tells the program to listen, and where.
fn told(settings: &Settings) -> Option<(u16, Span)> {
    const OPTIONS: [&str; 6] = ["--port", "--bind", "-b", "--listen", "--http-port", "--http.port"];
    let start = [&settings.entrypoint, &settings.command].into_iter().flatten();
    start.filter_map(|command| command.value.known_words()).find_map(|words| {
        let mut option = "";
        words.iter().find_map(|word| {
            let (name, value) = word.value.split_once('=').unwrap_or((option, word.value));
            option = word.value;
            let port = value.rsplit(':').next()?.parse::<u16>().ok()?;
            let is_low = (1..1024).contains(&port) && OPTIONS.contains(&name);
            is_low.then_some((port, word.span))
        })
    })
}

fn container(own: &PodContainer, report: &mut Report) {
    let view = &own.view;
    let Some(user) = view.user.get().filter(|user| !user.value.is_root()) else { return };
    // Who asks for the right has seen to it.
    if view.capabilities.add.iter().any(|added| added.value.contains("NET_BIND_SERVICE")) {
        return;
    }
    for port in view.ports.iter().filter(|port| port.number.value < 1024) {
        let (number, name) = (port.number.value, &view.name.value);
        report
            .at(
                port.number.span,
                format!(
                    "only root may listen on port {number} everywhere, and `{name}` runs as another"
                ),
            )
            .help("listen on a port from 1024 on; the Service may keep its own")
            .also(user.span, "who it runs as");
    }
}
