//! Labels, annotations, and the selectors that match them.

use crate::source::{Placed, Span, Spanned};

use crate::syntax::yaml::Node;

use crate::knowledge::kubernetes::is_set_by_controllers;

use super::super::setting::Setting;
use super::read;

/// `metadata.labels`, `metadata.annotations`, a pod template's labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    entries: Vec<Label>,
    /// A template may add labels of its own.
    open: bool,
}

/// One label or annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub key: Spanned<String>,
    pub value: Setting<String>,
}

impl Labels {
    pub fn read(node: Option<Node>) -> Self {
        let Some(node) = node else { return Self::default() };
        let label = |(key, value)| Label { key, value: read::string(Some(value)) };
        Self { entries: read::pairs(node).map(label).collect(), open: read::is_open(node) }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Label> {
        self.entries.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && !self.open
    }

    /// The label of this key, as far as it is written.
    pub fn get(&self, key: &str) -> Option<&Label> {
        self.entries.iter().find(|label| label.key.value == key)
    }

    /// These labels, and those that `selector` asks for of whoever has them.
    pub(super) fn with(&self, selector: Option<&Selector>) -> Self {
        let mut labels = self.clone();
        for requirement in selector.iter().flat_map(|selector| &selector.requirements) {
            if let ([value], Operator::In) = (&requirement.values[..], requirement.operator)
                && labels.get(&requirement.key.value).is_none()
            {
                labels.set(&requirement.key, value);
            }
        }
        labels
    }

    /// Gives a label a value, whether it is there or not.
    pub(super) fn set(&mut self, key: &Spanned<String>, value: &Setting<String>) {
        let new = Label { key: key.clone(), value: value.clone() };
        match self.entries.iter_mut().find(|label| label.key.value == key.value) {
            Some(label) => *label = new,
            None => self.entries.push(new),
        }
    }

    /// Whether it may hold more than is written.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether `key` has one of `values`; `None` if a template or a controller decides.
    fn has(&self, key: &str, values: &[Setting<String>]) -> Option<bool> {
        let Some(label) = self.get(key) else { return self.lacks(key).then_some(false) };
        let own = &label.value.get()?.value;
        let mut known = true;
        for value in values {
            match value.get() {
                Some(value) if value.value == *own => return Some(true),
                Some(_) => {}
                None => known = false,
            }
        }
        known.then_some(false)
    }

    fn exists(&self, key: &str) -> Option<bool> {
        match self.get(key) {
            Some(_) => Some(true),
            None => self.lacks(key).then_some(false),
        }
    }

    /// Whether a label that is not written cannot be there either.
    fn lacks(&self, key: &str) -> bool {
        !self.open && !is_set_by_controllers(key)
    }
}

/// A label selector: all its requirements must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The whole selector as it is written.
    pub span: Span,
    pub requirements: Vec<Requirement>,
    /// A template may add requirements, or it holds what cannot be read.
    open: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The value that is asked for, or the whole expression.
    pub span: Span,
    pub key: Spanned<String>,
    pub operator: Operator,
    pub values: Vec<Setting<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl Selector {
    /// A plain map of labels: a Service's or a ReplicationController's.
    pub fn from_map(node: Node) -> Self {
        let mut selector =
            Self { span: node.span(), requirements: Vec::new(), open: read::is_open(node) };
        selector.require_all(node);
        selector
    }

    /// `matchLabels` and `matchExpressions`.
    pub fn from_label_selector(node: Node) -> Self {
        let mut selector =
            Self { span: node.span(), requirements: Vec::new(), open: read::is_open(node) };
        if let Some(labels) = node.get("matchLabels") {
            selector.open |= read::is_open(labels);
            selector.require_all(labels);
        }
        if let Some(expressions) = node.get("matchExpressions") {
            selector.open |= read::is_open(expressions);
            for item in expressions.items() {
                match requirement(item) {
                    Some(requirement) => selector.requirements.push(requirement),
                    None => selector.open = true,
                }
            }
        }
        selector
    }

    /// Whether it asks for nothing, and so selects everything (or nothing: each API says).
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty() && !self.open
    }

    /// Whether `labels` meet it; `None` if that cannot be known.
    pub fn matches(&self, labels: &Labels) -> Option<bool> {
        let mut all = (!self.open).then_some(true);
        for requirement in &self.requirements {
            match requirement.holds(labels) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => all = None,
            }
        }
        all
    }

    /// The first requirement that `labels` surely do not meet.
    pub fn unmet(&self, labels: &Labels) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.holds(labels) == Some(false))
    }

    /// Asks for one more label, or for another value of one.
    pub(super) fn require(&mut self, key: &Spanned<String>, value: &Setting<String>) {
        let span = value.span().unwrap_or(key.span);
        let new = Requirement {
            span,
            key: key.clone(),
            operator: Operator::In,
            values: vec![value.clone()],
        };
        let own =
            |own: &&mut Requirement| own.key.value == key.value && own.operator == Operator::In;
        match self.requirements.iter_mut().find(own) {
            Some(requirement) => *requirement = new,
            None => self.requirements.push(new),
        }
    }

    /// Labels that must be there with just this value.
    pub(super) fn exact(&self) -> impl Iterator<Item = (&str, &str)> {
        self.requirements.iter().filter_map(|requirement| match &requirement.values[..] {
            [Setting::Set(value)]
                if requirement.operator == Operator::In
                    && !is_set_by_controllers(&requirement.key.value) =>
            {
                Some((requirement.key.value.as_str(), value.value.as_str()))
            }
            _ => None,
        })
    }

    fn require_all(&mut self, labels: Node) {
        for (key, value) in read::pairs(labels) {
            self.requirements.push(Requirement {
                span: value.span(),
                key,
                operator: Operator::In,
                values: vec![read::string(Some(value))],
            });
        }
    }
}

impl Requirement {
    /// Whether `labels` meet it; `None` if a template decides.
    fn holds(&self, labels: &Labels) -> Option<bool> {
        match self.operator {
            Operator::In => labels.has(&self.key.value, &self.values),
            Operator::NotIn => labels.has(&self.key.value, &self.values).map(|has| !has),
            Operator::Exists => labels.exists(&self.key.value),
            Operator::DoesNotExist => labels.exists(&self.key.value).map(|exists| !exists),
        }
    }
}

fn requirement(node: Node) -> Option<Requirement> {
    let operator = match read::plain(node.get("operator")?)? {
        "In" => Operator::In,
        "NotIn" => Operator::NotIn,
        "Exists" => Operator::Exists,
        "DoesNotExist" => Operator::DoesNotExist,
        _ => return None,
    };
    let values = match node.get("values") {
        Some(values) if read::is_open(values) => return None,
        Some(values) => values.items().map(|value| read::string(Some(value))).collect(),
        None => Vec::new(),
    };
    Some(Requirement { span: node.span(), key: read::word(node.get("key")?)?, operator, values })
}

impl Placed for Labels {
    fn shift(&mut self, by: u32) {
        let Self { entries, open: _ } = self;
        for Label { key, value } in entries {
            key.shift(by);
            value.shift(by);
        }
    }
}

impl Placed for Selector {
    fn shift(&mut self, by: u32) {
        let Self { span, requirements, open: _ } = self;
        span.shift(by);
        for Requirement { span, key, operator: _, values } in requirements {
            span.shift(by);
            key.shift(by);
            values.shift(by);
        }
    }
}
