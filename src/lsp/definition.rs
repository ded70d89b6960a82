//! Where the thing is that a place names.

mod compose;
mod dockerfile;
mod kubernetes;

use std::path::Path;

use gen_lsp_types::{
    Definition, DefinitionParams, DefinitionResponse, Location, Range, TextDocumentPositionParams,
};

use crate::model::{Recipe, Tree};
use crate::source::{FileId, Span};
use crate::syntax::yaml;

use super::session::Session;
use super::uri;

pub use dockerfile::stage_named;

pub fn definition(session: &Session, params: DefinitionParams) -> Option<DefinitionResponse> {
    let TextDocumentPositionParams { text_document, position } =
        params.text_document_position_params;
    let file = session.file(&text_document.uri)?;
    let at = Place { file: file.id, offset: session.offset(file, position) };
    let mut found = match (recipe_at(session, at), &session.document(file.id)?.tree) {
        (Some(recipe), _) => dockerfile::named(&file.text, recipe, at)
            .map(|span| session.location(span))
            .into_iter()
            .collect(),
        (None, Tree::Yaml(tree)) => in_yaml(session, tree, at),
        (None, Tree::Dockerfile(_)) => Vec::new(),
    };
    Some(DefinitionResponse::Definition(match found.len() {
        0 => return None,
        1 => Definition::Location(found.remove(0)),
        _ => Definition::LocationList(found),
    }))
}

/// Where somebody asks.
#[derive(Clone, Copy)]
pub struct Place {
    pub file: FileId,
    /// Bytes.
    pub offset: u32,
}

impl Place {
    /// Whether it is within a span, or at one of its ends.
    pub fn is_in(self, span: Span) -> bool {
        self.file == span.file && span.start <= self.offset && self.offset <= span.end
    }
}

/// The Dockerfile at a place: the file itself, or one that is written within it.
pub fn recipe_at(session: &Session, at: Place) -> Option<&Recipe> {
    let own = session.document(at.file)?.recipe();
    let mut within = session.recipes_within(at.file);
    own.or_else(|| within.find(|it| it.within.is_some_and(|it| at.is_in(it))))
}

fn in_yaml(session: &Session, tree: &yaml::Tree, at: Place) -> Vec<Location> {
    if let Some(anchor) = tree.aliased(at.offset) {
        return vec![session.location(anchor)];
    }
    let mut projects = session.projects_of(at.file);
    if let Some(found) = projects.find_map(|it| compose::named(session, it, tree, at)) {
        return vec![found];
    }
    let objects = kubernetes::named(session, at);
    if objects.is_empty() {
        file_named(session, tree, at).into_iter().collect()
    } else {
        objects.into_iter().map(|span| session.location(span)).collect()
    }
}

/// The file whose path is written at a place: `include`, `env_file`, `resources` and the like.
fn file_named(session: &Session, tree: &yaml::Tree, at: Place) -> Option<Location> {
    let written = tree.scalar_at(at.offset)?.text()?.value;
    let path = match session.projects_of(at.file).next() {
        Some(project) => project.resolve(at.file, written),
        None => format!("{}/{written}", session.files.get(at.file).directory()),
    };
    let inside = ["", "/kustomization.yaml", "/kustomization.yml", "/Kustomization"];
    inside.iter().find_map(|inside| start_of(session, &format!("{path}{inside}")))
}

/// The beginning of a file, if it is there.
fn start_of(session: &Session, path: &str) -> Option<Location> {
    match session.files.find(path) {
        Some(file) => Some(session.location(Span::new(file.id, 0, 0))),
        None => Path::new(path)
            .is_file()
            .then(|| Location { uri: uri::of_path(path), range: Range::default() }),
    }
}
