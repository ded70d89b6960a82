//! Helm charts: which files are templates, and what the defaults in `values.yaml` make of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::source::{Files, SourceFile, Span};
use crate::syntax::helm::{self, Operand, Part};
use crate::syntax::yaml::{self, Draft, Entry, Node, NodeId, Tree};

use super::super::text::HOLE;
use super::object::Unit;

/// The charts that are met, by their directories.
#[derive(Clone, Debug, Default)]
pub(super) struct Charts {
    charts: HashMap<String, Chart>,
    /// Paths of files that charts may have and these do not.
    pub missed: BTreeSet<String>,
}

/// What a chart says beside its templates.
#[derive(Clone, Debug)]
struct Chart {
    number: u32,
    values: Option<Arc<Tree>>,
    about: Option<Arc<Tree>>,
}

impl Charts {
    /// How many charts there are.
    pub fn len(&self) -> usize {
        self.charts.len()
    }

    /// The chart whose template a file is, if it is one.
    pub fn unit(&mut self, files: &Files, file: &SourceFile) -> Option<Unit> {
        let directory = directory(file)?;
        let about = format!("{directory}Chart.yaml");
        if !helm::is_template(file) && files.find(&about).is_none() {
            return None;
        }
        let number = self.charts.len() as u32;
        if !self.charts.contains_key(directory) {
            let values = self.tree(files, &format!("{directory}values.yaml"));
            let about = self.tree(files, &about);
            self.charts.insert(directory.to_owned(), Chart { number, values, about });
        }
        self.charts.get(directory).map(|chart| Unit::Chart(chart.number))
    }

    /// An object as the chart's own values leave it; what they do not decide is a [`HOLE`]. Adds
    /// to `decided` for each action that the values decide where they do.
    pub fn settle(
        &self,
        file: &SourceFile,
        tree: &Tree,
        root: NodeId,
        decided: &mut BTreeMap<Span, Span>,
    ) -> Option<Arc<Tree>> {
        let chart = self.charts.get(directory(file)?)?;
        let settling = Settling { file, chart, decided: RefCell::new(decided) };
        Some(settling.draft(tree.node(root))?.build())
    }

    fn tree(&mut self, files: &Files, path: &str) -> Option<Arc<Tree>> {
        let found = files.find(path);
        if found.is_none() {
            self.missed.insert(path.to_owned());
        }
        found.map(|file| yaml::parse(file).tree)
    }
}

/// The directory of the chart, with a `/` behind it if it is not empty.
fn directory(file: &SourceFile) -> Option<&str> {
    const TEMPLATES: &str = "templates/";
    let at = file.path.rfind(TEMPLATES)?;
    let directory = &file.path[..at];
    (directory.is_empty() || directory.ends_with('/')).then_some(directory)
}

/// What the action asks in whose branch an object's version stands.
pub fn condition(file: &SourceFile, object: Node) -> Option<String> {
    let branch = object.get("apiVersion")?.branch()?;
    Some(asked_before(file, branch).to_owned())
}

/// The action before a branch, without its end.
fn asked_before(file: &SourceFile, branch: Span) -> &str {
    let before = &file.text[..branch.start as usize];
    &before[before.rfind("{{").unwrap_or_default()..]
}

struct Settling<'a> {
    file: &'a SourceFile,
    chart: &'a Chart,
    decided: RefCell<&'a mut BTreeMap<Span, Span>>,
}

impl Settling<'_> {
    /// The node with all actions in it decided; `None` if there are none.
    fn draft<'t>(&self, node: Node<'t>) -> Option<Draft<'t>> {
        if node.is_scalar() {
            return node.is_templated().then(|| self.scalar(node));
        }
        let mut draft = None;
        for (at, item) in node.items().enumerate() {
            if let Some(new) = self.draft(item) {
                draft.get_or_insert(Draft::Node(node)).items()?[at] = new;
            }
        }
        for (at, Entry { key, value }) in node.entries().into_iter().enumerate() {
            // What stands in a branch of its own is there or not as its condition says.
            let new = match value.branch() == node.branch() {
                true => self.draft(value),
                false => Some(unknown(value)),
            };
            if let Some(new) = new {
                draft.get_or_insert(Draft::Node(node)).entries()?[at].1 = new;
            }
            if key.is_templated() {
                draft.get_or_insert(Draft::Node(node)).entries()?[at].0 = self.scalar(key);
            }
        }
        draft
    }

    fn scalar<'t>(&self, node: Node<'t>) -> Draft<'t> {
        let parts = helm::parts(self.file, node).into_iter().map(|part| match part {
            Part::Text(text) => (text.value.to_owned(), text.span),
            Part::Action(action) => {
                let decided = self.chart.decide(action.value);
                let Some((text, place)) = decided.filter(|(text, _)| self.is_met(node, text))
                else {
                    return (HOLE.to_string(), action.span);
                };
                self.decided.borrow_mut().extend(place.map(|place| (action.span, place)));
                (text, action.span)
            }
        });
        Draft::Scalar(node, parts.collect())
    }

    /// Whether a value may be that of a node: what counts as false is never there if it is what
    /// the branch around it asks for.
    fn is_met(&self, node: Node, text: &str) -> bool {
        let Some(branch) = node.branch().filter(|_| matches!(text, "0" | "false")) else {
            return true;
        };
        let condition = asked_before(self.file, branch);
        let asked = helm::parts(self.file, node).into_iter().filter_map(|part| match part {
            Part::Action(action) => helm::alternatives(action.value),
            Part::Text(_) => None,
        });
        !asked.flatten().any(|operand| match operand {
            Operand::Path(path) => condition.contains(&path.join(".")),
            Operand::Text(_) => false,
        })
    }
}

fn unknown(node: Node) -> Draft {
    Draft::Scalar(node, vec![(HOLE.to_string(), node.span())])
}

impl Chart {
    /// What an action becomes with the chart's own values, and where they say so; `None` if more
    /// than these decide.
    fn decide(&self, action: &str) -> Option<(String, Option<Span>)> {
        for operand in helm::alternatives(action)? {
            let found = match operand {
                Operand::Text(text) => Some((text.to_owned(), None)),
                Operand::Path(path) => self.value(&path)?,
            };
            if let Some(found) = found.filter(|(text, _)| !text.is_empty()) {
                return Some(found);
            }
        }
        None
    }

    /// A value and its place, `Some(None)` if there is none; `None` if it cannot be read.
    fn value(&self, path: &[&str]) -> Option<Option<(String, Option<Span>)>> {
        let (first, rest) = path.split_first()?;
        let (tree, rest) = match *first {
            "Values" => (self.values.as_ref()?, rest.to_vec()),
            "Chart" => {
                let key = match rest {
                    ["AppVersion"] => "appVersion",
                    ["Version"] => "version",
                    ["Name"] => "name",
                    _ => return None,
                };
                (self.about.as_ref()?, vec![key])
            }
            _ => return None,
        };
        let root = tree.documents().next()?.root(tree);
        match root.at(&rest) {
            None => Some(None),
            Some(node) if node.is_null() => Some(None),
            Some(node) => {
                // What a chart is called is nobody's fault.
                let place = (rest != ["name"]).then(|| node.span());
                Some(Some((node.text()?.value.to_owned(), place)))
            }
        }
    }
}
