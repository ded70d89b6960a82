//! What the editor shows at a place: what an image or a stage is there, why a finding matters.

use gen_lsp_types::{Contents, Hover, HoverParams, MarkupContent, MarkupKind, Range};

use crate::model::Recipe;
use crate::model::dockerfile::Base;
use crate::model::image::{Channel, ImageRef, Pin};
use crate::model::text::{HOLE, Origin};
use crate::rules::find;
use crate::source::Span;

use super::definition::{Place, recipe_at, stage_named};
use super::session::Session;

pub fn hover(session: &Session, params: HoverParams) -> Option<Hover> {
    let at = params.text_document_position_params;
    let file = session.file(&at.text_document.uri)?;
    let place = Place { file: file.id, offset: session.offset(file, at.position) };
    let image = session.workspace.images.iter().find(|image| place.is_in(image.span()));
    let thing = match image {
        Some(image) => Some((image.span(), about(session, image))),
        None => recipe_at(session, place).and_then(|recipe| about_stage(session, recipe, place)),
    };
    let findings = session.findings_in(file.id, Range { start: at.position, end: at.position });
    let narrowest =
        findings.iter().map(|finding| finding.span).min_by_key(|span| span.range().len());
    let span = thing.as_ref().map(|(span, _)| *span).or(narrowest)?;
    let mut pages: Vec<&str> = Vec::new();
    for page in findings.iter().filter_map(|finding| Some(find(finding.rule).next()?.page.body())) {
        if !pages.contains(&page) {
            pages.push(page);
        }
    }
    let thing = thing.map(|(_, about)| format!("{about}\n"));
    let parts: Vec<&str> = thing.as_deref().into_iter().chain(pages).collect();
    Some(Hover {
        contents: Contents::MarkupContent(MarkupContent {
            kind: MarkupKind::Markdown,
            value: parts.join("\n---\n\n"),
        }),
        range: Some(session.range(span)),
    })
}

const SCRATCH: &str = "`scratch`: nothing at all, no image is pulled.";

/// What a name that is no image's stands for, as Markdown, and where it is written.
fn about_stage(session: &Session, recipe: &Recipe, at: Place) -> Option<(Span, String)> {
    let shown = |base: &Base| session.files.text_at(base.span()).to_owned();
    if let Some((span, index)) = stage_named(recipe, at) {
        let stage = recipe.build.stages.get(index)?;
        let line = session.files.get(span.file).line(stage.from.start) + 1;
        let name = session.files.text_at(span);
        return Some((
            span,
            format!("`{name}`: the stage of line {line}, from `{}`.", shown(&stage.base)),
        ));
    }
    let mut bases = recipe.build.stages.iter().map(|stage| &stage.base);
    let base = bases.find(|base| at.is_in(base.span()))?;
    let about = match base {
        Base::Scratch(_) => SCRATCH.to_owned(),
        Base::Context(_) => format!("`{}`: a context that the build is given.", shown(base)),
        Base::Image(_) | Base::Stage { .. } => return None,
    };
    Some((base.span(), about))
}

/// What a reference stands for and how far it is pinned, as Markdown.
fn about(session: &Session, image: &ImageRef) -> String {
    let written = session.files.text_at(image.span());
    let origins = || image.text.parts().iter().map(|part| (&part.origin, part.range.is_empty()));
    let unset = origins().find_map(|(origin, is_empty)| match origin {
        Origin::Variable { name, defined: None } if is_empty => Some(name),
        _ => None,
    });
    if let Some(name) = unset {
        return format!("`{written}`: `{name}` decides, and nothing here declares it.");
    }
    if image.is_placeholder() || image.text.value().contains('$') {
        return format!("`{written}`: for a person or a tool to fill in; no registry has it so.");
    }
    if let Some(error) = image.error() {
        return format!("`{written}`: not a reference to an image: {}.", error.value);
    }
    let kind = match image.pin() {
        _ if image.is_scratch() => return SCRATCH.to_owned(),
        Pin::Digest => "pinned by digest: always the same image".to_owned(),
        Pin::Latest => "the tag `latest`: moves with every release".to_owned(),
        Pin::Untagged => "no tag, so `latest`: moves with every release".to_owned(),
        Pin::Channel(Channel::Latest) => {
            "a variant of `latest`: moves with every release".to_owned()
        }
        Pin::Channel(Channel::Channel) => "a channel: moves with every release of it".to_owned(),
        Pin::Channel(Channel::Branch) => "a branch: moves with every build of it".to_owned(),
        Pin::Channel(Channel::CodeName(whose)) => {
            format!(
                "a release of {whose}, not of the image's own software: moves with every release"
            )
        }
        Pin::Channel(Channel::Variant) => {
            "a variant without a version: moves with every release".to_owned()
        }
        Pin::Major => "a major version: moves with every minor release and patch".to_owned(),
        Pin::Minor => "a minor version: moves with every patch".to_owned(),
        Pin::Version => "one version: only a rebuild of it changes what is pulled".to_owned(),
        Pin::Build => "one build".to_owned(),
        Pin::Variable(name) => format!("`{name}` decides, and nothing in view sets it"),
        Pin::Local => return format!("`{written}`: no registry is known to have it."),
    };
    let name = match (image.canonical(), image.tag()) {
        (name, _) if name.contains(HOLE) => image.shown(),
        (name, Some(tag)) if !tag.value.contains(HOLE) => format!("{name}:{}", tag.value),
        (name, _) => name,
    };
    let mut about = format!("`{name}`: {kind}.");
    for (origin, _) in origins() {
        if let Origin::Default { name } | Origin::Variable { name, .. } = origin {
            about.push_str(&format!("\n\n`{name}` may say otherwise."));
        }
    }
    if let Some(tag) = image.unique_tag().filter(|_| image.digest().is_none()) {
        about.push_str(&format!("\n\nOne version looks like `{tag}`."));
    }
    about
}
