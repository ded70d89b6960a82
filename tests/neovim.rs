//! Neovim itself, headless, with its built-in client and the snippet that users are given.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// What `tests/neovim.lua` saw; `None` if there is no Neovim here.
fn neovim(name: &str, text: &str, action: &str) -> Option<(Value, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("neovim").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join(".git")).unwrap();
    let file = folder.join("Dockerfile");
    fs::write(&file, text).unwrap();
    let run = Command::new("nvim")
        .args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c"])
        .arg(format!("luafile {}", root.join("tests/neovim.lua").display()))
        .env("PLIMSOLL", env!("CARGO_BIN_EXE_plimsoll"))
        .env("SNIPPET", root.join("editors/neovim/plimsoll.lua"))
        .env("FILE", &file)
        .env("ACTION", action)
        .env("XDG_STATE_HOME", &folder)
        .env("XDG_CACHE_HOME", &folder)
        .output();
    let Ok(run) = run else {
        println!("skipped: there is no nvim");
        return None;
    };
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{errors}");
    let seen = serde_json::from_slice(&run.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}{errors}", String::from_utf8_lossy(&run.stdout))
    });
    Some((seen, fs::read_to_string(&file).unwrap()))
}

#[test]
fn neovim_shows_silences_and_saves() {
    let text = "FROM scratch\nENV é= x\nUSER 1\n";
    let Some((seen, saved)) = neovim("silence", text, "Ignore `dockerfile-syntax` here") else {
        return;
    };
    let syntax = |list: &Value| {
        let list = list.as_array().unwrap();
        list.iter().filter(|it| it[0] == "dockerfile-syntax").cloned().collect::<Vec<_>>()
    };
    let found = syntax(&seen["first"]);
    assert_eq!(found.len(), 1, "{seen}");
    assert_eq!(found[0][1], 1, "on the second line");
    assert_eq!(syntax(&seen["last"]), [] as [Value; 0], "{seen}");
    assert_eq!(saved, "FROM scratch\n# plimsoll: ignore[dockerfile-syntax]\nENV é= x\nUSER 1\n");
    assert_eq!(seen["text"], json!(saved));
}
