use crate::source::Files;

use super::*;

fn read(text: &str) -> Parsed<Arc<Tree>> {
    let mut files = Files::default();
    let id = files.add("f.yaml", text);
    parse(files.get(id))
}

/// The text under a span.
fn cut(text: &str, span: Span) -> &str {
    &text[span.range()]
}

fn root(tree: &Tree) -> Node<'_> {
    tree.documents().next().expect("a document").root(tree)
}

fn value<'t>(tree: &'t Tree, path: &[&str]) -> Node<'t> {
    root(tree).at(path).unwrap_or_else(|| panic!("nothing at {path:?}"))
}

fn text<'t>(tree: &'t Tree, path: &[&str]) -> &'t str {
    value(tree, path).text().unwrap_or_else(|| panic!("no text at {path:?}")).value
}

/// A tree in short, for comparison.
fn show(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Null => "~".to_owned(),
        Kind::Scalar => node.text().map_or("?".to_owned(), |text| text.value.to_owned()),
        Kind::Sequence => format!("[{}]", node.items().map(show).collect::<Vec<_>>().join(" ")),
        Kind::Mapping => {
            let entries = node.entries().into_iter();
            let shown: Vec<_> =
                entries.map(|entry| format!("{}:{}", show(entry.key), show(entry.value))).collect();
            format!("{{{}}}", shown.join(" "))
        }
    }
}

#[test]
fn spans_are_exact() {
    let source = "\
# top
image: nginx   # c
ports:
- 80:80
- \"443:443\"
env: !t &k
  - - n
    - m
  -

# foo

flow: {x: 1, y: [a, b], z, 'w':}
script: |+ # a | b

  echo
    more

  x

# after
fold: >-
    one
    two
nothing:
anchored: &z
last: plain
  lines  # end
";
    let parsed = read(source);
    assert_eq!(parsed.errors, []);
    let tree = &*parsed.tree;
    let at = |path: &[&str]| cut(source, value(tree, path).span());
    assert_eq!(at(&["image"]), "nginx");
    assert_eq!(at(&["ports"]), "- 80:80\n- \"443:443\"");
    let second = value(tree, &["ports"]).items().nth(1).unwrap();
    assert_eq!(cut(source, second.span()), "\"443:443\"");
    assert_eq!(cut(source, second.content_span()), "443:443");
    assert_eq!(at(&["env"]), "- - n\n    - m\n  -");
    let inner = value(tree, &["env"]).items().next().unwrap();
    assert_eq!(cut(source, inner.span()), "- n\n    - m");
    assert_eq!(value(tree, &["env"]).tag().unwrap().value, "!t");
    assert_eq!(value(tree, &["env"]).anchor().unwrap().value, "&k");
    assert_eq!(at(&["flow"]), "{x: 1, y: [a, b], z, 'w':}");
    assert_eq!(at(&["flow", "y"]), "[a, b]");
    assert_eq!(at(&["script"]), "|+ # a | b\n\n  echo\n    more\n\n  x");
    assert_eq!(text(tree, &["script"]), "\necho\n  more\n\nx\n\n");
    assert_eq!(cut(source, value(tree, &["script"]).content_span()), "echo\n    more\n\n  x");
    assert_eq!(at(&["fold"]), ">-\n    one\n    two");
    assert_eq!(text(tree, &["fold"]), "one two");
    assert_eq!(at(&["last"]), "plain\n  lines");
    assert_eq!(text(tree, &["last"]), "plain lines");
    let nothing = value(tree, &["nothing"]).span();
    assert_eq!(&source[..nothing.start as usize].lines().last().unwrap(), &"nothing:");
    assert!(nothing.is_empty() && value(tree, &["anchored"]).is_null());
    let whole = root(tree).span();
    assert_eq!(cut(source, whole), source["# top\n".len()..].strip_suffix("  # end\n").unwrap());
    let comments: Vec<_> =
        parsed.comments.iter().map(|c| (cut(source, c.span), c.own_line)).collect();
    assert_eq!(
        comments,
        [
            ("# top", true),
            ("# c", false),
            ("# foo", true),
            ("# a | b", false),
            ("# after", true),
            ("# end", false)
        ]
    );
}

#[test]
fn parts_of_a_text_are_found_in_the_source() {
    let cases = [
        ("a: nginx:latest", "latest"),
        ("a: 'it''s latest'", "latest"),
        ("a: \"x\\ty\\u00e9 latest\"", "latest"),
        ("a: \"é \\\n   latest\"", "latest"),
        ("a: \"x\n\n\n   latest\"", "latest"),
        ("a: |\n  one\n    two latest\n  three\n", "latest"),
        ("a: |\r\n  one\r\n  two latest\r\n", "latest"),
        ("a: >\n  one\n\n  two\n  latest\n   more\n", "latest"),
        ("a: x\n   latest # c", "latest"),
        ("a: |2\n    two\n  latest\n", "latest"),
    ];
    for (source, part) in cases {
        let parsed = read(source);
        assert_eq!(parsed.errors, [], "{source:?}");
        let node = value(&parsed.tree, &["a"]);
        let text = node.text().unwrap().value;
        let at = text.find(part).unwrap();
        assert_eq!(cut(source, node.span_of_text(at..at + part.len())), part, "{source:?}");
    }
    let source = "a: \"x\\u00e9y\\\"z\"";
    let parsed = read(source);
    let node = value(&parsed.tree, &["a"]);
    let at = |part: &str| {
        let at = node.text().unwrap().value.find(part).unwrap();
        cut(source, node.span_of_text(at..at + part.len()))
    };
    assert_eq!(at("é"), "\\u00e9");
    assert_eq!(at("y\""), "y\\\"");
    assert_eq!(at("\"z"), "\\\"z");
}

#[test]
fn a_value_behind_an_alias_has_two_places() {
    let source = "base: &b {user: root}\nweb: *b\n";
    let parsed = read(source);
    let user = value(&parsed.tree, &["web", "user"]);
    assert_eq!(cut(source, user.span()), "root");
    assert_eq!(cut(source, user.used_at().unwrap()), "*b");
    assert_eq!(value(&parsed.tree, &["base", "user"]).used_at(), None);
    let kept = user.id();
    assert_eq!(parsed.tree.node(kept).used_at(), user.used_at());
}

#[test]
fn merge_keys_give_what_a_mapping_does_not_say_itself() {
    let source = "\
a: &a {x: 1, y: 1, z: 1}
b: &b {<<: *a, y: 2, w: 2}
c: {<<: [*b, {x: 9, v: 9}], z: 3}
d: {\"<<\": *a}
";
    let parsed = read(source);
    assert_eq!(parsed.errors, []);
    assert_eq!(show(value(&parsed.tree, &["c"])), "{z:3 y:2 w:2 x:1 v:9}");
    for (key, expected) in [("x", "1"), ("y", "2"), ("z", "3"), ("w", "2"), ("v", "9")] {
        assert_eq!(text(&parsed.tree, &["c", key]), expected, "{key}");
    }
    assert_eq!(cut(source, value(&parsed.tree, &["c", "x"]).used_at().unwrap()), "*b");
    assert_eq!(cut(source, value(&parsed.tree, &["b", "x"]).used_at().unwrap()), "*a");
    assert!(value(&parsed.tree, &["c"]).get("<<").is_none());
    assert!(value(&parsed.tree, &["d"]).get("x").is_none());
}

#[test]
fn of_a_key_that_is_there_twice_the_last_counts() {
    let source = "a: 1\nb: 2\na: 3\n'a': 4\n";
    let parsed = read(source);
    assert_eq!(parsed.errors, []);
    assert_eq!(text(&parsed.tree, &["a"]), "4");
    assert_eq!(show(root(&parsed.tree)), "{a:4 b:2}");
    let places: Vec<_> = parsed
        .tree
        .duplicates()
        .iter()
        .map(|d| (parsed.tree.node(d.first).span().start, parsed.tree.node(d.key).span().start))
        .collect();
    assert_eq!(places, [(0, 10), (0, 15)]);
}

#[test]
fn plain_scalars_have_types_and_quoted_ones_do_not() {
    let source = "[true, 'true', 12, \"12\", 0644, yes, 22:22, !!str 1, ~, '', !!str , 1.5, !x 7]";
    let parsed = read(source);
    let items: Vec<_> = root(&parsed.tree).items().collect();
    assert!(items[0].truth().unwrap().value);
    assert!(items[1].truth().is_none());
    assert_eq!(items[2].integer().unwrap().value, 12);
    assert_eq!(cut(source, items[2].integer().unwrap().span), "12");
    assert!(items[3].integer().is_none());
    assert_eq!(items[3].text().unwrap().value, "12");
    assert!(items[4].is_legacy_octal() && items[4].integer().unwrap().value == 0o644);
    assert!(items[5].legacy_bool().unwrap().value && items[5].truth().is_none());
    assert!(items[6].is_sexagesimal() && items[6].text().unwrap().value == "22:22");
    assert!(items[7].integer().is_none() && items[7].is_scalar());
    assert!(items[8].is_null() && items[8].text().is_none());
    assert_eq!(items[9].text().unwrap().value, "");
    assert_eq!(items[10].text().unwrap().value, "");
    assert_eq!(items[11].float().unwrap().value, 1.5);
    assert_eq!(items[12].integer().unwrap().value, 7);
}

#[test]
fn a_broken_document_costs_no_other() {
    let source = "a: 1\n---\nfoo: [\n---\nb: 2\n---\n%x: [\n...\n---\nc: 3\n";
    let parsed = read(source);
    let shown: Vec<_> = parsed.tree.documents().map(|d| show(d.root(&parsed.tree))).collect();
    assert_eq!(shown.first().unwrap(), "{a:1}");
    assert!(
        shown.contains(&"{b:2}".to_owned()) && shown.contains(&"{c:3}".to_owned()),
        "{shown:?}"
    );
    let damaged: Vec<_> = parsed.tree.documents().map(Document::is_damaged).collect();
    assert!(!damaged[0] && damaged[1] && !damaged.last().unwrap());
    assert_eq!(parsed.errors.len(), 2);
}

#[test]
fn what_is_no_document_of_its_own_damages_the_one_before() {
    for source in ["  a: 1\n- b\n", "a: 1\n- b\n"] {
        let parsed = read(source);
        assert_eq!(parsed.errors.len(), 1, "{source:?}");
        assert_eq!(parsed.tree.documents().len(), 1, "{source:?}");
        assert_eq!(show(root(&parsed.tree)), "{a:1}", "{source:?}");
        assert!(root(&parsed.tree).is_damaged());
    }
}

#[test]
fn a_broken_line_costs_only_itself() {
    let source = "\
services:
  web:
    image: nginx
    command: \"a
    user: root
  db:
    image: postgres
    init: true
";
    let parsed = read(source);
    assert_eq!(parsed.errors.len(), 1, "{:?}", parsed.errors);
    assert_eq!(text(&parsed.tree, &["services", "web", "image"]), "nginx");
    assert_eq!(text(&parsed.tree, &["services", "web", "user"]), "root");
    assert_eq!(text(&parsed.tree, &["services", "db", "image"]), "postgres");
    assert!(value(&parsed.tree, &["services", "web", "command"]).is_damaged());
    assert!(!value(&parsed.tree, &["services", "web"]).is_damaged());
    assert!(!value(&parsed.tree, &["services", "db"]).is_damaged());
    assert!(parsed.tree.documents().all(Document::is_damaged));
}

#[test]
fn a_line_that_opens_a_block_keeps_what_it_holds() {
    for spec in ["spec", " spec:", "\tspec:"] {
        let source = format!("kind: Pod\n{spec}\n  a: 1\n  b:\n    - 2\nstatus: 3\n");
        let parsed = read(&source);
        assert_eq!(parsed.errors.len(), 1, "{source:?}");
        assert_eq!(show(root(&parsed.tree)), "{kind:Pod spec:{a:1 b:[2]} status:3}", "{source:?}");
        assert_eq!(cut(&source, value(&parsed.tree, &["status"]).span()), "3");
        assert!(root(&parsed.tree).is_damaged());
        assert!(!value(&parsed.tree, &["spec", "b"]).is_damaged());
    }
}

#[test]
fn what_was_mended_says_nothing() {
    let parsed = read("spec:\n  - name web\n    image: nginx\n");
    let item = value(&parsed.tree, &["spec"]).items().next().unwrap();
    assert_eq!(item.get("name").unwrap().text(), None);
    assert_eq!(item.get("image").unwrap().text().unwrap().value, "nginx");
    assert!(item.is_damaged());
}

#[test]
fn a_half_typed_key_may_become_another_one() {
    let parsed = read("a:\n  ima\n  b: {c: 1}\nd: 2\n");
    let a = value(&parsed.tree, &["a"]);
    assert!(a.may_have("image") && !a.may_have("user") && a.is_damaged());
    assert!(!root(&parsed.tree).is_damaged() && !a.get("b").unwrap().is_damaged());
    assert!(a.entry("ima").unwrap().is_half_typed() && !a.entry("b").unwrap().is_half_typed());
}

#[test]
fn an_open_bracket_costs_its_value_only() {
    for value in ["[\"x\",", "[", "{b: c,", "- [x,", "\"x", "nginx:", "- \"80"] {
        let key = if value.starts_with('-') { "a:\n  " } else { "a: " };
        let source = format!("r:\n  {key}{value}\n  e: 5s\n  f: 1\ng:\n  h: 2\n");
        let parsed = read(&source);
        assert_eq!(parsed.errors.len(), 1, "{source:?}: {:?}", parsed.errors);
        assert_eq!(text(&parsed.tree, &["r", "e"]), "5s", "{source:?}");
        assert_eq!(text(&parsed.tree, &["g", "h"]), "2", "{source:?}");
        assert!(!self::value(&parsed.tree, &["r"]).is_damaged(), "{source:?}");
    }
}

#[test]
fn errors_point_at_what_is_wrong() {
    let cases = [
        ("a: \"x\nb: 1\n", "\"x", "never closed"),
        ("a: 1\n\tb: 2\n", "\t", "tab"),
        ("a:\n\tb: 2\n", "\t", "tab"),
        ("a: b: c\n", ":", "no value can start here"),
        ("a: @x\n", "@x", "quotes"),
        ("a: 1\nfoo\nb: 2\n", "foo", "colon"),
        ("a: *nope\n", "*nope", "&nope"),
        ("a: x\0y\n", "\0y", "U+0000"),
        ("a: &a [*a]\n", "*a", "inside"),
        ("a: [1, 2\n", "[", "never closed"),
    ];
    for (source, at, message) in cases {
        let parsed = read(source);
        let error = parsed.errors.first().unwrap_or_else(|| panic!("no error in {source:?}"));
        assert!(error.message.contains(message), "{source:?}: {}", error.message);
        assert_eq!(cut(source, error.span), at, "{source:?}: {}", error.message);
    }
}

#[test]
fn bombs_are_defused() {
    let letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    let mut lists = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for pair in letters.windows(2) {
        let items = format!("*{},", pair[0]).repeat(9);
        lists.push_str(&format!("{}: &{} [{items}]\n", pair[1], pair[1]));
    }
    let mut merges = "x0: &m0 {k0: v}\n".to_owned();
    for i in 1..30 {
        let of = i - 1;
        merges.push_str(&format!("x{i}: &m{i} {{<<: [*m{of}, *m{of}], k{i}: v}}\n"));
    }
    for bomb in [lists + "image: nginx\n", merges + "image: nginx\n"] {
        let parsed = read(&bomb);
        assert_eq!(parsed.errors.len(), 1);
        assert!(parsed.errors[0].message.contains("too many values"));
        assert_eq!(text(&parsed.tree, &["image"]), "nginx");
        assert!(show(root(&parsed.tree)).len() < 2_000_000);
    }
}

#[test]
fn depth_is_bounded_through_aliases() {
    let chain = (1..2000).map(|i| format!("x{i}: &x{i} [[*x{}]]\n", i - 1));
    let source = "x0: &x0 []\n".to_owned() + &chain.collect::<String>() + "a: 1\n";
    let parsed = read(&source);
    assert!(parsed.errors.iter().any(|error| error.message.contains("too deeply")));
    assert!(show(root(&parsed.tree)).ends_with("a:1}"));
}

#[test]
fn depth_is_bounded() {
    for source in [
        "a: 1\nb: ".to_owned() + &"[".repeat(20_000) + &"]".repeat(20_000) + "\n",
        "a: 1\nb: ".to_owned() + &"{".repeat(100_000),
        "a: 1\n".to_owned() + &(0..2000).map(|i| " ".repeat(i) + "x:\n").collect::<String>(),
        "a: 1\nb:\n  ".to_owned() + &"- ".repeat(20_000) + "x\n",
    ] {
        let parsed = read(&source);
        assert_eq!(parsed.errors.len(), 1);
        assert!(parsed.errors[0].message.contains("deeply"), "{}", parsed.errors[0].message);
        assert_eq!(text(&parsed.tree, &["a"]), "1");
    }
}

#[test]
fn an_empty_file_has_no_documents() {
    for source in ["", "\n\n", "# a\n# b\n", "\u{feff}"] {
        let parsed = read(source);
        assert_eq!(parsed.tree.documents().len(), 0, "{source:?}");
        assert_eq!(parsed.errors, []);
    }
}

#[test]
fn a_document_has_a_root_also_if_nothing_of_it_can_be_read() {
    for source in ["a:\n---\n{\n:\n-\nkind:", "a:\n---\n#\n{\n:\n-\nkind:"] {
        let parsed = read(source);
        assert_eq!(parsed.errors.len(), 1, "{source:?}");
        assert_eq!(parsed.tree.documents().len(), 2, "{source:?}");
        for document in parsed.tree.documents() {
            assert_eq!(document.root(&parsed.tree).get("b").map(Node::kind), None);
        }
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_do_no_harm() {
    let source = "\u{feff}# c\r\na: 1\r\nb:\r\n  - x\r\n  - y # d\r\n";
    let parsed = read(source);
    assert_eq!(parsed.errors, []);
    assert_eq!(show(root(&parsed.tree)), "{a:1 b:[x y]}");
    assert_eq!(cut(source, value(&parsed.tree, &["b"]).span()), "- x\r\n  - y");
    assert_eq!(
        parsed.comments.iter().map(|c| cut(source, c.span)).collect::<Vec<_>>(),
        ["# c", "# d"]
    );
    assert!(parsed.comments[0].own_line);
}

#[test]
fn a_hundred_comments_in_a_row_are_kept() {
    let source = "a:\n".to_owned() + &"  # c\n".repeat(500) + "  b: 1\n";
    let parsed = read(&source);
    assert_eq!((parsed.errors.len(), parsed.comments.len()), (0, 500));
}

#[test]
fn json_is_read() {
    let source = "{\"kind\": \"Pod\",\n\t\"spec\": {\"containers\": [{\"image\": \"a\\/b:1\"}]}}\n";
    let parsed = read(source);
    assert_eq!(parsed.errors, []);
    let image = value(&parsed.tree, &["spec", "containers"]).items().next().unwrap().get("image");
    assert_eq!(image.unwrap().text().unwrap().value, "a/b:1");
}

#[test]
fn every_key_is_found_however_it_is_written_and_no_other() {
    let words: Vec<String> = (0..200).map(|n| format!("{}{n}", "k".repeat(n % 7))).collect();
    let lines: String = words.iter().map(|word| format!("{word}: {word}\n")).collect();
    let written =
        "base: &b {m: m}\n? &k aliased\n: aliased\n\"qu\\x6fted\": quoted\n'single': single\n";
    let parsed = read(&format!("{written}{lines}of:\n  <<: *b\n  own: own\n  *k : aliased\n"));
    let tree = parsed.tree;
    for word in words.iter().map(String::as_str).chain(["aliased", "quoted", "single"]) {
        assert_eq!(text(&tree, &[word]), word);
    }
    for word in ["m", "own", "aliased"] {
        assert_eq!(text(&tree, &["of", word]), word);
    }
    assert!(!words.iter().any(|word| root(&tree).get(&format!("{word}x")).is_some()));
}

#[test]
fn a_comment_is_told_once_whatever_is_broken_behind_it() {
    for head in ["# one\n---\n", "# one\n", "---\n# one\n", "# one\n%YAML 1.2\n---\n"] {
        for (middle, comments) in [
            ("a: 1\n---\n", &["# one"][..]),
            ("a: 1\n# two\n---\n", &["# one", "# two"]),
            ("a: 1\n---\n# two\nb: 1\n---\n", &["# one", "# two"]),
            ("a: 1\n...\n# two\n---\n", &["# one", "# two"]),
            ("--- # two\n---\n", &["# one", "# two"]),
        ] {
            let source = format!("{head}{middle}c: [\n");
            let parsed = read(&source);
            let told: Vec<_> = parsed.comments.iter().map(|c| cut(&source, c.span)).collect();
            assert_eq!(told, comments, "{source}");
            assert_eq!(parsed.errors.len(), 1, "{source}");
        }
    }
}
