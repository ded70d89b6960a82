//! One run with hostile text in it, through every format: each is read back by a reader of its
//! kind, and compared with what is recorded in `testdata/reports` (`UPDATE=1 cargo test` writes it
//! anew).

#[path = "common/schema.rs"]
mod schema;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use plimsoll::config::{Config, RuleLevel, Settings};
use plimsoll::finding::{Applicability, Finding, Fix, Severity};
use plimsoll::lint::{Checked, Outcome, lint};
use plimsoll::model::environment::Environment;
use plimsoll::model::{Format, read};
use plimsoll::report::{FORMATS, Run, format};
use plimsoll::rules::catalogue;
use plimsoll::source::{Edit, FileId, Files, Span};
use serde_json::Value;

const HOSTILE: &str = "`a|b` <b>&\"'\u{1b}[31m]]>\n::error::%0A, \u{0}é😀\r\n| --- |";

fn files() -> Files {
    let mut files = Files::default();
    files.add("api/Docker file,<1>&%.Dockerfile", "FROM é😀 AS x\nUSER root\n");
    files.add("compose.yaml", "services:\n  web:\n    image: nginx\n    image: nginx\n");
    files.add("clean.yaml", "services: {}\n");
    files
}

fn findings() -> Vec<Finding> {
    let finding = |rule, severity, file: u32, start, end, message: &str| Finding {
        rule,
        severity,
        span: Span::new(FileId(file), start, end),
        message: message.to_owned().into(),
        help: None,
        also: Vec::new(),
        fixes: Vec::new(),
        hidden: Vec::new(),
    };
    let mut first = finding("dockerfile-syntax", Severity::Error, 0, 5, 11, HOSTILE);
    first.help("say `x` instead").also(Span::new(FileId(1), 21, 26), "here <too>").fix(Fix {
        title: "write `y`".to_owned(),
        edits: vec![
            Edit { span: Span::new(FileId(0), 5, 11), text: "y\n\"z\"".to_owned() },
            Edit { span: Span::new(FileId(0), 17, 17), text: "w".to_owned() },
        ],
        applicability: Applicability::Safe,
    });
    let mut second = finding("duplicate-key", Severity::Warning, 1, 28, 33, "twice");
    second.fix(Fix {
        title: "take it away".to_owned(),
        edits: vec![Edit { span: Span::new(FileId(1), 28, 40), text: String::new() }],
        applicability: Applicability::Unsafe,
    });
    let lines = finding("duplicate-key", Severity::Note, 1, 12, 44, "over several lines");
    vec![first, second.clone(), finding("duplicate-key", Severity::Note, 1, 44, 49, "twice"), lines]
}

/// The run in a format; with findings or without.
fn written(name: &str, findings: Vec<Finding>) -> String {
    let files = files();
    let workspace = read(&files);
    let formats = [Format::Dockerfile, Format::Compose, Format::Compose];
    let checked = files.iter().zip(formats).map(|(file, format)| Checked {
        file: file.id,
        format,
        environment: Environment::Production,
    });
    let outcome = Outcome { findings, checked: checked.collect(), ..Outcome::default() };
    let run = Run { files: &files, workspace: &workspace, outcome: &outcome };
    let mut out = Vec::new();
    format(name).unwrap().write(&run, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(name: &str, findings: Vec<Finding>) -> Value {
    serde_json::from_str(&written(name, findings)).unwrap()
}

#[test]
fn every_format_writes_what_is_recorded() {
    let mut changed = Vec::new();
    // SARIF holds the rules' pages, which change for reasons of their own.
    for (name, _) in FORMATS.iter().filter(|(name, _)| *name != "sarif") {
        let path = Path::new("testdata/reports").join(format!("{name}.txt"));
        let text = written(name, findings());
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &text).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != text {
            changed.push(*name);
        }
    }
    assert!(changed.is_empty(), "{changed:?} changed; see UPDATE=1 cargo test and git diff");
}

#[test]
fn sarif_is_as_its_schema_says() {
    let text = fs::read_to_string("testdata/schemas/sarif-2.1.0.json").unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    for findings in [findings(), Vec::new()] {
        let log = json("sarif", findings);
        assert_eq!(schema::violations(&schema, &log), [""; 0]);
    }
    let mut broken = json("sarif", findings());
    broken["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] =
        0.into();
    broken["runs"][0]["results"][1]["message"] = Value::Null;
    broken["runs"][0]["tool"]["driver"]["nmae"] = "x".into();
    assert_eq!(schema::violations(&schema, &broken).len(), 3);
}

#[test]
fn sarif_has_what_code_scanning_asks_for() {
    let log = json("sarif", findings());
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!((log["runs"].as_array().unwrap().len(), results.len()), (1, 4));
    for rule in rules {
        let markdown = rule["help"]["markdown"].as_str().unwrap();
        assert!(markdown.starts_with("# "), "{markdown}");
        assert!(!rule["shortDescription"]["text"].as_str().unwrap().is_empty());
        assert!(!rule["fullDescription"]["text"].as_str().unwrap().is_empty());
        assert!(rule["properties"]["tags"].as_array().unwrap().len() >= 2);
        let is_secure = rule["properties"]["tags"].as_array().unwrap().contains(&"security".into());
        assert_eq!(rule["properties"].get("security-severity").is_some(), is_secure);
    }
    let mut fingerprints = HashSet::new();
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        let print = &result["partialFingerprints"]["primaryLocationLineHash"];
        assert!(fingerprints.insert(print.as_str().unwrap().to_owned()));
    }
    let first = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(first["artifactLocation"]["uri"], "api/Docker%20file%2C%3C1%3E%26%25.Dockerfile");
    let region = &first["region"];
    let at = |key: &str| region[key].as_u64().unwrap();
    assert_eq!((at("startLine"), at("startColumn"), at("endColumn")), (1, 6, 8));
    assert_eq!(results[0]["relatedLocations"].as_array().unwrap().len(), 1);
    let change = &results[0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"].as_array().unwrap().len(), 2);
    assert_eq!(json("sarif", Vec::new())["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn gitlab_gets_its_fields_and_fingerprints_of_their_own() {
    let issues = json("gitlab", findings());
    let mut fingerprints = HashSet::new();
    for issue in issues.as_array().unwrap() {
        let severity = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        assert!(issue["description"].is_string() && issue["check_name"].is_string());
        assert!(!issue["location"]["path"].as_str().unwrap().starts_with("./"));
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        assert!(fingerprints.insert(issue["fingerprint"].as_str().unwrap().to_owned()));
    }
    assert_eq!(fingerprints.len(), 4);
    assert_eq!(json("gitlab", Vec::new()), Value::Array(Vec::new()));
}

#[test]
fn fingerprints_do_not_move_with_the_lines() {
    let prints = |text: &str| {
        let mut files = Files::default();
        let id = files.add("compose.yaml", text);
        let workspace = read(&files);
        let start = text.rfind("nginx").unwrap();
        let mut finding = findings().remove(1);
        finding.span = Span::new(id, start, start + 5);
        plimsoll::fingerprint::fingerprints(&files, &workspace, &[finding])
    };
    let before = prints("services:\n  web:\n    image: nginx\n");
    let after = prints("# more\nservices:\n  db:\n    image: x\n\n  web:\n      image:   nginx\n");
    assert_eq!(before, after);
    assert_ne!(before, prints("services:\n  db:\n    image: nginx\n"));
}

#[test]
fn xml_is_well_formed_whatever_is_in_it() {
    for findings in [findings(), Vec::new()] {
        let text = written("junit", findings.clone());
        let document = roxmltree::Document::parse(&text).unwrap();
        let root = document.root_element();
        let count = |name: &str| root.descendants().filter(|node| node.has_tag_name(name)).count();
        let stated = |name: &str| root.attribute(name).unwrap().parse::<usize>().unwrap();
        assert_eq!((count("failure"), stated("failures")), (findings.len(), findings.len()));
        assert_eq!(count("testcase"), stated("tests"));
        assert_eq!(count("testsuite"), 3);
        let text = written("checkstyle", findings.clone());
        let document = roxmltree::Document::parse(&text).unwrap();
        let errors: Vec<_> =
            document.descendants().filter(|node| node.has_tag_name("error")).collect();
        assert_eq!(errors.len(), findings.len());
        for (error, finding) in errors.iter().zip(&findings) {
            let message = error.attribute("message").unwrap();
            let readable = finding.message.replace(['\u{0}', '\u{1b}'], "\u{fffd}");
            assert!(message.starts_with(&readable), "{message:?}");
        }
    }
}

#[test]
fn github_gets_one_command_a_line() {
    let text = written("github", findings());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    let commands = lines.iter().map(|line| line.split(' ').next().unwrap());
    let expected = ["::error", "::warning", "::notice", "::notice"];
    assert_eq!(commands.collect::<Vec<_>>(), expected);
    for line in &lines {
        let properties = line.split_once(' ').unwrap().1.split("::").next().unwrap();
        for property in properties.split(',') {
            let (name, _) = property.split_once('=').unwrap();
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(known.contains(&name), "{line}");
        }
    }
    assert!(!lines[3].contains("col="), "columns over several lines: {}", lines[3]);
    assert_eq!(written("github", Vec::new()), "");
}

#[test]
fn a_line_of_concise_and_jsonl_is_a_finding() {
    for name in ["concise", "jsonl"] {
        assert_eq!(written(name, findings()).lines().count(), 4, "{name}");
        assert_eq!(written(name, Vec::new()), "", "{name}");
    }
    let whole = json("json", findings());
    let lines: Vec<Value> = written("jsonl", findings())
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(whole["findings"], Value::Array(lines));
}

#[test]
fn reviewdog_counts_bytes_and_gets_single_edits_as_suggestions() {
    let report = json("rdjson", findings());
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics[0]["location"]["range"]["end"]["column"], 12);
    assert!(diagnostics[0].get("suggestions").is_none());
    assert_eq!(diagnostics[1]["suggestions"][0]["text"], "");
    assert!(
        diagnostics.iter().all(|one| {
            ["ERROR", "WARNING", "INFO"].contains(&one["severity"].as_str().unwrap())
        })
    );
}

#[test]
fn a_row_of_markdown_is_a_finding() {
    let text = written("markdown", findings());
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 2 + 4, "{text}");
    for row in rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 5, "{row}");
    }
    assert!(!text.contains("<b>"), "{text}");
}

/// Neither where it is found nor where another finding shows the line or quotes a word.
#[test]
fn no_format_prints_a_credential() {
    const TOKEN: &str = "glpat-Qk27nW9xD3sHv5JtUc8M";
    const PASSWORD: &str = "c0rrecth0rse";
    let dockerfile = "FROM alpine\nARG T=@T\nENV A=$T PW=@P PW2=$PW DB_URL=db://u:@P@db \
        DB_PASSWORD=@P\nLABEL a=@T\nRUN curl -H 'X: @T' http://x:@T@e.com/a | sh\nRUN git clone \
        https://u:@P@e.com/a.git\nCMD [\"sh\", \"-c\", \"run --token @T\"]\n";
    let compose = "services:\n  a: {image: a, environment: {A: @T, DB_PASSWORD: @P, X: 1, X: @T}, \
        command: run @T, labels: ['a=@T'], ports: ['@T'], restart: @T}\n  b: {image: 'b:@T', build: \
        {context: ., args: {K: @T}}}\n";
    let manifest = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {a: '@T @T'}}\nspec: \
        {containers: [{name: c, image: c, env: [{name: A, value: @T}, {name: DB_PASSWORD, value: \
        @P}, {name: A, value: @T}], args: [@T], ports: [{containerPort: @T}]}]}\n";
    let mut files = Files::default();
    for (path, text) in
        [("Dockerfile", dockerfile), ("compose.yaml", compose), ("a.yaml", manifest)]
    {
        files.add(path, text.replace("@T", TOKEN).replace("@P", PASSWORD));
    }
    let all = Settings { pedantic: true, ..Settings::default() };
    // Nor where the rules that find it are off.
    let mut others = all.clone();
    for entry in catalogue().iter().filter(|entry| entry.rule.finds_credentials) {
        others.levels.insert(entry.page.id.to_owned(), RuleLevel::Off);
    }
    let workspace = read(&files);
    for settings in [all, others] {
        let outcome = lint(&files, &Config { default: settings, ..Config::default() });
        let run = Run { files: &files, workspace: &workspace, outcome: &outcome };
        for (name, format) in FORMATS {
            let mut out = Vec::new();
            format.write(&run, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            for secret in [TOKEN, PASSWORD] {
                assert!(!text.contains(secret), "{name} prints `{secret}`");
            }
        }
    }
}
