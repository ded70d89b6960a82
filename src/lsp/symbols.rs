//! What a file holds: stages, services, objects with their containers.

use gen_lsp_types::{DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, SymbolKind};

use crate::model::dockerfile::Base;
use crate::model::kubernetes::PodContainer;
use crate::model::{self, Document, Format, Recipe};
use crate::source::{FileId, Span};
use crate::syntax::yaml::{Entry, Node, Tree};

use super::session::Session;

/// A thing with a name.
struct Symbol {
    name: String,
    detail: Option<String>,
    kind: SymbolKind,
    /// All of it.
    span: Span,
    /// The words that name it.
    name_span: Span,
    children: Vec<Symbol>,
}

pub fn symbols(session: &Session, params: DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
    let file = session.file(&params.text_document.uri)?.id;
    let document = session.document(file)?;
    let symbols = match &document.tree {
        model::Tree::Dockerfile(recipe) => stages(session, recipe),
        model::Tree::Yaml(tree) => {
            services(session, document, tree).into_iter().chain(objects(session, file)).collect()
        }
    };
    let symbols = symbols.into_iter().map(|symbol| symbol.told(session)).collect();
    Some(DocumentSymbolResponse::DocumentSymbolList(symbols))
}

fn stages(session: &Session, recipe: &Recipe) -> Vec<Symbol> {
    let text = &session.files.get(recipe.file).text;
    let end = recipe.within.map_or(text.len(), |within| within.end as usize);
    let mut end = text[..end].trim_end().len() as u32;
    let mut symbols = Vec::new();
    for stage in recipe.build.stages.iter().rev() {
        let base = session.files.text_at(stage.base.span());
        symbols.push(Symbol {
            name: match (&stage.name, &stage.base) {
                (Some(name), _) => name.value.clone(),
                // The stage of that name is listed, too.
                (None, Base::Stage { .. }) => format!("FROM {base}"),
                (None, _) => base.to_owned(),
            },
            detail: Some(base.to_owned()).filter(|_| stage.name.is_some()),
            kind: SymbolKind::Class,
            span: Span { end: end.max(stage.from.end), ..stage.from },
            name_span: stage.name.as_ref().map_or(stage.from, |name| name.span),
            children: Vec::new(),
        });
        end = stage.from.start;
    }
    symbols.reverse();
    symbols
}

/// The services that a file itself names, be it a project of its own or one of several files.
fn services(session: &Session, document: &Document, tree: &Tree) -> Vec<Symbol> {
    if document.format != Format::Compose {
        return Vec::new();
    }
    let projects = || session.projects_of(document.file);
    let roots = tree.documents().map(|part| part.root(tree));
    let entries = roots.filter_map(|root| root.get("services")).flat_map(Node::entries);
    let written = entries.filter(|entry| entry.key.used_at().is_none());
    let symbol = |entry: Entry| {
        let name = entry.key.text()?;
        let service = projects().find_map(|project| project.service(name.value));
        let image = service.and_then(|service| service.image.as_ref());
        let build = service.and_then(|service| service.build.as_ref());
        let inline = build.and_then(|build| build.inline.as_ref()).and_then(|text| {
            let mut recipes = session.recipes_within(document.file);
            recipes.find(|recipe| recipe.within == Some(text.span()))
        });
        let is_alias = entry.value.used_at().is_some();
        Some(Symbol {
            name: name.value.to_owned(),
            detail: image.map(|image| image.text.value().to_owned()),
            kind: SymbolKind::Class,
            span: if is_alias { name.span } else { name.span.to(entry.value.span()) },
            name_span: name.span,
            children: inline.map(|recipe| stages(session, recipe)).unwrap_or_default(),
        })
    };
    written.filter_map(symbol).collect()
}

fn objects(session: &Session, file: FileId) -> impl Iterator<Item = Symbol> {
    let objects = session.workspace.objects().filter(move |object| object.file == file);
    objects.map(|object| {
        let name = object.name.get();
        let containers = object.workloads.iter().flat_map(|workload| &workload.pod.containers);
        let container = |container: &PodContainer| Symbol {
            name: container.view.name.value.clone(),
            detail: container.view.image.as_ref().map(|image| image.text.value().to_owned()),
            kind: SymbolKind::Object,
            span: object.node(container.node).span().to(container.view.name.span),
            name_span: container.view.name.span,
            children: Vec::new(),
        };
        Symbol {
            name: name.map_or(&object.kind.value, |name| &name.value).clone(),
            detail: Some(object.kind.value.clone()),
            kind: SymbolKind::Class,
            span: object.root().span(),
            name_span: name.map_or(object.kind.span, |name| name.span),
            children: containers
                .filter(|it| it.view.name.span.file == object.file)
                .map(container)
                .collect(),
        }
    })
}

impl Symbol {
    fn told(self, session: &Session) -> DocumentSymbol {
        // An editor refuses a name that stands outside.
        let name_span = if self.span.contains(self.name_span) { self.name_span } else { self.span };
        let children: Vec<_> = self.children.into_iter().map(|child| child.told(session)).collect();
        DocumentSymbol::new(
            self.name,
            self.detail,
            self.kind,
            None,
            None,
            session.range(self.span),
            session.range(name_span),
            Some(children).filter(|children| !children.is_empty()),
        )
    }
}
