//! Any text as an image reference: its parts lie in order within it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::model::image::{ImageRef, Role};
use plimsoll::model::text::Text;
use plimsoll::source::{FileId, Span, Spanned};

fuzz_target!(|text: &str| {
    let span = Span::new(FileId(0), 0, text.len());
    let image = ImageRef::new(Text::written(Spanned::new(text.to_owned(), span)), Role::Base);
    let parts = [image.registry(), Some(image.repository()), image.tag(), image.digest()];
    let mut end = 0;
    for part in parts.into_iter().flatten() {
        assert_eq!(&text[part.span.range()], part.value);
        assert!(end <= part.span.start);
        end = part.span.end;
    }
    if let Some(error) = image.error() {
        assert!(text.is_char_boundary(error.span.start as usize));
        assert!(text.is_char_boundary(error.span.end as usize));
    }
    let _ = (image.familiar().len(), image.canonical().len());
});
