//! How a later file, document or service is merged over an earlier one.

use std::collections::HashMap;
use std::mem;

use rayon::prelude::*;

use crate::model::text::{Origin, Text};
use crate::source::{Span, Spanned};

use super::port::{self, Ports};
use super::schema::{Key, List, Merge, Others, Shape};
use super::value::{Data, Entry, Mark, Scalar, Value};
use super::{MANY, Problem, ProblemKind, volume};

/// Merges `over` over `base`; what cannot be merged is a problem, and `over` counts.
pub fn merge(shape: &Shape, base: Value, over: Value, problems: &mut Vec<Problem>) -> Value {
    if over.mark != Mark::None || base.mark == Mark::Reset {
        return over;
    }
    if over.is_null() && !matches!(shape.merge, Merge::Replace | Merge::Pairs | Merge::Sequence) {
        return base;
    }
    if base.is_null() || matches!(base.data, Data::Unknown) || matches!(over.data, Data::Unknown) {
        return over;
    }
    match shape.merge {
        Merge::Replace => over,
        Merge::Deep => deep(shape, base, over, problems),
        Merge::Pairs => deep(shape, pairs(base), pairs(over), problems),
        Merge::Names => {
            deep(shape, names(base, |_| Data::Null), names(over, |_| Data::Null), problems)
        }
        Merge::DependsOn => deep(shape, names(base, started), names(over, started), problems),
        Merge::Sequence => deep(shape, sequence(base), sequence(over), problems),
        Merge::Build => deep(shape, build(base), build(over), problems),
        Merge::Logging => {
            let driver =
                |value: &Value| value.get("driver").and_then(Value::known).map(str::to_owned);
            match (driver(&base), driver(&over)) {
                (Some(earlier), Some(later)) if earlier != later => over,
                _ => deep(shape, base, over, problems),
            }
        }
    }
}

/// Removes what `!reset` marks, once everything is merged.
pub fn clean(value: &mut Value) {
    match &mut value.data {
        Data::Map(entries) => {
            entries.retain(|entry| entry.value.mark != Mark::Reset);
            if entries.len() < MANY {
                entries.iter_mut().for_each(|entry| clean(&mut entry.value));
            } else {
                let entries = entries.par_iter_mut().with_min_len(MANY / 4);
                entries.for_each(|entry| clean(&mut entry.value));
            }
        }
        Data::List(items) => items.iter_mut().for_each(clean),
        _ => {}
    }
}

fn deep(shape: &Shape, base: Value, over: Value, problems: &mut Vec<Problem>) -> Value {
    let Value { span, used_at, mark, data } = over;
    let (data, span) = match (base.data, data) {
        (Data::Map(earlier), Data::Map(later)) => {
            (Data::Map(maps(shape, earlier, later, problems)), span)
        }
        (Data::List(earlier), Data::List(later)) => {
            (Data::List(lists(shape.list, earlier, later)), span)
        }
        (Data::Map(_) | Data::List(_), data @ Data::Scalar(..))
        | (Data::Map(_), data @ Data::List(_))
        | (Data::List(_), data @ Data::Map(_)) => {
            let message = "this cannot be merged: it is of another type than before".to_owned();
            let problem = Problem::new(ProblemKind::Value, span, message)
                .also(base.span, "what it is merged into");
            problems.push(problem);
            (data, span)
        }
        (_, data) => (data, span),
    };
    Value { span, used_at, mark, data }
}

fn maps(
    shape: &Shape,
    mut earlier: Vec<Entry>,
    later: Vec<Entry>,
    problems: &mut Vec<Problem>,
) -> Vec<Entry> {
    let places = places(&earlier);
    for entry in later {
        match places.get(entry.key.value.as_str()).and_then(|place| earlier.get_mut(*place)) {
            Some(known) => {
                let below = shape.below(&entry.key.value);
                let null = Value::implied(Data::Null, known.value.span);
                let base = mem::replace(&mut known.value, null);
                known.value = merge(below, base, entry.value, problems);
            }
            None => earlier.push(entry),
        }
    }
    earlier
}

fn places(entries: &[Entry]) -> HashMap<String, usize> {
    entries.iter().enumerate().map(|(place, entry)| (entry.key.value.to_string(), place)).collect()
}

fn lists(list: Option<&List>, mut earlier: Vec<Value>, later: Vec<Value>) -> Vec<Value> {
    let key = list.map_or(Key::None, |list| list.key);
    let places: HashMap<String, usize> = earlier
        .iter()
        .enumerate()
        .filter_map(|(place, item)| Some((identity(key, item)?, place)))
        .collect();
    for item in later {
        match identity(key, &item).and_then(|identity| places.get(&identity)) {
            Some(place) => earlier[*place] = item,
            None => earlier.push(item),
        }
    }
    earlier
}

/// What makes two items of a list the same; `None` for an item that is like no other.
fn identity(key: Key, item: &Value) -> Option<String> {
    let member = |name: &str| item.get(name).and_then(Value::known);
    match key {
        Key::None | Key::Unique => None,
        Key::Whole => item.known().map(str::to_owned),
        Key::Name => item.known().map(|text| text.split('=').next().unwrap_or(text).to_owned()),
        Key::Path => item.known().or_else(|| member("path")).map(str::to_owned),
        Key::Subnet => member("subnet").map(str::to_owned),
        Key::FileMount => {
            let target = member("target").or_else(|| member("source")).or_else(|| item.known());
            target.map(|target| target.trim_start_matches("/run/secrets/").to_owned())
        }
        Key::Device => match item.known() {
            Some(text) => text.split(':').nth(1).or(Some(text)).map(str::to_owned),
            None => member("target").map(str::to_owned),
        },
        Key::Volume => match item.text() {
            Some(text) => volume::parse(text).ok()?.clean_target(),
            None => member("target").map(|target| target.trim_end_matches('/').to_owned()),
        },
        Key::Port => match item.text() {
            Some(text) => {
                text.known()?;
                let port = port::parse(text).ok()?;
                Some(port_identity(
                    port.host_ip.get().map(|ip| ip.value.as_str()),
                    port.published.get().map(|ports| ports.value),
                    port.target.get().map(|ports| ports.value),
                    port.protocol.get().map(|protocol| protocol.value.as_str()),
                ))
            }
            None => Some(port_identity(
                member("host_ip"),
                member("published").and_then(Ports::parse),
                member("target").and_then(Ports::parse),
                member("protocol"),
            )),
        },
    }
}

fn port_identity(
    host_ip: Option<&str>,
    published: Option<Ports>,
    target: Option<Ports>,
    protocol: Option<&str>,
) -> String {
    let (host_ip, protocol) = (host_ip.unwrap_or("0.0.0.0"), protocol.unwrap_or("tcp"));
    format!("{host_ip} {published:?} {target:?} {protocol}")
}

/// `KEY=value` lists as mappings.
pub fn pairs(value: Value) -> Value {
    let Data::List(items) = value.data else { return value };
    let mut entries: Vec<Entry> = Vec::new();
    let mut places = HashMap::new();
    for entry in items.iter().filter_map(pair) {
        let place = *places.entry(entry.key.value.clone()).or_insert(entries.len());
        match entries.get_mut(place) {
            Some(known) => *known = entry,
            None => entries.push(entry),
        }
    }
    Value { data: Data::Map(entries), ..value }
}

/// One item of a `KEY=value` list; the value is null if there is no `=`.
pub fn pair(item: &Value) -> Option<Entry> {
    let text = item.text()?;
    let length = text.value().len();
    let (key, data) = match text.value().find('=') {
        Some(equals) => {
            let value = text.slice(equals + 1..length);
            (text.slice(0..equals), Data::Scalar(Scalar::String, value))
        }
        None => (text.clone(), Data::Null),
    };
    let span = match &data {
        Data::Scalar(_, value) => value.span(),
        _ => text.span(),
    };
    let value = Value { span, used_at: item.used_at, mark: Mark::None, data };
    Some(Entry { key: Spanned::new(key.value().into(), key.span()), value })
}

/// A list of names as a mapping.
fn names(value: Value, default: impl Fn(Span) -> Data) -> Value {
    let Data::List(items) = value.data else { return value };
    let entry = |item: &Value| {
        let key = Spanned::new(item.text()?.value().into(), item.span);
        let value = Value { data: default(item.span), mark: Mark::None, ..item.clone() };
        Some(Entry { key, value })
    };
    Value { data: Data::Map(items.iter().filter_map(entry).collect()), ..value }
}

fn started(span: Span) -> Data {
    let mut condition = Text::empty(span);
    condition.push("service_started", span, Origin::Written);
    let condition = Value::implied(Data::Scalar(Scalar::String, condition), span);
    let key = Spanned::new("condition".into(), span);
    Data::Map(vec![Entry { key, value: condition }])
}

fn sequence(value: Value) -> Value {
    match value.data {
        Data::Scalar(..) => {
            let (span, used_at) = (value.span, value.used_at);
            Value { span, used_at, mark: Mark::None, data: Data::List(vec![value]) }
        }
        _ => value,
    }
}

fn build(value: Value) -> Value {
    match value.data {
        Data::Scalar(..) => {
            let (span, used_at) = (value.span, value.used_at);
            let key = Spanned::new("context".into(), span);
            let data = Data::Map(vec![Entry { key, value }]);
            Value { span, used_at, mark: Mark::None, data }
        }
        _ => value,
    }
}

impl Shape {
    /// What the value of a key may be.
    pub fn below(&self, key: &str) -> &'static Self {
        let Some(map) = self.map else { return &super::schema::ANYTHING };
        match map.known(key) {
            Some(shape) => shape,
            None => match map.others {
                Others::Names(shape) | Others::Any(shape) => shape,
                Others::Extensions | Others::None => &super::schema::ANYTHING,
            },
        }
    }
}
