//! Any bytes are a Dockerfile whose tokens stand where they say.
#![no_main]

#[path = "../../tests/tokens/mod.rs"]
mod tokens;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| tokens::check(&String::from_utf8_lossy(bytes)));
