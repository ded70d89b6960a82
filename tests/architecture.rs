//! Each room may use only the rooms before it.

use std::fs;
use std::path::Path;

const ROOMS: &[&str] = &[
    "source",
    "syntax",
    "finding",
    "knowledge",
    "model",
    "rule",
    "rules",
    "config",
    "suppress",
    "lint",
    "fingerprint",
    "baseline",
    "changes",
    "fix",
    "report",
    "discover",
    "lsp",
    "cli",
];

#[test]
fn rooms_use_only_earlier_rooms() {
    let mut wrong = Vec::new();
    visit(Path::new("src"), &mut |path, text| {
        let inside = path.strip_prefix("src").unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let room = first.trim_end_matches(".rs");
        if matches!(room, "lib" | "main") {
            return;
        }
        let Some(rank) = rank(room) else {
            wrong.push(format!("{} is in no room", path.display()));
            return;
        };
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with("//") {
                continue;
            }
            for (at, _) in line.match_indices("crate::") {
                let used: &str = line[at + 7..]
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
                    .unwrap();
                let is_room = self::rank(used).is_some();
                if is_room && used != room && self::rank(used) >= Some(rank) {
                    wrong.push(format!("{}:{}: {line}", path.display(), number + 1));
                }
            }
        }
    });
    assert!(wrong.is_empty(), "a room uses one that comes after it:\n{}", wrong.join("\n"));
}

/// Only the edges touch the file system and the environment.
#[test]
fn the_middle_does_no_input_or_output() {
    const EDGES: &[&str] = &["discover", "lsp", "cli", "main.rs", "config/load.rs", "fix/write.rs"];
    let mut wrong = Vec::new();
    visit(Path::new("src"), &mut |path, text| {
        let inside = path.strip_prefix("src").unwrap().to_str().unwrap();
        let product = text.split("#[cfg(test)]").next().unwrap();
        let touches = ["std::fs", "std::env", "std::process", "std::net"];
        if !EDGES.iter().any(|edge| inside.starts_with(edge))
            && touches.iter().any(|touch| product.contains(touch))
        {
            wrong.push(inside.to_owned());
        }
    });
    assert!(wrong.is_empty(), "not a room that may touch the machine: {wrong:?}");
}

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

fn visit(directory: &Path, each: &mut impl FnMut(&Path, &str)) {
    let mut paths: Vec<_> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            visit(&path, each);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            each(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}
