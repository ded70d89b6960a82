//! Objects of Kubernetes that others name or select.

use crate::model::kubernetes::{Cluster, Manifest, Source};
use crate::model::setting::Setting;
use crate::source::Span;

use super::super::session::Session;
use super::Place;

/// Where the objects are that one names or selects at a place.
pub fn named(session: &Session, at: Place) -> Vec<Span> {
    let clusters = session.workspace.parts.iter().map(|part| &part.cluster);
    let objects = clusters.flat_map(|cluster| cluster.objects().map(move |it| (cluster, it)));
    let own = objects.filter(|(_, object)| object.file == at.file);
    own.map(|(cluster, object)| named_by(cluster, object, at))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn named_by(cluster: &Cluster, object: &Manifest, at: Place) -> Vec<Span> {
    if let Some(selector) = object.selects.as_ref().filter(|it| at.is_in(it.span)) {
        let pods = cluster.pods(object, selector).found().unwrap_or_default();
        return pods.iter().map(|member| member.object.blame()).collect();
    }
    one_named_by(cluster, object, at).into_iter().collect()
}

fn one_named_by(cluster: &Cluster, object: &Manifest, at: Place) -> Option<Span> {
    let is_there = |name: &Setting<String>| name.span().is_some_and(|span| at.is_in(span));
    let tls = object.tls_secrets();
    for reference in object.workloads.iter().flat_map(|it| &it.pod.references).chain(&tls) {
        if is_there(&reference.name) {
            return cluster.reference(object, reference).found().map(Source::place);
        }
        if is_there(&reference.key) {
            let source = cluster.reference(object, reference).found()?;
            return Some(source.key(&reference.key.get()?.value).unwrap_or(source.place()));
        }
    }
    if let Some(backend) = object.backends().into_iter().find(|it| is_there(&it.service)) {
        return cluster.find(object, "Service", &backend.service).found().map(Manifest::blame);
    }
    if let Some(scaler) = object.autoscaler().filter(|it| is_there(&it.name)) {
        return cluster.target(object, &scaler).found().map(Manifest::blame);
    }
    let role = object.bound_role().filter(|role| at.is_in(role.name.span))?;
    cluster.find(object, &role.kind, &Setting::Set(role.name)).found().map(Manifest::blame)
}
