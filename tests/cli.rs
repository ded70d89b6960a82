//! The program as people and pipelines call it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn plimsoll(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(arguments)
        .env_remove("NO_COLOR")
        .env_remove("FORCE_COLOR")
        .output()
        .unwrap()
}

fn with_input(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not read on.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A directory of its own for a test, empty.
fn scratch(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

const BROKEN: &str = "FROM scratch\nENV A= b\n";

#[test]
fn findings_at_the_bar_exit_with_1_and_below_with_0() {
    let name = ["check", "-", "--stdin-filename", "Dockerfile", "--select", "dockerfile-syntax"];
    assert_eq!(with_input(&name, BROKEN).status.code(), Some(1));
    let never = [&name[..], &["--fail-on", "never"]].concat();
    assert_eq!(with_input(&never, BROKEN).status.code(), Some(0));
    assert_eq!(with_input(&name, "FROM scratch\n").status.code(), Some(0));
}

#[test]
fn what_cannot_be_done_exits_with_2_and_says_what_to_do() {
    let missing = plimsoll(&["check", "no/such/path"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(err(&missing).contains("no/such/path: no such file or directory"), "{}", err(&missing));
    let unknown = plimsoll(&["check", "Cargo.toml"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("neither a Dockerfile nor Compose"), "{}", err(&unknown));
    let nameless = with_input(&["check", "-"], "FROM scratch\n");
    assert_eq!(nameless.status.code(), Some(2));
    assert!(err(&nameless).contains("--stdin-filename"));
    assert_eq!(plimsoll(&["check", "--no-such-flag"]).status.code(), Some(2));
    let rule = plimsoll(&["check", "--select", "no-such-rule", "."]);
    assert_eq!(rule.status.code(), Some(2));
}

#[test]
fn what_others_wrote_is_passed_over() {
    let directory = scratch("vendored");
    for place in ["vendor/lib", "other/vendor", "node_modules/x"] {
        fs::create_dir_all(directory.join(place)).unwrap();
        fs::write(directory.join(place).join("Dockerfile"), BROKEN).unwrap();
    }
    fs::write(directory.join("vendor/modules.txt"), "# example.com/lib v1.0.0\n").unwrap();
    let found = out(&plimsoll(&["check", "--format", "concise", directory.to_str().unwrap()]));
    assert!(found.contains("other/vendor/Dockerfile"), "{found}");
    assert!(!found.contains("vendor/lib") && !found.contains("node_modules"), "{found}");
}

#[test]
fn json_counts_lines_and_characters_from_1_and_bytes_from_0() {
    let arguments = [
        "check",
        "-",
        "--stdin-filename",
        "./x/../Dockerfile",
        "--format",
        "json",
        "--select",
        "dockerfile-syntax",
    ];
    let output = with_input(&arguments, "FROM scratch\nENV é= b\n");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["version"], 1);
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "dockerfile-syntax");
    assert_eq!(finding["severity"], "error");
    let start = &finding["span"]["start"];
    assert_eq!((&start["line"], &start["column"]), (&2.into(), &8.into()), "{finding}");
    assert_eq!(start["byte"], 21);
    assert_eq!(report["summary"]["errors"], 1);
}

#[test]
fn colour_is_for_those_who_want_it() {
    let name = ["check", "-", "--stdin-filename", "Dockerfile", "--select", "dockerfile-syntax"];
    assert!(!out(&with_input(&name, BROKEN)).contains('\x1b'));
    let always = [&name[..], &["--color", "always"]].concat();
    assert!(out(&with_input(&always, BROKEN)).contains('\x1b'));
}

#[test]
fn a_file_cannot_drive_the_terminal() {
    let name = ["check", "-", "--stdin-filename", "Dockerfile"];
    let shown = out(&with_input(&name, "FROM scratch\nENV A= \x1b]0;owned\x07\n"));
    assert!(shown.contains("owned") && !shown.contains(['\x1b', '\x07']), "{shown}");
}

#[test]
fn rules_of_other_tools_are_explained_by_ours() {
    let explained = plimsoll(&["explain", "DL1000"]);
    assert!(out(&explained).starts_with("# dockerfile-syntax"), "{}", out(&explained));
    let rules = plimsoll(&["rules", "--format", "json"]);
    let rules: serde_json::Value = serde_json::from_slice(&rules.stdout).unwrap();
    let rule = rules.as_array().unwrap().iter().find(|rule| rule["id"] == "dockerfile-syntax");
    assert_eq!(rule.unwrap()["replaces"][0], "hadolint/DL1000");
}

#[test]
fn hidden_directories_are_walked_and_ignored_files_are_not() {
    let directory = scratch("walk");
    fs::create_dir_all(directory.join(".devcontainer")).unwrap();
    fs::create_dir_all(directory.join("ignored")).unwrap();
    fs::write(directory.join(".gitignore"), "ignored/\n").unwrap();
    for file in [".devcontainer/Dockerfile", "ignored/Dockerfile", "api.Dockerfile"] {
        fs::write(directory.join(file), "FROM scratch\n").unwrap();
    }
    let output = plimsoll(&["check", "-v", "--fail-on", "never", directory.to_str().unwrap()]);
    let told = err(&output);
    assert!(told.contains(".devcontainer/Dockerfile (dockerfile, development)"), "{told}");
    assert!(told.contains("api.Dockerfile (dockerfile, production)"));
    assert!(!told.contains("ignored/Dockerfile"));
}

#[test]
#[cfg(unix)]
fn what_cannot_be_read_is_told_and_the_rest_is_linted() {
    let directory = scratch("unreadable");
    std::os::unix::fs::symlink("Dockerfile", directory.join("Dockerfile")).unwrap();
    fs::write(directory.join("b.Dockerfile"), BROKEN).unwrap();
    let output = plimsoll(&["check", directory.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("Dockerfile: cannot be read"), "{}", err(&output));
    assert!(out(&output).contains("b.Dockerfile:2"), "{}", out(&output));
}

#[test]
fn hostile_inputs_end_in_a_verdict() {
    let generator = Path::new("../shared/bad-inputs/gen.py");
    if !generator.is_file() {
        println!("skipped: there is no ../shared/bad-inputs");
        return;
    }
    let directory = scratch("hostile");
    let made = Command::new("python3").arg(generator).arg(&directory).output();
    if !made.is_ok_and(|made| made.status.success()) {
        println!("skipped: no python3 to make them");
        return;
    }
    let all = plimsoll(&["check", "--pedantic", "--format", "json", directory.to_str().unwrap()]);
    assert!(matches!(all.status.code(), Some(0..=2)), "{all:?}");
    let report: serde_json::Value = serde_json::from_slice(&all.stdout).unwrap();
    assert!(report["summary"]["files"].as_u64().unwrap() > 100);
}

#[test]
fn compose_variables_come_from_where_the_user_says() {
    let directory = scratch("variables");
    let compose = directory.join("compose.yaml");
    fs::write(&compose, "services:\n  web:\n    image: nginx:${TAG:-1.27.3}\n").unwrap();
    fs::write(directory.join("latest.env"), "TAG=latest\n").unwrap();
    let path = compose.to_str().unwrap();
    let env_file = directory.join("latest.env");
    let env_file = env_file.to_str().unwrap();
    let select = ["check", path, "--select", "latest-tag"];
    assert_eq!(plimsoll(&select).status.code(), Some(0));
    let with_file = [&select[..], &["--env-file", env_file]].concat();
    assert_eq!(plimsoll(&with_file).status.code(), Some(1));
    let missing = [&select[..], &["--env-file", "nowhere.env"]].concat();
    assert_eq!(plimsoll(&missing).status.code(), Some(2));
    let with_environment = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args([&with_file[..], &["--use-environment"]].concat())
        .env("TAG", "1.27.4")
        .output()
        .unwrap();
    assert_eq!(with_environment.status.code(), Some(0));
    fs::write(directory.join(".env"), "TAG=latest\n").unwrap();
    assert_eq!(plimsoll(&select).status.code(), Some(1));
}
