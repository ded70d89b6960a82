//! ShellCheck beside the linter: what it says is told at the bytes that it is about.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCKERFILE: &str = "FROM debian:12.8\nRUN echo ü && \\\n    # a comment\n    rm -rf $x\n\
                          RUN <<EOF\nls $x\nEOF\nSHELL [\"pwsh\"]\nRUN rm $x\nUSER 10001\n";

fn project(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("plimsoll.toml"), "[shell]\nshellcheck = true\n").unwrap();
    fs::write(directory.join("Dockerfile"), DOCKERFILE).unwrap();
    directory
}

fn check(directory: &Path, path: &str) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "-v", "--select", "shellcheck", "--format", "concise", "."])
        .current_dir(directory)
        .env("PATH", path)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn remarks_are_told_where_they_belong() {
    let directory = project("shellcheck-fake");
    let said = r#"{"comments":[
        {"file":"0","line":2,"endLine":2,"column":22,"endColumn":24,"level":"warning","code":1,"message":"a."},
        {"file":"1","line":2,"endLine":2,"column":4,"endColumn":6,"level":"info","code":2,"message":"b"},
        {"file":"7","line":2,"endLine":2,"column":4,"endColumn":6,"level":"info","code":3,"message":"c"}]}"#;
    let program = directory.join("bin/shellcheck");
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    fs::write(&program, format!("#!/bin/sh\ncat <<'EOF'\n{said}\nEOF\nexit 1\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let (told, _) = check(&directory, &path);
    let told: Vec<_> = told.lines().collect();
    assert_eq!(
        told,
        [
            "Dockerfile:4:12: warning[shellcheck]: SC1: a",
            "Dockerfile:6:4: note[shellcheck]: SC2: b"
        ]
    );
}

#[test]
fn without_the_program_that_is_said() {
    let directory = project("shellcheck-none");
    let (told, said) = check(&directory, directory.to_str().unwrap());
    assert_eq!(told, "");
    assert!(said.contains("shellcheck: there is no such program on the PATH"), "{said}");
}

#[test]
fn the_program_itself_says_so() {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        println!("skipped: there is no shellcheck here");
        return;
    }
    let directory = project("shellcheck-real");
    let (told, _) = check(&directory, &std::env::var("PATH").unwrap());
    let places: Vec<_> = told.lines().filter(|line| line.contains("SC2086")).collect();
    assert!(places.len() == 2, "{told}");
    assert!(places[0].starts_with("Dockerfile:4:12: note"), "{told}");
    assert!(places[1].starts_with("Dockerfile:6:4: note"), "{told}");
}
