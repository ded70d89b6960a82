//! Every scalar stands where it says, in texts of ours, in broken ones and in real ones (those of
//! `YAML_FILES`, else of the corpus beside the repository).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll::source::{Files, Span, decode};
use plimsoll::syntax::Parsed;
use plimsoll::syntax::yaml::{self, Kind, Node, Style, Tree};

const CASES: &[&str] = &[
    "a: 'it''s'\nb: \"x\\n\\u00e9\\U0001F600\\uD83D\\uDE00 y\"\nc: 'one\n  two\n\n\n  three'\n",
    "a: \"one \\\n  two\\\n\n  three  \n  four\\ \n five\"\n",
    "- |\n a\n\n  b\n c\n- >-\n a\n b\n\n   c\n   d\n e\n- |4\n      x\n    y\n- |-\n- >\n\n- x\n  y\n\n  z\n",
    "? |\n a b\n: - |+\n   c d\n\n   e\n\n? &a !t >\n  f\n : x\n",
    "--- |\n top level\n  text\n--- &x !y 'z'\n--- # c\n>\n f\n g\n",
    "a:\r\n  - |\r\n    b c\r\n\r\n    d\r\n  - \"e\r\n    f\"\r\n  - g\r\n    h\r\n",
    "{a: [b, \"c\" , 'd', e f, {g}, h: i], \"j\":k, ? l : m, n: }\n",
    "é: [ü, 'ö', \"ä\"]\n日本: |\n  語 語\n  語\n",
    "a: !!str\nb: &c\nc: !d &e\n- not: reached\n",
    "&a a: &b b\n*b : *a\n",
];

#[test]
fn every_scalar_is_where_it_says() {
    for source in CASES {
        assert!(check_spans(source, &read(source).tree) > 0, "{source:?}");
    }
}

#[test]
fn cut_anywhere_it_is_still_read() {
    for source in CASES {
        for end in (0..source.len()).filter(|end| source.is_char_boundary(*end)) {
            check_spans(&source[..end], &read(&source[..end]).tree);
            let cut = format!("{}\n{}", &source[end..], &source[..end]);
            check_spans(&cut, &read(&cut).tree);
        }
    }
}

/// What YAML is made of, and what breaks it.
const TOKENS: [&str; 32] = [
    "\n", "\n", "\n", "\n  ", "\n    ", "\n---\n", "\n...\n", ":", ": ", "- ", "? ", "#", " #c",
    "{", "}", "[", "]", ",", "\"", "'", "|\n", ">-\n", "&a ", "*a", "!t ", "<<: ", "%x\n", "\t",
    "\r", "é", "kind", "b: c",
];

#[test]
fn whatever_stands_there_is_read() {
    let mut state = 1_u32;
    let mut below = |bound: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % bound
    };
    for _ in 0..40_000 {
        let length = 1 + below(14);
        let source: String =
            (0..length).map(|_| TOKENS[below(TOKENS.len() as u32) as usize]).collect();
        let parsed = read(&source);
        for document in parsed.tree.documents() {
            check_ranges(&source, document.root(&parsed.tree));
        }
    }
}

/// Checks that every value lies in the file, on characters.
fn check_ranges(source: &str, node: Node<'_>) {
    assert!(source.get(node.span().range()).is_some(), "{source:?}");
    assert!(source.get(node.content_span().range()).is_some(), "{source:?}");
    node.items().for_each(|item| check_ranges(source, item));
    for entry in node.entries() {
        check_ranges(source, entry.key);
        check_ranges(source, entry.value);
    }
}

#[test]
fn every_scalar_of_real_files_is_where_it_says() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let corpus = std::env::var_os("YAML_FILES").map_or(corpus, PathBuf::from);
    let Ok(corpus) = corpus.canonicalize() else {
        println!("skipped: no ../shared/corpus, and YAML_FILES names no directory");
        return;
    };
    let (mut files, mut scalars, mut broken) = (0, 0, Vec::new());
    for path in yaml_files(&corpus) {
        let (source, _) = decode(fs::read(&path).unwrap());
        let parsed = read(&source);
        files += 1;
        scalars += check_spans(&source, &parsed.tree);
        if let Some(error) = parsed.errors.first() {
            let line = source[..error.span.start as usize].lines().count();
            let path = path.strip_prefix(&corpus).unwrap();
            broken.push(format!("{}:{line}: {}", path.display(), error.message));
        }
    }
    println!("{files} files, {scalars} scalars, {} files with errors", broken.len());
    println!("{}", broken.join("\n"));
}

fn yaml_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|e| e == "yml" || e == "yaml")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(text: &str) -> Parsed<Arc<Tree>> {
    let mut files = Files::default();
    let id = files.add("f.yaml", text);
    yaml::parse(files.get(id))
}

fn cut(text: &str, span: Span) -> &str {
    &text[span.range()]
}

/// Checks every scalar of a file: its ends, and where each word of its text stands.
fn check_spans(source: &str, tree: &Tree) -> usize {
    tree.documents().map(|document| check_node(source, document.root(tree))).sum()
}

fn check_node(source: &str, node: Node<'_>) -> usize {
    let (span, content) = (node.span(), node.content_span());
    let written = source.get(span.range()).expect("a span within the file, on characters");
    assert!(span.contains(content) && source.get(content.range()).is_some());
    if node.used_at().is_some() {
        return 0;
    }
    let below = |child: Node<'_>| {
        assert!(child.used_at().is_some() || span.contains(child.span()), "{written:?}");
        check_node(source, child)
    };
    match node.kind() {
        Kind::Null => 0,
        Kind::Sequence => node.items().map(below).sum(),
        Kind::Mapping => {
            let entries = node.entries().into_iter();
            entries.map(|entry| below(entry.key) + below(entry.value)).sum()
        }
        Kind::Scalar => {
            let Some(text) = node.text() else { return 0 };
            check_scalar(source, node, written, text.value);
            1
        }
    }
}

fn check_scalar(source: &str, node: Node<'_>, written: &str, text: &str) {
    let is_escaped = match node.style().unwrap() {
        Style::Single => {
            assert!(written.starts_with('\'') && written.ends_with('\''), "{written:?}");
            written.contains("''")
        }
        Style::Double => {
            assert!(written.starts_with('"') && written.ends_with('"'), "{written:?}");
            written.contains('\\')
        }
        Style::Literal => {
            assert!(written.starts_with('|'), "{written:?} in {source:?}");
            false
        }
        Style::Folded => {
            assert!(written.starts_with('>'), "{written:?} in {source:?}");
            false
        }
        Style::Plain => {
            assert_eq!(written.trim(), written);
            false
        }
    };
    for word in text.split_whitespace() {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        let found = cut(source, node.span_of_text(at..at + word.len()));
        if !is_escaped || !found.contains(['\\', '\'', '\n']) {
            assert_eq!(found, word, "in {written:?} of {text:?}");
        }
    }
}
