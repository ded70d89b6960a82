//! Any text reads as shell, and every span lies in it, on character boundaries.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::model::packages::invocation;
use plimsoll::model::script::Ending;
use plimsoll::source::{FileId, Span};
use plimsoll::syntax::shell::{Shell, parse};

fuzz_target!(|text: &str| {
    let place = |range: std::ops::Range<usize>| Span::new(FileId(0), range.start, range.end);
    let parsed = parse(text, Shell::default(), &place);
    for error in &parsed.errors {
        assert!(text.get(error.span.range()).is_some());
    }
    for site in parsed.tree.commands() {
        let mut end = 0;
        for word in &site.command.words {
            assert!(text.get(word.span.range()).is_some() && end <= word.span.start);
            end = word.span.end;
        }
        let packages = invocation(site.command).map(|it| it.packages).unwrap_or_default();
        for version in packages.iter().filter_map(|package| package.version.as_ref()) {
            assert!(text.get(version.span.range()).is_some());
        }
    }
    Ending::of(&parsed.tree);
});
