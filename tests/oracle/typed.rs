//! What BuildKit makes of an instruction's arguments.

use plimsoll::source::SourceFile;
use plimsoll::syntax::dockerfile::{self, Arguments, Dialect, Flag, Instruction, Keyword, Word};
use serde_json::{Value, json};

/// Whether there is an answer to compare with: the copy of one case is without.
pub fn is_recorded(expect: &Value) -> bool {
    let mut nodes = expect["nodes"].as_array().into_iter().flatten();
    nodes.any(|node| !node["typed"].is_null())
}

/// What BuildKit recorded of each node; of `RUN --mount` only how many there are, because it reads
/// them when it builds.
pub fn theirs(expect: &Value) -> Value {
    let nodes = expect["nodes"].as_array().into_iter().flatten();
    let typed = nodes.map(|node| {
        let mut typed = node["typed"].clone();
        if let Some(mounts) = typed.get_mut("mounts") {
            *mounts = json!(mounts.as_array().map(Vec::len));
        }
        typed
    });
    typed.collect()
}

/// The same of ours; null for one that BuildKit refuses.
pub fn ours(file: &SourceFile, instructions: &[Instruction]) -> Value {
    let typed = |one: &Instruction| match dockerfile::check(one, Dialect::BuildKit) {
        Some(_) => Value::Null,
        None => instruction(file, one),
    };
    instructions.iter().map(typed).collect()
}

fn instruction(file: &SourceFile, one: &Instruction) -> Value {
    let words = one.arguments.words();
    let only = || json!(words.first().map_or("", |word| &word.value));
    let mut value = match one.kind {
        Keyword::Add | Keyword::Copy => copy(one),
        Keyword::Arg => json!({"args": pairs(one).map(|(key, value, _)| {
            json!({"Key": key, "Value": value, "DocComment": described(file, one, key)})
        }).collect::<Value>()}),
        Keyword::Cmd => json!({"cmdline": values(words), "shell": is_shell(one)}),
        Keyword::Entrypoint => {
            json!({"cmdline": none_if_empty(words), "shell": is_shell(one)})
        }
        Keyword::Env | Keyword::Label => {
            json!({"kv": pairs(one).map(|(key, value, legacy)| {
                json!({"Key": key, "Value": value, "NoDelim": legacy})
            }).collect::<Value>()})
        }
        Keyword::Expose => {
            let mut ports = values(words);
            ports.sort();
            json!({"ports": ports})
        }
        Keyword::From => json!({
            "base": words[0].value,
            "name": words.get(2).map_or(String::new(), |name| name.value.to_lowercase()),
            "platform": text(one, "platform"),
        }),
        Keyword::Healthcheck => json!({"health": health(one)}),
        Keyword::Maintainer => json!({"maintainer": only()}),
        Keyword::Onbuild => json!({"expr": super::trigger_text(file, one)}),
        Keyword::Run => run(one),
        Keyword::Shell => json!({"shell": values(words)}),
        Keyword::Stopsignal => json!({"signal": only()}),
        Keyword::User => json!({"user": only()}),
        Keyword::Volume => {
            json!({"volumes": words.iter().map(|word| word.value.trim()).collect::<Vec<_>>()})
        }
        Keyword::Workdir => json!({"path": only()}),
        Keyword::Unknown => json!({}),
    };
    value["t"] = json!(one.kind.name());
    value
}

fn copy(one: &Instruction) -> Value {
    let (dest, sources) = one.arguments.words().split_last().unwrap();
    let is_marker = |word: &&Word| one.heredocs.iter().any(|it| it.marker.span == word.span);
    let contents: Vec<_> = one
        .inline_files()
        .map(|(name, heredoc)| {
            json!({"Path": name.value, "Data": heredoc.text.text(), "Expand": heredoc.expand})
        })
        .collect();
    let sources: Vec<_> = sources.iter().filter(|word| !is_marker(word)).cloned().collect();
    let excluded: Vec<_> = flags(one, "exclude").map(value_of).collect();
    let mut value = json!({
        "chmod": text(one, "chmod"),
        "chown": text(one, "chown"),
        "contents": if contents.is_empty() { Value::Null } else { contents.into() },
        "dest": dest.value,
        "exclude": if excluded.is_empty() { Value::Null } else { json!(excluded) },
        "link": switch(one, "link") == Some(true),
        "src": none_if_empty(&sources),
    });
    if one.kind == Keyword::Copy {
        value["from"] = text(one, "from");
        value["parents"] = json!(switch(one, "parents") == Some(true));
    } else {
        value["checksum"] = text(one, "checksum");
        value["keepgit"] = json!(switch(one, "keep-git-dir"));
        value["unpack"] = json!(switch(one, "unpack"));
    }
    value
}

fn run(one: &Instruction) -> Value {
    let or = |flag: Value, default: &str| if flag == "" { json!(default) } else { flag };
    let mut value = json!({
        "cmdline": values(one.arguments.words()),
        "network": or(text(one, "network"), "default"),
        "security": or(text(one, "security"), "sandbox"),
        "shell": is_shell(one),
    });
    let mounts = flags(one, "mount").count();
    if mounts > 0 {
        value["mounts"] = json!(mounts);
    }
    if !one.heredocs.is_empty() {
        value["files"] = one.heredocs.iter().map(|heredoc| json!(heredoc.name.value)).collect();
    }
    value
}

/// `null` for times that are not given or 0.
pub fn health(one: &Instruction) -> Value {
    let Arguments::Health { kind, command } = &one.arguments else { return Value::Null };
    if kind.value.eq_ignore_ascii_case("none") {
        return json!({"Test": ["NONE"]});
    }
    let form = if command.is_json() { "CMD" } else { "CMD-SHELL" };
    let words = command.words().iter().map(|word| word.value.as_str());
    let mut value = json!({"Test": std::iter::once(form).chain(words).collect::<Vec<_>>()});
    for (flag, key) in [
        ("interval", "Interval"),
        ("timeout", "Timeout"),
        ("start-period", "StartPeriod"),
        ("start-interval", "StartInterval"),
    ] {
        if let Some(flag) = one.flag(flag)
            && let Ok(time @ 1..) = dockerfile::duration(value_of(flag))
        {
            value[key] = json!(time);
        }
    }
    if let Some(Ok(retries @ 1..)) = one.flag("retries").map(|flag| value_of(flag).parse::<u32>()) {
        value["Retries"] = json!(retries);
    }
    value
}

/// What a comment above says of an argument: it begins with its name.
fn described(file: &SourceFile, one: &Instruction, key: &str) -> String {
    let text = |span| file.text_at(span).trim_start_matches('#').trim().strip_prefix(key);
    let told = one.doc.iter().find_map(|span| text(*span)?.strip_prefix(' '));
    told.unwrap_or_default().to_owned()
}

fn is_shell(one: &Instruction) -> bool {
    !one.arguments.is_json()
}

fn pairs(one: &Instruction) -> impl Iterator<Item = (&str, Option<&str>, bool)> {
    one.arguments.pairs().iter().map(|pair| {
        let value = pair.value.as_ref().map(|value| value.value.as_str());
        (pair.key.value.as_str(), value, pair.legacy)
    })
}

fn values(words: &[Word]) -> Vec<&str> {
    words.iter().map(|word| word.value.as_str()).collect()
}

fn none_if_empty(words: &[Word]) -> Value {
    if words.is_empty() { Value::Null } else { json!(values(words)) }
}

fn flags<'a>(one: &'a Instruction, name: &str) -> impl Iterator<Item = &'a Flag> {
    one.flags.iter().filter(move |flag| flag.name.value == name)
}

fn value_of(flag: &Flag) -> &str {
    flag.value.as_ref().map_or("", |value| &value.value)
}

fn text(one: &Instruction, name: &str) -> Value {
    json!(super::latin1(one.flag(name).map_or("", value_of)))
}

fn switch(one: &Instruction, name: &str) -> Option<bool> {
    Some(
        one.flag(name)?.value.as_ref().is_none_or(|value| value.value.eq_ignore_ascii_case("true")),
    )
}
