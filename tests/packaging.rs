//! What ships beside the program says what the program is.

use std::fs;
use std::process::Command;

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_package_pins_this_version() {
    let pin = format!("plimsoll-lint=={}", env!("CARGO_PKG_VERSION"));
    for path in [
        "packaging/pre-commit/pyproject.toml",
        "packaging/megalinter/plimsoll.megalinter-descriptor.yml",
    ] {
        assert!(read(path).contains(&pin), "{path} does not say {pin}");
    }
    let quoted = format!("default: \"{}\"", env!("CARGO_PKG_VERSION"));
    for path in ["action.yml", "templates/check.yml"] {
        assert!(read(path).contains(&quoted), "{path} does not say {quoted}");
    }
}

#[test]
fn the_mirror_has_the_same_hooks() {
    let hooks = read(".pre-commit-hooks.yaml");
    assert_eq!(hooks, read("packaging/pre-commit/.pre-commit-hooks.yaml"));
    for id in ["- id: plimsoll\n", "- id: plimsoll-system\n"] {
        assert!(hooks.contains(id), "{id}");
    }
}

#[test]
fn our_own_image_passes_at_pedantic() {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "--pedantic", "--fail-on", "note", "--config", "none", "Dockerfile"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
