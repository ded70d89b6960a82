//! The whole program as a process: start-up and one small file, and all real files at hand.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let seed = "testdata/projects/todo-api/Dockerfile.prod";
    println!("one small file: {:?}", median(&[seed]));
    println!("the example project: {:?}", median(&["testdata/projects/todo-api"]));
    let corpus = "../shared/corpus";
    if Path::new(corpus).is_dir() {
        println!("2,600 real files, findings as JSON: {:?}", median(&["--format", "json", corpus]));
    } else {
        println!("skipped: there is no ../shared/corpus");
    }
}

/// The median wall time of eleven runs after one that is not counted.
fn median(arguments: &[&str]) -> Duration {
    let run = || {
        let start = Instant::now();
        let status = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .arg("check")
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.is_ok_and(|status| status.code().is_some()));
        start.elapsed()
    };
    run();
    let mut times: Vec<_> = (0..11).map(|_| run()).collect();
    times.sort();
    times[times.len() / 2]
}
