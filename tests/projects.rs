//! Whole projects: what must be silent, and what was found when it was last looked at.
//! `UPDATE=1 cargo test` records anew; read the diff.

use std::fs;
use std::process::Command;

fn check(directory: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("check")
        .args(arguments)
        .arg(directory)
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn good_projects_are_silent() {
    let told = check("testdata/ok", &["--format", "concise"]);
    assert!(told.lines().all(|line| line.contains(": note")), "{told}");
}

#[test]
fn the_seed_project_is_told_what_was_recorded() {
    let plain = check("testdata/projects/todo-api", &[]);
    let production = check("testdata/projects/todo-api", &["--environment", "production"]);
    let told = format!("{plain}\n--environment production\n\n{production}");
    let recorded = "testdata/projects/todo-api.txt";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(recorded, &told).unwrap();
    }
    assert_eq!(fs::read_to_string(recorded).unwrap(), told);
}
