//! The text of a configuration file to what it sets, and to what is wrong with it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde_json::Value;
use toml::Spanned as At;
use toml::de::{DeTable, DeValue};

use crate::finding::{Finding, Severity, Words};
use crate::model::environment::Environment;
use crate::rule::{OptionKind, RuleOption, Runtime};
use crate::rules::{Entry, catalogue, find};
use crate::source::{SourceFile, Span, Spanned, closest};

use super::{Assignment, FailOn, RuleLevel};

/// What one configuration file says.
#[derive(Debug)]
pub struct Layer {
    /// The file that it builds on, as written.
    pub extend: Option<Spanned<String>>,
    /// Replaces the patterns of the file that it builds on.
    pub exclude: Option<Gitignore>,
    /// Adds to them.
    pub extend_exclude: Option<Gitignore>,
    /// Compose files that are read together, each group in its order; absolute.
    pub groups: Vec<Vec<Spanned<PathBuf>>>,
    /// What builds are given: arguments by their names.
    pub build_args: BTreeMap<String, String>,
    /// In the order in which they take hold.
    pub parts: Vec<Part>,
}

/// Things that are set together for the same files.
#[derive(Debug)]
pub struct Part {
    /// `None` is all files.
    pub paths: Option<Gitignore>,
    pub assignments: Vec<Spanned<Assignment>>,
}

/// What the configuration's own findings are called; no rule, so nothing switches them off.
pub const RULE: &str = "configuration";

const TOP: [&str; 15] = [
    "extend",
    "exclude",
    "extend-exclude",
    "compose",
    "build",
    "fail-on",
    "pedantic",
    "registries",
    "runtime",
    "inline-suppressions",
    "require-reason",
    "shell",
    "rules",
    "environment",
    "overrides",
];

const OVERRIDE: [&str; 10] = [
    "paths",
    "fail-on",
    "pedantic",
    "registries",
    "runtime",
    "inline-suppressions",
    "require-reason",
    "shell",
    "rules",
    "environment",
];

const ENVIRONMENT: [&str; 2] = ["paths", "is"];

/// Reads a configuration file; its patterns are relative to `root`, an absolute path. What is
/// wrong is found, and the rest holds.
pub fn parse(file: &SourceFile, root: &Path) -> (Layer, Vec<Finding>) {
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    let mut reader = Reader { file, root, findings: Vec::new() };
    for error in errors {
        let end = file.text.len();
        let at = error.span().unwrap_or(end..end);
        reader.say(at, format!("not TOML: {}", error.message()));
    }
    let layer = reader.layer(table.get_ref());
    let mut findings = reader.findings;
    // Where there is no value, it is not also of the wrong kind.
    findings.sort_by_key(|finding| finding.span.start);
    findings.dedup_by_key(|finding| finding.span.start);
    (layer, findings)
}

type Item<'i> = At<DeValue<'i>>;

struct Reader<'a> {
    file: &'a SourceFile,
    root: &'a Path,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn layer(&mut self, table: &DeTable) -> Layer {
        let mut layer = Layer {
            extend: None,
            exclude: None,
            extend_exclude: None,
            groups: Vec::new(),
            build_args: BTreeMap::new(),
            parts: Vec::new(),
        };
        let mut base = Vec::new();
        let (mut environments, mut overrides) = (Vec::new(), Vec::new());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "extend" => {
                    let path = self.word(value);
                    layer.extend = path.map(|path| Spanned::new(path, self.span(value.span())));
                }
                "exclude" => layer.exclude = self.patterns(value),
                "extend-exclude" => layer.extend_exclude = self.patterns(value),
                "compose" => layer.groups = self.compose(value),
                "build" => layer.build_args = self.build(value),
                "environment" => environments = self.tables(value, Self::environment),
                "overrides" => overrides = self.tables(value, Self::overrides),
                name if !self.assign(name, value, &mut base) => self.unknown_key(key, &TOP),
                _ => {}
            }
        }
        layer.parts.push(Part { paths: None, assignments: base });
        layer.parts.append(&mut environments);
        layer.parts.append(&mut overrides);
        layer
    }

    /// The groups of Compose files.
    fn compose(&mut self, value: &Item) -> Vec<Vec<Spanned<PathBuf>>> {
        let mut groups = Vec::new();
        let Some(table) = self.table(value) else { return groups };
        for (key, value) in table {
            if key.get_ref() != "groups" {
                self.unknown_key(key, &["groups"]);
                continue;
            }
            for group in self.array(value).unwrap_or_default() {
                let files = self.array(group).unwrap_or_default().iter();
                let path = |file| {
                    let path = self.root.join(self.word(file)?);
                    Some(Spanned::new(path, self.span(file.span())))
                };
                groups.push(files.filter_map(path).collect());
            }
        }
        groups
    }

    /// What builds are given.
    fn build(&mut self, value: &Item) -> BTreeMap<String, String> {
        let mut given = BTreeMap::new();
        for (key, value) in self.table(value).into_iter().flatten() {
            if key.get_ref() != "args" {
                self.unknown_key(key, &["args"]);
                continue;
            }
            for (name, value) in self.table(value).into_iter().flatten() {
                given.extend(self.word(value).map(|value| (name.get_ref().to_string(), value)));
            }
        }
        given
    }

    fn environment(&mut self, table: &DeTable) -> Part {
        let mut part = Part { paths: None, assignments: Vec::new() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "paths" => part.paths = self.patterns(value),
                "is" => self.environment_word(value, &mut part.assignments),
                _ => self.unknown_key(key, &ENVIRONMENT),
            }
        }
        part
    }

    fn overrides(&mut self, table: &DeTable) -> Part {
        let mut part = Part { paths: None, assignments: Vec::new() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "paths" => part.paths = self.patterns(value),
                "environment" => self.environment_word(value, &mut part.assignments),
                "exclude" | "extend-exclude" => {
                    let help = "name the files in the `exclude` at the top of the configuration";
                    self.say(key.span(), "an override excludes nothing").help(help);
                }
                name if !self.assign(name, value, &mut part.assignments) => {
                    self.unknown_key(key, &OVERRIDE);
                }
                _ => {}
            }
        }
        part
    }

    /// What may stand at the top and in an override; `false` if it is none of that.
    fn assign(&mut self, key: &str, value: &Item, into: &mut Vec<Spanned<Assignment>>) -> bool {
        let assignment = match key {
            "rules" => {
                self.rules(value, into);
                return true;
            }
            "shell" => {
                self.shell(value, into);
                return true;
            }
            "fail-on" => self.one_of(value, &FailOn::ALL, FailOn::name).map(Assignment::FailOn),
            "runtime" => self.one_of(value, &Runtime::ALL, Runtime::name).map(Assignment::Runtime),
            "registries" => self.words(value).map(Assignment::Registries),
            "pedantic" => self.switch(value).map(Assignment::Pedantic),
            "inline-suppressions" => self.switch(value).map(Assignment::InlineSuppressions),
            "require-reason" => self.switch(value).map(Assignment::RequireReason),
            _ => return false,
        };
        let span = self.span(value.span());
        into.extend(assignment.map(|assignment| Spanned::new(assignment, span)));
        true
    }

    fn environment_word(&mut self, value: &Item, into: &mut Vec<Spanned<Assignment>>) {
        if let Some(environment) = self.one_of(value, &Environment::ALL, Environment::name) {
            let span = self.span(value.span());
            into.push(Spanned::new(Assignment::Environment(environment), span));
        }
    }

    fn shell(&mut self, value: &Item, into: &mut Vec<Spanned<Assignment>>) {
        for (key, value) in self.table(value).into_iter().flatten() {
            if key.get_ref() != "shellcheck" {
                self.unknown_key(key, &["shellcheck"]);
            } else if let Some(on) = self.switch(value) {
                into.push(Spanned::new(Assignment::ShellCheck(on), self.span(value.span())));
            }
        }
    }

    fn rules(&mut self, value: &Item, into: &mut Vec<Spanned<Assignment>>) {
        let Some(table) = self.table(value) else { return };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let entry = catalogue().iter().find(|entry| entry.page.id == name);
            match (entry, value.get_ref()) {
                (None, _) => self.unknown_rule(key.span(), name),
                (Some(entry), DeValue::Table(settings)) => self.rule(entry, settings, into),
                (Some(entry), _) => self.level(entry, value, into),
            }
        }
    }

    fn rule(
        &mut self,
        entry: &'static Entry,
        table: &DeTable,
        into: &mut Vec<Spanned<Assignment>>,
    ) {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if name == "level" {
                self.level(entry, value, into);
            } else if let Some(option) = entry.rule.options.iter().find(|known| known.name == name)
            {
                let set = self.option(option, value);
                let assignment = |set| Assignment::Option(entry.page.id, option.name, set);
                let span = self.span(value.span());
                into.extend(set.map(|set| Spanned::new(assignment(set), span)));
            } else {
                let options = entry.rule.options.iter().map(|option| option.name);
                self.unknown_key(key, &["level"].into_iter().chain(options).collect::<Vec<_>>());
            }
        }
    }

    fn level(&mut self, entry: &'static Entry, value: &Item, into: &mut Vec<Spanned<Assignment>>) {
        if let Some(level) = self.one_of(value, &RuleLevel::ALL, RuleLevel::name) {
            let assignment = Assignment::Level(entry.page.id, level);
            into.push(Spanned::new(assignment, self.span(value.span())));
        }
    }

    fn option(&mut self, option: &RuleOption, value: &Item) -> Option<Value> {
        match option.kind {
            OptionKind::Words => self.words(value).map(Value::from),
            OptionKind::OneOf(words) => {
                let items = self.array(value)?.iter();
                let chosen = items.filter_map(|item| self.one_of(item, words, |word| word));
                Some(chosen.collect::<Vec<_>>().into())
            }
            OptionKind::Number => {
                let number = match value.get_ref() {
                    DeValue::Integer(number) => {
                        u64::from_str_radix(number.as_str(), number.radix()).ok()
                    }
                    _ => None,
                };
                self.expect(number, value, "a whole number").map(Value::from)
            }
            OptionKind::Switch => self.switch(value).map(Value::from),
        }
    }

    /// The parts in a list of tables that each name their `paths`.
    fn tables(&mut self, value: &Item, read: fn(&mut Self, &DeTable) -> Part) -> Vec<Part> {
        let mut parts = Vec::new();
        for item in self.array(value).unwrap_or_default() {
            let Some(table) = self.table(item) else { continue };
            let part = read(self, table);
            if part.paths.is_some() {
                parts.push(part);
            } else if !table.iter().any(|(key, _)| key.get_ref() == "paths") {
                let message = "this names no `paths`, so it holds nowhere";
                self.say(item.span(), message).help("add `paths = [\"dir/**\"]`");
            }
        }
        parts
    }

    /// Patterns as `.gitignore` has them.
    fn patterns(&mut self, value: &Item) -> Option<Gitignore> {
        let mut builder = GitignoreBuilder::new(self.root);
        for item in self.array(value)? {
            let Some(pattern) = self.word(item) else { continue };
            if let Err(error) = builder.add_line(None, &pattern) {
                self.say(item.span(), format!("`{pattern}` is no pattern: {error}"));
            }
        }
        builder.build().ok()
    }

    fn words(&mut self, value: &Item) -> Option<Vec<String>> {
        Some(self.array(value)?.iter().filter_map(|item| self.word(item)).collect())
    }

    fn array<'v, 'i>(&mut self, value: &'v Item<'i>) -> Option<&'v [Item<'i>]> {
        self.expect(value.get_ref().as_array().map(AsRef::as_ref), value, "a list")
    }

    fn table<'v, 'i>(&mut self, value: &'v Item<'i>) -> Option<&'v DeTable<'i>> {
        self.expect(value.get_ref().as_table(), value, "a table")
    }

    fn word(&mut self, value: &Item) -> Option<String> {
        self.expect(value.get_ref().as_str(), value, "a string").map(str::to_owned)
    }

    fn switch(&mut self, value: &Item) -> Option<bool> {
        self.expect(value.get_ref().as_bool(), value, "`true` or `false`")
    }

    fn one_of<T: Copy>(
        &mut self,
        value: &Item,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
        let kind = format!("one of {}", list(&names));
        let word = self.expect(value.get_ref().as_str(), value, &kind)?;
        let found = all.iter().find(|one| name(**one) == word).copied();
        if found.is_none() {
            let help = match closest(word, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it is {kind}"),
            };
            self.say(value.span(), format!("`{word}` is nothing that this can be")).help(help);
        }
        found
    }

    fn expect<T>(&mut self, got: Option<T>, value: &Item, kind: &str) -> Option<T> {
        if got.is_none() {
            let found = match value.get_ref() {
                DeValue::String(_) => "a string",
                DeValue::Integer(_) | DeValue::Float(_) => "a number",
                DeValue::Boolean(_) => "a truth value",
                DeValue::Datetime(_) => "a date",
                DeValue::Array(_) => "a list",
                DeValue::Table(_) => "a table",
            };
            self.say(value.span(), format!("expected {kind}, found {found}"));
        }
        got
    }

    fn unknown_key(&mut self, key: &At<Cow<str>>, known: &[&str]) {
        let name = key.get_ref();
        let help = match closest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here: {}", list(known)),
        };
        self.say(key.span(), format!("there is no key `{name}` here")).help(help);
    }

    fn unknown_rule(&mut self, at: Range<usize>, name: &str) {
        let replacing: Vec<&str> = find(name).map(|entry| entry.page.id).collect();
        let near = closest(name, catalogue().iter().map(|entry| entry.page.id));
        let help = match (replacing.is_empty(), near) {
            (false, _) => format!("here it is called {}", list(&replacing)),
            (true, Some(near)) => format!("did you mean `{near}`?"),
            (true, None) => "`plimsoll rules` lists them".to_owned(),
        };
        self.say(at, format!("there is no rule `{name}`")).help(help);
    }

    fn say(&mut self, at: Range<usize>, message: impl Into<Words>) -> &mut Finding {
        self.findings.push(problem(self.span(at), message));
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    fn span(&self, at: Range<usize>) -> Span {
        Span::new(self.file.id, at.start, at.end)
    }
}

/// Something that is wrong with a configuration file.
pub(super) fn problem(span: Span, message: impl Into<Words>) -> Finding {
    Finding {
        rule: RULE,
        severity: Severity::Error,
        span,
        message: message.into(),
        help: None,
        also: Vec::new(),
        fixes: Vec::new(),
        hidden: Vec::new(),
    }
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    /// What is wrong with a text: the words under the span, the message, the help.
    fn wrong(text: &str) -> Vec<(String, String, String)> {
        let mut files = Files::default();
        let id = files.add("plimsoll.toml", text);
        let (_, findings) = parse(files.get(id), Path::new("/repo"));
        findings
            .into_iter()
            .map(|finding| {
                let under = files.text_at(finding.span).to_owned();
                (under, finding.message.into(), finding.help.unwrap_or_default().into())
            })
            .collect()
    }

    #[test]
    fn an_unknown_key_is_told_with_the_nearest() {
        let found =
            wrong("fail_on = \"error\"\n[[overrides]]\npaths = [\"a\"]\nruntme = \"plain\"\n");
        assert_eq!(found[0].0, "fail_on");
        assert_eq!(found[0].2, "did you mean `fail-on`?");
        assert_eq!(
            (found[1].0.as_str(), found[1].2.as_str()),
            ("runtme", "did you mean `runtime`?")
        );
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn an_unknown_value_is_told_with_the_nearest() {
        let found = wrong("fail-on = \"warnings\"\nruntime = \"k8s\"\npedantic = \"yes\"\n");
        let help: Vec<_> = found.iter().map(|(under, _, help)| (&**under, &**help)).collect();
        assert!(help.contains(&("\"warnings\"", "did you mean `warning`?")), "{help:?}");
        assert!(
            help.iter().any(|(under, help)| *under == "\"k8s\"" && help.contains("kubernetes"))
        );
        assert!(found.iter().any(|(_, message, _)| message.contains("found a string")));
    }

    #[test]
    fn what_is_broken_leaves_the_rest() {
        let mut files = Files::default();
        let id =
            files.add("plimsoll.toml", "pedantic = \nfail-on = \"note\"\nexclude = [1, \"a\"]\n");
        let (layer, findings) = parse(files.get(id), Path::new("/repo"));
        assert_eq!(findings.len(), 2, "{findings:?}");
        let set: Vec<_> = layer.parts[0].assignments.iter().map(|set| set.value.clone()).collect();
        assert_eq!(set, [Assignment::FailOn(FailOn::At(Severity::Note))]);
        assert_eq!(layer.exclude.unwrap().num_ignores(), 1);
    }

    #[test]
    fn an_override_without_paths_holds_nowhere() {
        let found = wrong(
            "[[overrides]]\npedantic = true\n[[environment]]\npaths = [\"x\"]\nis = \"dev\"\n",
        );
        assert!(found.iter().any(|(_, message, _)| message.contains("names no `paths`")));
        assert!(found.iter().any(|(under, _, _)| under == "\"dev\""));
    }
}
