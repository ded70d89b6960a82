//! What the editor shows at a place: how far an image is pinned there, why a finding matters.

use gen_lsp_types::{Contents, Hover, HoverParams, MarkupContent, MarkupKind, Range};

use crate::model::image::{Channel, ImageRef, Pin};
use crate::rules::find;

use super::session::Session;

pub fn hover(session: &Session, params: HoverParams) -> Option<Hover> {
    let at = params.text_document_position_params;
    let file = session.file(&at.text_document.uri)?;
    let offset = session.offset(file, at.position);
    let image = session.workspace.images.iter().find(|image| {
        let span = image.span();
        span.file == file.id && span.start <= offset && offset <= span.end
    });
    let findings = session.findings_in(file.id, Range { start: at.position, end: at.position });
    let narrowest =
        findings.iter().map(|finding| finding.span).min_by_key(|span| span.range().len());
    let span = image.map(|image| image.span()).or(narrowest)?;
    let mut pages: Vec<&str> = Vec::new();
    for page in findings.iter().filter_map(|finding| Some(find(finding.rule).next()?.page.body())) {
        if !pages.contains(&page) {
            pages.push(page);
        }
    }
    let image = image.map(|image| format!("{}\n", about(image)));
    let parts: Vec<&str> = image.as_deref().into_iter().chain(pages).collect();
    Some(Hover {
        contents: Contents::MarkupContent(MarkupContent {
            kind: MarkupKind::Markdown,
            value: parts.join("\n---\n\n"),
        }),
        range: Some(session.range(span)),
    })
}

/// What a reference stands for and how far it is pinned, as Markdown.
fn about(image: &ImageRef) -> String {
    let kind = match image.pin() {
        _ if image.is_scratch() => return "`scratch`: nothing at all, no image is pulled.".into(),
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
        Pin::Local => return format!("`{}`: not an image of a registry", image.text.value()),
    };
    let unique = image.unique_tag().map(|tag| format!("\n\nOne version looks like `{tag}`."));
    format!("`{}`: {kind}.{}", image.canonical(), unique.unwrap_or_default())
}
