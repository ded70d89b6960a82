//! Every simple command of a script, in order, with what surrounds it.

use std::sync::{Arc, OnceLock};

use super::{
    Body, Command, Compound, Item, Kind, List, Node, Part, PartKind, Pipeline, Redirection, Role,
    Script, Separator, Shell, Word,
};

/// A simple command and where it runs.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    pub command: &'a Command,
    /// The pipeline it is part of; mostly it is its only command.
    pub pipeline: &'a Pipeline,
    /// Its place in the pipeline, 0-based.
    pub position: usize,
    pub context: Context,
}

/// What is known of the moment in which a command runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The shell that runs it, and the options that are set when it does.
    pub shell: Shell,
    /// Its pipeline stands behind a `!`.
    pub negated: bool,
    /// Its success decides an `if` or `while`.
    pub condition: bool,
    /// A `||` behind it does something about its failure.
    pub guarded: bool,
    /// It runs only because another command failed.
    pub fallback: bool,
    /// It runs in some cases only: the body of an `if`, a `case`, a loop.
    pub branch: bool,
    /// What it does to directory and variables is undone behind it: `( … )`.
    pub subshell: bool,
    /// Its output becomes text: `$(…)`, backquotes, `<(…)`.
    pub substitution: bool,
    /// It stands in a function, which may run elsewhere, or never.
    pub function: bool,
    /// It is not waited for.
    pub background: bool,
    /// It stands in a text that another command hands to a shell.
    pub inner: bool,
}

/// What a walk through a script finds.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    sites: Vec<Kept>,
    pipelines: Vec<(Arc<Pipeline>, Context)>,
}

/// A [`Site`] that is kept.
#[derive(Clone, Debug)]
struct Kept {
    pipeline: Arc<Pipeline>,
    position: u32,
    context: Context,
}

impl Script {
    /// Every simple command in the order in which they begin to run: those in substitutions
    /// before the command they serve, those that it hands to a shell behind it.
    pub fn commands(&self) -> impl DoubleEndedIterator<Item = Site<'_>> + Clone {
        self.found().sites.iter().filter_map(Kept::site)
    }

    /// The command of this index among them.
    pub fn command(&self, index: usize) -> Option<Site<'_>> {
        self.found().sites.get(index)?.site()
    }

    /// Every pipeline that is more than one simple command, in the same order and with the context
    /// of its commands.
    pub fn pipelines(&self) -> &[(Arc<Pipeline>, Context)] {
        &self.found().pipelines
    }

    fn found(&self) -> &Found {
        self.found.get_or_init(|| {
            let mut found = Found::default();
            found.sites.reserve(self.list.items.len());
            self.walk(found)
        })
    }

    /// Adds everything to what was found.
    fn walk(&self, mut found: Found) -> Found {
        found.list(&self.list, Context { shell: self.shell, ..Context::default() });
        found
    }

    /// Changes the list, and finds all of it again if it was found before.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut List)) {
        // It shares the pipelines, and has to let go of them first.
        let found = self.found.take().map(|mut found| {
            found.sites.clear();
            found.pipelines.clear();
            found
        });
        change(&mut self.list);
        self.found = found.map(|found| self.walk(found)).map_or_else(OnceLock::new, OnceLock::from);
    }
}

impl Kept {
    fn site(&self) -> Option<Site<'_>> {
        let Self { pipeline, position, context } = self;
        let position = *position as usize;
        let command = pipeline.commands[position].simple()?;
        Some(Site { command, pipeline, position, context: *context })
    }
}

impl Found {
    /// Returns the shell with the options that the list leaves set.
    fn list(&mut self, list: &List, context: Context) -> Shell {
        let mut shell = context.shell;
        let mut after_or = false;
        // Where the chain of `&&` and `||` at hand has its last `||`.
        let mut last_or = None;
        let mut chain_end = 0;
        for (index, item) in list.items.iter().enumerate() {
            if index >= chain_end {
                (chain_end, last_or) = chain(&list.items, index);
            }
            let context = Context {
                shell,
                guarded: context.guarded || last_or.is_some_and(|or| index <= or),
                fallback: context.fallback || after_or,
                background: context.background || item.separator == Separator::Background,
                negated: context.negated || item.pipeline.negated,
                ..context
            };
            shell = self.pipeline(&item.pipeline, context);
            after_or = item.separator == Separator::Or;
        }
        shell
    }

    fn pipeline(&mut self, pipeline: &Arc<Pipeline>, context: Context) -> Shell {
        if !matches!(&*pipeline.commands, [Node::Simple(_)]) {
            self.pipelines.push((Arc::clone(pipeline), context));
        }
        let mut shell = context.shell;
        for (position, node) in pipeline.commands.iter().enumerate() {
            match node {
                Node::Simple(command) => {
                    self.words(command, context);
                    let position = position as u32;
                    self.sites.push(Kept { pipeline: Arc::clone(pipeline), position, context });
                    self.handed(command, context);
                    if pipeline.commands.len() == 1 {
                        set_options(command, &mut shell);
                    }
                }
                Node::Compound(compound) => {
                    let left = self.compound(compound, context);
                    if pipeline.commands.len() == 1 {
                        shell = left;
                    }
                }
            }
        }
        shell
    }

    fn words(&mut self, command: &Command, context: Context) {
        for assignment in &command.assignments {
            self.word(&assignment.value, context);
        }
        command.words.iter().for_each(|word| self.word(word, context));
        self.redirections(&command.redirections, context);
    }

    /// What a command gives to another shell.
    fn handed(&mut self, command: &Command, context: Context) {
        let mut run = |script: &Script| {
            self.list(&script.list, Context { shell: script.shell, inner: true, ..context });
        };
        command.inner.as_deref().map(&mut run);
        let heredocs = command.redirections.iter().filter_map(Redirection::heredoc);
        heredocs.filter_map(|heredoc| heredoc.script.as_ref()).for_each(run);
    }

    fn compound(&mut self, compound: &Compound, mut context: Context) -> Shell {
        let outer = context.shell;
        for word in &compound.words {
            self.word(word, context);
        }
        context.subshell |= compound.kind == Kind::Subshell;
        context.function |= compound.kind == Kind::Function;
        for Body { role, list } in &compound.bodies {
            let inside = Context {
                condition: context.condition || *role == Role::Condition,
                branch: context.branch || *role == Role::Branch,
                ..context
            };
            context.shell = self.list(list, inside);
        }
        self.redirections(&compound.redirections, context);
        match compound.kind {
            Kind::Subshell | Kind::Function => outer,
            _ => context.shell,
        }
    }

    fn redirections(&mut self, redirections: &[Redirection], context: Context) {
        for redirection in redirections {
            let body = redirection.heredoc().map(|heredoc| &heredoc.body);
            redirection.target.iter().chain(body).for_each(|word| self.word(word, context));
        }
    }

    fn word(&mut self, word: &Word, context: Context) {
        self.parts(&word.parts, context);
    }

    fn parts(&mut self, parts: &[Part], context: Context) {
        for part in parts {
            match &part.kind {
                PartKind::Literal(_) => {}
                PartKind::Variable(variable) => self.parts(&variable.argument, context),
                PartKind::Substitution(list) | PartKind::Process(list) => {
                    self.list(list, Context { substitution: true, ..context });
                }
                PartKind::Arithmetic(parts) => self.parts(parts, context),
                PartKind::Array(words) => words.iter().for_each(|word| self.word(word, context)),
            }
        }
    }
}

/// Where the chain of `&&` and `||` that begins at `start` ends, and the place of its last `||`.
fn chain(items: &[Item], start: usize) -> (usize, Option<usize>) {
    let mut last_or = None;
    for (index, item) in items.iter().enumerate().skip(start) {
        match item.separator {
            Separator::Or => last_or = Some(index),
            Separator::And => {}
            Separator::Then | Separator::Background => return (index + 1, last_or),
        }
    }
    (items.len(), last_or)
}

/// What `set` changes.
fn set_options(command: &Command, shell: &mut Shell) {
    let mut words = command.words.iter().map(Word::prefix);
    if words.next().as_deref() != Some("set") {
        return;
    }
    while let Some(word) = words.next() {
        let Some(letters) = word.strip_prefix(['-', '+']) else { return };
        let on = word.starts_with('-');
        if letters.contains('e') {
            shell.errexit = on;
        }
        if letters.contains('o') {
            shell.set(&words.next().unwrap_or_default(), on);
        }
    }
}
