//! What an entrypoint script comes to: whether it makes way for another program, and what runs
//! when it does not.

use std::collections::HashMap;

use crate::knowledge::{accounts, daemons, inits};
use crate::source::{Span, Spanned};
use crate::syntax::shell::{
    Command, Item, Kind, List, Node, PartKind, Role, Script, Separator, Word,
};

/// How a script ends, as far as its text tells.
#[derive(Clone, Debug, Default)]
pub struct Ending {
    /// Commands that take the place of the shell, wherever they stand: `exec "$@"`.
    pub replacements: Vec<Start>,
    /// What it may run last, branch by branch, replacements included.
    pub last: Vec<Start>,
    /// `trap`s that have something to do: the shell answers signals itself.
    pub traps: Vec<Span>,
    /// What keeps it going and does nothing, with how it is called.
    pub idle: Option<Spanned<String>>,
    /// It counts its arguments, sets them, or has a word for what is not given.
    pub has_default: bool,
    /// Files that it reads in, which may do anything.
    pub sourced: Vec<Span>,
}

/// A command that a script starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The whole command.
    pub span: Span,
    /// The last component of the program's path; `None` when only running decides.
    pub program: Option<String>,
    /// What the program is given, each word as far as it is known.
    pub arguments: Vec<String>,
    /// What stands before the program, outermost first: `exec`, `gosu`.
    pub wrappers: Vec<&'static str>,
    /// It is given the arguments of the script, or is named by them.
    pub has_arguments: bool,
    /// The script does not wait for it.
    pub background: bool,
    /// The program is named by a path, and not one of the system's directories: it is the image's
    /// own.
    pub is_own: bool,
}

impl Ending {
    /// Whether it hands on to what runs as another user.
    pub fn drops_root(&self) -> bool {
        let mut names = self
            .replacements
            .iter()
            .flat_map(|start| start.wrappers.iter().copied().chain(start.program.as_deref()));
        names.any(|name| name == "su" || accounts::drops_root(name))
    }

    /// Whether it ends in nothing else but what it is given.
    pub fn only_passes_on(&self) -> bool {
        let is_given = |start: &Start| {
            start.has_arguments && start.program.is_none() && !start.is_under_init()
        };
        !self.replacements.is_empty() && self.replacements.iter().all(is_given)
    }

    /// Whether it starts nothing at all without arguments, and puts none in their place.
    pub fn only_runs_arguments(&self) -> bool {
        self.only_passes_on() && !self.has_default
    }

    /// Whether the arguments of the script are run in its place, as they stand.
    pub fn passes_on(&self) -> bool {
        self.replacements.iter().any(|start| start.has_arguments && start.program.is_none())
    }

    pub fn of(script: &Script) -> Self {
        let mut ending = Self::default();
        for site in script.commands() {
            // The shell of a substitution or a subshell is another.
            if site.context.substitution || site.context.inner {
                continue;
            }
            ending.has_default |= site.command.words.iter().any(asks_for_arguments);
            let Some(start) = Start::of(site.command, site.context.background) else { continue };
            match start.program.as_deref() {
                Some("trap") if is_trap(site.command) => ending.traps.push(start.span),
                Some("." | "source") => ending.sourced.push(start.span),
                Some("set") => ending.has_default |= start.arguments.iter().any(|it| it == "--"),
                _ => {}
            }
            if start.replaces() && !site.context.subshell && site.pipeline.commands.len() == 1 {
                ending.replacements.push(start);
            }
        }
        let mut last = Last::default();
        last.list(&script.list, false);
        ending.last = last.found;
        ending.idle = idle(&script.list);
        ending
    }
}

impl Start {
    /// Whether it takes the place of the shell.
    pub fn replaces(&self) -> bool {
        self.wrappers.contains(&"exec")
    }

    /// Whether the program goes into the background by itself, as far as its options tell.
    pub fn leaves(&self) -> bool {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        self.program.as_deref().is_some_and(|program| daemons::leaves(program, &arguments))
    }

    /// Whether an init stands before the program, or is it.
    pub fn is_under_init(&self) -> bool {
        self.wrappers.iter().copied().chain(self.program.as_deref()).any(inits::is_init)
    }

    fn of(command: &Command, background: bool) -> Option<Self> {
        let program = command.program();
        let arguments = program.iter().flat_map(|program| program.arguments);
        let arguments = arguments.map(|word| word.prefix().into_owned()).collect();
        let program = program.map(|program| program.name.into_owned());
        // `exec 2>&1` stays, and runs nothing.
        if command.words.is_empty() || program.as_deref() == Some("exec") {
            return None;
        }
        let path = command.program().and_then(|program| program.word.literal());
        let is_own = path.is_some_and(|path| {
            const SYSTEM: [&str; 4] = ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"];
            let is_system = SYSTEM.iter().any(|directory| path.starts_with(directory));
            path.contains('/') && !is_system && !path.ends_with(".sh")
        });
        let wrappers = command.wrappers().iter().map(|wrapper| wrapper.name).collect();
        let has_arguments = command.words.iter().any(names_arguments);
        Some(Self {
            span: command.span()?,
            program,
            arguments,
            wrappers,
            has_arguments,
            background,
            is_own,
        })
    }
}

/// `trap - INT` takes one away, `trap '' INT` is deaf.
fn is_trap(command: &Command) -> bool {
    let [_, action, _, ..] = &*command.words else { return false };
    !is(action, "-") && !is(action, "")
}

fn is(word: &Word, text: &str) -> bool {
    word.literal().is_some_and(|literal| literal == text)
}

/// `$@`, `"$*"`, `${1}`, `"${@:-app}"`.
fn names_arguments(word: &Word) -> bool {
    word.parts.iter().any(|part| match &part.kind {
        PartKind::Variable(variable) => {
            matches!(&*variable.name, "@" | "*" | "1")
        }
        _ => false,
    })
}

/// `$#`, `${1:-serve}`: whoever asks has an answer for none.
fn asks_for_arguments(word: &Word) -> bool {
    word.parts.iter().any(|part| match &part.kind {
        PartKind::Variable(variable) => {
            let is_one = matches!(&*variable.name, "@" | "*" | "1");
            &*variable.name == "#" || is_one && !variable.operator.is_empty()
        }
        _ => false,
    })
}

/// The search for what runs last.
#[derive(Default)]
struct Last<'a> {
    /// Those that no call was followed into yet: each is followed once.
    functions: HashMap<&'a str, &'a List>,
    found: Vec<Start>,
}

impl<'a> Last<'a> {
    fn list(&mut self, list: &'a List, background: bool) {
        let nodes = list.items.iter().flat_map(|item| &item.pipeline.commands);
        self.functions.extend(nodes.filter_map(function));
        let mut items = list.items.iter().rev().peekable();
        while let Some(item) = items.next() {
            let background = background || item.separator == Separator::Background;
            if let Some(node) = item.pipeline.commands.last() {
                self.node(node, background);
            }
            // Before `||` stands what runs last when it succeeds.
            if !items.peek().is_some_and(|before| before.separator == Separator::Or) {
                return;
            }
        }
    }

    fn node(&mut self, node: &'a Node, background: bool) {
        match node {
            Node::Simple(command) => self.command(command, background),
            Node::Compound(compound) if compound.kind == Kind::Function => {}
            Node::Compound(compound) => {
                let ends = compound.bodies.iter().filter(|body| body.role != Role::Condition);
                ends.for_each(|body| self.list(&body.list, background));
            }
        }
    }

    fn command(&mut self, command: &'a Command, background: bool) {
        if let Some(inner) = &command.inner {
            return self.list(&inner.list, background);
        }
        let Some(start) = Start::of(command, background) else { return };
        let called = start.program.as_deref().filter(|_| start.wrappers.is_empty());
        match called.and_then(|name| self.functions.remove(name)) {
            Some(body) => self.list(body, background),
            None => self.found.push(start),
        }
    }
}

/// What a list ends in that does nothing: a sleep without end, a `tail` of nothing or of the log of
/// what was sent into the background, a loop of such.
fn idle(list: &List) -> Option<Spanned<String>> {
    let mut items = list.items.iter().filter(|item| !item.pipeline.commands.is_empty()).rev();
    let last = items.next().filter(|item| item.separator != Separator::Background)?;
    let [node] = last.pipeline.commands.as_slice() else { return None };
    let command = match node {
        Node::Simple(Command { inner: Some(inner), .. }) => return idle(&inner.list),
        Node::Simple(command) => command,
        Node::Compound(compound) => {
            let is_idle = compound.kind == Kind::While
                && compound.bodies.iter().all(|body| body.list.items.iter().all(does_nothing))
                && compound.bodies.iter().any(|body| body.list.items.iter().any(sleeps));
            return is_idle.then(|| Spanned::new("a loop of `sleep`".to_owned(), compound.span));
        }
    };
    let start = Start::of(command, false)?;
    let words: Option<Vec<_>> = command.words.iter().map(Word::literal).collect();
    let line = words.map_or(start.program.clone(), |words| Some(words.join(" ")));
    let says = |what: &str| start.arguments.iter().any(|it| it == what);
    let is_idle = match start.program.as_deref()? {
        "sleep" => says("infinity") || says("inf") || start.arguments.iter().any(|it| is_long(it)),
        "tail" if says("-f") || says("-F") => {
            let started = items.filter_map(|item| item.pipeline.simple().last());
            says("/dev/null")
                || started
                    .filter_map(|command| Start::of(command, false))
                    .any(|start| start.leaves())
        }
        _ => false,
    };
    let line = format!("`{}`", line.unwrap_or_default());
    is_idle.then(|| Spanned::new(line, start.span))
}

/// An hour or more, as `sleep` takes it.
fn is_long(time: &str) -> bool {
    let number = time.trim_end_matches(['s', 'm', 'h', 'd']);
    let unit = match &time[number.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return false,
    };
    number.parse::<u64>().is_ok_and(|number| number.saturating_mul(unit) >= 3600)
}

fn does_nothing(item: &Item) -> bool {
    const NOTHING: [&str; 7] = ["sleep", ":", "true", "[", "test", "date", "echo"];
    item.pipeline.commands.iter().all(|node| {
        let simple = node.simple().filter(|command| command.redirections.is_empty());
        let program = simple.and_then(|command| command.program());
        program.is_some_and(|program| NOTHING.contains(&&*program.name))
    })
}

fn sleeps(item: &Item) -> bool {
    item.pipeline.simple().any(|it| it.program().is_some_and(|program| program.name == "sleep"))
}

/// The name and the body of a function.
fn function(node: &Node) -> Option<(&str, &List)> {
    let Node::Compound(compound) = node else { return None };
    let ([name, ..], [body, ..]) = (&*compound.words, &*compound.bodies) else { return None };
    let [name] = &*name.parts else { return None };
    (compound.kind == Kind::Function).then_some((name.literal()?, &body.list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::shell::{Shell, parse};

    fn ending(text: &str) -> Ending {
        let place = |range: std::ops::Range<usize>| Span::new(FileId(0), range.start, range.end);
        Ending::of(&parse(text, Shell::default(), &place).tree)
    }

    /// Each as `wrappers program`, with `$@` and `&` where they apply.
    fn shown(starts: &[Start]) -> String {
        let shown = |start: &Start| {
            let mut words = start.wrappers.clone();
            words.push(start.program.as_deref().unwrap_or("?"));
            words.extend(start.has_arguments.then_some("$@"));
            words.extend(start.background.then_some("&"));
            words.join(" ")
        };
        starts.iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_script_that_makes_way_says_for_whom() {
        for (text, replacements) in [
            ("#!/bin/sh\nset -e\nexec \"$@\"\n", "exec ? $@"),
            ("if [ x ]; then exec gosu app \"$0\" \"$@\"; fi\nnode x", "exec gosu ? $@"),
            ("f() { exec nginx; }\nf", "exec nginx"),
            ("exec 2>&1\nnode x", ""),
            ("(exec a); x=$(exec b); exec c | d", ""),
            ("exec tini -- node x", "exec tini node"),
        ] {
            assert_eq!(shown(&ending(text).replacements), replacements, "{text}");
        }
    }

    #[test]
    fn what_runs_last_is_found_in_every_branch() {
        for (text, last) in [
            ("echo a\nnode x", "node"),
            ("a && b || c", "c, b"),
            ("if a; then b; else c; fi", "b, c"),
            ("case $1 in x) exec a;; *) \"$@\";; esac", "exec a, ? $@"),
            ("main() { run \"$@\"; }\nmain \"$@\"", "run $@"),
            ("f() { g; }; g() { f; }; f", "f"),
            ("node x &", "node &"),
            ("node x & wait", "wait"),
            ("a | tee b", "tee"),
            ("x=1", ""),
            ("f() { a; }", ""),
        ] {
            assert_eq!(shown(&ending(text).last), last, "{text}");
        }
    }

    #[test]
    fn traps_and_files_read_in_are_told() {
        let text = "trap 'kill $pid' TERM; trap - INT; . /lib.sh; source \"$X\"";
        let ending = ending(text);
        let texts = |spans: &[Span]| spans.iter().map(|it| &text[it.range()]).collect::<Vec<_>>();
        assert_eq!(texts(&ending.traps), ["trap 'kill $pid' TERM"]);
        assert_eq!(texts(&ending.sourced), [". /lib.sh", "source \"$X\""]);
    }
}
