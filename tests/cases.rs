//! Every directory in `testdata/rules/` is a case on which some linter is wrong, with the right
//! verdict in its file `findings`: a comment that says what it is about, `rules:` and the rules
//! that are asked, then each finding of theirs as `path:line: rule`, and no other.

#[path = "common/disk.rs"]
mod disk;

use std::fs;
use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll::config::{Config, RuleLevel, Settings};
use plimsoll::lint::lint;
use plimsoll::rules::entry;
use plimsoll::source::Files;

fn main() {
    let mut cases: Vec<_> =
        fs::read_dir("testdata/rules").unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let trial = |path: &std::path::PathBuf| {
        let (name, path) = (path.file_name().unwrap().to_string_lossy().into_owned(), path.clone());
        Trial::test(name, move || case(&path))
    };
    libtest_mimic::run(&Arguments::from_args(), cases.iter().map(trial).collect()).exit();
}

fn case(directory: &Path) -> Result<(), Failed> {
    let expected = fs::read_to_string(directory.join("findings"))?;
    let mut lines = expected.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rules = lines.next().and_then(|line| line.strip_prefix("rules:"));
    let rules: Vec<&str> = rules.ok_or("no line `rules:`")?.split_whitespace().collect();
    let mut settings = Settings::default();
    for rule in &rules {
        let page = &entry(rule).ok_or_else(|| format!("no rule `{rule}`"))?.page;
        settings.levels.insert((*rule).to_owned(), RuleLevel::At(page.severity));
    }
    let mut files = Files::default();
    add(directory, directory, &mut files)?;
    disk::complete(&mut files);
    let config = Config { default: settings, ..Config::default() };
    let found: Vec<String> = lint(&files, &config)
        .findings
        .iter()
        .filter(|finding| rules.contains(&finding.rule))
        .map(|finding| {
            let file = files.get(finding.span.file);
            format!("{}:{}: {}", file.path, file.line(finding.span.start) + 1, finding.rule)
        })
        .collect();
    let expected: Vec<&str> = lines.collect();
    let same = found == expected;
    let (found, expected) = (found.join("\n"), expected.join("\n"));
    if same { Ok(()) } else { Err(format!("expected\n{expected}\nfound\n{found}").into()) }
}

fn add(root: &Path, directory: &Path, files: &mut Files) -> Result<(), Failed> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        paths.push(entry?.path());
    }
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            add(root, &path, files)?;
        } else if name != "findings" {
            files.add(&name, fs::read_to_string(&path)?);
        }
    }
    Ok(())
}
