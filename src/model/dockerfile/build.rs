//! Evaluates a Dockerfile: arguments, stages, then each stage behind the one that it is built on.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::command::Command;
use crate::model::container::Healthcheck;
use crate::model::image::{ImageRefs, Role};
use crate::model::text::{Origin, Text};
use crate::source::{Span, Spanned, normalise};
use crate::syntax::SyntaxError;
use crate::syntax::dockerfile::{
    self, Arguments, Dialect, File, Instruction, Keyword, Left, Pair, Word, mount_options, quoted,
};

use super::again::{self, Kept};
use super::expand::{Binding, Expander, LONGEST, Scope, Source};
use super::mount::is_bool;
use super::transfer::Transfer;
use super::{
    Base, Build, Exposed, InlineFile, Inputs, Lists, Mount, Pairs, Place, Reference, Settings,
    Stage, Step,
};
use super::{mount, platform, port, signal};

/// What BuildKit gives an image that sets no `PATH`.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Arguments of the platform: their values when it is built for, and on, linux/amd64.
const PLATFORM: [(&str, &str); 11] = [
    ("BUILDPLATFORM", "linux/amd64"),
    ("BUILDOS", "linux"),
    ("BUILDOSVERSION", ""),
    ("BUILDARCH", "amd64"),
    ("BUILDVARIANT", ""),
    ("TARGETPLATFORM", "linux/amd64"),
    ("TARGETOS", "linux"),
    ("TARGETOSVERSION", ""),
    ("TARGETARCH", "amd64"),
    ("TARGETVARIANT", ""),
    ("TARGETSTAGE", "default"),
];

pub(super) fn build(file: &File, inputs: &Inputs) -> Build {
    Builder::read(file, inputs).evaluate()
}

/// The same by way of what an earlier text of the file was evaluated to, for the same inputs.
pub(super) fn build_again(file: &File, inputs: &Inputs, before: Build, left: &Left) -> Build {
    let mut builder = Builder::read(file, inputs);
    builder.kept = again::kept(&builder.stages, before, left);
    let keeps_some = builder.kept.iter().any(Option::is_some);
    let build = builder.evaluate();
    // Which variables go without a value then depends on all that were before.
    if build.is_scarce && keeps_some { self::build(file, inputs) } else { build }
}

/// When BuildKit comes to a problem; in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Options,
    Stages,
    Sources,
    Cycles,
    References,
    Steps,
    /// Something in a stage that is not needed: BuildKit does not come to it.
    Unneeded,
}

struct Builder<'a> {
    file: &'a File,
    /// What its instructions are: large as these are, not all of them are looked at each time.
    kinds: Vec<Keyword>,
    inputs: &'a Inputs,
    /// The arguments before the first `FROM`.
    global: Scope,
    /// The variables of the stage that is being evaluated.
    scope: Scope,
    stages: Vec<Stage>,
    /// The instructions of each stage, its `FROM` left out.
    bodies: Vec<Range<usize>>,
    /// Whether a stage's variables may come from an image that is not in view.
    open: Vec<bool>,
    names: HashMap<String, usize>,
    /// The stages that each stage takes files from, and where it says so.
    dependencies: Vec<Vec<(usize, Span)>>,
    images: Vec<Reference>,
    references: ImageRefs,
    problems: Vec<(Phase, usize, SyntaxError)>,
    budget: usize,
    /// Whether the step that is being evaluated has a variable.
    expands: bool,
    /// How many bytes of triggers may still be carried out.
    triggers: usize,
    /// For each stage, what is kept of an earlier evaluation, if there was one.
    kept: Vec<Option<Kept>>,
}

/// What `--from` names.
enum From {
    Stage(usize),
    Context,
    Image,
    Wrong(String),
}

impl<'a> Builder<'a> {
    /// Reads what the stages are, and not yet what is in them.
    fn read(file: &'a File, inputs: &'a Inputs) -> Self {
        let length = length(file);
        let mut builder = Self {
            file,
            kinds: file.instructions.iter().map(|instruction| instruction.kind).collect(),
            inputs,
            global: Scope::default(),
            scope: Scope::default(),
            stages: Vec::new(),
            bodies: Vec::new(),
            open: Vec::new(),
            names: HashMap::new(),
            dependencies: Vec::new(),
            images: Vec::new(),
            references: ImageRefs::default(),
            problems: Vec::new(),
            budget: (1 << 20) + 16 * length,
            expands: false,
            triggers: (1 << 16) + 4 * length,
            kept: Vec::new(),
        };
        builder.check_directive();
        builder.read_stages();
        builder
    }

    /// Evaluates the stages that were read.
    fn evaluate(mut self) -> Build {
        self.find_sources();
        let target = self.find_target();
        self.mark_needed(target);
        self.find_cycle();
        self.check_references();
        self.run();
        self.finish(target)
    }

    fn check_directive(&mut self) {
        let directives = self.file.directives.iter();
        for check in directives.filter(|directive| directive.name.value == "check") {
            // It ends at a blank, as that of `syntax` does.
            let value = check.value.value.split(' ').next().unwrap_or_default();
            let wrong = value.splitn(3, ';').find_map(|option| {
                let Some((key, value)) = option.split_once('=') else {
                    return Some(format!("invalid check option {}", quoted(option)));
                };
                let value = value.trim();
                match key.trim() {
                    "skip" | "experimental" => None,
                    "error" if is_bool(value) => None,
                    "error" => Some(format!(
                        "failed to parse check option {}: strconv.ParseBool: parsing {}: invalid \
                         syntax",
                        quoted(option),
                        quoted(value)
                    )),
                    key => Some(format!("invalid check option {}", quoted(key))),
                }
            });
            if let Some(wrong) = wrong {
                let message = format!("failed to parse check options: {wrong}");
                self.problem(Phase::Options, 0, check.value.span, message);
            }
        }
    }

    fn read_stages(&mut self) {
        self.bind_platform();
        let instructions = &self.file.instructions;
        let count = self.kinds.iter().filter(|kind| **kind == Keyword::From).count();
        // What is large is moved each time that there is no room for more.
        self.stages.reserve_exact(count);
        self.names.reserve(count);
        for index in 0..instructions.len() {
            match self.kinds[index] {
                Keyword::From => {
                    if let Some(body) = self.bodies.last_mut() {
                        body.end = index;
                    }
                    self.bodies.push(index + 1..instructions.len());
                    self.stage(index, &instructions[index]);
                }
                Keyword::Arg if self.stages.is_empty() => {
                    self.global_argument(&instructions[index])
                }
                _ => {}
            }
        }
        if self.stages.is_empty() {
            let span = instructions.first().map(|instruction| instruction.span);
            if let Some(span) = span {
                let message = "dockerfile contains no stages to build".to_owned();
                self.problem(Phase::Options, 0, span, message);
            }
        }
    }

    fn bind_platform(&mut self) {
        for (name, value) in PLATFORM {
            let binding = match (self.inputs.closed, self.inputs.args.get(name)) {
                (_, Some(Some(text))) => given(text),
                (true, None) => foreign(value, self.file),
                _ => Binding::Unknown,
            };
            self.global.set(name, binding);
        }
    }

    /// What is given for an argument from outside.
    fn given(&self, name: &str) -> Option<Binding> {
        match self.inputs.args.get(name) {
            Some(Some(text)) => Some(given(text)),
            Some(None) => Some(Binding::Unknown),
            None => self.inputs.configured.get(name).map(|value| foreign(value, self.file)),
        }
    }

    fn global_argument(&mut self, instruction: &Instruction) {
        for pair in instruction.arguments.pairs() {
            let name = pair.key.value.as_str();
            let value = match (self.given(name), &pair.value) {
                (Some(given), _) => Some(given),
                (None, Some(value)) => {
                    let source = Source::of(&instruction.logical, value);
                    match self.expander(None).expand(source) {
                        Ok(text) => Some(defined(Arc::new(text), value.span)),
                        Err(message) => {
                            self.problem(Phase::Stages, 0, value.span, message);
                            None
                        }
                    }
                }
                (None, None) if self.inputs.closed || self.global.get(name).is_some() => None,
                (None, None) => Some(Binding::Unknown),
            };
            if let Some(value) = value {
                self.global.set(name, value);
            }
        }
    }

    fn stage(&mut self, index: usize, instruction: &Instruction) {
        let number = self.stages.len();
        let words = instruction.arguments.words();
        let mut expand = |word: &Word, what: &str| {
            let source = Source::of(&instruction.logical, word);
            match self.expander(None).expand(source) {
                Ok(text) => text,
                Err(message) => {
                    let message = format!("{what}{message}");
                    self.problem(Phase::Stages, number, word.span, message);
                    unknown(word.span, &word.value)
                }
            }
        };
        let platform = instruction.flag("platform").and_then(|flag| flag.value.as_ref());
        let written = platform;
        let wrong = "failed to process arguments for platform : ";
        let platform = written.map(|word| expand(word, wrong));
        let (base, name) = match words {
            [base] => (Some(base), None),
            [base, r#as, name] if r#as.value.eq_ignore_ascii_case("as") => {
                (Some(base), Some(name.spanned()))
            }
            // No grammar allows it, and nobody knows what it builds on.
            _ => (None, None),
        };
        let base = match base {
            None => Text::empty(instruction.keyword.span),
            Some(word) => {
                let text = expand(word, "");
                if text.value().is_empty() {
                    let message = format!("base name ({}) should not be blank", word.value);
                    self.problem(Phase::Stages, number, word.span, message);
                }
                text
            }
        };
        if let (Some(word), Some(value)) = (written, platform.as_ref().and_then(Text::known)) {
            let written = &word.value;
            let message = match platform::problem(value) {
                _ if value.is_empty() => {
                    Some(format!("empty platform value from expression {written}"))
                }
                problem => problem.map(|why| format!("failed to parse platform {written}: {why}")),
            };
            if let Some(message) = message {
                self.problem(Phase::Stages, number, word.span, message);
            }
        }
        let base = self.base(base);
        self.open.push(match base {
            Base::Stage { index, .. } => self.open[index],
            Base::Image(_) | Base::Context(_) => !self.inputs.closed,
            Base::Scratch(_) => false,
        });
        if let Some(name) = &name {
            self.names.insert(name.value.to_lowercase(), number);
        }
        let root = match base {
            Base::Stage { index, .. } => self.stages[index].root,
            _ => number,
        };
        self.stages.push(Stage {
            name,
            base,
            root,
            from: instruction.span,
            instruction: index,
            platform,
            image: None,
            steps: Vec::new(),
            expanding: Vec::new(),
            needed: false,
            settings: Settings::default(),
            added: Lists::default(),
            cost: None,
        });
    }

    /// Stages are named in lower case here: `FROM Build` is not `AS Build`.
    fn base(&self, text: Text) -> Base {
        match text.known() {
            Some(name) if self.inputs.contexts.contains(name) => Base::Context(text),
            Some(name) if self.is_elsewhere(name) => Base::Context(text),
            Some(name) => match self.names.get(name) {
                Some(index) => Base::Stage { index: *index, span: text.span() },
                None if name == "scratch" => Base::Scratch(text.span()),
                None => Base::Image(text),
            },
            None => Base::Image(text),
        }
    }

    /// Finds what `--from` of `COPY` and of mounts name, in all stages.
    fn find_sources(&mut self) {
        for stage in 0..self.stages.len() {
            let mut dependencies = Vec::new();
            for index in self.bodies[stage].clone() {
                if !matches!(self.kinds[index], Keyword::Copy | Keyword::Run | Keyword::Onbuild) {
                    continue;
                }
                let instruction = &self.file.instructions[index];
                // A bare name may be a stage of the file that is built on this one.
                let waiting = instruction.trigger().map(sources).unwrap_or_default().into_iter();
                for (word, role) in waiting.filter(|(word, _)| word.value.contains(['/', ':'])) {
                    let image = self.references.read(Text::written(word), role);
                    self.images.push(Reference { stage, image });
                }
                for (word, role) in sources(instruction) {
                    match self.source(&word.value) {
                        From::Stage(index) => dependencies.push((index, word.span)),
                        From::Context => {}
                        From::Image => {
                            let image = self.references.read(Text::written(word), role);
                            self.images.push(Reference { stage, image });
                        }
                        From::Wrong(message) => {
                            self.problem(Phase::Sources, stage, word.span, message);
                        }
                    }
                }
            }
            self.dependencies.push(dependencies);
        }
    }

    /// Whether Buildah takes an image from somewhere else than a registry.
    fn is_elsewhere(&self, name: &str) -> bool {
        const TRANSPORTS: [&str; 7] = [
            "docker://",
            "oci:",
            "oci-archive:",
            "docker-archive:",
            "docker-daemon:",
            "containers-storage:",
            "dir:",
        ];
        let is_transport = || TRANSPORTS.iter().any(|transport| name.starts_with(transport));
        self.file.dialect == Dialect::Buildah && is_transport()
    }

    fn source(&self, name: &str) -> From {
        let is_buildah = self.file.dialect == Dialect::Buildah;
        if self.is_elsewhere(name) || is_buildah && name.contains('$') {
            return From::Context;
        }
        if name.contains('$') {
            return From::Wrong(
                "variable expansion is not supported for --from, define a new stage with FROM \
                 using ARG from global scope as a workaround"
                    .to_owned(),
            );
        }
        let lower = name.to_lowercase();
        if self.inputs.contexts.contains(name) {
            return From::Context;
        }
        match (name.parse::<i64>(), self.names.get(&lower)) {
            (Ok(number), _) => match usize::try_from(number) {
                Ok(index) if index < self.stages.len() => From::Stage(index),
                _ => From::Wrong(format!("invalid stage index {number}")),
            },
            (Err(_), Some(index)) => From::Stage(*index),
            (Err(_), None) if lower == "scratch" => From::Context,
            (Err(_), None) => From::Image,
        }
    }

    fn find_target(&mut self) -> Option<usize> {
        let last = self.stages.len().checked_sub(1);
        let Some(target) = &self.inputs.target else { return last };
        let found = match self.names.get(&target.value.to_lowercase()) {
            Some(index) => Some(*index),
            None => target.value.parse().ok().filter(|index| *index < self.stages.len()),
        };
        if found.is_none() && last.is_some() {
            let name = quoted(&target.value);
            let message = format!("target stage {name} could not be found");
            self.problem(Phase::Stages, usize::MAX, target.span, message);
        }
        found
    }

    /// Follows what the target needs.
    fn mark_needed(&mut self, target: Option<usize>) {
        let mut waiting: Vec<usize> = target.into_iter().collect();
        while let Some(stage) = waiting.pop() {
            if std::mem::replace(&mut self.stages[stage].needed, true) {
                continue;
            }
            waiting.extend((0..).map_while(|index| self.needs(stage, index)).map(|(next, _)| next));
        }
    }

    /// What BuildKit calls a stage.
    fn called(&self, stage: usize) -> String {
        let name = self.stages[stage].name.as_ref();
        name.map_or_else(|| format!("stage-{stage}"), |name| name.value.to_lowercase())
    }

    /// Goes into the depth, without recursion; what is met while it is still open is a circle.
    fn find_cycle(&mut self) {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut states = vec![State::New; self.stages.len()];
        for start in 0..self.stages.len() {
            // A stage, how many of those that it needs were looked at, and where it is needed.
            let mut way: Vec<(usize, usize, Option<Span>)> = vec![(start, 0, None)];
            while let Some((stage, looked_at, _)) = way.last_mut() {
                let stage = *stage;
                if *looked_at == 0 && states[stage] == State::Done {
                    way.pop();
                    continue;
                }
                states[stage] = State::Open;
                let Some((next, span)) = self.needs(stage, *looked_at) else {
                    states[stage] = State::Done;
                    way.pop();
                    continue;
                };
                *looked_at += 1;
                if states[next] == State::Open {
                    // BuildKit tells the whole way, from where it set out.
                    let name = self.called(start);
                    let message = format!("circular dependency detected on stage: {name}");
                    let first = way.get(1).and_then(|(.., needed)| *needed).unwrap_or(span);
                    return self.problem(Phase::Cycles, stage, first, message);
                }
                way.push((next, 0, Some(span)));
            }
        }
    }

    /// The stages that a stage needs, one by one: its base, then what it takes files from.
    fn needs(&self, stage: usize, index: usize) -> Option<(usize, Span)> {
        match (&self.stages[stage].base, index) {
            (Base::Stage { index, span }, 0) => Some((*index, *span)),
            (Base::Stage { .. }, index) => self.dependencies[stage].get(index - 1).copied(),
            (_, index) => self.dependencies[stage].get(index).copied(),
        }
    }

    fn check_references(&mut self) {
        for (number, stage) in self.stages.iter_mut().enumerate() {
            match &stage.base {
                Base::Image(text) => {
                    let image = self.references.read(text.clone(), Role::Base);
                    if !text.value().is_empty() {
                        self.images.push(Reference { stage: number, image: image.clone() });
                    }
                    stage.image = Some(image).filter(|image| image.error().is_none());
                }
                Base::Scratch(span) => {
                    let scratch = Spanned::new("scratch".to_owned(), *span);
                    stage.image = Some(self.references.read(Text::written(scratch), Role::Base));
                }
                Base::Stage { .. } | Base::Context(_) => {}
            }
        }
        self.images.sort_by_key(|reference| reference.image.span().start);
        for Reference { stage, image } in &self.images {
            if let Some(error) = image.error() {
                let name = quoted(image.text.value());
                let message = format!("failed to parse stage name {name}: {}", error.value);
                let error = SyntaxError { span: error.span, message, also: Vec::new() };
                self.problems.push((Phase::References, *stage, error));
            }
        }
    }

    /// Evaluates all stages, each behind its base, whose variables it goes on with.
    fn run(&mut self) {
        enum Task {
            Enter(usize),
            Leave(usize),
        }
        let mut built_on: Vec<Vec<usize>> = vec![Vec::new(); self.stages.len()];
        let mut tasks = Vec::new();
        for (index, stage) in self.stages.iter().enumerate().rev() {
            match stage.base {
                Base::Stage { index: base, .. } => built_on[base].push(index),
                _ => tasks.push(Task::Enter(index)),
            }
        }
        let mut kept = std::mem::take(&mut self.kept);
        let mut settled = self.settle_all(&mut kept);
        while let Some(task) = tasks.pop() {
            match task {
                // Behind the last stage nobody asks any more.
                Task::Leave(_) if tasks.is_empty() => {}
                Task::Leave(mark) => self.scope.restore(mark),
                Task::Enter(stage) => {
                    tasks.push(Task::Leave(self.scope.mark()));
                    tasks.extend(built_on[stage].iter().map(|stage| Task::Enter(*stage)));
                    let kept = kept.get_mut(stage).and_then(Option::take);
                    let settled = settled.get_mut(stage).and_then(Option::take);
                    let settled = settled.or_else(|| Some(self.settle(stage, kept?)));
                    self.run_stage(stage, settled, !built_on[stage].is_empty());
                }
            }
        }
    }

    /// Settles what is kept of stages that are built on no other one, which is taken.
    fn settle_all(&self, kept: &mut [Option<Kept>]) -> Vec<Option<Run>> {
        let settle = |(stage, kept): (usize, &mut Option<Kept>)| match self.stages[stage].base {
            Base::Stage { .. } => None,
            _ => kept.take().map(|kept| self.settle(stage, kept)),
        };
        kept.par_iter_mut().enumerate().with_min_len(64).map(settle).collect()
    }

    /// Evaluates a stage, unless it was kept and is settled already.
    fn run_stage(&mut self, stage: usize, settled: Option<Run>, has_heirs: bool) {
        let base = self.base_of(stage);
        if base.is_none() && !self.open[stage] {
            self.scope.set("PATH", foreign(PATH, self.file));
        }
        let budget = self.budget;
        let run = match settled {
            Some(run) => {
                self.budget = budget.saturating_sub(run.cost);
                if has_heirs {
                    self.bind_all(&run);
                }
                run
            }
            None => self.carry_out(stage),
        };
        let needed = self.stages[stage].needed;
        let phase = if needed { Phase::Steps } else { Phase::Unneeded };
        let can_be_kept = run.can_be_kept && run.errors.is_empty();
        self.problems.extend(run.errors.into_iter().map(|error| (phase, stage, error)));
        let of_stage = &mut self.stages[stage];
        (of_stage.settings, of_stage.added) = (run.settings, run.added);
        (of_stage.steps, of_stage.expanding) = (run.steps, run.expanding);
        of_stage.cost = can_be_kept.then_some(budget - self.budget);
    }

    /// The stage that a stage is built on.
    fn base_of(&self, stage: usize) -> Option<usize> {
        match self.stages[stage].base {
            Base::Stage { index, .. } => Some(index),
            _ => None,
        }
    }

    /// A stage that begins as its base ends.
    fn begin(&self, stage: usize) -> Run {
        let base = self.base_of(stage);
        Run {
            stage,
            settings: base.map(|base| self.stages[base].settings.clone()).unwrap_or_default(),
            own_command: false,
            added: Lists::default(),
            steps: Vec::new(),
            expanding: Vec::new(),
            errors: Vec::new(),
            can_be_kept: true,
            cost: 0,
        }
    }

    /// Evaluates the triggers of the base, and the instructions.
    fn carry_out(&mut self, stage: usize) -> Run {
        let mut run = self.begin(stage);
        let body = self.bodies[stage].clone();
        run.steps.reserve_exact(body.len());
        let triggers = self.base_of(stage).map(|base| self.stages[base].added.triggers.clone());
        for index in triggers.into_iter().flatten() {
            run.can_be_kept = false;
            // Only a hostile file has many stages on many triggers; the rest is left out.
            let length = self.file.instructions[index].span.range().len();
            let Some(left) = self.triggers.checked_sub(length) else { break };
            self.triggers = left;
            self.step(&mut run, index, true);
        }
        body.for_each(|index| self.step(&mut run, index, false));
        run
    }

    /// Goes through the steps of an earlier evaluation, whose words are what they were.
    fn settle(&self, stage: usize, kept: Kept) -> Run {
        let Kept { mut steps, expanding, cost } = kept;
        let mut run = Run { expanding, cost, ..self.begin(stage) };
        for (step, index) in steps.iter_mut().zip(self.bodies[stage].clone()) {
            let instruction = &self.file.instructions[index];
            step.instruction = index;
            run.stand_before(step);
            if let Err(error) = self.take_effect(&mut run, step, instruction) {
                run.errors.push(told(error));
            }
        }
        Run { steps, ..run }
    }

    /// Sets the variables of a stage that is settled.
    fn bind_all(&mut self, run: &Run) {
        for step in &run.steps {
            self.bind(step, &self.file.instructions[step.instruction]);
        }
    }

    fn step(&mut self, run: &mut Run, index: usize, triggered: bool) {
        let file = self.file;
        let instruction = &file.instructions[index];
        let instruction = instruction.trigger().filter(|_| triggered).unwrap_or(instruction);
        let mut step = Step {
            instruction: index,
            triggered,
            user: None,
            workdir: None,
            shell: None,
            words: Vec::new(),
            pairs: Vec::new(),
            options: Vec::new(),
            mounts: Vec::new(),
            files: Vec::new(),
            from_stage: None,
        };
        run.stand_before(&mut step);
        self.expands = false;
        let wrong =
            if triggered { dockerfile::check(instruction, self.file.dialect) } else { None };
        let outcome = match wrong {
            Some(error) => Err(Spanned::new(error.message, error.span)),
            None => self.dispatch(run, &mut step, instruction),
        };
        if self.expands {
            run.expanding.push(run.steps.len());
        }
        run.steps.push(step);
        if let Err(error) = outcome {
            let mut error = told(error);
            if triggered {
                error.also.push((error.span, "waits here".to_owned()));
                error.span = self.stages[run.stage].base.span();
            }
            run.errors.push(error);
        }
    }

    /// Replaces the variables of a step, and does what it says.
    fn dispatch(&mut self, run: &mut Run, step: &mut Step, instruction: &Instruction) -> Outcome {
        match instruction.kind {
            Keyword::Env | Keyword::Label => {
                step.pairs = self.pairs(run.stage, instruction)?;
                self.bind(step, instruction);
            }
            Keyword::Arg => {
                for pair in instruction.arguments.pairs() {
                    let default = match &pair.value {
                        None => None,
                        Some(value) => {
                            Some(Arc::new(self.expand(run.stage, instruction, value)?))
                        }
                    };
                    self.declare(pair, default.as_ref());
                    let name = Arc::new(Text::written(pair.key.spanned()));
                    step.pairs.push((name, default));
                }
            }
            Keyword::User | Keyword::Workdir | Keyword::Stopsignal | Keyword::Volume => {
                step.words = self.words(run.stage, instruction)?;
            }
            Keyword::Expose => return self.expose(run, step, instruction),
            Keyword::Copy | Keyword::Add => return self.copy(run, step, instruction),
            Keyword::Run => return self.mounts(run, step, instruction),
            _ => {}
        }
        self.take_effect(run, step, instruction)
    }

    /// Sets the variables of `ENV` and `ARG`.
    fn bind(&mut self, step: &Step, instruction: &Instruction) {
        let pairs = || instruction.arguments.pairs().iter().zip(&step.pairs);
        match instruction.kind {
            Keyword::Env => {
                for (pair, (name, value)) in pairs() {
                    if let (Some(name), Some(value)) = (name.known(), value) {
                        let span = pair.value.as_ref().map_or(pair.key.span, |value| value.span);
                        self.scope.set(name, defined(Arc::clone(value), span));
                    }
                }
            }
            Keyword::Arg => pairs().for_each(|(pair, (_, it))| self.declare(pair, it.as_ref())),
            _ => {}
        }
    }

    /// Does what a step says whose words are known, variables apart.
    fn take_effect(&self, run: &mut Run, step: &mut Step, instruction: &Instruction) -> Outcome {
        let arguments = &instruction.arguments;
        let placed = |command| Some(Arc::new(Spanned::new(command, instruction.span)));
        match instruction.kind {
            Keyword::Env => run.added.env.extend(set(step)),
            Keyword::Label => run.added.labels.extend(set(step)),
            // The last one is the only one; that it is missing the parser has told.
            Keyword::User => {
                let user = step.words.last().cloned();
                run.settings.user = user.map(Arc::new).or(run.settings.user.take());
            }
            Keyword::Workdir => {
                if let Some(path) = step.words.last() {
                    let before = run.settings.workdir.take();
                    let workdir = join(before.as_deref(), path, self.open[run.stage]);
                    run.settings.workdir = Some(Arc::new(workdir));
                }
            }
            Keyword::Stopsignal => {
                if let Some(name) = step.words.last() {
                    if let Some(name) = name.known().filter(|name| !signal::is_signal(name)) {
                        let message = format!("invalid signal: {name}");
                        return Err(Spanned::new(message, arguments.words()[0].span));
                    }
                    run.settings.stop_signal = Some(Arc::new(name.clone()));
                }
            }
            Keyword::Expose => {
                let exposed = step.words.iter().filter_map(|word| exposed(word)?.ok());
                run.added.exposed.extend(exposed);
            }
            Keyword::Volume => {
                if let Some(empty) = step.words.iter().find(|word| word.value().is_empty()) {
                    let message = "VOLUME specified can not be an empty string".to_owned();
                    return Err(Spanned::new(message, empty.span()));
                }
                run.added.volumes.extend(step.words.iter().cloned());
            }
            Keyword::Shell => {
                run.settings.shell = Some(arguments.words().iter().map(Word::spanned).collect());
            }
            Keyword::Entrypoint => {
                if !run.own_command {
                    run.settings.command = None;
                }
                run.settings.entrypoint = placed(run.command(instruction, arguments));
            }
            Keyword::Cmd => {
                run.own_command = true;
                run.settings.command = placed(run.command(instruction, arguments));
            }
            Keyword::Healthcheck => {
                if let Arguments::Health { kind, command } = arguments {
                    let health = match kind.value.eq_ignore_ascii_case("none") {
                        true => Healthcheck::Disabled,
                        false => Healthcheck::Command(run.command(instruction, command)),
                    };
                    run.settings.healthcheck =
                        Some(Arc::new(Spanned::new(health, instruction.span)));
                }
            }
            Keyword::Onbuild => {
                run.added.triggers.extend(instruction.trigger().map(|_| step.instruction));
            }
            Keyword::Copy | Keyword::Add => self.take_files(run.stage, step, instruction)?,
            Keyword::Run => {
                let wrong = |mount| self.reaches_back(run.stage, mount).err();
                let mut mounts = step.mounts.iter().enumerate();
                let first = mounts.find_map(|(at, mount)| Some((at, wrong(mount)?)));
                if let Some((at, error)) = first {
                    step.mounts.truncate(at);
                    return Err(error);
                }
            }
            Keyword::Arg | Keyword::From | Keyword::Maintainer | Keyword::Unknown => {}
        }
        Ok(())
    }

    /// `ARG`: what is given goes before the default, that before the global argument's value.
    fn declare(&mut self, pair: &Pair, default: Option<&Arc<Text>>) {
        let name = pair.key.value.as_str();
        let value = match (self.given(name), default) {
            (Some(given), _) => Some(given),
            (None, Some(text)) => {
                let span = pair.value.as_ref().map_or(pair.key.span, |value| value.span);
                Some(defined(Arc::clone(text), span))
            }
            (None, None) => match self.global.get(name) {
                Some(binding) => Some(binding.clone()),
                None if self.inputs.closed || self.scope.get(name).is_some() => None,
                None => Some(Binding::Unknown),
            },
        };
        if let Some(value) = value {
            self.scope.set(name, value);
        }
    }

    fn expose(&mut self, run: &mut Run, step: &mut Step, instruction: &Instruction) -> Outcome {
        let mut words = Vec::new();
        // BuildKit sorts them, and replaces all variables before it looks at what came of it.
        let mut wrong: Vec<((bool, &str), Spanned<String>)> = Vec::new();
        for word in instruction.arguments.words() {
            let source = Source::of(&instruction.logical, word);
            match self.expander(Some(run.stage)).words(source) {
                Ok(expanded) => {
                    words.extend(expanded.into_iter().map(|text| (word.value.as_str(), text)));
                }
                Err(message) => {
                    wrong.push(((false, &word.value), Spanned::new(message, word.span)));
                }
            }
        }
        for (written, word) in &words {
            match exposed(word) {
                Some(Ok(exposed)) => run.added.exposed.push(exposed),
                Some(Err(message)) => {
                    wrong.push(((true, *written), Spanned::new(message, word.span())));
                }
                None => {}
            }
        }
        step.words = words.into_iter().map(|(_, word)| word).collect();
        wrong.into_iter().min_by_key(|(order, _)| *order).map_or(Ok(()), |(_, it)| Err(it))
    }

    fn copy(&mut self, run: &mut Run, step: &mut Step, instruction: &Instruction) -> Outcome {
        let mut flag = |name: &str| {
            let flag = instruction.flag(name).and_then(|flag| flag.value.as_ref());
            flag.map(|value| self.expand(run.stage, instruction, value)).transpose()
        };
        let chown = flag("chown")?;
        let (chmod, checksum) = (flag("chmod")?, flag("checksum")?);
        step.options.extend([&chown, &chmod, &checksum].into_iter().flatten().cloned());
        step.words = self.words(run.stage, instruction)?;
        for (name, heredoc) in instruction.inline_files() {
            let source = Source::of_body(heredoc);
            let content = match heredoc.expand {
                true => self.expander(Some(run.stage)).body(source),
                false => Ok(source.as_written()),
            };
            let content = content.map_err(|message| Spanned::new(message, heredoc.body))?;
            step.files.push(InlineFile { name: name.spanned(), content });
        }
        self.take_effect(run, step, instruction)?;
        let sources = step.words.split_last().map_or(&[][..], |(_, sources)| sources).iter();
        let markers = || instruction.heredocs.iter().map(|heredoc| heredoc.marker.span);
        let is_inline = |text: &&Text| markers().any(|marker| marker.contains(text.span()));
        let transfer = Transfer {
            kind: instruction.kind,
            chmod: chmod.as_ref(),
            checksum: checksum.as_ref(),
            sources: sources.filter(|text| !is_inline(text)).collect(),
        };
        transfer.problem().map_or(Ok(()), Err)
    }

    /// Finds the stage that files are taken from.
    fn take_files(&self, stage: usize, step: &mut Step, instruction: &Instruction) -> Outcome {
        step.from_stage = None;
        for (word, _) in sources(instruction) {
            let From::Stage(index) = self.source(&word.value) else { continue };
            if index > stage {
                let message = format!(
                    "cannot copy from stage {}, it needs to be defined before current stage {}",
                    quoted(&word.value),
                    quoted(&self.called(stage))
                );
                return Err(Spanned::new(message, word.span));
            }
            step.from_stage = Some(index);
        }
        Ok(())
    }

    fn mounts(&mut self, run: &Run, step: &mut Step, instruction: &Instruction) -> Outcome {
        let flags = instruction.flags.iter().filter(|flag| flag.name.value == "mount");
        for value in flags.filter_map(|flag| flag.value.as_ref()) {
            let mut options = Vec::new();
            for option in mount_options(&instruction.logical, value) {
                let word = option.value.as_ref();
                let text =
                    word.map(|word| self.expand(run.stage, instruction, word)).transpose()?;
                options.push((option, text));
            }
            let mount = mount::read(value.span, options, self.file.dialect)?;
            self.reaches_back(run.stage, &mount)?;
            let target = mount.target.as_ref().map_or("", Text::value);
            let moved = run.settings.workdir.as_ref().is_some_and(|dir| dir.value() != "/");
            let rooted = if target.is_empty() { !moved } else { normalise(target) == "/" };
            let anywhere = matches!(mount.kind.as_str(), "secret" | "ssh") || self.open[run.stage];
            if rooted && !anywhere {
                let message = "invalid mount target \"/\"".to_owned();
                return Err(Spanned::new(message, value.span));
            }
            step.mounts.push(mount);
        }
        if let Some(flag) = instruction.flag("device").filter(|_| !self.is_labs()) {
            let message =
                "device feature is only supported in Dockerfile frontend 1.14.0-labs or later";
            return Err(Spanned::new(message.to_owned(), flag.text.span));
        }
        Ok(())
    }

    /// Nothing can be seen of a stage that comes later.
    fn reaches_back(&self, stage: usize, mount: &Mount) -> Outcome {
        let Some(from) = mount.from.as_ref().filter(|from| !from.value.is_empty()) else {
            return Ok(());
        };
        match self.source(&from.value) {
            From::Stage(index) if index > stage => {
                let target = mount.target.as_ref().map_or("", Text::value);
                let message = format!(
                    "cannot mount from stage {} to {}, stage needs to be defined before current \
                     command",
                    quoted(&from.value),
                    quoted(target)
                );
                Err(Spanned::new(message, from.span))
            }
            _ => Ok(()),
        }
    }

    fn is_labs(&self) -> bool {
        self.file.syntax.as_ref().is_some_and(|syntax| syntax.value.contains("labs"))
    }

    fn words(&mut self, stage: usize, instruction: &Instruction) -> Outcome<Vec<Text>> {
        let words = instruction.arguments.words();
        // Many are kept, so that room for others would cost more than it saves.
        let mut expanded = Vec::with_capacity(words.len());
        for word in words {
            expanded.push(self.expand(stage, instruction, word)?);
        }
        Ok(expanded)
    }

    /// All of them see the variables as they were before the instruction.
    fn pairs(&mut self, stage: usize, instruction: &Instruction) -> Outcome<Pairs> {
        let pairs = instruction.arguments.pairs().iter();
        pairs
            .map(|pair| {
                let key = self.expand(stage, instruction, &pair.key)?;
                let value = match &pair.value {
                    Some(value) => self.expand(stage, instruction, value)?,
                    // What the instruction is refused for.
                    None => unknown(pair.key.span, &pair.key.value),
                };
                Ok((Arc::new(key), Some(Arc::new(value))))
            })
            .collect()
    }

    fn expand(&mut self, stage: usize, instruction: &Instruction, word: &Word) -> Outcome<Text> {
        let source = Source::of(&instruction.logical, word);
        let expanded = self.expander(Some(stage)).expand(source);
        expanded.map_err(|message| Spanned::new(message, word.span))
    }

    /// Of a stage, or before all stages.
    fn expander(&mut self, stage: Option<usize>) -> Expander<'_> {
        Expander {
            scope: if stage.is_some() { &self.scope } else { &self.global },
            open: stage.is_some_and(|stage| self.open[stage]),
            budget: &mut self.budget,
            expands: &mut self.expands,
            escape: self.file.escape,
        }
    }

    fn problem(&mut self, phase: Phase, order: usize, span: Span, message: String) {
        self.problems.push((phase, order, SyntaxError { span, message, also: Vec::new() }));
    }

    /// See [`Build::steps_of`].
    fn places(&self) -> Vec<Vec<Place>> {
        let mut places = vec![Vec::new(); Keyword::Unknown as usize + 1];
        for (index, (stage, body)) in self.stages.iter().zip(&self.bodies).enumerate() {
            let (triggered, own) = stage.steps.split_at(stage.steps.len() - body.len());
            let triggers = triggered.iter().map(|step| step.instruction(self.file).kind);
            let own = own.iter().zip(&self.kinds[body.clone()]).map(|(_, kind)| *kind);
            for (at, kind) in triggers.chain(own).enumerate() {
                places[kind as usize].push((index as u32, at as u32));
            }
        }
        places
    }

    fn finish(self, target: Option<usize>) -> Build {
        // With so much left, there was enough for each of them.
        let is_scarce = self.budget < LONGEST + length(self.file);
        let places = self.places();
        let Self { stages, images, mut problems, .. } = self;
        problems.sort_by_key(|(phase, order, _)| (*phase, *order));
        let first = problems.partition_point(|(phase, ..)| *phase < Phase::Unneeded);
        let latent = problems.split_off(first);
        let plain = |list: Vec<(Phase, usize, SyntaxError)>| {
            list.into_iter().map(|(_, _, error)| error).collect()
        };
        let (errors, latent) = (plain(problems), plain(latent));
        Build { stages, target, images, errors, latent, places, is_scarce }
    }
}

type Outcome<T = ()> = Result<T, Spanned<String>>;

/// A stage while it is evaluated.
struct Run {
    stage: usize,
    settings: Settings,
    /// A `CMD` of this stage was met: `ENTRYPOINT` resets only an inherited one.
    own_command: bool,
    added: Lists,
    /// Those behind which it is.
    steps: Vec<Step>,
    /// See [`Stage::expanding`].
    expanding: Vec<usize>,
    /// What BuildKit would stop at.
    errors: Vec<SyntaxError>,
    /// Whether it is nothing but its own instructions, see [`Stage::cost`].
    can_be_kept: bool,
    /// What its variables have cost when it was evaluated, if it is kept from there.
    cost: usize,
}

impl Run {
    /// Shows a step what is in force before it.
    fn stand_before(&self, step: &mut Step) {
        let Settings { user, workdir, shell, .. } = &self.settings;
        (step.user, step.workdir, step.shell) = (user.clone(), workdir.clone(), shell.clone());
    }

    fn command(&self, instruction: &Instruction, arguments: &Arguments) -> Command {
        match arguments {
            Arguments::Json { strings, .. } => {
                Command::Exec(strings.iter().map(unquoted).collect())
            }
            _ => {
                let keyword = instruction.keyword.span;
                let text = match arguments {
                    Arguments::Text(word) => line(word, instruction),
                    _ => Text::empty(keyword),
                };
                let shell = match &self.settings.shell {
                    Some(shell) => shell.to_vec(),
                    None => {
                        ["/bin/sh", "-c"].map(|word| Spanned::new(word.to_owned(), keyword)).into()
                    }
                };
                Command::Shell { shell, text }
            }
        }
    }
}

fn told(error: Spanned<String>) -> SyntaxError {
    SyntaxError { span: error.span, message: error.value, also: Vec::new() }
}

/// What `ENV` and `LABEL` set.
fn set(step: &Step) -> impl Iterator<Item = (Arc<Text>, Arc<Text>)> {
    step.pairs.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?)))
}

/// The ports that a word of `EXPOSE` names, if it is known, or why there are none.
fn exposed(word: &Text) -> Option<Result<Exposed, String>> {
    let parsed = port::parse(word.known()?);
    Some(parsed.map(|(first, last, protocol)| Exposed {
        text: word.clone(),
        first,
        last,
        protocol,
    }))
}

/// How many bytes a file has, as far as there are instructions.
fn length(file: &File) -> usize {
    file.instructions.last().map_or(0, |last| last.span.end as usize)
}

/// A JSON string, of which each byte has its place unless there are escapes in it.
fn unquoted(word: &Word) -> Text {
    let mut text = Text::empty(word.span);
    let length = word.span.range().len();
    let is_verbatim = length == word.value.len() + 2;
    let inner = if is_verbatim { word.span.part(1..length - 1) } else { word.span };
    text.push(&word.value, inner, Origin::Written);
    text
}

/// A text for a shell, of which each byte has its place in the lines that it is written on.
fn line(word: &Word, instruction: &Instruction) -> Text {
    let mut text = Text::empty(word.span);
    for (range, span) in instruction.logical.pieces(word.range.start, word.range.end) {
        text.push(&instruction.logical.text()[range], span, Origin::Written);
    }
    text
}

/// What an instruction takes files from: `COPY --from`, `RUN --mount=from=`.
fn sources(instruction: &Instruction) -> Vec<(Spanned<String>, Role)> {
    let flag = match instruction.kind {
        Keyword::Copy => "from",
        Keyword::Run => "mount",
        _ => return Vec::new(),
    };
    let flags = instruction.flags.iter().filter(|found| found.name.value == flag);
    let values = flags.filter_map(|flag| flag.value.as_ref());
    match instruction.kind {
        Keyword::Copy => values
            .filter(|value| !value.value.is_empty())
            .map(|value| (value.spanned(), Role::CopyFrom))
            .collect(),
        _ => values
            .map(|value| {
                let options = mount_options(&instruction.logical, value).into_iter();
                let from = options.rev().find(|option| option.is("from"));
                let from = from.and_then(|option| option.value);
                // A stage of that name is looked at whatever the mount shows.
                let scratch = || Spanned::new("scratch".to_owned(), value.span);
                let from = from.filter(|from| !from.value.is_empty());
                (from.map_or_else(scratch, |from| from.spanned()), Role::Mount)
            })
            .filter(|(from, _)| !from.value.contains('$'))
            .collect(),
    }
}

fn given(text: &Text) -> Binding {
    defined(Arc::new(text.clone()), text.span())
}

fn defined(text: Arc<Text>, span: Span) -> Binding {
    Binding::Value { text, defined: Some(span) }
}

/// A value that is written nowhere; its place is the start of the file.
fn foreign(value: &str, file: &File) -> Binding {
    let span = file.instructions.first().map(|first| first.span);
    let Some(span) = span.map(|span| Span { start: 0, end: 0, ..span }) else {
        return Binding::Unknown;
    };
    let mut text = Text::empty(span);
    text.push(value, span, Origin::Written);
    Binding::Value { text: Arc::new(text), defined: None }
}

fn unknown(span: Span, name: &str) -> Text {
    let mut text = Text::empty(span);
    text.push_unknown(span, name);
    text
}

/// How many steps a working directory is followed.
const DEEP: usize = 128;

/// The working directory that `path` leads to from `before`. BuildKit leaves an absolute path as
/// it is.
fn join(before: Option<&Text>, path: &Text, unknown_base: bool) -> Text {
    let Some(value) = path.known().filter(|value| !value.starts_with('/')) else {
        return path.clone();
    };
    // Nobody goes so deep, and each step would keep the whole way.
    if before.is_some_and(|before| before.parts().len() > DEEP) {
        return unknown(path.span(), "WORKDIR");
    }
    if before.map_or(unknown_base, |before| before.known().is_none()) {
        let mut text = match before {
            Some(before) => before.slice(0..before.value().len()),
            None => unknown(path.span(), "WORKDIR"),
        };
        text.push(&format!("/{value}"), path.span(), Origin::Written);
        return text;
    }
    let before = before.map_or("", Text::value);
    let joined = normalise(&format!("{before}/{value}"));
    Text::written(Spanned::new(joined, path.span()))
}
