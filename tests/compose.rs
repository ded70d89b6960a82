//! What Compose refuses: the cases of `testdata/compose`, other tools' cases, and real files.
//!
//! A case is a directory, or one file. A mark `# problem[text]: words` stands at the end of a
//! line, or on a line of its own above it: there `text` is underlined, and the message has
//! `words`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll::config::Config;
use plimsoll::discover::{Filter, discover, read};
use plimsoll::lint::lint;
use plimsoll::model::compose::Problem;
use plimsoll::source::Files;

#[test]
fn problems_are_where_the_cases_say() {
    let mut wrong = Vec::new();
    let mut cases: Vec<PathBuf> =
        fs::read_dir("testdata/compose").unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for case in cases {
        let mut files = discover(std::slice::from_ref(&case), Filter::default()).files;
        let mut found: Vec<String> = problems(&mut files)
            .iter()
            .map(|problem| {
                let file = files.get(problem.span.file);
                let line = file.line(problem.span.start) + 1;
                let text = files.text_at(problem.span);
                format!("{}:{line} [{text}] {}", file.path, problem.message)
            })
            .collect();
        for file in files.iter() {
            for (index, line) in file.text.lines().enumerate() {
                let Some((before, mark)) = line.split_once("# problem[") else { continue };
                let (text, words) = mark.rsplit_once("]: ").expect("a mark without words");
                let line = index + 1 + usize::from(before.trim().is_empty());
                let place = format!("{}:{line} [{text}] ", file.path);
                match found.iter().position(|found| {
                    found.strip_prefix(&place).is_some_and(|message| message.contains(words))
                }) {
                    Some(index) => drop(found.remove(index)),
                    None => wrong.push(format!("not found: {place}{words}")),
                }
            }
        }
        wrong.extend(found.into_iter().map(|found| format!("not expected: {found}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_value_that_an_alias_reaches_has_two_places() {
    let mut files = Files::default();
    let text = "x-base: &base\n  privileged: true\nx-web: &web\n  <<: *base\n  image: a:1.0.0\n\
        services:\n  web: *web\n  api: {<<: *web, init: maybe}\n  db: {<<: [*base], image: b:1.0.0}\n  \
        old: {<<: *base, image: c:1.0.0}\n  alone: {image: d:1.0.0, privileged: true}\n";
    files.add("compose.yaml", text);
    let outcome = lint(&files, &Config::default());
    let found = outcome.findings.iter().filter(|finding| finding.rule == "privileged-container");
    let line = |span: plimsoll::source::Span| {
        (files.get(span.file).line(span.start) + 1, files.text_at(span))
    };
    let places: Vec<_> = found
        .map(|finding| {
            let also = finding.also.iter().filter(|(_, label)| label == "used here");
            (line(finding.span), also.map(|(span, _)| line(*span)).collect::<Vec<_>>())
        })
        .collect();
    // The use within another anchored node is where that one is used.
    let uses = vec![(7, "*web"), (8, "*web"), (9, "*base")];
    assert_eq!(places.last(), Some(&((11, "true"), Vec::new())));
    assert!(places.len() > 1);
    for place in &places[..places.len() - 1] {
        assert_eq!(*place, ((2, "true"), uses.clone()));
    }
}

#[test]
fn an_inline_dockerfile_is_linted_where_it_stands() {
    let mut files = Files::default();
    files.add(
        "compose.yaml",
        "services:
  web:
    init: true
    restart: always
    build:
      dockerfile_inline: |
        # plimsoll: ignore[rolling-tag] it moves
        FROM node:latest AS build
        RUN <<EOF
        echo $$HOME
        EOF
        FROM debian:12
        FORM x
        USER root
        CMD [\"/web\"]
",
    );
    let outcome = lint(&files, &Config::default());
    let found: Vec<(&str, &str)> = outcome
        .findings
        .iter()
        .map(|finding| (finding.rule, files.text_at(finding.span)))
        .collect();
    let expected = [
        ("latest-tag", "latest"),
        ("rolling-tag", "12"),
        ("dockerfile-syntax", "FORM"),
        ("root-user", "root"),
    ];
    for finding in expected {
        assert!(found.contains(&finding), "{finding:?} in {found:?}");
    }
    let syntax = found.iter().filter(|(rule, _)| *rule == "dockerfile-syntax").count();
    assert_eq!(syntax, 1, "{found:?}");
}

#[test]
fn an_inline_dockerfile_may_be_written_in_any_style() {
    let styles = [
        "|-\n        FROM debian:latest\n        RUN echo $$HOME \\\n          && x\n        USER root",
        "|2\n          FROM debian:latest\n          RUN echo $$HOME\n          USER root\n",
        ">\n        FROM\n        debian:latest\n\n        RUN x\n\n        USER root\n",
        "\"FROM debian:latest\\nRUN \\\"x\\\" \\\\\\n && y\\nUSER root\\n\"",
        "'FROM debian:latest\n\n        RUN echo ''x''\n\n        USER root'",
        "FROM debian:latest\n\n        RUN echo\n          x\n\n        USER root",
        "\"FROM debian:${TAG:-latest}\\nUSER ${WHO-root}\"",
        "|\r\n        FROM debian:latest\r\n        USER root\r\n",
    ];
    for style in styles {
        let build = format!("build:\n      dockerfile_inline: {style}\n");
        let mut files = Files::default();
        files.add("compose.yaml", format!("services:\n  web:\n    {build}    init: true\n"));
        let found = inline(&files);
        for finding in [("latest-tag", "latest"), ("root-user", "root")] {
            assert!(found.contains(&finding), "{finding:?} in {found:?} of {style}");
        }
        assert!(!found.iter().any(|(rule, _)| *rule == "dockerfile-syntax"), "{found:?}");
        // What is set counts, and what is not known is nothing to judge.
        if style.contains('$') && style.contains("TAG") {
            files.add_context(".env", "TAG=12.1\nWHO=app\n");
            assert_eq!(inline(&files), []);
        }
    }
    for decided in
        ["FROM debian:latest\\n$MORE\\nFORM x", "FROM ${BASE}\\nRUN [${X}\\nCMD x", "FROM ${"]
    {
        let mut files = Files::default();
        let text = format!("services: {{web: {{build: {{dockerfile_inline: \"{decided}\"}}}}}}");
        files.add("compose.yaml", text);
        assert_eq!(inline(&files), [], "{decided}");
    }
}

/// What some rules find, with the text that is underlined.
fn inline(files: &Files) -> Vec<(&'static str, &str)> {
    let rules = ["latest-tag", "root-user", "dockerfile-syntax"];
    let findings = lint(files, &Config::default()).findings.into_iter();
    findings
        .filter(|finding| rules.contains(&finding.rule))
        .map(|finding| (finding.rule, files.text_at(finding.span)))
        .collect()
}

/// Every prefix of a case and every case without one of its bytes is read, and what is said of it
/// can be shown.
#[test]
fn broken_files_are_survived() {
    for entry in fs::read_dir("testdata/compose").unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        for at in (0..text.len()).step_by(7) {
            let cut = text[..at].to_owned();
            let without = format!("{}{}", &text[..at], text.get(at + 1..).unwrap_or_default());
            let open = format!("{}${{V}}{}", &text[..at], &text[at..]);
            for text in [cut, without, open] {
                let mut files = Files::default();
                files.add("compose.yaml", text);
                let workspace = plimsoll::model::read(&files);
                for problem in workspace.projects.iter().flat_map(|project| &project.problems) {
                    let file = files.get(problem.span.file);
                    assert!(file.text.get(problem.span.range()).is_some(), "{problem:?}");
                    assert!(!problem.message.contains('\u{fffc}'), "{problem:?}");
                }
            }
        }
    }
}

/// Whoever takes a service's network called `x-…` for an extension does not find it among the
/// networks afterwards; compose-go does, and refuses this file when it loads it in full.
const COMPOSE_GO_ALONE: [&str; 1] = ["loader/TestXService"];

#[test]
fn verdicts_agree_with_compose_go() {
    let Ok(cases) = fs::read_to_string("../shared/peer-cases/compose-go.jsonl") else {
        println!("skipped: there is no ../shared/peer-cases");
        return;
    };
    let mut disagreements = Vec::new();
    for line in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let texts: BTreeMap<String, String> =
            serde_json::from_value(case["files"].clone()).unwrap();
        let mut files = Files::default();
        for (path, text) in &texts {
            files.add(path, text.as_str());
        }
        let workspace = plimsoll::model::read(&files);
        let fires = workspace.projects.iter().any(|project| !project.problems.is_empty())
            || workspace.documents.iter().any(|document| {
                let duplicates = document.yaml().is_some_and(|yaml| !yaml.duplicates().is_empty());
                duplicates || !document.errors.is_empty()
            });
        let name = case["case"].as_str().unwrap();
        // Loaded loosely they pass; we load in full.
        let fails_in_full = case["tags"].to_string().contains("\"full-load-fails\"");
        let expected =
            case["expect"] == "fires" || fails_in_full && !COMPOSE_GO_ALONE.contains(&name);
        if fires != expected {
            disagreements.push(name.to_owned());
        }
    }
    let total = cases.lines().count();
    println!("compose-go: {} of {total} verdicts agree", total - disagreements.len());
    assert!(disagreements.is_empty(), "{disagreements:?}");
}

/// The one real file that Compose refuses is from before files had `services`.
#[test]
fn real_files_are_not_refused() {
    let corpus = Path::new("../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: there is no ../shared/corpus");
        return;
    }
    let mut files = discover(&[PathBuf::from(corpus)], Filter::default()).files;
    let said: Vec<String> = problems(&mut files)
        .iter()
        .map(|problem| format!("{}: {}", files.get(problem.span.file).path, problem.message))
        .collect();
    let expected = "jessfraz+dockerfiles/openvpn/docker-compose.yml: \
                    `vpn` is not a key of a Compose file";
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].ends_with(expected), "{said:?}");
}

fn problems(files: &mut Files) -> Vec<Problem> {
    let projects = read(files).projects;
    let mut problems: Vec<Problem> =
        projects.iter().flat_map(|project| project.problems.clone()).collect();
    problems.sort_by_key(|problem| problem.span);
    problems.dedup();
    problems
}
