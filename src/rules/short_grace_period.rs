use crate::knowledge::datastores::{self, Datastore};
use crate::knowledge::images::unmirrored;
use crate::model::Workspace;
use crate::model::compose::Service;
use crate::model::image::ImageRef;
use crate::model::kubernetes::{Controller, Workload};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/short-grace-period.md"), Check::Workspace(check));

/// Seconds that a pod is given unless it says otherwise.
const DEFAULT: i64 = 30;

/// Seconds that Docker gives to everything: less for what holds data is given on purpose.
const LEAST: i64 = 10;

fn check(workspace: &Workspace, report: &mut Report) {
    for member in workspace.cluster.workloads() {
        of_pod(member.workload, report);
    }
    for service in workspace.services() {
        of_service(service, report);
    }
}

fn of_service(service: &Service, report: &mut Report) {
    let Some(grace) = service.stop_grace.get() else { return };
    if grace.value.is_zero() {
        report
            .at(grace.span, "0 seconds: the container is killed without being asked to end")
            .help("leave it out for 10 seconds");
        return;
    }
    let seconds = grace.value.as_secs();
    let store = service.image.as_ref().and_then(store);
    if let Some(store) = store.filter(|_| seconds < LEAST.unsigned_abs()) {
        short(store, seconds, grace.span, report);
    }
}

fn of_pod(workload: &Workload, report: &mut Report) {
    let pod = &workload.pod;
    let Some(grace) = pod.termination_grace.known_or(DEFAULT) else { return };
    let written = pod.termination_grace.span();
    // An agent of a node answers nobody.
    let is_agent = workload.controller == Controller::DaemonSet;
    if grace == 0 && !workload.controller.is_job() && !is_agent {
        let span = written.unwrap_or(pod.name.span);
        report
            .at(span, "0 seconds: the pod is killed without being asked to end")
            .help("leave it out for 30 seconds");
        return;
    }
    let mut stores = pod.running().filter_map(|container| store(container.view.image.as_ref()?));
    if let Some(span) = written.filter(|_| grace < LEAST)
        && let Some(store) = stores.next()
    {
        short(store, grace.unsigned_abs(), span, report);
    }
    for container in &pod.containers {
        let Some(sleep) = container.stop_delay.get().filter(|it| it.value >= grace) else {
            continue;
        };
        let name = &container.view.name.value;
        let finding = report.at(
            sleep.span,
            format!("`{name}` is killed after {grace} seconds, while this still sleeps"),
        );
        finding.help(format!(
            "set `terminationGracePeriodSeconds` to more than {}, with the time it takes to end",
            sleep.value
        ));
        if let Some(span) = written {
            finding.also(span, "the grace period");
        }
    }
}

fn short(store: &Datastore, seconds: u64, span: Span, report: &mut Report) {
    let what =
        format!("{} is killed after {seconds} seconds, before it has written all", store.name);
    report.at(span, what).help("give it a minute");
}

/// What an image keeps data with.
fn store(image: &ImageRef) -> Option<&'static Datastore> {
    datastores::of(unmirrored(image.familiar())).filter(|store| !store.data.is_empty())
}
