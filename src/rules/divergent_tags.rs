use std::collections::HashMap;

use crate::model::Workspace;
use crate::model::image::{ImageRef, Pin, Role};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/divergent-tags.md"), Check::Everything(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let images = workspace.images.iter().map(|image| &**image);
    let mut deployed: Vec<&ImageRef> = images.filter(is_deployed).collect();
    deployed.sort_by_key(|image| image.span());
    let mut first: HashMap<String, &ImageRef> = HashMap::new();
    for image in deployed {
        let known = *first.entry(image.canonical()).or_insert(image);
        let (Some(own), Some(other)) = (image.tag(), known.tag()) else { continue };
        if own.value != other.value {
            report
                .at(
                    own.span,
                    format!("`{}` is deployed as `{}` elsewhere", image.shown(), other.value),
                )
                .help("deploy one release, or say here why two are meant")
                .also(other.span, "the first of them");
        }
    }
}

/// One release of a program of one's own: two databases may differ.
fn is_deployed(image: &&ImageRef) -> bool {
    image.role == Role::Run
        && matches!(image.pin(), Pin::Version | Pin::Build)
        && !image.has_known_scheme()
}
