//! Whatever stands in a file of any format is linted, and every finding stands in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::config::Config;
use plimsoll::lint::lint;
use plimsoll::source::Files;

fuzz_target!(|text: &str| {
    for path in ["Dockerfile", "compose.yaml", "pod.yaml", "kustomization.yaml", "c/templates/t.yaml"] {
        let mut files = Files::default();
        files.add(path, text);
        for finding in lint(&files, &Config::default()).findings {
            let also = finding.also.iter().map(|(span, _)| *span);
            for span in also.chain([finding.span]) {
                assert!(files.get(span.file).text.get(span.range()).is_some(), "{}", finding.rule);
            }
        }
    }
});
