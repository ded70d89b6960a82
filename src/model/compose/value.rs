//! A Compose file's values after interpolation, each where it is written.

use std::ops::Range;

use rayon::prelude::*;
use smol_str::SmolStr;

use crate::model::setting::Setting;
use crate::model::text::Text;
use crate::source::{Span, Spanned};
use crate::syntax::yaml::{self, Kind, Node, Style};

use super::again::Kept;
use super::schema::same;
use super::template::{self, Found, Use, Variables};
use super::{MANY, Problem, ProblemKind};

/// A value of the effective tree: what all files of a project come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Where it is written. Scalars: without quotes.
    pub span: Span,
    /// The alias through which it is used, if it is.
    pub used_at: Option<Span>,
    pub mark: Mark,
    pub data: Data,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    Null,
    Scalar(Scalar, Text),
    List(Vec<Value>),
    /// In the order of the file; no key twice.
    Map(Vec<Entry>),
    /// Something is written, and cannot be read.
    Unknown,
}

/// What YAML takes a scalar for before anything is cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    String,
    Boolean,
    Integer,
    Float,
    /// `2025-01-31`: to Compose's reader a time, which no field takes.
    Date,
}

/// What a tag says about earlier values of the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing: they are merged.
    None,
    /// `!reset`: it is as if nobody had set it.
    Reset,
    /// `!override`: they do not count.
    Override,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Mostly short.
    pub key: Spanned<SmolStr>,
    pub value: Value,
}

impl Entry {
    /// The key as a name of something.
    pub fn name(&self) -> Spanned<String> {
        self.key.as_ref().map(|key| key.to_string())
    }
}

impl Value {
    /// A value that Compose itself puts where `span` is written.
    pub fn implied(data: Data, span: Span) -> Self {
        Self { span, used_at: None, mark: Mark::None, data }
    }

    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| same(&entry.key.value, key))
    }

    /// The value below several keys, each in the value of the one before.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Takes the entries of the mapping at a key out of it.
    pub fn take_entries(&mut self, key: &str) -> Vec<Entry> {
        let Data::Map(entries) = &mut self.data else { return Vec::new() };
        let found = entries.iter_mut().find(|entry| entry.key.value == key);
        match found.map(|entry| &mut entry.value.data) {
            Some(Data::Map(entries)) => std::mem::take(entries),
            _ => Vec::new(),
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Self] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list, or the one scalar that stands for a list of it.
    pub fn items_or_self(&self) -> &[Self] {
        match &self.data {
            Data::Scalar(..) => std::slice::from_ref(self),
            _ => self.items(),
        }
    }

    /// A scalar's text, whatever YAML takes it for.
    pub fn text(&self) -> Option<&Text> {
        match &self.data {
            Data::Scalar(_, text) => Some(text),
            _ => None,
        }
    }

    /// A scalar's text, if all of it is known.
    pub fn known(&self) -> Option<&str> {
        self.text().and_then(Text::known)
    }

    /// Whether nothing is written, be it that there is no value or a mapping without entries.
    pub fn is_empty(&self) -> bool {
        self.is_null() || matches!(&self.data, Data::Map(entries) if entries.is_empty())
    }

    pub fn is_null(&self) -> bool {
        self.data == Data::Null
    }

    /// A scalar read by `read`; unresolved if a variable decides or if it cannot be read.
    pub fn setting<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Setting<T> {
        match &self.data {
            Data::Null => Setting::Absent,
            Data::Scalar(_, text) => match text.known().and_then(read) {
                Some(value) => Setting::set(value, text.span_of(0..text.value().len())),
                None => Setting::Unresolved(self.span),
            },
            _ => Setting::Unresolved(self.span),
        }
    }

    /// A scalar below several keys, read by `read`.
    pub fn setting_at<T>(&self, path: &[&str], read: impl FnOnce(&str) -> Option<T>) -> Setting<T> {
        self.at(path).map_or(Setting::Absent, |value| value.setting(read))
    }

    /// How many values it is, with all below it.
    pub fn count(&self) -> usize {
        let items: usize = self.items().iter().map(Self::count).sum();
        let entries: usize = self.entries().iter().map(|entry| entry.value.count()).sum();
        1 + items + entries
    }

    pub fn truth(&self) -> Setting<bool> {
        self.setting(truth)
    }

    pub fn string(&self) -> Setting<String> {
        self.setting(|text| Some(text.to_owned()))
    }
}

/// A boolean as Compose casts it, YAML 1.1's words included.
pub fn truth(text: &str) -> Option<bool> {
    let is_one_of = |words: [&str; 4]| words.iter().any(|it| text.eq_ignore_ascii_case(it));
    if is_one_of(["true", "yes", "y", "on"]) {
        Some(true)
    } else {
        is_one_of(["false", "no", "n", "off"]).then_some(false)
    }
}

/// Deeper than any Compose file; aliases could nest without end.
const MAX_DEPTH: usize = 64;
/// Aliases could multiply without end; compose-go stops at as many.
const MAX_NODES: usize = 100_000;

/// Turns documents into values; keeps what it meets on the way.
pub struct Conversion<'a> {
    pub variables: &'a Variables,
    pub problems: &'a mut Vec<Problem>,
    pub uses: &'a mut Vec<Use>,
    nodes: usize,
    kept: Option<&'a Kept>,
}

impl<'a> Conversion<'a> {
    pub fn new(
        variables: &'a Variables,
        problems: &'a mut Vec<Problem>,
        uses: &'a mut Vec<Use>,
    ) -> Self {
        Self { variables, problems, uses, nodes: 0, kept: None }
    }

    /// Leaves out what is kept of a file, but for its number.
    pub fn beside(self, kept: Option<&'a Kept>) -> Self {
        Self { nodes: kept.map_or(0, |kept| kept.values), kept, ..self }
    }

    /// Whether nothing was left out for there being too much.
    pub fn is_within_limit(&self) -> bool {
        self.nodes < MAX_NODES
    }

    /// A document's values. Keys that are no strings and values behind the limits are left out.
    pub fn value(&mut self, node: Node<'_>) -> Value {
        self.below(node, 0)
    }

    fn below(&mut self, node: Node<'_>, depth: usize) -> Value {
        self.nodes += 1;
        if self.nodes == MAX_NODES {
            let message = format!("aliases make more than {MAX_NODES} values of this file");
            self.problems.push(Problem::new(ProblemKind::Value, node.span(), message));
        }
        let mark = match node.tag().map(|tag| tag.value) {
            Some("!reset") => Mark::Reset,
            Some("!override") => Mark::Override,
            _ => Mark::None,
        };
        let data = match node.kind() {
            _ if depth == MAX_DEPTH || self.nodes >= MAX_NODES => Data::Unknown,
            Kind::Null if node.is_damaged() => Data::Unknown,
            Kind::Null => Data::Null,
            Kind::Scalar => self.scalar(node),
            Kind::Sequence => {
                let items = node.items().map(|item| self.below(item, depth + 1));
                let items = items.filter(|item| item.mark != Mark::Reset);
                Data::List(collected(node.items().count(), items))
            }
            Kind::Mapping => self.mapping(node, depth),
        };
        let span = match &data {
            Data::Scalar(_, text) => text.span(),
            _ => node.span(),
        };
        Value { span, used_at: node.used_at(), mark, data }
    }

    fn mapping(&mut self, node: Node<'_>, depth: usize) -> Data {
        let mut entries = node.entries();
        if let Some(kept) = self.kept.filter(|_| depth == 1) {
            entries.retain(|entry| !kept.has(entry.key.span().start));
        }
        let many = (entries.len() >= MANY).then(|| self.many(&entries, depth)).flatten();
        Data::Map(many.unwrap_or_else(|| {
            let read = entries.iter().filter_map(|entry| self.entry(*entry, depth));
            collected(entries.len(), read)
        }))
    }

    /// The same side by side; `None` if they are too many.
    fn many(&mut self, entries: &[yaml::Entry<'_>], depth: usize) -> Option<Vec<Entry>> {
        let (variables, kept) = (self.variables, self.kept);
        let read = |entry: &yaml::Entry<'_>| {
            let (mut problems, mut uses) = (Vec::new(), Vec::new());
            let conversion = Conversion::new(variables, &mut problems, &mut uses);
            let mut conversion = Conversion { kept, ..conversion };
            let read = conversion.entry(*entry, depth);
            let nodes = conversion.nodes;
            (read, nodes, problems, uses)
        };
        let read: Vec<_> = entries.par_iter().with_min_len(MANY / 4).map(read).collect();
        let nodes = self.nodes + read.iter().map(|(_, nodes, ..)| nodes).sum::<usize>();
        if nodes >= MAX_NODES {
            return None;
        }
        self.nodes = nodes;
        let read = read.into_iter().filter_map(|(entry, _, mut problems, mut uses)| {
            self.problems.append(&mut problems);
            self.uses.append(&mut uses);
            entry
        });
        Some(collected(entries.len(), read))
    }

    fn entry(&mut self, entry: yaml::Entry<'_>, depth: usize) -> Option<Entry> {
        let key = entry.key.text()?;
        if kind(entry.key) != Scalar::String {
            let message = format!("`{}` is a key that is not a string", key.value);
            let problem = Problem::new(ProblemKind::Key, key.span, message)
                .help(format!("write `\"{}\"`", key.value));
            self.problems.push(problem);
            return None;
        }
        let key = key.map(SmolStr::new);
        Some(Entry { key, value: self.below(entry.value, depth + 1) })
    }

    fn scalar(&mut self, node: Node<'_>) -> Data {
        let Some(text) = node.text() else { return Data::Unknown };
        let kind = kind(node);
        if kind != Scalar::String {
            return Data::Scalar(kind, Text::written(text.map(str::to_owned)));
        }
        let place = |range: Range<usize>| node.span_of_text(range);
        let mut found = Found::default();
        let expanded = template::expand(text.value, text.span, &place, self.variables, &mut found);
        self.uses.append(&mut found.uses);
        if let Some(span) = found.invalid {
            let message = "`${` begins no variable that Compose can read".to_owned();
            let problem = Problem::new(ProblemKind::Interpolation, span, message)
                .help("write `$${` for a literal `${`");
            self.problems.push(problem);
        }
        Data::Scalar(Scalar::String, expanded)
    }
}

/// Collects with room for no more than there can be: a list of few large things is mostly room
/// otherwise.
pub fn collected<T>(most: usize, things: impl Iterator<Item = T>) -> Vec<T> {
    let mut all = Vec::with_capacity(most);
    all.extend(things);
    all
}

fn kind(node: Node<'_>) -> Scalar {
    let may_be_other = |text: Spanned<&str>| {
        text.value.starts_with(|c: char| c.is_ascii_digit() || "+-.tTfF".contains(c))
    };
    if node.style() != Some(Style::Plain) || !node.text().is_some_and(may_be_other) {
        Scalar::String
    } else if node.truth().is_some() {
        Scalar::Boolean
    } else if node.integer().is_some() {
        Scalar::Integer
    } else if node.float().is_some() {
        Scalar::Float
    } else if is_date(node) {
        Scalar::Date
    } else {
        Scalar::String
    }
}

fn is_date(node: Node<'_>) -> bool {
    let Some(text) = node.text().filter(|_| node.style() == Some(Style::Plain)) else {
        return false;
    };
    let parts: Vec<&str> = text.value.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let within = |part: &str, most: u8| {
        part.len() <= 2 && part.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number))
    };
    let is_year = year.len() == 4 && year.bytes().all(|digit| digit.is_ascii_digit());
    is_year && within(month, 12) && within(day, 31)
}
