//! What holds for all rules: their texts are well formed, their ids stand nowhere else, and the
//! rules of other tools that they claim to cover exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use plimsoll::rule::{Group, Level};
use plimsoll::rules::catalogue;

#[test]
fn ids_name_a_defect_in_kebab_case() {
    let mut last = "";
    for entry in catalogue() {
        let id = entry.page.id;
        assert!(id > last, "`{id}` is listed out of order");
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        assert!(!id.starts_with("no-"), "`{id}` names a remedy");
        assert!(!entry.page.formats.is_empty(), "`{id}` applies to nothing");
        let mut seen = BTreeSet::new();
        assert!(entry.page.replaces.iter().all(|id| seen.insert(id)), "`{id}` replaces twice");
        last = id;
    }
}

#[test]
fn options_are_explained_on_the_page() {
    for entry in catalogue() {
        let explained =
            entry.page.section("Options").map(|section| &entry.page.text[section.body.clone()]);
        for option in entry.rule.options {
            let name = format!("`{}`", option.name);
            assert!(
                explained.is_some_and(|text| text.contains(&name)),
                "{}: option {name} is not explained",
                entry.page.id
            );
        }
    }
}

#[test]
fn rules_are_named_only_where_they_live() {
    let mut wrong = Vec::new();
    visit(Path::new("src"), &mut |path, text| {
        if path.starts_with("src/rules") || path == Path::new("src/rules.rs") {
            return;
        }
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        for entry in catalogue().iter().filter(|entry| entry.page.id.contains('-')) {
            if product.contains(&format!("\"{}\"", entry.page.id)) {
                wrong.push(format!("{}: {}", path.display(), entry.page.id));
            }
        }
    });
    assert!(wrong.is_empty(), "a room knows a rule by name: {wrong:#?}");
}

#[test]
fn rules_of_other_tools_exist() {
    let mut known = BTreeSet::new();
    for table in ["dockerfile-rules.tsv", "manifest-rules.tsv"] {
        let Ok(text) = fs::read_to_string(Path::new("../shared/peer-rules").join(table)) else {
            println!("skipped: there is no ../shared/peer-rules");
            return;
        };
        for line in text.lines().skip(1) {
            let mut cells = line.split('\t');
            let (tool, id) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            known.insert(format!("{tool}/{id}"));
        }
    }
    let mut wrong = Vec::new();
    for entry in catalogue() {
        let unknown = entry.page.replaces.iter().filter(|id| !known.contains(**id));
        wrong.extend(unknown.map(|id| format!("{}: {id}", entry.page.id)));
    }
    assert!(wrong.is_empty(), "nobody has these rules: {wrong:#?}");
}

/// The index is written by this test: `UPDATE=1 cargo test`.
#[test]
fn the_index_is_current() {
    let mut index = String::from(
        "# Rules\n\nEach page says what a rule finds, why, and what is bad and good; the examples run \
         as its test. Written by a test.\n",
    );
    for group in Group::ALL {
        let of_group: Vec<_> =
            catalogue().iter().filter(|entry| entry.page.group == group).collect();
        if of_group.is_empty() {
            continue;
        }
        index += &format!("\n## {}\n\n", group.name());
        index += "| rule | finds | severity | reads | covers |\n|---|---|---|---|---|\n";
        for entry in of_group {
            let page = &entry.page;
            let level = if page.level == Level::Pedantic { ", pedantic" } else { "" };
            let formats: Vec<_> = page.formats.iter().map(|format| format.name()).collect();
            index += &format!(
                "| [`{id}`]({id}.md) | {} | {}{level} | {} | {} |\n",
                page.summary.replace('|', "\\|"),
                page.severity,
                formats.join(", "),
                page.replaces.join(", "),
                id = page.id,
            );
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write("rules/README.md", &index).unwrap();
    }
    assert!(fs::read_to_string("rules/README.md").unwrap() == index, "run `UPDATE=1 cargo test`");
}

fn visit(directory: &Path, each: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, each);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            each(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}
