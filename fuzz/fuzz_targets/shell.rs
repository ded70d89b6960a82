//! Any text is shell whose words stand where they say.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::source::{FileId, Span};
use plimsoll::syntax::shell::{Shell, parse};

fuzz_target!(|text: &str| {
    let place = |range: std::ops::Range<usize>| {
        assert!(text.get(range.clone()).is_some());
        Span::new(FileId(0), range.start, range.end)
    };
    let parsed = parse(text, Shell::default(), &place);
    let _ = parsed.tree.commands();
});
