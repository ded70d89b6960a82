//! Objects held against the fields that their kinds have.

use std::collections::HashSet;

use crate::finding::{Applicability, Fix};
use crate::knowledge::naming::is_placeholder;
use crate::knowledge::schema::{self, Field, Holds};
use crate::source::{Edit, Placed, Span, Spanned, closest};
use crate::syntax::yaml::{Node, Style};

use super::read;

/// Something in an object that the API server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    pub kind: FlawKind,
    pub span: Span,
    pub message: String,
    pub help: Option<String>,
    pub fix: Option<Fix>,
}

/// Flaws by what is to be done about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// A field that its place does not have.
    UnknownField,
    /// A field that must be there, and is not.
    MissingField,
    /// A value of another type than its field holds.
    WrongType,
    /// A word, or a text, that its field does not take.
    InvalidValue,
}

impl Placed for Flaw {
    fn shift(&mut self, by: u32) {
        let Self { kind: _, span, message: _, help: _, fix } = self;
        span.shift(by);
        for Edit { span, text: _ } in fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            span.shift(by);
        }
    }
}

/// The fields of an object, if its kind is known.
pub(super) fn fields(api_version: &str, kind: &str) -> Option<&'static [Field]> {
    schema::fields(&format!("{api_version}/{kind}"))
}

/// What is wrong with an object that has `fields`.
pub(super) fn check(root: Node, fields: &'static [Field], kind: &str, blame: Span) -> Vec<Flaw> {
    // SOPS adds a section of its own, and leaves no value as it was.
    if root.get("sops").is_some() {
        return Vec::new();
    }
    let mut check = Check::default();
    check.mapping(root, fields, &Place { title: kind, is_item: false, blame });
    check.missing.sort_unstable();
    check.missing.dedup();
    let essence = check.missing.iter().filter(|field| ESSENCE.contains(field)).count();
    let labels = root.at(&["spec", "template"]).map(|template| template.get("metadata").is_some());
    // What is to be selected has labels.
    let is_unlabelled = check.missing.contains(&"selector") && labels == Some(false);
    if essence > 1 || is_unlabelled {
        check.flaws.retain(|flaw| flaw.kind != FlawKind::MissingField);
    }
    check.flaws
}

/// Of these an object may have forgotten one. What lacks more is a piece that something else
/// completes, a patch.
const ESSENCE: [&str; 8] = [
    "selector",
    "template",
    "containers",
    "image",
    "schedule",
    "jobTemplate",
    "accessModes",
    "resources",
];

#[derive(Default)]
struct Check {
    flaws: Vec<Flaw>,
    /// Fields that must be somewhere, and are not.
    missing: Vec<&'static str>,
    /// The fields of each type on the way, and the key under which the next one stands.
    trail: Vec<(&'static [Field], &'static str)>,
    /// Places that aliases lead to, which are looked at once.
    seen: HashSet<Span>,
}

/// What a value is called, and the words to blame for what it lacks.
#[derive(Clone, Copy)]
struct Place<'a> {
    title: &'a str,
    is_item: bool,
    blame: Span,
}

/// Of each object, whatever its kind.
const OF_ALL: [&str; 3] = ["apiVersion", "kind", "status"];

impl Check {
    fn mapping(&mut self, node: Node, fields: &'static [Field], place: &Place) {
        if node.used_at().is_some() && !self.seen.insert(node.span()) {
            return;
        }
        let mut misspelt = Vec::new();
        let is_object = self.trail.is_empty() || place.title == "volumeClaimTemplates";
        for entry in node.entries() {
            let Some(key) = entry.key.text() else { continue };
            match fields.iter().find(|field| field.name == key.value) {
                Some(field) => {
                    self.trail.push((fields, field.name));
                    let place = Place::of(key);
                    self.value(entry.value, &field.holds, &place);
                    self.trail.pop();
                }
                None if read::known(entry.key).is_none() => {}
                None if is_object && OF_ALL.contains(&key.value) => {}
                None if entry.is_half_typed() => {}
                None => misspelt.extend(self.unknown(key.value, key.span, fields, place)),
            }
        }
        let is_there = |name| {
            misspelt.contains(&name)
                || node
                    .get(name)
                    .map_or(node.may_have(name), |value| !value.is_null() || value.is_damaged())
        };
        for field in fields.iter().filter(|field| field.is_required && !is_there(field.name)) {
            let (title, blame) = match node.get("name").and_then(read::known) {
                Some(name) => (name.value, name.span),
                None => (place.title, place.blame),
            };
            self.missing.push(field.name);
            self.flaws.push(Flaw {
                kind: FlawKind::MissingField,
                span: blame,
                message: format!("`{title}` has no `{}`", field.name),
                help: Some(format!("add `{}`; the API server refuses it without", field.name)),
                fix: None,
            });
        }
    }

    fn value(&mut self, node: Node, holds: &Holds, place: &Place) {
        if node.is_null() {
            return;
        }
        match holds {
            Holds::Anything => {}
            Holds::Type(name) if node.is_mapping() => {
                if let Some(fields) = schema::fields(name) {
                    self.mapping(node, fields, place);
                }
            }
            Holds::Map(value) if node.is_mapping() => {
                for entry in node.entries() {
                    let Some(key) = entry.key.text() else { continue };
                    self.value(entry.value, value, &Place::of(key));
                }
            }
            Holds::List(item) if node.is_sequence() => {
                for item_node in node.items() {
                    let first = item_node.first_entry().map(|entry| entry.key.span());
                    let blame = first.unwrap_or(place.blame);
                    self.value(item_node, item, &Place { blame, is_item: true, ..*place });
                }
            }
            _ if !is_known(node) || holds.takes(node) => self.text(node, holds),
            _ if read::plain(node).is_some_and(is_placeholder) => {}
            _ => self.wrong(node, holds, place),
        }
    }

    fn text(&mut self, node: Node, holds: &Holds) {
        if !matches!(holds, Holds::OneOf(_) | Holds::Bytes) {
            return;
        }
        let Some(text) = read::known(node) else { return };
        // `base64(password)` and the like are to be filled in.
        let is_explained = ["base64(", "..."].iter().any(|it| text.value.contains(it));
        if is_placeholder(text.value) || is_explained {
            return;
        }
        let message = match holds {
            Holds::OneOf(words) if !words.contains(&text.value) => {
                format!("`{}` is none of {}", text.value, listed(words))
            }
            Holds::Bytes if !is_base64(text.value) => "this is not in base 64".to_owned(),
            _ => return,
        };
        let help = match holds {
            Holds::OneOf(words) => closest(text.value, words.iter().copied())
                .map(|near| format!("did you mean `{near}`?")),
            _ => Some("move it to `stringData`, or encode it".to_owned()),
        };
        let kind = FlawKind::InvalidValue;
        self.flaws.push(Flaw { kind, span: text.span, message, help, fix: None });
    }

    fn wrong(&mut self, node: Node, holds: &Holds, place: &Place) {
        let fix = rewritten(node, holds);
        self.flaws.push(Flaw {
            kind: FlawKind::WrongType,
            span: node.content_span(),
            message: format!(
                "{}`{}` must be {}, and this is {}",
                if place.is_item { "each of " } else { "" },
                place.title,
                holds.name(),
                type_of(node)
            ),
            help: fix.as_ref().map(|fix| fix.title.clone()),
            fix,
        });
    }

    /// The field that was probably meant.
    fn unknown(
        &mut self,
        key: &str,
        span: Span,
        fields: &'static [Field],
        place: &Place,
    ) -> Option<&'static str> {
        let is_looked_for = self.flaws.len() < SLIPS;
        let home = is_looked_for.then(|| self.home(key, fields)).flatten();
        let near = (is_looked_for && home.is_none())
            .then(|| closest(key, fields.iter().map(|field| field.name)))
            .flatten();
        let help = match (near, home) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(home)) => home,
            (None, None) => "take it out, or put it where it belongs".to_owned(),
        };
        self.flaws.push(Flaw {
            kind: FlawKind::UnknownField,
            span,
            message: format!("`{key}` is no field of `{}`", place.title),
            help: Some(help),
            fix: None,
        });
        near
    }

    /// Where a misplaced field was probably meant to be.
    fn home(&self, key: &str, fields: &[Field]) -> Option<String> {
        let has = |fields: &[Field]| fields.iter().any(|field| field.name == key);
        let above = self.trail.iter().rposition(|(fields, _)| has(fields));
        if let Some(index) = above {
            return Some(match index.checked_sub(1).map(|around| &self.trail[around].1) {
                Some(around) => format!("it belongs further out, in `{around}`"),
                None => "it belongs further out, beside `spec`".to_owned(),
            });
        }
        let inner = path_to(key, fields, DEPTH)?;
        Some(format!("it belongs further in, in `{inner}`"))
    }
}

/// For how many flaws of an object it is asked what was meant.
const SLIPS: usize = 100;

/// How far below its place a misplaced field is looked for: `template.spec.containers`.
const DEPTH: usize = 3;

/// The nearest field below some others whose type has a field `key`.
fn path_to(key: &str, fields: &[Field], depth: usize) -> Option<String> {
    let within = |field: &Field| {
        let inner = match &field.holds {
            Holds::List(item) => item,
            holds => holds,
        };
        let Holds::Type(name) = inner else { return None };
        schema::fields(name)
    };
    let depth = depth.checked_sub(1)?;
    let direct = fields.iter().find(|field| {
        within(field).is_some_and(|fields| fields.iter().any(|inner| inner.name == key))
    });
    direct.map(|field| field.name.to_owned()).or_else(|| {
        fields.iter().find_map(|field| {
            let inner = path_to(key, within(field)?, depth)?;
            Some(format!("{}.{inner}", field.name))
        })
    })
}

impl<'a> Place<'a> {
    /// The value of a key.
    fn of(key: Spanned<&'a str>) -> Self {
        Self { title: key.value, is_item: false, blame: key.span }
    }
}

impl Holds {
    /// Whether a scalar, or a collection, may stand there.
    fn takes(&self, node: Node) -> bool {
        if !node.is_scalar() {
            return false;
        }
        let is_truth = || node.truth().is_some() || node.legacy_bool().is_some();
        let is_whole = || {
            node.integer().is_some()
                || node.float().is_some_and(|number| number.value.fract() == 0.0)
        };
        match self {
            Self::Anything => true,
            Self::Truth => is_truth(),
            Self::Integer => is_whole(),
            Self::Number => node.float().is_some(),
            Self::Text | Self::Bytes | Self::OneOf(_) => node.is_string(),
            Self::Quantity => !is_truth(),
            Self::NumberOrText => is_whole() || node.is_string(),
            Self::List(_) | Self::Map(_) | Self::Type(_) => false,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Anything => "anything",
            Self::Truth => "`true` or `false`",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text | Self::Bytes | Self::OneOf(_) => "a string",
            Self::Quantity => "an amount",
            Self::NumberOrText => "a number or a string",
            Self::List(_) => "a list",
            Self::Map(_) | Self::Type(_) => "a mapping",
        }
    }
}

/// Whether all of a value can be read, and stands there as it is. What an action of a chart
/// becomes has lost its quotes, and `{{ name }}` of another template language is a mapping to YAML.
fn is_known(node: Node) -> bool {
    let is_verbatim = |(text, span): &(&str, Span)| text.len() == (span.end - span.start) as usize;
    match node.is_scalar() {
        true => read::known(node).is_some() && node.parts().iter().all(is_verbatim),
        false => !read::is_open(node) && node.entries().iter().all(|entry| entry.key.is_scalar()),
    }
}

fn type_of(node: Node) -> &'static str {
    match () {
        () if node.is_mapping() => "a mapping",
        () if node.is_sequence() => "a list",
        () if node.truth().is_some() => "a boolean",
        () if node.legacy_bool().is_some() => "a boolean of YAML 1.1",
        () if node.float().is_some() => "a number",
        () => "a string",
    }
}

/// The same scalar with quotes, or without them, if that is what its field wants.
fn rewritten(node: Node, holds: &Holds) -> Option<Fix> {
    let text = node.text()?;
    let wants_text = matches!(holds, Holds::Text | Holds::OneOf(_));
    let is_quoted = matches!(node.style(), Some(Style::Single | Style::Double));
    let (title, new) = match (holds, is_quoted) {
        (_, false) if wants_text => ("quote it", format!("\"{}\"", text.value)),
        (Holds::Truth, true) if matches!(text.value, "true" | "false") => {
            ("take the quotes away", text.value.to_owned())
        }
        (Holds::Integer, true) if text.value.parse::<i64>().is_ok() => {
            ("take the quotes away", text.value.to_owned())
        }
        _ => return None,
    };
    Some(Fix {
        title: title.to_owned(),
        edits: vec![Edit { span: node.span(), text: new }],
        applicability: Applicability::Safe,
    })
}

fn is_base64(text: &str) -> bool {
    let letters: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let end = letters.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    letters.len().is_multiple_of(4)
        && letters.len() - end <= 2
        && letters[..end].iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
