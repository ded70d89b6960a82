//! The public YAML test suite against our reader. Its data stays outside of the repository:
//! `YAML_TEST_SUITE=<checkout of yaml/yaml-test-suite> cargo test --test yaml_suite`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use plimsoll::source::Files;
use plimsoll::syntax::Parsed;
use plimsoll::syntax::yaml::{self, Kind, Node, Style, Tree};

/// Texts that must fail and do not, since go-yaml and libyaml read them as well: a closing
/// bracket or quote on a line that is not indented, a tab within a quoted text's indentation.
const ACCEPTED: &[&str] = &["9C9N/0", "DK95/1", "QB6E/0"];

#[test]
fn the_suite_is_read_as_it_says() {
    let Some(suite) = std::env::var_os("YAML_TEST_SUITE") else {
        println!("skipped: YAML_TEST_SUITE names no checkout of yaml/yaml-test-suite");
        return;
    };
    let mut paths: Vec<_> =
        fs::read_dir(Path::new(&suite).join("src")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let (mut valid, mut read, mut invalid, mut refused) = (0, 0, 0, 0);
    let mut surprises = Vec::new();
    for path in paths {
        let id = path.file_stem().unwrap().to_string_lossy().into_owned();
        let cases = parse(&fs::read_to_string(&path).unwrap());
        let root = cases.tree.documents().next().unwrap().root(&cases.tree);
        let mut expected = String::new();
        for (number, case) in root.items().enumerate() {
            let name = format!("{id}/{number}");
            // It holds for all of a file's cases.
            if case.get("skip").is_some() {
                break;
            }
            let Some(text) = field(case, "yaml") else { continue };
            expected = field(case, "tree").unwrap_or(expected);
            let parsed = parse(&text);
            if case.get("fail").is_some() {
                invalid += 1;
                refused += usize::from(!parsed.errors.is_empty());
                if parsed.errors.is_empty() != ACCEPTED.contains(&name.as_str()) {
                    surprises.push(format!("{name}: errors {:?}", parsed.errors));
                }
                continue;
            }
            valid += 1;
            let events = events(&text, &parsed.tree);
            let wanted = wanted(&expected);
            let is_same = parsed.errors.is_empty() && events == wanted;
            read += usize::from(is_same);
            if !is_same {
                surprises.push(format!(
                    "{name}: {:?}\n{text}\n--- read\n{}\n--- wanted\n{}",
                    parsed.errors,
                    events.join("\n"),
                    wanted.join("\n")
                ));
            }
        }
    }
    println!("valid: {read} of {valid} read; invalid: {refused} of {invalid} refused");
    assert!(surprises.is_empty(), "{}", surprises.join("\n\n"));
}

fn parse(text: &str) -> Parsed<Arc<Tree>> {
    let mut files = Files::default();
    let id = files.add("suite.yaml", text);
    yaml::parse(files.get(id))
}

/// A text of a case, with the suite's stand-ins for what cannot be seen taken back.
fn field(case: Node<'_>, key: &str) -> Option<String> {
    let text = case.get(key)?.text()?.value;
    let mut text = text.replace('␣', " ").replace('←', "\r").replace('⇔', "\u{feff}");
    while let Some(at) = text.find('»') {
        let start = text[..at].trim_end_matches('—').len();
        text.replace_range(start..at + '»'.len_utf8(), "\t");
    }
    text = text.replace('↵', "");
    if let Some(cut) = text.strip_suffix("∎\n").or_else(|| text.strip_suffix('∎')) {
        text = cut.to_owned();
    }
    Some(text)
}

/// The events that the suite wants, without tags and document markers, which we do not keep.
fn wanted(tree: &str) -> Vec<String> {
    let lines = tree.lines().map(str::trim_start).filter(|line| !line.is_empty());
    lines
        .filter(|line| !line.ends_with("STR"))
        .map(|line| {
            if let Some(marker) = line.strip_suffix(" ---").or_else(|| line.strip_suffix(" ...")) {
                return marker.to_owned();
            }
            let mut words = Vec::new();
            let mut rest = line;
            while !rest.is_empty() && !rest.starts_with([':', '"', '\'', '|', '>']) {
                let end = if rest.starts_with('<') { rest.find('>') } else { rest.find(' ') };
                let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
                words.push(word);
                rest = behind.trim_start_matches('>').trim_start_matches(' ');
            }
            words.retain(|word| !word.starts_with('<') && !matches!(*word, "[]" | "{}"));
            words.extend((!rest.is_empty()).then_some(rest));
            words.join(" ")
        })
        .collect()
}

fn events(text: &str, tree: &Tree) -> Vec<String> {
    let mut out = Vec::new();
    for document in tree.documents() {
        out.push("+DOC".to_owned());
        let root = document.root(tree);
        events_of(text, root, root, &mut out);
        out.push("-DOC".to_owned());
    }
    out
}

fn events_of(text: &str, parent: Node<'_>, node: Node<'_>, out: &mut Vec<String>) {
    if let Some(alias) = node.used_at().filter(|alias| parent.used_at() != Some(*alias)) {
        out.push(format!("=ALI {}", &text[alias.range()]));
        return;
    }
    let anchor = node.anchor().map_or(String::new(), |anchor| format!(" {}", anchor.value));
    match node.kind() {
        Kind::Null => out.push(format!("=VAL{anchor} :{}", &text[node.span().range()])),
        Kind::Scalar => {
            let style = match node.style() {
                Some(Style::Single) => '\'',
                Some(Style::Double) => '"',
                Some(Style::Literal) => '|',
                Some(Style::Folded) => '>',
                Some(Style::Plain) | None => ':',
            };
            let text = node.text().unwrap().value.replace('\\', "\\\\").replace('\n', "\\n");
            let text = text.replace('\t', "\\t").replace('\r', "\\r").replace('\x08', "\\b");
            out.push(format!("=VAL{anchor} {style}{text}"));
        }
        Kind::Sequence => {
            out.push(format!("+SEQ{anchor}"));
            node.items().for_each(|item| events_of(text, node, item, out));
            out.push("-SEQ".to_owned());
        }
        Kind::Mapping => {
            out.push(format!("+MAP{anchor}"));
            for entry in node.entries() {
                events_of(text, node, entry.key, out);
                events_of(text, node, entry.value, out);
            }
            out.push("-MAP".to_owned());
        }
    }
}
