//! What a rule is: a page that explains it and a check that finds it.

mod page;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::finding::{Finding, Severity, Words};
use crate::model::compose::{Compose, ProblemKind, Service};
use crate::model::container::Container;
use crate::model::image::ImageRef;
use crate::model::kubernetes::{Cluster, FlawKind, Manifest, Member};
use crate::model::text::HOLE;
use crate::model::{Document, Recipe, Workspace};
use crate::source::Span;
use crate::syntax::SyntaxError;

pub use page::{Block, Group, Level, Mark, Page, PageError, Section};

/// A page that explains it and a check that finds it. Everything a person reads about a rule is
/// in the page.
#[derive(Debug)]
pub struct Rule {
    /// Markdown; `rules/<id>.md`.
    pub page: &'static str,
    pub check: Check,
    /// What the configuration may set for it; the page's section *Options* explains each.
    pub options: &'static [RuleOption],
    /// Whether it finds credentials, which nobody may print, be the rule on or off.
    pub finds_credentials: bool,
}

impl Rule {
    pub const fn new(page: &'static str, check: Check) -> Self {
        Self { page, check, options: &[], finds_credentials: false }
    }

    pub const fn with_credentials(mut self) -> Self {
        self.finds_credentials = true;
        self
    }

    pub const fn with_options(mut self, options: &'static [RuleOption]) -> Self {
        self.options = options;
        self
    }
}

/// What a rule looks at. The engine hands it one at a time, in the order of the files.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    Document(fn(&Document, &mut Report)),
    Dockerfile(fn(&Recipe, &mut Report)),
    Container(fn(&Container, &mut Report)),
    Image(fn(&ImageRef, &mut Report)),
    /// A Compose file with all that it is merged of.
    Project(fn(&Compose, &mut Report)),
    /// A Compose service in its project.
    Service(fn(&Service, &Compose, &mut Report)),
    /// A Kubernetes object among all others.
    Manifest(fn(&Manifest, &Cluster, &mut Report)),
    /// A pod template of a Kubernetes object.
    Workload(fn(Member, &Cluster, &mut Report)),
    /// The engine's own, about what silences findings: it is known when all rules have spoken.
    Suppressions,
    /// A group of files that have to do with one another. Manifests that a rule compares in a new
    /// way need a tie of their own in the model's `kubernetes/ties.rs`.
    Workspace(fn(&Workspace, &mut Report)),
    /// All files at once, whatever they have to do with one another.
    Everything(fn(&Workspace, &mut Report)),
}

/// A setting of one rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleOption {
    pub name: &'static str,
    pub kind: OptionKind,
}

/// What an option's value must be.
#[derive(Clone, Copy, Debug)]
pub enum OptionKind {
    /// A list of words of the user's world.
    Words,
    /// A list of some of these words.
    OneOf(&'static [&'static str]),
    /// A whole number, not negative.
    Number,
    Switch,
}

/// The values that are set for a rule's options, already checked against their kinds.
pub type Options = BTreeMap<String, Value>;

/// What the user says of their world, as far as it concerns a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts<'a> {
    pub options: &'a Options,
    /// Registries that images may come from; none named means any.
    pub registries: &'a [String],
    /// What runs the containers, where the files alone do not tell.
    pub runtime: Option<Runtime>,
}

/// What runs the containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runtime {
    Kubernetes,
    Compose,
    /// `docker run` and its like.
    Plain,
}

impl Runtime {
    pub const ALL: [Self; 3] = [Self::Kubernetes, Self::Compose, Self::Plain];

    pub fn name(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Compose => "compose",
            Self::Plain => "plain",
        }
    }
}

/// Takes down what a rule finds.
pub struct Report<'a> {
    page: &'static Page,
    facts: Facts<'a>,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Report<'a> {
    pub fn new(page: &'static Page, facts: Facts<'a>, findings: &'a mut Vec<Finding>) -> Self {
        Self { page, facts, findings }
    }

    /// Reports `message` at `span`; details are chained to what is returned.
    pub fn at(&mut self, span: Span, message: impl Into<Words>) -> &mut Finding {
        let mut message = message.into();
        // What is not known is nothing that can be printed.
        if message.contains(HOLE) {
            message = message.replace(HOLE, "${…}").into();
        }
        self.findings.push(Finding {
            rule: self.page.id,
            severity: self.page.severity,
            span,
            message,
            help: None,
            also: Vec::new(),
            fixes: Vec::new(),
            hidden: Vec::new(),
        });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// Reports what a grammar does not allow.
    pub fn syntax_errors<'b>(&mut self, errors: impl IntoIterator<Item = &'b SyntaxError>) {
        for error in errors {
            let finding = self.at(error.span, error.message.clone());
            finding.also = owned(&error.also);
        }
    }

    /// Reports what `docker compose config` refuses, of one kind.
    pub fn problems(&mut self, compose: &Compose, kind: ProblemKind) {
        for problem in compose.problems.iter().filter(|problem| problem.kind == kind) {
            let finding = self.at(problem.span, problem.message.clone());
            finding.help = problem.help.clone().map(Words::from);
            finding.also = owned(&problem.also);
        }
    }

    /// Reports what is wrong with an object's fields, of one kind.
    pub fn flaws(&mut self, object: &Manifest, kind: FlawKind) {
        for flaw in object.flaws.iter().filter(|flaw| flaw.kind == kind) {
            let finding = self.at(flaw.span, flaw.message.clone());
            finding.help = flaw.help.clone().map(Words::from);
            finding.fix(flaw.fix.clone());
        }
    }

    /// The severity that the page states.
    pub fn severity(&self) -> Severity {
        self.page.severity
    }

    /// The words set for an option; none if it is not set.
    pub fn words(&self, option: &str) -> impl Iterator<Item = &str> {
        self.facts
            .options
            .get(option)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    }

    /// The number set for an option.
    pub fn number(&self, option: &str) -> Option<u64> {
        self.facts.options.get(option).and_then(Value::as_u64)
    }

    /// Registries that images may come from; none named means any.
    pub fn registries(&self) -> &'a [String] {
        self.facts.registries
    }

    /// What runs the containers, where the configuration says so.
    pub fn runtime(&self) -> Option<Runtime> {
        self.facts.runtime
    }

    /// Whether an option is switched on.
    pub fn switch(&self, option: &str) -> bool {
        self.facts.options.get(option).and_then(Value::as_bool).unwrap_or(false)
    }
}

/// Places that a model tells of.
fn owned(also: &[(Span, String)]) -> Vec<(Span, Words)> {
    also.iter().map(|(span, label)| (*span, label.clone().into())).collect()
}
