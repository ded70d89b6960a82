//! Dockerfiles within Compose files: read as Compose hands them to the builder, with the places
//! of the YAML.

use crate::source::SourceFile;
use crate::syntax::Parsed;
use crate::syntax::dockerfile::{self, File, Places};

use super::environment::Environment;
use super::text::{HOLE, Origin, Text};
use super::{Document, Format, Recipe, Tree};

/// What a `dockerfile_inline` says; `None` if a variable may decide about whole instructions.
pub fn document(file: &SourceFile, text: &Text) -> Option<Document> {
    let gave_up = |origin: &Origin| matches!(origin, Origin::Unknown { name } if name.is_empty());
    if text.parts().iter().any(|part| gave_up(&part.origin)) {
        return None;
    }
    let pieces = text.parts().iter().map(|part| (part.range.len(), part.span));
    let places = Places::new(text.span().file, pieces);
    let Parsed { tree, comments, mut errors } = dockerfile::parse_within(text.value(), &places);
    if tree.instructions.iter().any(|instruction| instruction.keyword.value.contains(HOLE)) {
        return None;
    }
    errors.retain(|error| !is_open(&tree, error.span.start));
    let mut recipe = Recipe::new(tree, file);
    recipe.within = Some(text.span());
    Some(Document {
        file: file.id,
        format: Format::Dockerfile,
        environment: Environment::of_path(&file.project_path, Format::Compose),
        tree: Tree::Dockerfile(Box::new(recipe)),
        comments,
        errors,
        // The file around it tells them.
        tokens: Vec::new(),
    })
}

/// Whether a variable has a part in the instruction at an offset of the file.
fn is_open(tree: &File, at: u32) -> bool {
    let around = tree.instructions.partition_point(|instruction| instruction.span.end < at);
    tree.instructions.get(around).is_some_and(|instruction| {
        instruction.span.start <= at && instruction.logical.text().contains(HOLE)
    })
}
