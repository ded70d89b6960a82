//! What the instructions of a build give to a shell, as commands with their places in the file.

use std::cell::Cell;
use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::knowledge::downloads::VERIFIERS;
use crate::knowledge::{accounts, tools};
use crate::source::{Placed, Span};
use crate::syntax::dockerfile::{Arguments, File, Heredoc, Instruction, Keyword, Left, Word};
use crate::syntax::shell::{self, Command, Dialect, PartKind, Program, Script, Shell, Site};
use crate::syntax::{Comment, Parsed, SyntaxError};

use super::dockerfile::Build;
use super::packages::{Invocation, invocation};

/// A `RUN` of a stage, or of a base's `ONBUILD`.
#[derive(Clone, Debug)]
pub struct Run {
    /// Index in the build's stages.
    pub stage: usize,
    /// Index in the stage's steps.
    pub step: usize,
    /// The whole instruction.
    pub span: Span,
    pub keyword: Span,
    pub script: Script,
    /// Comments within the shell's text.
    pub comments: Vec<Comment>,
    /// What the shell could not read; the commands around it are there.
    pub errors: Vec<SyntaxError>,
    /// Whether it checks what it fetched, by a digest or a signature.
    pub is_verified: bool,
    marks: u16,
    /// What its commands ask of package managers, each with the index of the command, in order.
    invocations: Vec<(usize, Invocation)>,
    /// That it is given to, whatever its text says.
    shell: Shell,
}

/// What stands in few `RUN`s, so that nobody who looks for it has to look at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A word with a `=`, or a variable that is set for a command.
    Equals,
    /// A word with a `:`.
    Colon,
    /// What one shell expands and another does not: `{`, `<(…)`, `${…/…}`.
    Expansion,
    /// A program that runs another: `sudo`.
    Wrapper,
    /// A program that is not known, or one of the image's own: it may bring anything.
    Script,
    /// Perhaps one of [`tools::ALL`].
    Tool,
    /// Perhaps one of [`accounts::BROUGHT`].
    Dropper,
    /// A pipeline that is more than one simple command.
    Pipeline,
    /// A call of a package manager.
    Invocation,
    /// A flag of the instruction: `--mount`.
    Flag,
    /// The exec form.
    Exec,
    /// What the shell cannot read.
    Error,
}

impl Mark {
    pub(super) fn is_in(self, marks: u16) -> bool {
        marks & self.when(true) != 0
    }

    fn when(self, is_there: bool) -> u16 {
        u16::from(is_there) << self as u8
    }

    fn of(command: &Command) -> u16 {
        let words = command.words.iter().flat_map(|word| &word.parts);
        let marks = words.map(|part| match &part.kind {
            PartKind::Literal(text) => text.bytes().fold(0, |marks, byte| {
                marks
                    | match byte {
                        b'=' => Self::Equals.when(true),
                        b':' => Self::Colon.when(true),
                        b'{' => Self::Expansion.when(!part.quoted),
                        _ => 0,
                    }
            }),
            PartKind::Process(_) => Self::Expansion.when(true),
            PartKind::Variable(variable) => Self::Expansion.when(!variable.operator.is_empty()),
            _ => 0,
        });
        marks.fold(0, |all, marks| all | marks)
            | Self::Equals.when(!command.assignments.is_empty())
            | Self::Wrapper.when(!command.wrappers().is_empty())
    }
}

/// A `RUN` that is to be read.
struct Job<'a> {
    stage: usize,
    step: usize,
    instruction: &'a Instruction,
    shell: Shell,
}

/// Which of some `RUN`s were read again, and how many they are now.
#[derive(Clone, Debug)]
pub struct Renewed {
    pub before: Range<usize>,
    pub now: usize,
}

impl Job<'_> {
    fn read(&self) -> Run {
        let &Self { stage, step, instruction, shell } = self;
        let Parsed { tree: script, comments, errors } = script(instruction, shell);
        let (mut invocations, mut is_verified, mut marks) = (Vec::new(), false, 0);
        for (index, site) in script.commands().enumerate() {
            let program = site.command.program();
            marks |= Mark::of(site.command) | Mark::Script.when(is_script(site.command, &program));
            is_verified |= program.is_some_and(|program| VERIFIERS.contains(&&*program.name));
            invocations.extend(invocation(site.command).map(|invocation| (index, invocation)));
        }
        marks |= Mark::Pipeline.when(!script.pipelines().is_empty());
        marks |= Mark::Invocation.when(!invocations.is_empty());
        marks |= Mark::Tool.when(tools::may_be_in(instruction.text()));
        let may_drop = accounts::may_be_in(instruction.text());
        marks |= Mark::Dropper.when(may_drop || !instruction.heredocs.is_empty());
        marks |= Mark::Flag.when(!instruction.flags.is_empty());
        marks |= Mark::Exec.when(exec_form(instruction).is_some());
        marks |= Mark::Error.when(!errors.is_empty());
        Run {
            stage,
            step,
            span: instruction.span,
            keyword: instruction.keyword.span,
            script,
            comments,
            errors,
            is_verified,
            marks,
            invocations,
            shell,
        }
    }

    /// Whether a `RUN` of an earlier text, moved to where it stands now, is this one.
    fn is(&self, run: &Run, left: &Left) -> bool {
        let mut span = run.span;
        let shift = left.shift(span).map(|by| span.shift(by));
        shift.is_some() && span == self.instruction.span && run.shell == self.shell
    }
}

impl Run {
    pub(super) fn marks(&self) -> u16 {
        self.marks
    }

    /// Takes what is the same but for its places for what it is now.
    fn settle(&mut self, job: &Job, left: &Left) {
        let by = left.shift(self.span).unwrap_or_default();
        if by != 0 {
            self.shift(by);
        }
        (self.stage, self.step) = (job.stage, job.step);
    }

    /// Every command, and what it asks of a package manager if it calls one.
    pub fn calls(&self) -> impl Iterator<Item = (Site<'_>, Option<&Invocation>)> {
        let mut invocations = self.invocations.iter().peekable();
        self.script.commands().enumerate().map(move |(index, site)| {
            let own = invocations.next_if(|(at, _)| *at == index);
            (site, own.map(|(_, invocation)| invocation))
        })
    }

    /// Every call of a package manager.
    pub fn invocations(&self) -> impl Iterator<Item = (Site<'_>, &Invocation)> {
        let found = self.invocations.iter();
        found.filter_map(|(index, invocation)| Some((self.script.command(*index)?, invocation)))
    }
}

impl Placed for Run {
    fn shift(&mut self, by: u32) {
        let Self {
            stage: _,
            step: _,
            span,
            keyword,
            script,
            comments,
            errors,
            is_verified: _,
            marks: _,
            invocations,
            shell: _,
        } = self;
        span.shift(by);
        keyword.shift(by);
        script.shift(by);
        comments.shift(by);
        errors.shift(by);
        invocations.iter_mut().for_each(|(_, invocation)| invocation.shift(by));
    }
}

fn is_script(command: &Command, program: &Option<Program>) -> bool {
    let path = program.as_ref().and_then(|program| program.word.literal());
    let is_system = |path: &str| path.contains("/bin/") || path.contains("/sbin/");
    !command.words.is_empty()
        && path.is_none_or(|it| it.contains('/') && !is_system(&it) || it.ends_with("sh"))
}

/// Every `RUN` of a build, in the order of its stages and their steps.
pub fn runs(tree: &File, build: &Build) -> Vec<Run> {
    // A file of the usual size is read before another thread would hear of it.
    jobs(tree, build).par_iter().with_min_len(256).map(Job::read).collect()
}

/// Makes the `RUN`s of an earlier text those of this one: what is not left of it is read.
pub fn runs_again(runs: &mut Vec<Run>, tree: &File, build: &Build, left: &Left) -> Renewed {
    let jobs = jobs(tree, build);
    let is_same = |(run, job): &(&Run, &Job)| job.is(run, left);
    let start = runs.iter().zip(&jobs).take_while(is_same).count();
    let (rest, new) = (&runs[start..], &jobs[start..]);
    let behind = rest.iter().rev().zip(new.iter().rev()).take_while(is_same).count();
    let (end, new_end) = (runs.len() - behind, jobs.len() - behind);
    let (ahead, rest) = runs.split_at_mut(start);
    let kept = ahead.par_iter_mut().chain(&mut rest[end - start..]);
    let known = jobs[..start].par_iter().chain(&jobs[new_end..]);
    kept.zip(known).with_min_len(256).for_each(|(run, job)| run.settle(job, left));
    let new: Vec<Run> = jobs[start..new_end].par_iter().with_min_len(256).map(Job::read).collect();
    runs.splice(start..end, new);
    Renewed { before: start..end, now: new_end - start }
}

fn jobs<'a>(tree: &'a File, build: &Build) -> Vec<Job<'a>> {
    let windows: Vec<_> = build.stages.iter().map(|_| OnceLock::new()).collect();
    let is_windows = |stage: usize| *windows[stage].get_or_init(|| is_windows(tree, build, stage));
    let job = |(stage, step): (usize, usize)| {
        let of_run = &build.stages[stage].steps[step];
        let shell = match &of_run.shell {
            Some(words) => Shell::of(&words.iter().map(|word| &word.value).collect::<Vec<_>>()),
            None if is_windows(stage) => Shell::new(Dialect::Cmd),
            None => Shell::default(),
        };
        Job { stage, step, instruction: of_run.instruction(tree), shell }
    };
    build.places(Keyword::Run).map(job).collect()
}

/// What an instruction starts, through a shell or without: `RUN`, `CMD`, `ENTRYPOINT`,
/// `HEALTHCHECK CMD`.
pub fn script(instruction: &Instruction, shell: Shell) -> Parsed<Script> {
    if let Some(strings) = exec_form(instruction) {
        return exec(strings);
    }
    let Some(given) = instruction.shell_text() else { return exec(&[]) };
    if let Some(heredoc) = lone_heredoc(instruction, given.text) {
        let body = heredoc.text.text();
        let shell = body.lines().next().and_then(Shell::of_shebang).unwrap_or(shell);
        let near = Cell::new(0);
        let place = |range: Range<usize>| heredoc.text.span_near(range.start, range.end, &near);
        return shell::parse(body, shell, &place);
    }
    let near = Cell::new(0);
    let on_line = |range: Range<usize>| {
        given.logical.span_near(given.start + range.start, given.start + range.end, &near)
    };
    if instruction.heredocs.is_empty() {
        return shell::parse(given.text, shell, &on_line);
    }
    // The shell reads the bodies below the line, as the frontend hands them over.
    let mut whole = format!("{}\n", given.text);
    let mut bodies = Vec::new();
    for heredoc in &instruction.heredocs {
        bodies.push((whole.len(), heredoc));
        whole.push_str(heredoc.text.text());
        whole.push_str(&heredoc.name.value);
        whole.push('\n');
    }
    // Where the byte at an offset stands, and where the one before it ends.
    let point = |at: usize, is_end: bool| {
        let next = bodies.partition_point(|(start, _)| *start + usize::from(is_end) <= at);
        let Some((start, heredoc)) = next.checked_sub(1).map(|last| bodies[last]) else {
            let at = at.min(given.text.len());
            return on_line(at..at).start;
        };
        let (at, length) = (at - start, heredoc.text.text().len());
        match at.checked_sub(length) {
            None if is_end => heredoc.text.span(at - 1, at).end,
            None => heredoc.text.span(at, at + 1).start,
            Some(into) => (heredoc.terminator.start + into as u32).min(heredoc.terminator.end),
        }
    };
    let place = |range: Range<usize>| {
        if range.end <= given.text.len() {
            return on_line(range);
        }
        let end = point(range.end, true);
        Span { file: instruction.span.file, start: point(range.start, false).min(end), end }
    };
    shell::parse(&whole, shell, &place)
}

fn exec_form(instruction: &Instruction) -> Option<&[Word]> {
    let arguments = match &instruction.arguments {
        Arguments::Health { command, .. } => command,
        arguments => arguments,
    };
    match arguments {
        Arguments::Json { strings, .. } => Some(strings),
        _ => None,
    }
}

fn exec(strings: &[Word]) -> Parsed<Script> {
    let words: Vec<_> = strings.iter().map(Word::spanned).collect();
    let place = |index: usize, range: Range<usize>| {
        let word = &strings[index];
        // The span holds the quotes; with an escape within, places in it are not the text's.
        if word.span.range().len() == word.value.len() + 2 {
            word.span.part(range.start + 1..range.end + 1)
        } else {
            word.span
        }
    };
    shell::exec(&words, &place)
}

/// The heredoc that is the script itself: `RUN <<EOF`.
fn lone_heredoc<'a>(instruction: &'a Instruction, text: &str) -> Option<&'a Heredoc> {
    match instruction.heredocs.as_slice() {
        [heredoc] if heredoc.marker.value == text.trim() => Some(heredoc),
        _ => None,
    }
}

/// Whether a stage is one of Windows: its base is, or the file says so in passing, by an escape
/// character that spares the backslashes of its paths.
pub fn is_windows(tree: &File, build: &Build, stage: usize) -> bool {
    tree.escape == '`' || build.base_image(stage).is_some_and(|base| base.is_windows())
}
