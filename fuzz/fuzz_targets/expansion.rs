//! Any text as the value of a variable, of a port and of a path, after variables that hold much.
#![no_main]

#[path = "../../tests/tokens/mod.rs"]
mod tokens;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let text = text.replace('\n', "\\\n");
    tokens::check(&format!(
        "ARG A=x/y/x B\nFROM scratch\nARG A\nARG B C=\nENV D=$A$C E=a.b.c\nENV F={text}\n\
         ENV G {text}\nEXPOSE {text}\nWORKDIR {text}\nCOPY --chown={text} [\"$A\", \"{text}\"]\n"
    ));
});
