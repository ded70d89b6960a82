//! What BuildKit v0.32 said of Dockerfiles, against what we say: every field but
//!
//! - the options of `RUN --mount` in `typed`, which it records before it reads them; their effect
//!   is in `convert_err`, and the oracle has their number;
//! - `lint_err` and `directive_err`: the build's and the parser's error once more;
//! - `image.history` and what does not depend on the file: `architecture`, `os`, `rootfs`.

mod lint;
mod typed;

use std::path::Path;

use plimsoll::model::command::Command;
use plimsoll::model::dockerfile::{self as model, Base, Build, Inputs, Stage};
use plimsoll::source::{Files, SourceFile, Span};
use plimsoll::syntax::dockerfile::{
    self, Arguments, Dialect, File, Instruction, Keyword, Torn, Word,
};
use plimsoll::syntax::{Parsed, SyntaxError};
use serde_json::{Value, json};

#[test]
fn every_edge_case_reads_as_in_buildkit() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for line in edge_cases().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case["name"].as_str().unwrap();
        let kept = if case["repeat"].is_null() { Kept::All } else { Kept::Start };
        let found = differences(&source(&case), &case["expect"], kept);
        wrong.extend(found.map(|at| format!("{name}: {at}")));
        compared += 1;
    }
    assert_eq!(compared, 407 + 185);
    report(compared, wrong);
}

#[test]
fn every_real_file_reads_as_in_buildkit() {
    let mut wrong = Vec::new();
    let corpus = corpus();
    for (path, text, case) in &corpus {
        wrong.extend(differences(text, case, Kept::Most).map(|at| format!("{path}: {at}")));
    }
    report(corpus.len(), wrong);
}

#[test]
fn rules_speak_where_the_checks_that_they_cover_speak() {
    let mut used = vec![0; lint::reasons()];
    let (mut agreed, mut wrong) = (0, Vec::new());
    let mut compare = |name: &str, text: &str, expect: &Value| {
        let case = lint::Case::new(text, expect);
        agreed += case.agreed();
        wrong.extend(case.unexplained(&mut used).into_iter().map(|at| format!("{name}:{at}")));
    };
    for line in edge_cases().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if case["repeat"].is_null() {
            compare(case["name"].as_str().unwrap(), &source(&case), &case["expect"]);
        }
    }
    let corpus = corpus();
    corpus.iter().for_each(|(path, text, case)| compare(path, text, case));
    lint::table(&used);
    println!("{agreed} agreed");
    report(agreed, wrong);
    let stale = lint::stale(&used);
    assert!(corpus.is_empty() || stale.is_empty(), "reasons that nothing needs: {stale:#?}");
}

/// The cases of the study, and what mutants and a second reading brought up.
fn edge_cases() -> String {
    let cases = ["buildkit", "buildkit-more"]
        .map(|name| std::fs::read_to_string(format!("testdata/syntax/{name}.jsonl")).unwrap());
    cases.concat()
}

/// Path, text and what was recorded of each real file; none, and a word about it, where there is
/// no corpus.
fn corpus() -> Vec<(String, String, Value)> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let Ok(cases) = std::fs::read_to_string(shared.join("oracle/corpus.jsonl")) else {
        eprintln!("skipped: there is no ../shared/oracle");
        return Vec::new();
    };
    let read = |line: &str| {
        let case: Value = serde_json::from_str(line).unwrap();
        let path = case["path"].as_str().unwrap().to_owned();
        let bytes = std::fs::read(shared.join("corpus").join(&path)).unwrap();
        (path, String::from_utf8_lossy(&bytes).into_owned(), case)
    };
    cases.lines().map(read).collect()
}

/// What was recorded of a node.
#[derive(Clone, Copy, PartialEq)]
enum Kept {
    All,
    /// Neither the original line nor comments.
    Most,
    /// The same, and of long texts only the start.
    Start,
}

fn report(compared: usize, wrong: Vec<String>) {
    for line in &wrong {
        eprintln!("{line}");
    }
    assert!(wrong.is_empty(), "{} differences in {compared} files", wrong.len());
}

fn source(case: &Value) -> String {
    if let Some(text) = case["source"].as_str() {
        return text.to_owned();
    }
    if let Some(parts) = case["repeat"].as_array() {
        let part =
            |part: &Value| part[0].as_str().unwrap().repeat(part[1].as_u64().unwrap() as usize);
        return parts.iter().map(part).collect();
    }
    // The one file that is not UTF-8.
    let bytes = b"FROM alpine\nENV A=\xff\xfe B=\"\xff\"\nCMD [\"\xff\"]\n";
    String::from_utf8_lossy(bytes).into_owned()
}

/// The fields in which we differ, each with both answers.
fn differences(text: &str, expect: &Value, kept: Kept) -> impl Iterator<Item = String> + use<> {
    let mut files = Files::default();
    let id = files.add("Dockerfile", text);
    let file = files.get(id);
    let parsed = dockerfile::parse(file);
    let build = model::build(&parsed.tree, &Inputs { closed: true, ..Inputs::default() });
    let mut fields = vec![
        ("error", theirs_error(expect), our_error(file, &parsed)),
        ("escape", expect["escape"].clone(), json!(parsed.tree.escape)),
        ("directives", expect["directives"].clone(), directives(file, &parsed.tree)),
        (
            "syntax",
            expect["syntax"].clone(),
            json!(parsed.tree.syntax.as_ref().map(|syntax| &syntax.value)),
        ),
        ("nodes", theirs_nodes(expect), nodes(file, &parsed.tree.instructions, kept)),
        ("warnings", expect["warnings"].clone(), warnings(file, &parsed)),
    ];
    // Where a line seems to be torn off, ours holds what was meant.
    if parsed.tree.instructions.iter().any(|one| one.torn.is_some()) {
        fields.retain(|(field, ..)| !matches!(*field, "nodes" | "warnings"));
    }
    if kept != Kept::Start && typed::is_recorded(expect) {
        fields.push(("typed", typed::theirs(expect), typed::ours(file, &parsed.tree.instructions)));
    }
    // A file that is refused before the build has none, one that its parser refuses no tree.
    fields.retain(|(field, ..)| *field == "error" || !expect["nodes"].is_null());
    if theirs_error(expect).is_null() {
        let theirs = theirs_build_error(expect);
        fields.push(("build", theirs, our_build_error(file, &parsed, &build)));
        fields.push(("stages", expect["stages"].clone(), stages(file, &parsed, &build)));
        fields.push(("meta_args", expect["meta_args"].clone(), meta_args(&parsed.tree)));
    }
    if !theirs_config(expect).is_null() {
        fields.push(("config", theirs_config(expect), config(file, &parsed.tree, &build)));
    }
    fields.into_iter().filter_map(move |(field, theirs, ours)| {
        if theirs == ours {
            return None;
        }
        // Of two long lists, only the first difference.
        let same = |(theirs, ours): &(&Value, &Value)| theirs == ours;
        if let (Value::Array(a), Value::Array(b)) = (&theirs, &ours)
            && let Some((theirs, ours)) = a.iter().zip(b).find(|pair| !same(pair))
        {
            return Some(format!("{field}\n  theirs {theirs}\n  ours   {ours}"));
        }
        Some(format!("{field}\n  theirs {theirs}\n  ours   {ours}"))
    })
}

/// Message and first line (1-based) of the first error of parser or instructions.
fn theirs_error(expect: &Value) -> Value {
    let error = [&expect["parse_err"], &expect["instr_err"]].into_iter().find(|e| !e.is_null());
    let Some(error) = error else { return Value::Null };
    json!([plain(error["msg"].as_str().unwrap()), error["lines"][0][0]])
}

/// The same of the build itself; some have no line.
fn theirs_build_error(expect: &Value) -> Value {
    let error = &expect["convert_err"];
    match error["msg"].as_str() {
        Some(message) => json!([plain(message), error["lines"][0][0]]),
        None => Value::Null,
    }
}

fn our_build_error(file: &SourceFile, parsed: &Parsed<File>, build: &Build) -> Value {
    let Some(error) = build.errors.first() else { return Value::Null };
    let without_line = [
        "failed to parse check",
        "invalid stage index",
        "variable expansion",
        "dockerfile contains",
    ];
    if without_line.iter().any(|start| error.message.starts_with(start)) {
        return json!([error.message, null]);
    }
    json!([error.message, buildkit_line(file, parsed, error)])
}

fn stages(file: &SourceFile, parsed: &Parsed<File>, build: &Build) -> Value {
    let instructions = &parsed.tree.instructions;
    let stage = |stage: &Stage| {
        let from = &instructions[stage.instruction];
        let commands = stage.steps.iter().filter(|step| !step.triggered);
        let commands = commands.map(|step| instructions[step.instruction].keyword.value.as_str());
        let name = stage.name.as_ref().map_or(String::new(), |name| name.value.to_lowercase());
        let mut value = json!({
            "name": name,
            "base": from.arguments.words().first().map(|word| &word.value),
            "lines": [from.lines.0 + 1, from.lines.1 + 1],
            "commands": commands.collect::<Vec<_>>(),
        });
        if let Some(platform) = from.flag("platform").and_then(|flag| flag.value.as_ref()) {
            value["platform"] = json!(platform.value);
        }
        // A comment above that begins with the stage's name describes it.
        let described = |span: &Span| {
            let text = doc(file, span.start as usize)?;
            Some(text.strip_prefix(&name)?.strip_prefix(' ')?.to_owned())
        };
        if let Some(doc) = from.doc.iter().find_map(described).filter(|_| !name.is_empty()) {
            value["doc"] = json!(doc);
        }
        value
    };
    let list: Vec<_> = build.stages.iter().map(stage).collect();
    if list.is_empty() { Value::Null } else { list.into() }
}

/// The arguments before the first stage.
fn meta_args(tree: &File) -> Value {
    let before = tree.instructions.iter().take_while(|one| one.kind != Keyword::From);
    let names = before.flat_map(|one| one.arguments.pairs()).map(|pair| json!(pair.key.value));
    let list: Vec<_> = names.collect();
    if list.is_empty() { Value::Null } else { list.into() }
}

const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

fn theirs_config(expect: &Value) -> Value {
    let config =
        if expect["config"].is_null() { &expect["image"]["config"] } else { &expect["config"] };
    let mut config = config.clone();
    if let Some(map) = config.as_object_mut() {
        map.retain(|_, value| !value.is_null());
    }
    config
}

fn config(source: &SourceFile, file: &File, build: &Build) -> Value {
    let Some(target) = build.target else { return Value::Null };
    let image = build.image(target);
    let mut config = serde_json::Map::new();
    let mut put = |key: &str, value: Value| config.insert(key.to_owned(), value);
    let settings = &image.settings;
    if let Some(user) = settings.user.as_ref().filter(|user| !user.value().is_empty()) {
        put("User", json!(user.value()));
    }
    let mut root = &build.stages[target].base;
    while let Base::Stage { index, .. } = root {
        root = &build.stages[*index].base;
    }
    match (&settings.workdir, root) {
        (Some(dir), _) => drop(put("WorkingDir", json!(dir.value()))),
        (None, Base::Scratch(_)) => drop(put("WorkingDir", json!("/"))),
        _ => {}
    }
    if let Some(signal) = &settings.stop_signal {
        put("StopSignal", json!(signal.value()));
    }
    if let Some(shell) = &settings.shell {
        put("Shell", shell.iter().map(|word| json!(word.value)).collect());
    }
    if let Some(entrypoint) = settings.entrypoint.as_ref().filter(|it| !it.value.is_empty()) {
        put("Entrypoint", json!(command(&entrypoint.value)));
    }
    if let Some(cmd) = settings.command.as_ref().filter(|it| !it.value.is_empty()) {
        put("Cmd", json!(command(&cmd.value)));
    }
    let mut env: Vec<_> =
        image.env.iter().map(|(k, v)| format!("{}={}", k.value(), v.value())).collect();
    // The base sets it first.
    let path = env.iter().position(|pair| pair.starts_with("PATH="));
    let path = path.map_or(PATH.to_owned(), |index| env.remove(index));
    env.insert(0, path);
    put("Env", json!(env));
    let keys = |keys: Vec<String>| keys.into_iter().map(|key| (key, json!({}))).collect::<Value>();
    let ports = image.exposed.iter().flat_map(|exposed| {
        (exposed.first..=exposed.last).map(|port| format!("{port}/{}", exposed.protocol))
    });
    if !image.exposed.is_empty() {
        put("ExposedPorts", keys(ports.collect()));
    }
    if !image.volumes.is_empty() {
        put(
            "Volumes",
            keys(image.volumes.iter().map(|volume| volume.value().to_owned()).collect()),
        );
    }
    if !image.labels.is_empty() {
        let labels = image.labels.iter();
        put("Labels", labels.map(|(k, v)| (k.value().to_owned(), json!(v.value()))).collect());
    }
    if !image.triggers.is_empty() {
        put(
            "OnBuild",
            image
                .triggers
                .iter()
                .map(|index| json!(trigger_text(source, &file.instructions[*index])))
                .collect(),
        );
    }
    if let Some(health) = &settings.healthcheck {
        let instruction = file.instructions.iter().find(|one| one.span == health.span).unwrap();
        put("Healthcheck", typed::health(instruction));
    }
    let steps = build.line(target).into_iter().flat_map(|stage| &build.stages[stage].steps);
    if steps.map(|step| step.instruction(file)).any(|one| one.kind == Keyword::Cmd) {
        put("ArgsEscaped", json!(true));
    }
    Value::Object(config)
}

/// Its text, with the bodies of its heredocs.
fn trigger_text(source: &SourceFile, onbuild: &Instruction) -> String {
    let bodies = onbuild
        .heredocs
        .iter()
        .map(|heredoc| format!("\n{}{}", source.text_at(heredoc.body), heredoc.name.value));
    let trigger = onbuild.trigger().unwrap();
    let text = &trigger.logical.text()[trigger.range.start..];
    format!("{text}{}", bodies.collect::<String>())
}

fn command(command: &Command) -> Vec<String> {
    match command {
        Command::Exec(words) => words.iter().map(|word| word.value().to_owned()).collect(),
        Command::Shell { shell, text } => {
            let words = shell.iter().map(|word| word.value.clone());
            words.chain([text.value().to_owned()]).collect()
        }
    }
}

/// What its parser warns of: empty lines in continued ones.
fn warnings(file: &SourceFile, parsed: &Parsed<File>) -> Value {
    let instructions = parsed.tree.instructions.iter();
    let list: Vec<_> = instructions
        .filter(|instruction| !instruction.empty_continuations.is_empty())
        .map(|instruction| {
            let text = instruction.logical.text();
            let end = instruction.heredocs.first().map(|heredoc| file.line(heredoc.body.start));
            let line = end.unwrap_or(instruction.lines.1 + 1);
            let message = format!("Empty continuation line found in: {text}");
            json!({"rule": "parser", "msg": message, "lines": [line, line]})
        })
        .collect();
    if list.is_empty() { Value::Null } else { list.into() }
}

/// Without the prefix, which says the line again, and the suffix, which is random.
fn plain(message: &str) -> &str {
    let message = match message.strip_prefix("dockerfile parse error on line ") {
        Some(rest) => rest.split_once(": ").unwrap().1,
        None => message,
    };
    message.split(" (did you mean").next().unwrap()
}

fn our_error(file: &SourceFile, parsed: &Parsed<File>) -> Value {
    // What another frontend may know, BuildKit's own does not.
    let mut errors = parsed.errors.iter().chain(&parsed.tree.unknown);
    let Some(error) = errors.next() else { return Value::Null };
    json!([error.message, buildkit_line(file, parsed, error)])
}

/// BuildKit names the first line of the instruction, and is one behind for what is none.
fn buildkit_line(file: &SourceFile, parsed: &Parsed<File>, error: &SyntaxError) -> u32 {
    let line = file.line(error.span.start);
    let instructions = parsed.tree.instructions.iter();
    let mut inside = instructions.filter(|i| i.lines.0 <= line && line <= i.lines.1);
    let is_torn = |torn: &Torn| torn.word.span == error.span;
    match inside.next() {
        Some(instruction) if instruction.torn.as_deref().is_some_and(is_torn) => line + 1,
        Some(instruction) => instruction.lines.0 + 1,
        None if error.message == "file with no instructions" => file.text.lines().count() as u32,
        None => line,
    }
}

fn directives(file: &SourceFile, tree: &File) -> Value {
    // What BuildKit lists here it reads apart from the parser, and without indented ones.
    let indented = |span: Span| {
        let text = &file.text[..span.start as usize];
        !matches!(text.trim_start_matches('\u{feff}').chars().last(), None | Some('\n'))
    };
    let list: Vec<_> = tree
        .directives
        .iter()
        .take_while(|directive| !indented(directive.span))
        .map(|directive| {
            let line = file.line(directive.span.start) + 1;
            json!({"Name": directive.name.value, "Value": directive.value.value, "Line": line})
        })
        .collect();
    if list.is_empty() { Value::Null } else { list.into() }
}

/// Nodes without what is random in their errors.
fn theirs_nodes(expect: &Value) -> Value {
    let mut nodes = expect["nodes"].clone();
    for node in nodes.as_array_mut().into_iter().flatten() {
        strip(node);
    }
    nodes
}

fn strip(node: &mut Value) {
    let node = node.as_object_mut().unwrap();
    node.remove("typed");
    if let Some(error) = node.get_mut("err") {
        let message = error.get("msg").unwrap_or(error).as_str().unwrap();
        *error = json!(plain(message));
    }
    if let Some(child) = node.get_mut("child") {
        strip(child);
    }
}

/// Our nodes, as far as their answer goes.
fn nodes(file: &SourceFile, instructions: &[Instruction], kept: Kept) -> Value {
    let mut nodes: Vec<_> = instructions.iter().map(|one| node(file, one, true)).collect();
    for node in nodes.iter_mut().filter(|_| kept != Kept::All) {
        let node = node.as_object_mut().unwrap();
        for dropped in ["original", "comments"] {
            node.remove(dropped);
        }
        for text in node["args"].as_array_mut().unwrap().iter_mut().filter(|_| kept == Kept::Start)
        {
            *text = text.as_str().unwrap().chars().take(40).collect::<String>().into();
        }
    }
    nodes.into()
}

/// A node as BuildKit would print it.
fn node(file: &SourceFile, instruction: &Instruction, outer: bool) -> Value {
    let (start, end) = instruction.lines;
    let mut node = json!({
        "keyword": instruction.keyword.value,
        "start": if outer { start + 1 } else { 0 },
        "end": if outer { end + 1 } else { 0 },
        "args": arguments(instruction),
        "original": if outer { instruction.logical.text() } else { instruction.text() },
    });
    let mut put = |key: &str, value: Value| {
        if value.as_array().is_none_or(|list| !list.is_empty()) {
            node[key] = value;
        }
    };
    put("flags", instruction.flags.iter().map(|flag| latin1(&flag.text.value)).collect());
    if is_json(&instruction.arguments) {
        put("json", json!(true));
    }
    put(
        "comments",
        instruction.doc.iter().filter_map(|span| doc(file, span.start as usize)).collect(),
    );
    let heredocs = instruction.heredocs.iter().map(|heredoc| {
        json!({
            "name": heredoc.name.value,
            "fd": heredoc.descriptor,
            "expand": heredoc.expand,
            "chomp": heredoc.chomp,
            "content": file.text_at(heredoc.body),
        })
    });
    if outer {
        put("heredocs", heredocs.collect());
    }
    if let Some(trigger) = instruction.trigger() {
        put("child", self::node(file, trigger, false));
    }
    if let Some(error) = dockerfile::check(instruction, Dialect::BuildKit).filter(|_| outer) {
        put("err", json!(error.message));
    }
    node
}

/// BuildKit reads flags byte by byte.
fn latin1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

/// BuildKit takes one byte off, the `#` or a blank before it, then white space. (Where the blank
/// has several bytes, what is left of it is no text.)
fn doc(file: &SourceFile, start: usize) -> Option<String> {
    let mark = file.text.len() - file.text.trim_start_matches('\u{feff}').len();
    let line = file.text[..start].rfind('\n').map_or(mark, |at| at + 1);
    let text = file.text[line..].lines().next().unwrap();
    let first = text.chars().next().map_or(0, char::len_utf8);
    let text = text[first..].trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn is_json(arguments: &Arguments) -> bool {
    match arguments {
        Arguments::Health { command, .. } => command.is_json(),
        other => other.is_json(),
    }
}

fn arguments(instruction: &Instruction) -> Vec<String> {
    let values = |words: &[Word]| words.iter().map(|word| word.value.to_string()).collect();
    match &instruction.arguments {
        _ if instruction.kind == Keyword::Unknown => vec![String::new()],
        Arguments::Pairs(pairs) if instruction.kind == Keyword::Arg => pairs
            .iter()
            .map(|pair| match &pair.value {
                Some(value) => format!("{}={}", pair.key.value, value.value),
                None => pair.key.value.to_string(),
            })
            .collect(),
        Arguments::Pairs(pairs) => pairs
            .iter()
            .flat_map(|pair| {
                let value = pair.value.as_ref().map(|value| value.value.to_string());
                let separator = if pair.legacy { "" } else { "=" };
                [pair.key.value.to_string(), value.unwrap_or_default(), separator.to_owned()]
            })
            .collect(),
        Arguments::Health { kind, command } => {
            std::iter::once(kind.value.to_string()).chain(values(command.words())).collect()
        }
        Arguments::Trigger(trigger) => {
            let keyword = trigger.keyword.value.to_string();
            std::iter::once(keyword).chain(arguments(trigger)).collect()
        }
        other => values(other.words()),
    }
}
