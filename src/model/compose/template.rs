//! `${VARIABLE:-default}`: interpolation as Compose does it, with places.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::text::{Origin, Text};
use crate::source::{Span, Spanned};

/// Deeper defaults of defaults are not followed, only skipped.
const MAX_DEPTH: usize = 32;

/// What is known of the variables that a project is interpolated with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    /// Of a value of which only is known that there is one: `None`.
    values: BTreeMap<String, Option<(String, Option<Span>)>>,
}

impl Variables {
    /// Sets a variable, unless it is set already: the process's environment goes before `.env`.
    pub fn set(&mut self, name: &str, value: &str, defined: Option<Span>) {
        self.values.entry(name.to_owned()).or_insert_with(|| Some((value.to_owned(), defined)));
    }

    /// Sets a variable, whatever it was.
    pub fn replace(&mut self, name: &str, value: &str, defined: Option<Span>) {
        self.values.insert(name.to_owned(), Some((value.to_owned(), defined)));
    }

    /// Says that a variable is set, and nobody knows to what.
    pub fn forget(&mut self, name: &str) {
        self.values.insert(name.to_owned(), None);
    }

    /// These, and of those that are not set here the others.
    pub fn over(&self, others: Self) -> Self {
        let mut values = others.values;
        values.extend(self.values.clone());
        Self { values }
    }

    pub fn is_set(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The value of a variable, if it is known.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_ref().map(|(value, _)| value.as_str())
    }
}

/// A place where a variable is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub name: Spanned<String>,
    /// All of `$V` or `${V…}`.
    pub span: Span,
    pub form: Form,
    /// Whether something in view sets it.
    pub is_set: bool,
}

/// What is to happen if a variable is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `$V`, `${V}`: the empty string, and a warning.
    Plain,
    /// `${V:-default}`, `${V-default}`.
    Default,
    /// `${V:?message}`, `${V?message}`: Compose refuses to go on.
    Required,
    /// `${V:+other}`, `${V+other}`: the empty string, silently.
    Alternative,
}

/// What interpolating one scalar leaves behind beside its text.
#[derive(Debug, Default)]
pub struct Found {
    pub uses: Vec<Use>,
    /// Where a `${` is that begins no variable. Compose gives up there, so there is at most one.
    pub invalid: Option<Span>,
}

/// Interpolates `text`, the bytes of which are written where `place` says, into a [`Text`] that
/// is written at `span`. A variable that nothing sets and that has no default is unknown.
pub fn expand(
    text: &str,
    span: Span,
    place: &dyn Fn(Range<usize>) -> Span,
    variables: &Variables,
    found: &mut Found,
) -> Text {
    let mut expansion = Expansion { text, place, variables, found, out: Text::empty(span) };
    expansion.run(0..text.len(), None, 0);
    expansion.out
}

struct Expansion<'a> {
    text: &'a str,
    place: &'a dyn Fn(Range<usize>) -> Span,
    variables: &'a Variables,
    found: &'a mut Found,
    out: Text,
}

impl Expansion<'_> {
    /// Expands the bytes `range`, which are the default of the variable `default_of`, if any.
    fn run(&mut self, range: Range<usize>, default_of: Option<&str>, depth: usize) {
        let mut at = range.start;
        while at < range.end && self.found.invalid.is_none() {
            let dollar = self.text[at..range.end].find('$').map_or(range.end, |found| at + found);
            let rest = &self.text[dollar..range.end];
            let begins = rest.as_bytes().get(1).copied();
            if begins == Some(b'$') {
                self.literal(at..dollar, default_of);
                let span = (self.place)(dollar..dollar + 2);
                self.out.push("$", span, origin(default_of));
                at = dollar + 2;
            } else if begins == Some(b'{') {
                self.literal(at..dollar, default_of);
                at = self.braced(dollar, range.end, depth);
            } else if let Some(length) = name_length(rest.get(1..).unwrap_or_default()) {
                self.literal(at..dollar, default_of);
                at = dollar + 1 + length;
                self.variable(dollar..at, dollar + 1..at, Form::Plain, |_| true);
            } else {
                let end = (dollar + 1).min(range.end);
                self.literal(at..end, default_of);
                at = end;
            }
        }
    }

    /// Expands the `${…}` at `start`, which ends before `end`; says where it ends.
    fn braced(&mut self, start: usize, end: usize, depth: usize) -> usize {
        let line = &self.text[start..end];
        let line = line.split('\n').next().unwrap_or_default();
        let Some(closing) = closing_brace(line) else {
            return self.give_up(start, start + line.len());
        };
        let whole = start..start + closing + 1;
        let inner = &self.text[start + 2..start + closing];
        let Some(length) = name_length(inner) else { return self.give_up(start, whole.end) };
        let name = start + 2..start + 2 + length;
        let after = &inner[length..];
        let (if_empty, operator) = match after.strip_prefix(':') {
            Some(rest) => (true, rest),
            None => (false, after),
        };
        let argument = whole.end - 1 - operator.len().saturating_sub(1)..whole.end - 1;
        let wanted = |value: &str| !if_empty || !value.is_empty();
        match operator.as_bytes().first() {
            None if !if_empty => self.variable(whole.clone(), name, Form::Plain, wanted),
            Some(b'?') => self.variable(whole.clone(), name, Form::Required, wanted),
            Some(b'-') => {
                let label = self.text[name.clone()].to_owned();
                let known = self.variables.get(&label);
                if known.is_some_and(wanted) || known.is_none() && self.variables.is_set(&label) {
                    self.variable(whole.clone(), name, Form::Default, wanted);
                } else {
                    self.used(&whole, name, Form::Default);
                    self.argument(argument, Some(&label), &whole, depth);
                }
            }
            Some(b'+') => {
                let label = self.text[name.clone()].to_owned();
                match self.variables.get(&label).map(wanted) {
                    Some(true) => {
                        self.used(&whole, name, Form::Alternative);
                        self.argument(argument, Some(&label), &whole, depth);
                    }
                    Some(false) => self.used(&whole, name, Form::Alternative),
                    None => self.variable(whole.clone(), name, Form::Alternative, wanted),
                }
            }
            _ => return self.give_up(start, whole.end),
        }
        whole.end
    }

    fn argument(
        &mut self,
        range: Range<usize>,
        default_of: Option<&str>,
        whole: &Range<usize>,
        depth: usize,
    ) {
        if depth == MAX_DEPTH {
            let span = (self.place)(whole.clone());
            self.out.push_unknown(span, default_of.unwrap_or_default());
        } else {
            self.run(range, default_of, depth + 1);
        }
    }

    /// The value of the variable at `name`, if it is known and `wanted`.
    fn variable(
        &mut self,
        whole: Range<usize>,
        name: Range<usize>,
        form: Form,
        wanted: impl Fn(&str) -> bool,
    ) {
        let span = (self.place)(whole.clone());
        let label = self.text[name.clone()].to_owned();
        self.used(&whole, name, form);
        match self.variables.values.get(&label) {
            Some(Some((value, defined))) if wanted(value) => {
                let defined = *defined;
                self.out.push(value, span, Origin::Variable { name: label.into(), defined });
            }
            _ => self.out.push_unknown(span, label),
        }
    }

    fn used(&mut self, whole: &Range<usize>, name: Range<usize>, form: Form) {
        let label = self.text[name.clone()].to_owned();
        let is_set = self.variables.is_set(&label);
        self.found.uses.push(Use {
            name: Spanned::new(label, (self.place)(name)),
            span: (self.place)(whole.clone()),
            form,
            is_set,
        });
    }

    fn literal(&mut self, range: Range<usize>, default_of: Option<&str>) {
        if range.is_empty() {
            return;
        }
        let span = (self.place)(range.clone());
        if (span.end - span.start) as usize == range.len() {
            self.out.push(&self.text[range], span, origin(default_of));
            return;
        }
        // Escapes and line folds are in it: word by word, most places are exact again.
        let mut at = range.start;
        for word in self.text[range].split_inclusive(char::is_whitespace) {
            let letters = at + word.trim_end().len();
            for part in [at..letters, letters..at + word.len()] {
                if !part.is_empty() {
                    let span = (self.place)(part.clone());
                    self.out.push(&self.text[part], span, origin(default_of));
                }
            }
            at += word.len();
        }
    }

    fn give_up(&mut self, start: usize, end: usize) -> usize {
        let span = (self.place)(start..end);
        self.found.invalid = Some(span);
        self.out.push_unknown(span, "");
        end
    }
}

fn origin(default_of: Option<&str>) -> Origin {
    match default_of {
        Some(name) => Origin::Default { name: name.into() },
        None => Origin::Written,
    }
}

/// The length of the name that `text` begins with.
fn name_length(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0 && !text.starts_with(|c: char| c.is_ascii_digit())).then_some(end)
}

/// Where the `${` at the beginning of `line` is closed: at the brace that balances it, else at
/// the last one.
fn closing_brace(line: &str) -> Option<usize> {
    let mut open = 0;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => {
                open -= 1;
                if open == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    line.rfind('}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn expanded(text: &str, set: &[(&str, &str)]) -> (Text, Found) {
        let mut variables = Variables::default();
        for (name, value) in set {
            variables.set(name, value, None);
        }
        let place = |range: Range<usize>| Span::new(FileId(0), range.start, range.end);
        let mut found = Found::default();
        let out = expand(text, place(0..text.len()), &place, &variables, &mut found);
        (out, found)
    }

    fn value(text: &str, set: &[(&str, &str)]) -> Option<String> {
        let (out, found) = expanded(text, set);
        assert_eq!(found.invalid, None, "{text}");
        out.known().map(str::to_owned)
    }

    #[test]
    fn each_form_is_what_compose_makes_of_it() {
        let set = [("V", "v"), ("EMPTY", "")];
        for (text, expected) in [
            ("$V ${V}", "v v"),
            ("${V:-d} ${EMPTY:-d} ${NONE:-d}", "v d d"),
            ("${V-d}${EMPTY-d}${NONE-d}", "vd"),
            ("${V:?e}${V?e}${EMPTY?e}", "vv"),
            ("${V:+a}${V+a}${EMPTY:+a}${EMPTY+a}", "aaa"),
            ("${NONE:-${V:-x}}", "v"),
            ("${NONE:-${ALSO-${V}/x}}", "v/x"),
            ("${NONE:-{\"a\": {}}} b}", "{\"a\": {}} b}"),
            ("$$V $${V}", "$V ${V}"),
            ("cost: $5 $(id) $", "cost: $5 $(id) $"),
            ("${NONE:-}", ""),
            ("${NONE:-a:-b}", "a:-b"),
        ] {
            assert_eq!(value(text, &set).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_nothing_sets_is_unknown() {
        for text in ["$V", "${V}", "${V:?e}", "${V:+a}", "a${V}b", "${A:-${V}}"] {
            assert_eq!(value(text, &[]), None, "{text}");
        }
    }

    #[test]
    fn a_brace_that_begins_no_variable_is_invalid() {
        for (text, span) in [
            ("x ${", 2..4),
            ("${}", 0..3),
            ("${1A}", 0..5),
            ("a${A.b}c", 1..7),
            ("${A:b}", 0..6),
            ("${A:-x\n}", 0..6),
            ("${A:-${B}", 5..8),
            ("${A:}", 0..5),
        ] {
            let (_, found) = expanded(text, &[]);
            assert_eq!(found.invalid.map(Span::range), Some(span), "{text}");
        }
    }

    #[test]
    fn the_default_is_underlined_alone() {
        let (out, found) = expanded("app:${TAG:-latest}", &[]);
        let tag = out.value().len() - 6;
        assert_eq!(out.span_of(tag..tag + 6).range(), 11..17);
        assert_eq!(found.uses[0].name.span.range(), 6..9);
        assert_eq!((found.uses[0].form, found.uses[0].is_set), (Form::Default, false));
    }

    #[test]
    fn hostile_nesting_ends() {
        for text in ["${A:-".repeat(20_000), "${A:-".repeat(2_000) + &"}".repeat(2_000)] {
            let _ = expanded(&text, &[]);
        }
    }
}
