//! Where the thing is that a place names: stages, services, Dockerfiles.

use std::path::Path;

use gen_lsp_types::{
    Definition, DefinitionParams, DefinitionResponse, Location, Range, TextDocumentPositionParams,
};

use crate::model::compose::{Build, Compose};
use crate::model::dockerfile::Base;
use crate::model::{Recipe, Tree};
use crate::source::{FileId, Span, Spanned};
use crate::syntax::yaml::{self, Node};

use super::session::Session;
use super::uri;

pub fn definition(session: &Session, params: DefinitionParams) -> Option<DefinitionResponse> {
    let TextDocumentPositionParams { text_document, position } =
        params.text_document_position_params;
    let file = session.file(&text_document.uri)?;
    let offset = session.offset(file, position);
    let at = Place { file: file.id, offset };
    let location = match &session.document(file.id)?.tree {
        Tree::Dockerfile(recipe) => session.location(stage_named(recipe, at)?),
        Tree::Yaml(tree) => {
            let mut within = session.recipes_within(file.id);
            if let Some(recipe) = within.find(|it| it.within.is_some_and(|it| at.is_in(it))) {
                return Some(told(session.location(stage_named(recipe, at)?)));
            }
            let mut projects = session.projects_of(file.id);
            projects.find_map(|project| in_compose(session, project, tree, at))?
        }
    };
    Some(told(location))
}

fn told(location: Location) -> DefinitionResponse {
    DefinitionResponse::Definition(Definition::Location(location))
}

/// Where somebody asks.
#[derive(Clone, Copy)]
struct Place {
    file: FileId,
    offset: u32,
}

impl Place {
    fn is_in(self, span: Span) -> bool {
        self.file == span.file && span.start <= self.offset && self.offset <= span.end
    }
}

/// The `FROM` of the stage that is named at a place: by a `FROM`, a `COPY --from` or a mount.
fn stage_named(recipe: &Recipe, at: Place) -> Option<Span> {
    let stages = &recipe.build.stages;
    for (number, stage) in stages.iter().enumerate() {
        if let Base::Stage { index, span } = stage.base
            && at.is_in(span)
        {
            return named_or_from(recipe, index);
        }
        for step in stage.steps.iter().filter(|step| !step.triggered) {
            let instruction = step.instruction(&recipe.tree);
            if !at.is_in(instruction.span) {
                continue;
            }
            let from = instruction.flag("from").and_then(|flag| flag.value.as_ref());
            if from.is_some_and(|from| at.is_in(from.span)) {
                return named_or_from(recipe, step.from_stage?);
            }
            let mounts = step.mounts.iter().filter_map(|mount| mount.from.as_ref());
            let from = mounts.into_iter().find(|from| at.is_in(from.span))?;
            return named_or_from(recipe, stage_of(recipe, &from.value, number)?);
        }
    }
    None
}

/// The stage before `before` of a name or a number.
fn stage_of(recipe: &Recipe, name: &str, before: usize) -> Option<usize> {
    let stages = &recipe.build.stages[..before];
    let is_it = |it: &Spanned<String>| it.value.eq_ignore_ascii_case(name);
    let named = stages.iter().rposition(|stage| stage.name.as_ref().is_some_and(is_it));
    named.or_else(|| name.parse().ok().filter(|number| *number < before))
}

fn named_or_from(recipe: &Recipe, stage: usize) -> Option<Span> {
    let stage = recipe.build.stages.get(stage)?;
    Some(stage.name.as_ref().map_or(stage.from, |name| name.span))
}

fn in_compose(
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
        let build = service.build.as_ref();
        if let Some(build) = build.filter(|it| at.is_in(it.span) || at.is_in(service.name.span)) {
            return built(session, build);
        }
    }
    extended(session, project, tree, at).or_else(|| included(session, project, tree, at))
}

/// The stage that a service is built from, or else the Dockerfile.
fn built(session: &Session, build: &Build) -> Option<Location> {
    if let Some(inline) = &build.inline {
        return Some(session.location(inline.span()));
    }
    let path = build.dockerfile.as_ref()?;
    let Some(file) = session.files.find(path) else {
        let uri = uri::of_path(path);
        return Path::new(path).exists().then(|| Location { uri, range: Range::default() });
    };
    let stage = session.document(file.id).and_then(|document| {
        let recipe = document.recipe()?;
        let stages = &recipe.build.stages;
        let last = stages.len().checked_sub(1);
        let target = build.target.as_ref().and_then(|target| target.known());
        let stage = target.map_or(last, |target| stage_of(recipe, target, stages.len()))?;
        named_or_from(recipe, stage)
    });
    Some(session.location(stage.unwrap_or(Span::new(file.id, 0, 0))))
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
    let name = extends.get("service").unwrap_or(extends).text()?;
    let base = session.document(file)?.yaml()?;
    let service = all(base, "services").find_map(|services| services.entry(name.value))?;
    Some(session.location(service.key.span()))
}

/// The file that `include` names.
fn included(
    session: &Session,
    project: &Compose,
    tree: &yaml::Tree,
    at: Place,
) -> Option<Location> {
    let items = all(tree, "include").flat_map(Node::items);
    let paths = items.map(|item| item.get("path").unwrap_or(item));
    let path = paths
        .flat_map(|path| path.items().chain([path]))
        .find_map(|path| path.text().filter(|path| at.is_in(path.span)))?;
    let file = session.files.find(&project.resolve(at.file, path.value))?.id;
    Some(session.location(Span::new(file, 0, 0)))
}

/// What the documents of a file have under a key.
fn all<'a>(tree: &'a yaml::Tree, key: &'a str) -> impl Iterator<Item = Node<'a>> {
    tree.documents().filter_map(move |document| document.root(tree).get(key))
}
