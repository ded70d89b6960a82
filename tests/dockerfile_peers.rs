//! Two other parsers as second opinions: where they accept a file, they agree with us on its
//! instructions and where these begin, on exec forms, and on flags.

use std::collections::BTreeSet;
use std::path::Path;

use dockerfile_parser as first;
use parse_dockerfile as second;
use plimsoll::source::Files;
use plimsoll::syntax::dockerfile::{Keyword, parse};
use serde_json::Value;

/// Where an instruction begins, and something that is said of it.
type Facts = BTreeSet<(usize, String)>;

#[test]
fn dockerfile_parser_agrees_where_it_accepts() {
    // It knows neither heredocs nor directives.
    let reads = |text: &&str| !text.contains("<<") && !text.contains("escape=");
    let facts = |text: &str| Some(text).filter(reads).and_then(facts_of_first);
    let known = [
        ("cont-double", "it takes `\\\\` at the end of a line for a continuation"),
        ("cont-triple", "the same"),
        ("flag-escaped", "it keeps escapes in flags"),
        ("json-single", "it takes what is no JSON for an exec form"),
        ("json-trailing-comma", "the same"),
        ("json-trailing", "the same"),
        ("json-rawtab", "the same"),
        ("combro2k/dockerfiles/14/", "the same"),
    ];
    let accepted = compare(facts, &known);
    eprintln!("{accepted} accepted");
    assert!(accepted > 150, "{accepted}");
}

#[test]
fn parse_dockerfile_agrees_where_it_accepts() {
    let known = [
        ("dir-bom", "it counts bytes without the byte order mark"),
        ("directive-bom-blank", "the same"),
        ("cont-double", "it takes `\\\\` at the end of a line for a continuation"),
        ("cont-triple", "the same"),
        ("win-double", "the same"),
        ("flag-escaped", "it keeps escapes in flags"),
        ("flag-quoted-escape", "the same"),
        ("flag-double-escape", "the same"),
        ("win-flag-quoted", "the same"),
        ("win-flag-escaped", "the same"),
    ];
    let accepted = compare(facts_of_second, &known);
    eprintln!("{accepted} accepted");
    assert!(accepted > 200, "{accepted}");
}

/// How many texts it accepts; what it says of them must be what we say, but for the known cases,
/// in each of which BuildKit says what we say, and which must differ.
fn compare(facts_of: impl Fn(&str) -> Option<Facts>, known: &[(&str, &str)]) -> usize {
    let mut accepted = 0;
    let mut wrong = Vec::new();
    for (name, text) in texts() {
        let mut files = Files::default();
        let id = files.add("Dockerfile", text.as_str());
        let parsed = parse(files.get(id));
        let Some(theirs) = facts_of(&text).filter(|_| parsed.errors.is_empty()) else { continue };
        accepted += 1;
        let mut ours = Facts::new();
        for instruction in &parsed.tree.instructions {
            let at = instruction.span.start as usize;
            ours.insert((at, instruction.kind.name().to_owned()));
            if instruction.arguments.is_json() && runs(instruction.kind) {
                let words = instruction.arguments.words().iter().map(|word| word.value.as_str());
                ours.insert((at, exec(words)));
            }
            if flagged(instruction.kind) {
                let flags = instruction.flags.iter();
                ours.extend(flags.map(|flag| (at, flag.text.value.to_string())));
            }
        }
        // They may say less than we do of flags and forms, of instructions neither less nor more.
        let names = |facts: &Facts| {
            let plain = |fact: &&(usize, String)| !fact.1.starts_with(['-', '[']);
            facts.iter().filter(plain).cloned().collect::<Vec<_>>()
        };
        if !theirs.is_subset(&ours) || names(&theirs) != names(&ours) {
            let only: Vec<_> = theirs.symmetric_difference(&ours).take(4).collect();
            if !known.iter().any(|(known, _)| is_of(&name, known)) {
                wrong.push(format!("{name}: {only:?}"));
            }
        } else if let Some((known, _)) = known.iter().find(|known| is_of(&name, known.0)) {
            wrong.push(format!("{name}: agrees, though `{known}` says that it does not"));
        }
    }
    assert!(wrong.is_empty(), "{} of {accepted}:\n{}", wrong.len(), wrong.join("\n"));
    accepted
}

/// Whether a text is the case of that name, or below that path of the corpus.
fn is_of(name: &str, known: &str) -> bool {
    name.trim_matches('"') == known || known.contains('/') && name.contains(known)
}

fn runs(kind: Keyword) -> bool {
    matches!(kind, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint)
}

fn flagged(kind: Keyword) -> bool {
    matches!(kind, Keyword::Copy | Keyword::From)
}

fn exec<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("[{:?}", words.collect::<Vec<_>>())
}

fn facts_of_first(text: &str) -> Option<Facts> {
    let parsed = first::Dockerfile::parse(text).ok()?;
    let mut facts = Facts::new();
    for instruction in &parsed.instructions {
        let at = instruction.span().start;
        let mut put = |fact: String| facts.insert((at, fact));
        let expression = match instruction {
            first::Instruction::Run(run) => Some(&run.expr),
            first::Instruction::Cmd(cmd) => Some(&cmd.expr),
            first::Instruction::Entrypoint(entrypoint) => Some(&entrypoint.expr),
            _ => None,
        };
        if let Some(array) = expression.and_then(|expression| expression.as_exec()) {
            put(exec(array.as_str_vec().into_iter()));
        }
        let name = match instruction {
            first::Instruction::From(from) => {
                for flag in &from.flags {
                    put(format!("--{}={}", flag.name.content, flag.value.content));
                }
                "FROM"
            }
            first::Instruction::Copy(copy) => {
                for flag in &copy.flags {
                    put(format!("--{}={}", flag.name.content, flag.value.content));
                }
                "COPY"
            }
            first::Instruction::Arg(_) => "ARG",
            first::Instruction::Label(_) => "LABEL",
            first::Instruction::Run(_) => "RUN",
            first::Instruction::Entrypoint(_) => "ENTRYPOINT",
            first::Instruction::Cmd(_) => "CMD",
            first::Instruction::Env(_) => "ENV",
            first::Instruction::Misc(misc) => {
                put(misc.instruction.content.to_uppercase());
                continue;
            }
        };
        put(name.to_owned());
    }
    Some(facts)
}

fn facts_of_second(text: &str) -> Option<Facts> {
    use second::Instruction as I;
    let parsed = second::parse(text).ok()?;
    let mut facts = Facts::new();
    for instruction in &parsed.instructions {
        let (name, keyword) = match instruction {
            I::Add(it) => ("ADD", &it.add),
            I::Arg(it) => ("ARG", &it.arg),
            I::Cmd(it) => ("CMD", &it.cmd),
            I::Copy(it) => ("COPY", &it.copy),
            I::Entrypoint(it) => ("ENTRYPOINT", &it.entrypoint),
            I::Env(it) => ("ENV", &it.env),
            I::Expose(it) => ("EXPOSE", &it.expose),
            I::From(it) => ("FROM", &it.from),
            I::Healthcheck(it) => ("HEALTHCHECK", &it.healthcheck),
            I::Label(it) => ("LABEL", &it.label),
            I::Maintainer(it) => ("MAINTAINER", &it.maintainer),
            I::Onbuild(it) => ("ONBUILD", &it.onbuild),
            I::Run(it) => ("RUN", &it.run),
            I::Shell(it) => ("SHELL", &it.shell),
            I::Stopsignal(it) => ("STOPSIGNAL", &it.stopsignal),
            I::User(it) => ("USER", &it.user),
            I::Volume(it) => ("VOLUME", &it.volume),
            I::Workdir(it) => ("WORKDIR", &it.workdir),
            _ => return None,
        };
        let at = keyword.span.start;
        let mut put = |fact: String| facts.insert((at, fact));
        put(name.to_owned());
        let command = match instruction {
            I::Run(it) => Some(&it.arguments),
            I::Cmd(it) => Some(&it.arguments),
            I::Entrypoint(it) => Some(&it.arguments),
            _ => None,
        };
        if let Some(second::Command::Exec(words)) = command {
            put(exec(words.value.iter().map(|word| word.value.as_ref())));
        }
        let flags = match instruction {
            I::Copy(it) => &it.options[..],
            I::From(it) => &it.options[..],
            _ => &[],
        };
        for flag in flags {
            let value = flag.value.as_ref().map(|value| format!("={}", value.value));
            put(format!("--{}{}", flag.name.value, value.unwrap_or_default()));
        }
    }
    Some(facts)
}

/// The edge cases, and the corpus where there is one.
fn texts() -> Vec<(String, String)> {
    let cases = ["buildkit", "buildkit-more"]
        .map(|name| std::fs::read_to_string(format!("testdata/syntax/{name}.jsonl")).unwrap());
    let cases = cases.concat();
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let corpus = std::fs::read_to_string(shared.join("oracle/corpus.jsonl")).unwrap_or_default();
    if corpus.is_empty() {
        eprintln!("without the corpus: there is no ../shared/oracle");
    }
    let text = |line: &str| {
        let case: Value = serde_json::from_str(line).unwrap();
        if let Some(source) = case["source"].as_str() {
            return Some((case["name"].to_string(), source.to_owned()));
        }
        let path = case["path"].as_str()?;
        let bytes = std::fs::read(shared.join("corpus").join(path)).ok()?;
        Some((path.to_owned(), String::from_utf8_lossy(&bytes).into_owned()))
    };
    cases.lines().chain(corpus.lines()).filter_map(text).collect()
}
