//! What comments and annotations silence, and what they do not.

use plimsoll::config::{Config, Settings};
use plimsoll::finding::Finding;
use plimsoll::lint::lint;
use plimsoll::source::Files;

/// What is found in a file, as `line: rule`, and what is silenced.
fn judged(path: &str, text: &str) -> (Vec<String>, Vec<String>) {
    judged_with(path, text, Settings::default())
}

fn judged_with(path: &str, text: &str, settings: Settings) -> (Vec<String>, Vec<String>) {
    let mut files = Files::default();
    let id = files.add(path, text);
    let select = ["dockerfile-syntax", "duplicate-key", "yaml-syntax"]
        .into_iter()
        .chain(["unused-suppression", "malformed-suppression"]);
    let mut select: Vec<String> = select.map(str::to_owned).collect();
    select.retain(|_| !settings.require_reason);
    let config = Config { default: Settings { select, ..settings }, ..Config::default() };
    let outcome = lint(&files, &config);
    let told = |findings: Vec<Finding>| {
        let line = |finding: Finding| {
            format!("{}: {}", files.get(id).line(finding.span.start) + 1, finding.rule)
        };
        findings.into_iter().map(line).collect::<Vec<_>>()
    };
    (told(outcome.findings), told(outcome.suppressed))
}

fn silenced(path: &str, text: &str) -> Vec<String> {
    let (found, silenced) = judged(path, text);
    assert_eq!(found, [""; 0], "{text}");
    silenced
}

const TWICE: &str = "duplicate-key";

#[test]
fn a_comment_holds_for_the_instruction_below_and_no_further() {
    let text =
        "FROM scratch\n# plimsoll: ignore[dockerfile-syntax] why\n\n# more\nENV A= b\nENV A= b\n";
    let (found, silenced) = judged("Dockerfile", text);
    assert_eq!(found, ["6: dockerfile-syntax"]);
    assert_eq!(silenced, ["5: dockerfile-syntax"]);
}

#[test]
fn above_from_it_holds_for_the_stage() {
    let text = "# plimsoll: ignore[dockerfile-syntax] why\nFROM scratch AS a\nENV A= b\n\
                FROM scratch\nENV A= b\n";
    let (found, silenced) = judged("Dockerfile", text);
    assert_eq!(found, ["5: dockerfile-syntax"]);
    assert_eq!(silenced, ["3: dockerfile-syntax"]);
}

#[test]
fn within_a_continued_instruction_it_holds_for_the_next_line() {
    let text =
        "FROM scratch\nENV A=b \\\n  # plimsoll: ignore[dockerfile-syntax] why\n\n  C \\\n  D\n";
    let (found, silenced) = judged("Dockerfile", text);
    assert_eq!(found, ["6: dockerfile-syntax"]);
    assert_eq!(silenced, ["5: dockerfile-syntax"]);
}

#[test]
fn ignore_file_holds_for_the_file_and_stands_at_its_top() {
    let top = "# syntax=docker/dockerfile:1\n# plimsoll: ignore-file[dockerfile-syntax] why\n\
               FROM scratch\nENV A= b\nFROM scratch\nENV A= b\n";
    assert_eq!(silenced("Dockerfile", top).len(), 2);
    let below = "FROM scratch\n# plimsoll: ignore-file[dockerfile-syntax] why\nENV A= b\n";
    let (found, _) = judged("Dockerfile", below);
    assert_eq!(found, ["2: malformed-suppression", "3: dockerfile-syntax"]);
}

#[test]
fn in_yaml_it_stands_on_a_service_a_container_an_object_or_a_line() {
    let service = "services:\n  # plimsoll: ignore[duplicate-key] why\n  a:\n    init: true\n    \
                   init: true\n  b:\n    init: true\n    init: true\n";
    let (found, gone) = judged("compose.yaml", service);
    assert_eq!((found, gone), (vec![format!("8: {TWICE}")], vec![format!("5: {TWICE}")]));
    let beside = "services:\n  a: # plimsoll: ignore[duplicate-key] why\n    init: true\n    \
                  init: true\n";
    assert_eq!(silenced("compose.yaml", beside), [format!("4: {TWICE}")]);
    let line = "services:\n  a:\n    init: true\n    init: true # plimsoll: ignore[duplicate-key] x\n    \
                user: a\n    user: b\n";
    let (found, gone) = judged("compose.yaml", line);
    assert_eq!((found, gone), (vec![format!("6: {TWICE}")], vec![format!("4: {TWICE}")]));
    let item = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    # plimsoll: ignore[duplicate-key] x\n    \
                - name: a\n      image: a\n      image: a\n    - name: b\n      image: b\n      image: b\n";
    let (found, gone) = judged("pod.yaml", item);
    assert_eq!((found, gone), (vec![format!("11: {TWICE}")], vec![format!("8: {TWICE}")]));
    let object = "# plimsoll: ignore[duplicate-key] x\napiVersion: v1\nkind: Pod\nspec: {}\nspec: {}\n\
                  ---\napiVersion: v1\nkind: Pod\nspec: {}\nspec: {}\n";
    let (found, gone) = judged("pod.yaml", object);
    assert_eq!((found, gone), (vec![format!("10: {TWICE}")], vec![format!("5: {TWICE}")]));
}

#[test]
fn annotations_hold_for_the_object_the_template_or_a_container() {
    let pod = |annotation: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    metadata:\n      \
             annotations:\n        {annotation}\n    spec:\n      containers:\n      - name: a\n        \
             image: a\n        image: a\n      - name: b\n        image: b\n        image: b\n"
        )
    };
    let lines = |annotation: &str| judged("deployment.yaml", &pod(annotation));
    let all = vec![format!("12: {TWICE}"), format!("15: {TWICE}")];
    assert_eq!(lines("plimsoll.dev/ignore: duplicate-key").1, all);
    assert_eq!(lines("plimsoll.dev/ignore: \"yaml-syntax, duplicate-key: why\"").1, all);
    let (found, gone) = lines("plimsoll.dev/ignore.b: duplicate-key");
    assert_eq!((found, gone), (vec![all[0].clone()], vec![all[1].clone()]));
    let (found, _) = lines("plimsoll.dev/ignore.c: duplicate-key");
    assert_eq!(found[0], "7: malformed-suppression");
}

#[test]
fn it_silences_what_it_names_and_says_what_it_does_not() {
    let text = "services:\n  a:\n    init: true\n    # plimsoll: ignore[yaml-syntax, duplicate-key, \
                duplicate-kye]\n    init: true\n";
    let (found, gone) = judged("compose.yaml", text);
    assert_eq!(found, ["4: unused-suppression", "4: malformed-suppression"]);
    assert_eq!(gone, [format!("5: {TWICE}")]);
}

#[test]
fn a_rule_that_does_not_speak_leaves_its_suppressions_alone() {
    let text = "# plimsoll: ignore[unexplained-suppression, root-user, DL3002] why\nFROM scratch\n";
    let (found, _) = judged("Dockerfile", text);
    assert!(!found.contains(&"1: unused-suppression".to_owned()), "{found:?}");
}

#[test]
fn a_central_policy_takes_suppressions_away() {
    let text = "# plimsoll: ignore-file[duplicate-key] x\nservices:\n  a:\n    init: true\n    init: true\n";
    let settings = Settings { inline_suppressions: false, ..Settings::default() };
    assert_eq!(judged_with("compose.yaml", text, settings).0, [format!("5: {TWICE}")]);
}

#[test]
fn a_reason_that_is_required_is_asked_for() {
    let text =
        "services:\n  a:\n    init: true\n    # plimsoll: ignore[duplicate-key]\n    init: true\n";
    let settings = Settings { require_reason: true, ..Settings::default() };
    let (found, _) = judged_with("compose.yaml", text, settings);
    assert!(found.contains(&"4: unexplained-suppression".to_owned()), "{found:?}");
}

#[test]
fn other_tools_comments_are_honoured_and_never_told_as_unused() {
    for comment in [
        "# hadolint ignore=DL1000 any reason",
        "#hadolint ignore=DL3007,DL1000",
        "# hadolint global ignore=DL1000",
    ] {
        let text = format!("FROM scratch\n{comment}\nENV A= b\n");
        assert_eq!(silenced("Dockerfile", &text), ["3: dockerfile-syntax"], "{comment}");
    }
    let text = "FROM scratch\n# hadolint ignore=DL1000\nENV A=b\n";
    assert_eq!(judged("Dockerfile", text).0, [""; 0]);
}

#[test]
fn many_comments_take_no_longer_than_they_are_long() {
    // If each comment looked at all findings, this would take ten thousand million looks.
    let mut text = "# plimsoll: ignore-file[duplicate-key] x\n".repeat(100_000);
    text.push_str("services:\n  a:\n");
    text.push_str(&"    init: true # plimsoll: ignore[duplicate-key] x\n".repeat(100_000));
    let (kept, silenced) = judged("compose.yaml", &text);
    // The first key of its name is no duplicate, and the first comment covers all the others.
    assert_eq!((kept.len(), silenced.len()), (100_001, 99_999));
}
