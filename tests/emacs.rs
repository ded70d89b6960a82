//! Emacs itself, in batch mode, with eglot and the snippet that users are given.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn emacs_shows_silences_and_saves() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emacs");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join(".git")).unwrap();
    let file = folder.join("Dockerfile");
    fs::write(&file, "FROM scratch\nENV é= x\nUSER 1\n").unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_plimsoll")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let run = Command::new("emacs")
        .args(["-q", "--batch", "-l"])
        .arg(root.join("tests/emacs.el"))
        .env("SNIPPET", root.join("editors/emacs/plimsoll.el"))
        .env("FILE", &file)
        .env("ACTION", "Ignore `dockerfile-syntax` here")
        .env("HOME", &folder)
        .env("PATH", format!("{}:{path}", programs.display()))
        .output();
    let Ok(run) = run else {
        println!("skipped: there is no emacs");
        return;
    };
    let seen = String::from_utf8_lossy(&run.stdout);
    if seen == "no eglot\n" {
        println!("skipped: this emacs has no eglot");
        return;
    }
    assert!(run.status.success(), "{seen}{}", String::from_utf8_lossy(&run.stderr));
    let (found, left) = seen.split_once("saved\n").unwrap();
    assert!(found.contains("2:plimsoll [dockerfile-syntax]"), "{seen}");
    assert!(!left.contains("dockerfile-syntax"), "{seen}");
    let saved = fs::read_to_string(&file).unwrap();
    assert_eq!(saved, "FROM scratch\n# plimsoll: ignore[dockerfile-syntax]\nENV é= x\nUSER 1\n");
}
