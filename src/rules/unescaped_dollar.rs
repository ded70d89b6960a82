use std::collections::HashMap;

use crate::model::compose::{Compose, Data, Form, Service, Value};
use crate::model::text::{HOLE, Origin, Part, Text};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unescaped-dollar.md"), Check::Project(check));

/// Keys below which programs stand.
const SCRIPTS: [&str; 6] =
    ["command", "entrypoint", "healthcheck", "post_start", "pre_start", "pre_stop"];

fn check(compose: &Compose, report: &mut Report) {
    if compose.uses.iter().any(|asked| asked.form == Form::Plain) {
        compose.own_services().for_each(|service| of_service(service, compose, report));
    }
}

fn of_service(service: &Service, compose: &Compose, report: &mut Report) {
    for text in texts(&service.value) {
        let cut = unset(text, compose).find(|(part, name)| is_of_hash(text, part, name));
        if let Some((part, _)) = cut {
            report
                .at(part.span, "Compose takes this part of a hash for a variable, and drops it")
                .help("write each `$` of the hash as `$$`");
        }
    }
    let scripts = SCRIPTS.iter().filter_map(|key| service.at(&[key]));
    for text in scripts.flat_map(texts) {
        let assigned = assigned(text.value());
        for (part, name) in unset(text, compose) {
            if assigned.get(name).is_some_and(|at| *at < part.range.start) {
                report
                    .at(part.span, format!("Compose puts its own `{name}` here, which nobody sets"))
                    .help(format!("write `$${name}` for the variable of the shell"));
            }
        }
    }
}

/// All scalars below a value.
fn texts(value: &Value) -> Vec<&Text> {
    let (mut found, mut open) = (Vec::new(), vec![value]);
    while let Some(value) = open.pop() {
        match &value.data {
            Data::Scalar(_, text) => found.push(text),
            Data::List(items) => open.extend(items),
            Data::Map(entries) => open.extend(entries.iter().map(|entry| &entry.value)),
            Data::Null | Data::Unknown => {}
        }
    }
    found
}

/// The parts of a text that are variables without a default, which nothing sets.
fn unset<'a>(text: &'a Text, compose: &'a Compose) -> impl Iterator<Item = (&'a Part, &'a str)> {
    text.parts().iter().filter_map(|part| {
        let Origin::Unknown { name } = &part.origin else { return None };
        let plain = compose.asked(part.span).is_some_and(|asked| asked.form == Form::Plain);
        (plain && !compose.expected.contains(name.as_str())).then_some((part, name.as_str()))
    })
}

/// Whether a variable is a piece of what `htpasswd`, `mkpasswd` and the like write: behind
/// `$2y$05`, `$6` and so on, or one of their names.
fn is_of_hash(text: &Text, part: &Part, name: &str) -> bool {
    if name == "apr1" || name.starts_with("argon2") {
        return true;
    }
    let (before, rest) = (&text.value()[..part.range.start], &text.value()[part.range.end..]);
    // `$2y$05`, no longer.
    let tail = before.char_indices().rev().nth(6).map_or(before, |(at, _)| &before[at..]);
    let is_cost = |cost: &str| cost.len() == 2 && cost.bytes().all(|digit| digit.is_ascii_digit());
    let is_one_word = || !rest.chars().take(16).any(char::is_whitespace);
    match tail.rsplitn(3, '$').collect::<Vec<_>>()[..] {
        [cost, version, _] if is_cost(cost) => matches!(version, "2" | "2a" | "2b" | "2x" | "2y"),
        ["1" | "5" | "6", _, ..] => is_one_word(),
        _ => false,
    }
}

/// The variables that a script sets itself, and not to one of Compose, with where it first does.
fn assigned(script: &str) -> HashMap<&str, usize> {
    let mut found = HashMap::new();
    let mut before = "";
    let mut at = 0;
    for word in script.split(|c: char| c.is_ascii_whitespace() || ";()&|'\"".contains(c)) {
        let start = at;
        at += word.len() + 1;
        let set =
            word.split_once('=').filter(|(_, value)| !value.is_empty() && !value.starts_with(HOLE));
        let name = match before {
            "for" | "read" | "-r" => Some(word),
            _ => set.map(|(name, _)| name),
        };
        if let Some(name) = name {
            found.entry(name).or_insert(start);
        }
        if !word.is_empty() {
            before = word;
        }
    }
    found
}
