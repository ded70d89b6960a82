//! Every page in `rules/` is a test: its bad examples are caught where they say, its good ones
//! are not, and its diffs are what the fix writes.
//!
//! A mark is `# error: "words of the message"` at the end of a line, or on a line of its own above
//! the line at fault. Blocks that name a file belong to one case.

#[path = "common/disk.rs"]
mod disk;

use std::collections::BTreeMap;
use std::fs;

use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll::config::{Config, RuleLevel, Settings};
use plimsoll::finding::{Finding, Severity};
use plimsoll::lint::lint;
use plimsoll::model::Format;
use plimsoll::rule::{Block, Level, Page};
use plimsoll::rules::{ALL, Entry, catalogue};
use plimsoll::source::{FileId, Files};

fn main() {
    let mut trials = vec![Trial::test("pages_and_rules_match", pages_and_rules_match)];
    for entry in catalogue() {
        trials.push(Trial::test(entry.page.id, move || page(entry)));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn pages_and_rules_match() -> Result<(), Failed> {
    let mut pages: Vec<String> = Vec::new();
    for entry in fs::read_dir("rules")? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if stem != "README" && path.extension().is_some_and(|extension| extension == "md") {
            pages.push(stem);
        }
    }
    pages.sort();
    for rule in ALL {
        Page::parse(rule.page).map_err(|error| format!("{error}\n{}", head(rule.page)))?;
    }
    let ids: Vec<_> = catalogue().iter().map(|entry| entry.page.id.to_owned()).collect();
    require(pages == ids, || format!("pages {pages:?}\nrules {ids:?} (in the order of ids)"))
}

fn head(page: &str) -> String {
    page.lines().take(12).collect::<Vec<_>>().join("\n")
}

/// Files that are linted together.
struct Case {
    section: &'static str,
    /// 1-based line of the page.
    line: usize,
    labelled: bool,
    files: Vec<(String, &'static str)>,
    diff: Option<&'static str>,
    settings: Settings,
}

fn page(entry: &'static Entry) -> Result<(), Failed> {
    let page = &entry.page;
    let cases = cases(page)?;
    // Another program finds it, which need not be here.
    if page.id == "shellcheck" {
        return Ok(());
    }
    let mut shown = Vec::new();
    for case in &cases {
        let formats = run(page, case).map_err(|failed| {
            format!("rules/{}.md:{}: {}", page.id, case.line, failed.message().unwrap_or_default())
        })?;
        if case.section == "Bad" {
            shown.extend(formats);
        }
    }
    for format in &page.formats {
        require(shown.contains(format), || format!("no bad example for {}", format.name()))?;
    }
    Ok(())
}

/// Lints a case; the formats in which the rule was seen to fire.
fn run(page: &Page, case: &Case) -> Result<Vec<Format>, Failed> {
    let mut files = Files::default();
    for (path, text) in &case.files {
        files.add(path, *text);
    }
    let known: Vec<_> =
        files.iter().filter(|file| Format::of(&file.path, &file.text).is_some()).collect();
    require(!known.is_empty(), || "no file of a known format".to_owned())?;
    let config = Config { default: case.settings.clone(), ..Config::default() };
    disk::complete(&mut files);
    let outcome = lint(&files, &config);
    let mut found: Vec<&Finding> =
        outcome.findings.iter().filter(|finding| finding.rule == page.id).collect();
    found.sort_by_key(|finding| finding.span);
    compare(case, &files, &found)?;
    if let Some(diff) = case.diff {
        compare_fix(page, case, diff, &files, &found)?;
    }
    if case.section == "Good" {
        let others: Vec<_> = outcome
            .findings
            .iter()
            .filter(|finding| finding.rule != page.id && finding.severity == Severity::Error)
            .map(|finding| {
                let file = files.get(finding.span.file);
                let line = file.line(finding.span.start) + 1;
                format!("{}:{line}: {}: {}", file.path, finding.rule, finding.message)
            })
            .collect();
        require(others.is_empty(), || {
            format!("a good example that is bad otherwise:\n{}", others.join("\n"))
        })?;
    }
    Ok(found
        .iter()
        .filter_map(|finding| {
            let file = files.get(finding.span.file);
            Format::of(&file.path, &file.text)
        })
        .collect())
}

fn compare(case: &Case, files: &Files, found: &[&Finding]) -> Result<(), Failed> {
    let mut expected: Vec<(FileId, u32, &str)> = Vec::new();
    for file in files.iter() {
        for (number, line) in file.text.lines().enumerate() {
            let Some((before, mark)) = line.split_once("# error") else { continue };
            let number = number as u32 + u32::from(before.trim().is_empty());
            expected.push((file.id, number, mark.split('"').nth(1).unwrap_or_default()));
        }
    }
    // Marks on lines of their own may stack above one line.
    let text_of = |file: FileId, line: u32| {
        let span = files.get(file).line_span(line);
        span.map_or("", |span| files.text_at(span)).trim_start()
    };
    for (file, line, _) in &mut expected {
        while text_of(*file, *line).starts_with("# error") {
            *line += 1;
        }
    }
    match case.section {
        "Bad" => require(!expected.is_empty(), || "a bad example without a mark".to_owned())?,
        "Good" => require(expected.is_empty(), || "a good example with a mark".to_owned())?,
        _ => {}
    }
    let actual: Vec<_> = found
        .iter()
        .map(|finding| {
            let file = files.get(finding.span.file);
            (file.id, file.line(finding.span.start), &*finding.message)
        })
        .collect();
    let same = expected.len() == actual.len()
        && expected.iter().zip(&actual).all(|(mark, found)| {
            (mark.0, mark.1) == (found.0, found.1) && found.2.contains(mark.2)
        });
    let show = |places: &[(FileId, u32, &str)]| {
        let line = |(file, line, text): &(FileId, u32, &str)| {
            format!("  {}:{}: {text}", files.get(*file).path, line + 1)
        };
        places.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    require(same, || format!("expected\n{}\nfound\n{}", show(&expected), show(&actual)))
}

fn compare_fix(
    page: &Page,
    case: &Case,
    diff: &str,
    files: &Files,
    found: &[&Finding],
) -> Result<(), Failed> {
    let side = |sign: char| -> String {
        diff.lines()
            .filter(|line| line.starts_with([' ', sign]) || line.is_empty())
            .map(|line| format!("{}\n", line.get(1..).unwrap_or_default()))
            .collect()
    };
    let file = files.iter().next().ok_or("no file")?;
    require(side('-') == *file.text, || "the diff is of other text".to_owned())?;
    let mut edits: Vec<_> = found
        .iter()
        .filter_map(|finding| finding.fixes.first())
        .flat_map(|fix| &fix.edits)
        .filter(|edit| edit.span.file == file.id)
        .collect();
    edits.sort();
    let mut text = file.text.to_string();
    for edit in edits.into_iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    require(side('+') == text, || format!("the fix writes\n{text}"))?;
    let mut fixed = Files::default();
    fixed.add(&file.path, text);
    let config = Config { default: case.settings.clone(), ..Config::default() };
    let left = lint(&fixed, &config).findings;
    require(left.iter().all(|finding| finding.rule != page.id), || {
        format!("the fix leaves {left:#?}")
    })
}

/// The examples of a page, blocks of one case together. A `toml` block sets options of the rule
/// for the case before it, as `name = ["words"]` or `name = true`, or `environment = "production"`.
fn cases(page: &'static Page) -> Result<Vec<Case>, Failed> {
    let mut cases: Vec<Case> = Vec::new();
    for section in &page.sections {
        for block in &section.blocks {
            match block.language {
                "diff" => last(&mut cases, block)?.diff = Some(block.text),
                "toml" => configure(page, &mut last(&mut cases, block)?.settings, block.text)?,
                "dockerfile" | "yaml" | "json" | "text" | "sh" | "dotenv" => {
                    if !matches!(section.heading, "Bad" | "Good" | "Edge cases") {
                        continue;
                    }
                    let default =
                        if block.language == "dockerfile" { "Dockerfile" } else { "input.yaml" };
                    let file = (block.path.unwrap_or(default).to_owned(), block.text);
                    let joined = cases.last_mut().filter(|case| {
                        block.path.is_some()
                            && case.labelled
                            && case.section == section.heading
                            && case.files.iter().all(|(path, _)| *path != file.0)
                    });
                    match joined {
                        Some(case) => case.files.push(file),
                        None => cases.push(Case {
                            section: section.heading,
                            line: block.line,
                            labelled: block.path.is_some(),
                            files: vec![file],
                            diff: None,
                            settings: settings(page),
                        }),
                    }
                }
                language => {
                    require(matches!(section.heading, "Why" | "Options" | "References"), || {
                        format!("rules/{}.md:{}: a block of `{language}`", page.id, block.line)
                    })?;
                }
            }
        }
    }
    Ok(cases)
}

fn last<'a>(cases: &'a mut [Case], block: &Block) -> Result<&'a mut Case, Failed> {
    cases.last_mut().ok_or_else(|| format!("line {}: no case before it", block.line).into())
}

/// A rule is switched on for its own page.
fn settings(page: &Page) -> Settings {
    let mut levels = BTreeMap::new();
    if page.level == Level::Pedantic {
        levels.insert(page.id.to_owned(), RuleLevel::At(page.severity));
    }
    Settings { levels, ..Settings::default() }
}

fn configure(page: &Page, settings: &mut Settings, text: &str) -> Result<(), Failed> {
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, value) = line.split_once(" = ").ok_or("expected `name = value`")?;
        let value: serde_json::Value = serde_json::from_str(value)?;
        if name == "registries" {
            settings.registries = serde_json::from_value(value)?;
            continue;
        }
        let options = settings.options.entry(page.id.to_owned()).or_default();
        options.insert(name.to_owned(), value);
    }
    Ok(())
}

fn require(condition: bool, message: impl FnOnce() -> String) -> Result<(), Failed> {
    if condition { Ok(()) } else { Err(message().into()) }
}
