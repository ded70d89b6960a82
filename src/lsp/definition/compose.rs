//! Names in a Compose file: services, what they are built from, resources, variables.

use gen_lsp_types::Location;

use crate::model::compose::{Build, Compose, Data, Resource, Service, Value, VolumeKind};
use crate::model::text::{Origin, Text};
use crate::source::{Span, Spanned};
use crate::syntax::yaml::{self, Node};

use super::super::session::Session;
use super::dockerfile::{name_of, stage_of};
use super::{Place, start_of};

/// Where that is which a project names at a place.
pub fn named(
    session: &Session,
    project: &Compose,
    tree: &yaml::Tree,
    at: Place,
) -> Option<Location> {
    for service in &project.services {
        let named = service.depends_on.iter().map(|dependency| &dependency.service);
        if let Some(name) = named.chain(&service.implied).find(|name| at.is_in(name.span)) {
            return Some(session.location(project.service(&name.value)?.name.span));
        }
        if let Some(variable) = variable(&service.value, at) {
            return Some(session.location(variable));
        }
        let build = service.build.as_ref();
        if let Some(build) = build.filter(|it| at.is_in(it.span) || at.is_in(service.name.span)) {
            return built(session, build);
        }
        if let Some(resource) = resource(project, service, at) {
            return Some(session.location(resource));
        }
        let mut binds = service.volumes.iter().filter(|it| it.kind == VolumeKind::Bind);
        let bind = binds.find_map(|it| it.source.as_ref().filter(|it| at.is_in(it.span())));
        if let Some(source) = bind {
            return start_of(session, &project.resolve(at.file, source.known()?));
        }
    }
    extended(session, project, tree, at)
}

/// The stage that a service is built from, or else the Dockerfile.
fn built(session: &Session, build: &Build) -> Option<Location> {
    if let Some(inline) = &build.inline {
        return Some(session.location(inline.span()));
    }
    let path = build.dockerfile.as_ref()?;
    let stage = session.files.find(path).and_then(|file| {
        let recipe = session.document(file.id)?.recipe()?;
        let stages = &recipe.build.stages;
        let last = stages.len().checked_sub(1);
        let target = build.target.as_ref().and_then(|target| target.known());
        let stage = target.map_or(last, |target| stage_of(recipe, target, stages.len()))?;
        name_of(recipe, stage)
    });
    stage.map(|stage| session.location(stage)).or_else(|| start_of(session, path))
}

/// The network, volume, secret or config of the project that a service names.
fn resource(project: &Compose, service: &Service, at: Place) -> Option<Span> {
    let find = |list: &[Resource], name: &str| {
        list.iter().find(|resource| resource.name.value == name).map(|found| found.name.span)
    };
    let is_there = |text: &&Text| at.is_in(text.span());
    if let Some(network) = service.networks.iter().find(|it| at.is_in(it.network.span)) {
        return find(&project.networks, &network.network.value);
    }
    let mut volumes = service.volumes.iter().filter(|it| it.kind == VolumeKind::Volume);
    let volume = volumes.find_map(|volume| volume.source.as_ref().filter(is_there));
    let secret = service.secrets.iter().map(|it| &it.source).find(is_there);
    let config = service.configs.iter().map(|it| &it.source).find(is_there);
    let lists =
        [(volume, &project.volumes), (secret, &project.secrets), (config, &project.configs)];
    lists.into_iter().find_map(|(text, list)| find(list, text?.known()?))
}

/// Where the variable is set that stands at a place of a value.
fn variable(value: &Value, at: Place) -> Option<Span> {
    match &value.data {
        Data::Scalar(_, text) => text.parts().iter().find_map(|part| match part.origin {
            Origin::Variable { defined, .. } if at.is_in(part.span) => defined,
            _ => None,
        }),
        Data::List(items) => items.iter().find_map(|item| variable(item, at)),
        Data::Map(entries) => entries.iter().find_map(|entry| variable(&entry.value, at)),
        Data::Null | Data::Unknown => None,
    }
}

/// The service that `extends` names, here or in another file.
fn extended(
    session: &Session,
    project: &Compose,
    tree: &yaml::Tree,
    at: Place,
) -> Option<Location> {
    let services = all(tree, "services").flat_map(Node::entries);
    let mut extends = services.filter_map(|service| service.value.entry("extends"));
    let extends = extends.find(|entry| at.is_in(entry.value.span()))?.value;
    let file = match extends.get("file").and_then(Node::text) {
        Some(path) => session.files.find(&project.resolve(at.file, path.value))?.id,
        None => at.file,
    };
    let Spanned { value: name, .. } = extends.get("service").unwrap_or(extends).text()?;
    let base = session.document(file)?.yaml()?;
    let service = all(base, "services").find_map(|services| services.entry(name))?;
    Some(session.location(service.key.span()))
}

/// What the documents of a file have under a key.
fn all<'a>(tree: &'a yaml::Tree, key: &'a str) -> impl Iterator<Item = Node<'a>> {
    tree.documents().filter_map(move |document| document.root(tree).get(key))
}
