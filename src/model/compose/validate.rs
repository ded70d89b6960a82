//! Values against the shapes of the Compose specification.

use std::cell::LazyCell;
use std::collections::HashMap;

use rayon::prelude::*;
use smol_str::SmolStr;

use crate::model::quantity;
use crate::source::Spanned;

use super::schema::{Key, Map, Meaning, Others, Shape};
use super::value::{self, Data, Entry, Mark, Scalar, Value};
use super::{MANY, Problem, ProblemKind};

/// Says what of a value, and of all below it, is not as its shape wants it. `name` is the key
/// that it stands at.
pub fn validate(shape: &Shape, value: &Value, name: &str, problems: &mut Vec<Problem>) {
    if value.mark == Mark::Reset {
        return;
    }
    match (&value.data, shape.list, shape.map) {
        (Data::Unknown, ..) => {}
        (Data::Null, ..) if shape.null => {}
        (Data::Scalar(kind, text), ..) if shape.scalars.contains(kind) => {
            if let Some(known) = text.known().filter(|_| !shape.meaning.takes(*kind))
                && let Some(message) = shape.meaning.complaint(known, name)
            {
                let span = text.span_of(0..known.len());
                problems.push(Problem::new(ProblemKind::Value, span, message).of_shape());
            }
        }
        (Data::List(items), Some(list), _) => {
            let item_name = LazyCell::new(|| format!("an item of {}", quoted(name)));
            for item in items.iter().filter(|item| !list.items.takes_any(item)) {
                validate(list.items, item, &item_name, problems);
            }
            if list.key == Key::Unique {
                repeated(items, name, problems);
            }
        }
        (Data::Map(entries), _, Some(map)) => mapping(map, entries, value, name, problems),
        _ => problems.push(wrong_type(shape, value, name).of_shape()),
    }
}

fn mapping(
    map: &'static Map,
    entries: &[Entry],
    value: &Value,
    name: &str,
    problems: &mut Vec<Problem>,
) {
    let is_misspelt = if entries.len() < MANY {
        entries.iter().fold(false, |is_misspelt, it| below(map, it, problems) | is_misspelt)
    } else {
        let below = |entry: &Entry| {
            let mut problems = Vec::new();
            let is_misspelt = below(map, entry, &mut problems);
            (is_misspelt, problems)
        };
        let below: Vec<_> = entries.par_iter().with_min_len(MANY / 4).map(below).collect();
        let is_misspelt = below.iter().any(|(is_misspelt, _)| *is_misspelt);
        problems.extend(below.into_iter().flat_map(|(_, problems)| problems));
        is_misspelt
    };
    let is_there = |key: &str| entries.iter().any(|entry| entry.key.value == key);
    let missing = map.required.iter().find(|required| !is_there(required));
    // What is missing may be what is misspelt.
    if let Some(required) = missing.filter(|_| !is_misspelt) {
        let message = format!("{} has no `{required}`", map.what);
        let span = if entries.is_empty() { value.span } else { entries[0].key.span };
        let problem = Problem::new(ProblemKind::Value, span, message).of_shape();
        problems.push(problem.help(format!("add `{required}` below {}", quoted(name))).whole());
    }
}

/// Whether the key of an entry is none that may stand there.
fn below(map: &'static Map, Entry { key, value }: &Entry, problems: &mut Vec<Problem>) -> bool {
    let shape = match (map.known(&key.value), &map.others) {
        (Some(shape), _) => shape,
        (None, Others::Any(shape)) => shape,
        (None, Others::Extensions) if key.value.starts_with("x-") => return false,
        (None, Others::Names(shape)) if is_name(&key.value) => shape,
        (None, Others::Names(_)) => {
            let message = format!("`{}` is not a name that Compose takes", key.value);
            let problem = Problem::new(ProblemKind::Key, key.span, message)
                .help("use letters, digits, `.`, `_` and `-`");
            problems.push(problem.of_shape());
            return false;
        }
        // It may be half-typed.
        (None, _) if matches!(value.data, Data::Unknown) => return false,
        (None, Others::Extensions | Others::None) => {
            problems.push(unknown_key(map, key).of_shape());
            return true;
        }
    };
    validate(shape, value, &key.value, problems);
    false
}

fn unknown_key(map: &Map, key: &Spanned<SmolStr>) -> Problem {
    let message = format!("`{}` is not a key of {}", key.value, map.what);
    let problem = Problem::new(ProblemKind::Key, key.span, message);
    let near = map
        .keys
        .iter()
        .map(|(known, _)| (distance(&key.value, known), *known))
        .filter(|(distance, known)| *distance <= 2 && *distance * 3 <= known.len())
        .min();
    match near {
        Some((_, known)) => problem.help(format!("did you mean `{known}`?")),
        None => problem,
    }
}

fn wrong_type(shape: &Shape, value: &Value, name: &str) -> Problem {
    let is = match &value.data {
        Data::Null => "empty",
        Data::Scalar(Scalar::String, _) => "a string",
        Data::Scalar(Scalar::Boolean, _) => "a boolean",
        Data::Scalar(Scalar::Date, _) => "a date",
        Data::Scalar(..) => "a number",
        Data::List(_) => "a list",
        Data::Map(_) | Data::Unknown => "a mapping",
    };
    let mut may_be = Vec::new();
    for (kind, word) in [
        (Scalar::String, "a string"),
        (Scalar::Integer, "a number"),
        (Scalar::Boolean, "a boolean"),
    ] {
        if shape.scalars.contains(&kind) {
            may_be.push(word);
        }
    }
    if shape.list.is_some() {
        may_be.push("a list");
    }
    if shape.map.is_some() {
        may_be.push("a mapping");
    }
    let message = format!("{} is {is}, and must be {}", quoted(name), may_be.join(" or "));
    let problem = Problem::new(ProblemKind::Value, value.span, message);
    match &value.data {
        Data::Scalar(_, text) if shape.scalars.contains(&Scalar::String) => {
            problem.help(format!("quote it: `\"{}\"`", text.value()))
        }
        Data::Map(entries) if name.starts_with("an item") && entries.len() == 1 => {
            let key = &entries[0].key.value;
            problem.help(format!("write `- {key}=…`, or `{key}: …` without the dash"))
        }
        _ => problem,
    }
}

fn repeated(items: &[Value], name: &str, problems: &mut Vec<Problem>) {
    let mut seen = HashMap::new();
    for item in items {
        let Some(text) = item.known() else { continue };
        if let Some(first) = seen.insert(text, item.span) {
            let message = format!("`{text}` stands twice in `{name}`");
            let problem = Problem::new(ProblemKind::Value, item.span, message);
            problems.push(problem.also(first, "first here"));
        }
    }
}

impl Shape {
    /// Whether a value is of a kind that is fine here whatever it says.
    fn takes_any(&self, value: &Value) -> bool {
        let Data::Scalar(kind, _) = &value.data else { return false };
        self.meaning == Meaning::Anything && self.scalars.contains(kind)
    }
}

impl Meaning {
    /// Whether it is said by whatever YAML takes for this kind, in any of its notations.
    fn takes(self, kind: Scalar) -> bool {
        match self {
            Self::Number | Self::Bytes => matches!(kind, Scalar::Integer | Scalar::Float),
            // What is behind the point is dropped.
            Self::Integer(..) => kind == Scalar::Float,
            _ => false,
        }
    }

    /// What is wrong with a known text, if anything.
    fn complaint(self, text: &str, name: &str) -> Option<String> {
        let wants = |fine: bool, wanted: &str| {
            (!fine).then(|| format!("`{text}` is not {wanted}, which `{name}` has to be"))
        };
        match self {
            Self::Anything => None,
            Self::Boolean => wants(value::truth(text).is_some(), "a boolean"),
            Self::Number => wants(text.parse::<f64>().is_ok(), "a number"),
            Self::Bytes => wants(quantity::bytes(text).is_some(), "a size such as `512m`"),
            Self::Duration => {
                wants(quantity::duration(text).is_some(), "a duration such as `1m30s`")
            }
            Self::Integer(least, most) => match integer(text) {
                None => wants(false, "a whole number"),
                Some(number) if number < least => wants(false, &format!("at least {least}")),
                Some(number) if number > most => wants(false, &format!("at most {most}")),
                Some(_) => None,
            },
            Self::Count => {
                let fine = text.eq_ignore_ascii_case("all") || text.parse::<i64>().is_ok();
                wants(fine, "`all` or a number")
            }
            Self::OneOf(words) => (!words.contains(&text)).then(|| {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("`{text}` is not a `{name}`: {}", words.join(", "))
            }),
            Self::PullPolicy => wants(is_pull_policy(text), "a policy such as `always`"),
            Self::ContainerName => {
                let fine = text
                    .as_bytes()
                    .windows(2)
                    .any(|pair| pair[0].is_ascii_alphanumeric() && is_name_byte(pair[1]));
                wants(fine, "a name of letters, digits, `.`, `_` and `-`")
            }
        }
    }
}

/// An integer as YAML or Go reads it.
fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.replace('_', "");
    let number = if let Some(hex) = digits.strip_prefix("0x") {
        i64::from_str_radix(hex, 16)
    } else if let Some(octal) = digits.strip_prefix("0o") {
        i64::from_str_radix(octal, 8)
    } else if let Some(binary) = digits.strip_prefix("0b") {
        i64::from_str_radix(binary, 2)
    } else {
        digits.parse()
    };
    number.ok().map(|number| sign * number)
}

/// The specification's pattern is not anchored, so more than these pass.
fn is_pull_policy(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly"];
    WORDS.iter().any(|word| text.contains(word))
        || text.split_once("every_").is_some_and(|(_, every)| {
            let unit = every.trim_start_matches(|c: char| c.is_ascii_digit());
            unit.len() < every.len() && unit.starts_with(['w', 'd', 'h', 'm', 's'])
        })
}

/// Whether services, volumes and the like may be called so.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_name_byte)
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

fn quoted(name: &str) -> String {
    if name.starts_with("an item of ") || name.starts_with("the file") {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

/// How many letters are to be changed, added or dropped to come from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    if from.len() > 40 {
        return usize::MAX / 4;
    }
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.bytes().enumerate() {
            let change = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}
