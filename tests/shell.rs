//! What the shell parser makes of real `RUN` texts, beside other parsers' answers.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::process::{Command, Stdio};

use plimsoll::source::{FileId, Span};
use plimsoll::syntax::Parsed;
use plimsoll::syntax::shell::{Part, PartKind, Script, Shell, Site, Word, parse};
use rable::{Node, NodeKind};

fn read(text: &str) -> Parsed<Script> {
    parse(text, Shell::default(), &|range| Span::new(FileId(0), range.start, range.end))
}

/// The distinct texts that the corpus gives to a shell; none, and a word about it, where there is
/// no corpus.
fn texts() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/oracle/corpus.jsonl");
    let Ok(file) = std::fs::File::open(path) else {
        println!("skipped: there is no corpus");
        return Vec::new();
    };
    let mut texts = BTreeSet::new();
    for line in BufReader::new(file).lines() {
        let file: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        for node in file["nodes"].as_array().into_iter().flatten() {
            let typed = &node["typed"];
            if typed["t"] != "RUN" || typed["shell"] != true {
                continue;
            }
            let mut text = typed["cmdline"][0].as_str().unwrap().to_owned();
            let body =
                |heredoc: &serde_json::Value| heredoc["content"].as_str().unwrap().to_owned();
            match node["heredocs"].as_array().map(Vec::as_slice) {
                Some([heredoc]) if !text.contains(' ') => text = body(heredoc),
                Some(heredocs) => {
                    for heredoc in heredocs {
                        let name = heredoc["name"].as_str().unwrap();
                        text += &format!("\n{}{name}", body(heredoc));
                    }
                }
                None => {}
            }
            texts.insert(text);
        }
    }
    texts.into_iter().collect()
}

/// Whether bash accepts the text; `None` where there is no bash.
fn bash_accepts(text: &str) -> Option<bool> {
    let mut bash = Command::new("bash");
    bash.arg("-n").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = bash.spawn().ok()?;
    // Bash may stop reading at the first error.
    let _ = child.stdin.take()?.write_all(text.as_bytes());
    Some(child.wait().ok()?.success())
}

/// A pseudo-random number that follows `seed`.
fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize
}

/// Texts with one piece lost, doubled or put in.
fn mutants(texts: &[String], count: usize) -> Vec<String> {
    const PIECES: &[&str] = &[
        "'", "\"", "`", "$(", ")", "(", "${", "}", "{ ", ";", ";;", "&&", "||", "|", "&", "\n",
        "<", ">", "<<A", "\\", "#", "if ", " fi", " then ", "$((", "))", " done", "do ", "!",
        "case ", " esac", "[[ ", " ]]",
    ];
    let mut seed = 7;
    let mut mutants = Vec::new();
    while mutants.len() < count && !texts.is_empty() {
        let text = &texts[next(&mut seed) % texts.len()];
        let ends: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
        if ends.is_empty() || text.len() > 2_000 {
            continue;
        }
        let at = ends[next(&mut seed) % ends.len()];
        let (before, after) = text.split_at(at);
        mutants.push(match next(&mut seed) % 3 {
            0 => format!("{before}{}", after.chars().skip(1).collect::<String>()),
            1 => format!("{before}{}{after}", PIECES[next(&mut seed) % PIECES.len()]),
            _ => before.to_owned(),
        });
    }
    mutants
}

/// Pieces of shell in any order.
fn soups(count: usize) -> Vec<String> {
    const PIECES: &[&str] = &[
        "'",
        "\"",
        "`",
        "$(",
        ")",
        "(",
        "${",
        "}",
        "{ ",
        ";",
        ";;",
        "&&",
        "||",
        "|",
        "&",
        "\n",
        "<",
        ">",
        "<<A\n",
        "A\n",
        "<<-'A'\n",
        "\\",
        "#",
        "if ",
        " fi",
        " then ",
        "$((",
        "))",
        " done",
        "do ",
        "!",
        "case ",
        " esac",
        "[[ ",
        " ]]",
        "sh -c ",
        "sh -c '",
        "bash <<A\n",
        "eval ",
        "sudo ",
        "$'",
        "\\'",
        "é",
        "a=",
        "a=(",
        "=~ ",
        "@(",
        "function ",
        "f()",
        "\r\n",
        "\t",
        " ",
        "x",
        "in ",
        "for ",
        "2>",
        "{fd}>",
        "$a",
        "${a:-",
        "su -c ",
        "`\\`",
        "\\\n",
        "\"\\\"",
    ];
    let mut seed = 11;
    let mut soup = || -> String {
        let length = next(&mut seed) % 40;
        (0..length).map(|_| PIECES[next(&mut seed) % PIECES.len()]).collect()
    };
    (0..count).map(|_| soup()).collect()
}

/// Texts by hand of which we say something else than bash does.
const KNOWN: [(&str, &str); 6] = [
    ("coproc a { b; }", "no image is built with a coprocess"),
    ("!", "nothing to negate is no command to anybody else"),
    ("f() a", "dash takes any command for a body"),
    ("in", "bash refuses a word that is none of its own there"),
    ("@(a)", "with `shopt -s extglob` it is a pattern"),
    ("echo @(a|b) !(c) *(d) +(e) ?(f)", "the same"),
];

/// A text by hand.
#[derive(serde::Deserialize)]
struct ByHand {
    text: String,
    /// Whether `bash -n` of bash 5.2 accepted it.
    bash: bool,
    /// The words of each command; a word that is not literal is its first part, behind a `?`.
    commands: Option<Vec<String>>,
}

fn by_hand() -> Vec<ByHand> {
    let cases = std::fs::read_to_string("testdata/syntax/shell.jsonl").unwrap();
    cases.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn texts_by_hand_read_as_bash_and_a_person_read_them() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for ByHand { text, bash, commands: expected } in by_hand() {
        let parsed = read(&text);
        let agrees = parsed.errors.is_empty() == bash;
        if agrees == KNOWN.iter().any(|(known, _)| *known == text) {
            wrong.push(format!("{text:?}: {:?}", parsed.errors));
        }
        if let Some(expected) = expected {
            let word = |word: &Word| match word.literal() {
                Some(literal) => literal.into_owned(),
                None => format!("?{}", word.prefix()),
            };
            let words =
                |site: Site| site.command.words.iter().map(word).collect::<Vec<_>>().join(" ");
            let commands: Vec<String> = parsed.tree.commands().map(words).collect();
            if expected != commands {
                wrong.push(format!("{text:?}: {commands:?}"));
            }
        }
        compared += 1;
    }
    assert!(compared > 180, "{compared}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_text_of_the_corpus_reads_as_bash_reads_it() {
    let mut disagreements = Vec::new();
    let texts = texts();
    for (index, text) in texts.iter().enumerate() {
        let accepted = read(text).errors.is_empty();
        // Every text that we refuse, and a sample of the others: each costs a process.
        if (!accepted || index % 8 == 0) && bash_accepts(text).is_some_and(|it| it != accepted) {
            disagreements.push((accepted, text));
        }
    }
    assert!(disagreements.is_empty(), "{disagreements:#?}");
}

#[test]
fn broken_texts_are_refused_as_bash_refuses_them() {
    let mutants = mutants(&texts(), 1_000);
    let mut disagreements = Vec::new();
    for mutant in &mutants {
        let accepted = read(mutant).errors.is_empty();
        if bash_accepts(mutant).is_some_and(|it| it != accepted) {
            disagreements.push((accepted, read(mutant).errors, mutant));
        }
    }
    let share = disagreements.len() * 1_000 / mutants.len().max(1);
    println!("{} of {} differ", disagreements.len(), mutants.len());
    assert!(share <= 5, "{disagreements:#?}");
}

#[test]
fn commands_and_words_are_those_of_another_parser() {
    let mut compared = 0;
    for text in texts() {
        let Ok(nodes) = rable::parse(&text, true) else { continue };
        let bytes: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut theirs = Vec::new();
        for node in &nodes {
            their_commands(node, &mut |words: &[Node]| {
                let span = |word: &Node| bytes[word.span.start]..bytes[word.span.end];
                theirs.push(words.iter().map(span).collect::<Vec<_>>());
            });
        }
        let tree = read(&text).tree;
        let own = |site: &Site| !site.context.substitution && !site.context.inner;
        let words = |site: Site| -> Vec<Range<usize>> {
            site.command.words.iter().map(|word| word.span.range()).collect()
        };
        let ours: Vec<_> = tree.commands().filter(|site| own(site)).map(words).collect();
        assert_eq!(ours, theirs, "{text}");
        compared += 1;
    }
    println!("{compared} texts agree");
}

/// The words of every simple command, those of substitutions left out, in order.
fn their_commands(node: &Node, seen: &mut dyn FnMut(&[Node])) {
    match &node.kind {
        NodeKind::Command { words, .. } => seen(words),
        NodeKind::Pipeline { commands, .. } => {
            commands.iter().for_each(|it| their_commands(it, seen));
        }
        NodeKind::List { items } => {
            items.iter().for_each(|it| their_commands(&it.command, seen));
        }
        NodeKind::If { condition, then_body, else_body, .. } => {
            their_commands(condition, seen);
            their_commands(then_body, seen);
            else_body.iter().for_each(|it| their_commands(it, seen));
        }
        NodeKind::While { condition, body, .. } | NodeKind::Until { condition, body, .. } => {
            their_commands(condition, seen);
            their_commands(body, seen);
        }
        NodeKind::For { body, .. }
        | NodeKind::ForArith { body, .. }
        | NodeKind::Select { body, .. }
        | NodeKind::Function { body, .. }
        | NodeKind::Subshell { body, .. }
        | NodeKind::BraceGroup { body, .. } => their_commands(body, seen),
        NodeKind::Case { patterns, .. } => {
            let bodies = patterns.iter().filter_map(|pattern| pattern.body.as_ref());
            bodies.for_each(|body| their_commands(body, seen));
        }
        NodeKind::Negation { pipeline } | NodeKind::Time { pipeline, .. } => {
            their_commands(pipeline, seen);
        }
        _ => {}
    }
}

/// What holds of every tree: spans lie in the text, on character boundaries, in order and within
/// one another, and a bare literal is the text under it.
fn check_spans(text: &str) {
    let parsed = read(text);
    for error in &parsed.errors {
        assert!(text.get(error.span.range()).is_some(), "{text}");
    }
    for comment in &parsed.comments {
        assert!(text[comment.span.range()].starts_with('#'), "{text}");
    }
    for site in parsed.tree.commands() {
        let command = site.command;
        let requoted = site.context.inner || site.context.substitution;
        let mut end = 0;
        for word in &command.words {
            assert!(end <= word.span.start && word.span.start < word.span.end, "{text}");
            end = word.span.end;
            check_word(text, word, requoted);
        }
        for assignment in &command.assignments {
            let under = text.get(assignment.span.range()).expect(text);
            assert!(requoted || under.starts_with(&*assignment.name), "{text}");
            check_word(text, &assignment.value, true);
        }
        for redirection in &command.redirections {
            let under = text.get(redirection.span.range()).expect(text);
            assert!(requoted || under.contains(redirection.operator), "{text}");
        }
        assert!(text.get(site.pipeline.span.range()).is_some(), "{text}");
    }
}

/// `requoted` when the word may stand in a text whose quotes another shell took away.
fn check_word(text: &str, word: &Word, requoted: bool) {
    assert!(text.get(word.span.range()).is_some(), "{text}");
    let mut end = word.span.start;
    for part in &word.parts {
        assert!(end <= part.span.start && part.span.end <= word.span.end, "{text}");
        let under = text.get(part.span.range()).expect(text);
        if let Part { quoted: false, kind: PartKind::Literal(literal), .. } = part
            && !requoted
        {
            assert_eq!(under, &**literal, "{text}");
        }
        end = part.span.end;
    }
}

#[test]
fn spans_are_exact() {
    let texts = texts();
    texts.iter().for_each(|text| check_spans(text));
    mutants(&texts, 10_000).iter().for_each(|text| check_spans(text));
    soups(20_000).iter().for_each(|text| check_spans(text));
    // What was wrong once.
    check_spans("su -c $'&a=(eval \"\\\"\"\\\"`\\\\<<-'A'\n\\x\n");
    check_spans("`\\`\\\\function '\\`\\`2>\nA\n$'\n done;;|<`\\`>[[ ! esac>\\\n<su -c ;;\n");
}
