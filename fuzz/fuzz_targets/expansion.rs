//! Any text as the value of a variable, a port, a path and a flag.
#![no_main]

#[path = "../../tests/tokens/mod.rs"]
mod tokens;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| tokens::check_expanded(text));
