//! How far tags are understood: agreement with references that people have labelled.

use std::fs;

use plimsoll::model::image::{ImageRef, Role};
use plimsoll::model::text::{Origin, Text};
use plimsoll::source::{FileId, Span, Spanned};

const LABELS: &str = "../shared/refs/labels.tsv";

/// Agreement below this many per mille means that something is not understood.
const REQUIRED: usize = 970;

#[test]
fn tags_are_read_as_people_read_them() {
    let Ok(labels) = fs::read_to_string(LABELS) else {
        eprintln!("skipped: {LABELS} is not there");
        return;
    };
    let (agreed, total) = agreement(&labels);
    eprintln!("{agreed} of {total} references are read as they are labelled");
    assert!(agreed * 1000 >= total * REQUIRED, "{agreed} of {total}");
}

#[test]
fn tags_of_well_known_images_are_read_as_their_projects_number_releases() {
    let (agreed, total) = agreement(include_str!("../testdata/references.tsv"));
    assert_eq!(agreed, total);
}

/// How many references are read as the label beside them says, and of how many; prints the rest.
fn agreement(labels: &str) -> (usize, usize) {
    let (mut agreed, mut total) = (0, 0);
    for line in labels.lines().skip(1) {
        let Some((reference, label)) = line.split_once('\t') else { continue };
        let pin = ImageRef::new(expand(reference), Role::Run).pin().clone();
        total += 1;
        if pin.name() == label {
            agreed += 1;
        } else {
            eprintln!("{reference}: labelled {label}, read as {}", pin.name());
        }
    }
    (agreed, total)
}

/// A reference in which `${V:-default}` is its default, and other variables are unknown.
fn expand(reference: &str) -> Text {
    let span = |start, end| Span::new(FileId(0), start, end);
    let mut text = Text::empty(span(0, reference.len()));
    let mut at = 0;
    while at < reference.len() {
        let rest = &reference[at..];
        let length = match rest.strip_prefix('$') {
            None => rest.find('$').unwrap_or(rest.len()),
            Some(name) if name.starts_with('{') => rest.find('}').map_or(rest.len(), |end| end + 1),
            Some(name) => {
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
                end.map_or(rest.len(), |end| end + 1)
            }
        };
        let here = span(at, at + length);
        match (rest.starts_with('$'), rest[..length].trim_end_matches('}').split_once(":-")) {
            (true, Some((_, default))) => {
                text.push(default, here, Origin::Default { name: "".into() });
            }
            (true, None) => text.push_unknown(here, &rest[1..length]),
            (false, _) => text.push(&rest[..length], here, Origin::Written),
        }
        at += length;
    }
    text
}

#[test]
fn the_reader_of_labels_expands_defaults() {
    let text = Text::written(Spanned::new("a".to_owned(), Span::new(FileId(0), 0, 1)));
    assert_eq!(expand("a").value(), text.value());
    assert_eq!(expand("app:${TAG:-1.2}-x").value(), "app:1.2-x");
    assert_eq!(expand("$A/b:${C}").parts().len(), 3);
}
