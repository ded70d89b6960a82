//! Patterns of `.dockerignore` and sources of `COPY` over a set of paths, with the answers that
//! moby's pattern matcher 0.6.1 and Go's `filepath.Match` gave when they were run on them.
//!
//! Left out is what no file is called: `|`, and a `\` before a letter, which Docker hands on to a
//! regular expression as they are; and `!../..`, of which it cleans the `!` away.

use plimsoll::model::dockerfile::ignore::{Ignore, taken};
use plimsoll::source::Files;
use serde_json::Value;

#[test]
fn patterns_match_what_docker_matches() {
    let text = std::fs::read_to_string("testdata/syntax/dockerignore.jsonl").unwrap();
    let mut rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let first = rows.next().unwrap();
    let paths = texts(&first["paths"]);
    let (mut lists, mut sources) = (0, 0);
    let mut wrong = Vec::new();
    for row in rows {
        let (what, theirs, ours) = if let Some(ignore) = row["ignore"].as_str() {
            lists += 1;
            (ignore, texts(&row["excluded"]), excluded(ignore, &paths))
        } else {
            sources += 1;
            let source = row["source"].as_str().unwrap();
            (source, texts(&row["taken"]), taken(source, false, &paths))
        };
        if theirs != ours {
            wrong.push(format!("{what:?}\n  theirs {theirs:?}\n  ours   {ours:?}"));
        }
    }
    assert!(lists >= 100 && sources >= 30, "{lists} lists, {sources} sources");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

fn excluded<'a>(text: &str, paths: &[&'a str]) -> Vec<&'a str> {
    let mut files = Files::default();
    let id = files.add(".dockerignore", text);
    let ignore = Ignore::parse(files.get(id));
    assert!(ignore.errors.is_empty(), "{text:?}: {:?}", ignore.errors);
    paths.iter().copied().filter(|path| ignore.excludes(path)).collect()
}
