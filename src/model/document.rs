//! One file, parsed: what it is, its tree, its comments and what its grammar does not allow.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::knowledge::tokens;
use crate::source::{FileId, Garbled, SourceFile, Span};
use crate::syntax::dockerfile::{Instruction, Keyword};
use crate::syntax::shell::{Program, Site};
use crate::syntax::{Comment, Parsed, SyntaxError, dockerfile, helm, yaml};

use super::Format;
use super::dockerfile::{Build, Inputs, Stage, Step, build, build_again};
use super::environment::Environment;
use super::packages::Invocation;
use super::run::{Mark, Renewed, Run, runs, runs_again};
use super::text::Text;

/// A file of ours, parsed. It depends on nothing but the file, so that it can be kept while other
/// files change.
#[derive(Clone, Debug)]
pub struct Document {
    pub file: FileId,
    pub format: Format,
    /// By its name, its place, what it builds or its own word.
    pub environment: Environment,
    pub tree: Tree,
    pub comments: Vec<Comment>,
    pub errors: Vec<SyntaxError>,
    /// Tokens and keys of known forms anywhere in its text, comments included, with what each is.
    pub tokens: Vec<(Span, &'static str)>,
}

#[derive(Clone, Debug)]
pub enum Tree {
    Dockerfile(Box<Recipe>),
    Yaml(Arc<yaml::Tree>),
}

/// A Dockerfile, and what it builds when nothing is given from outside.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub file: FileId,
    /// The bytes of the file in which it is written, if it is within another: Compose's
    /// `dockerfile_inline`.
    pub within: Option<Span>,
    pub tree: dockerfile::File,
    pub build: Build,
    /// The build arguments that it was given.
    given: Arc<BTreeMap<String, String>>,
    /// What its `RUN`s give to a shell, in the order of stages and steps.
    pub runs: Vec<Run>,
    /// For each stage, whether what it leaves behind is in the image that ships.
    ships: Vec<bool>,
    /// Where the commands stand that run a program, by its name: the indexes of the `RUN` and of
    /// the command.
    calls: Calls,
    /// What is marked in each of `runs`.
    marks: Vec<u16>,
    /// See [`Recipe::is_template`].
    is_template: OnceLock<bool>,
    /// The variables by their names, in the order of the steps; made when it is first asked for.
    set: OnceLock<HashMap<String, Vec<Set>>>,
}

/// When nothing is given to a file but what the user says is given wherever nothing else is.
fn inputs(file: &SourceFile) -> Inputs {
    Inputs { configured: Arc::clone(&file.build_args), ..Inputs::default() }
}

type Calls = HashMap<String, Vec<(usize, usize)>>;

/// A command of a `RUN`, and the program that it runs.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    pub run: &'a Run,
    pub site: Site<'a>,
    pub program: Program<'a>,
}

impl Recipe {
    /// What a tree of a file builds.
    pub(super) fn new(tree: dockerfile::File, file: &SourceFile) -> Self {
        let build = build(&tree, &inputs(file));
        let runs = runs(&tree, &build);
        let calls = calls(&runs, 0);
        Self::of(tree, file, build, (runs, calls))
    }

    /// Reads a file by way of what was read of an earlier text of it, of which stays what has not
    /// changed.
    fn again(file: &SourceFile, text: &str, before: Parsed<Self>) -> Parsed<Self> {
        let Parsed { tree: recipe, comments, errors } = before;
        let Self { tree, build, mut runs, mut calls, given, set, .. } = recipe;
        // It has a part in the texts.
        drop(set);
        let (parsed, left) = dockerfile::parse_again(file, text, Parsed { tree, comments, errors });
        parsed.map(|tree| {
            let inputs = inputs(file);
            let build = match inputs.configured == given {
                true => build_again(&tree, &inputs, build, &left),
                false => self::build(&tree, &inputs),
            };
            let renewed = runs_again(&mut runs, &tree, &build, &left);
            call_again(&mut calls, &runs, &renewed);
            Self::of(tree, file, build, (runs, calls))
        })
    }

    fn of(
        tree: dockerfile::File,
        file: &SourceFile,
        build: Build,
        (runs, calls): (Vec<Run>, Calls),
    ) -> Self {
        let ships = vec![false; build.stages.len()];
        let mut recipe = Self {
            file: file.id,
            within: None,
            given: Arc::clone(&file.build_args),
            calls,
            marks: runs.iter().map(Run::marks).collect(),
            tree,
            build,
            runs,
            ships,
            is_template: OnceLock::new(),
            set: OnceLock::new(),
        };
        let line = recipe.shipped().map(|target| recipe.build.line(target));
        line.into_iter().flatten().for_each(|stage| recipe.ships[stage] = true);
        recipe
    }

    /// Every command of every `RUN`, with the `RUN` it stands in.
    pub fn commands(&self) -> impl Iterator<Item = (&Run, Site<'_>)> {
        self.runs.iter().flat_map(|run| run.script.commands().map(move |site| (run, site)))
    }

    /// Every command that runs one of these programs, in order.
    pub fn calls_of(&self, programs: &[&str]) -> impl Iterator<Item = Call<'_>> {
        self.places(programs).into_iter().filter_map(|(run, command)| {
            let run = &self.runs[run];
            let site = run.script.command(command)?;
            Some(Call { run, site, program: site.command.program()? })
        })
    }

    /// The programs that commands run, by their names.
    pub fn programs(&self) -> impl Iterator<Item = &str> {
        self.calls.keys().map(String::as_str)
    }

    fn places(&self, programs: &[&str]) -> Vec<(usize, usize)> {
        let of_one = |program: &&str| self.calls.get(*program).map(Vec::as_slice);
        let mut places = programs.iter().filter_map(of_one).collect::<Vec<_>>().concat();
        places.sort_unstable();
        places
    }

    /// Every `RUN` with a command that runs one of these programs.
    pub fn runs_calling(&self, programs: &[&str]) -> impl Iterator<Item = &Run> {
        let mut runs: Vec<usize> = self.places(programs).iter().map(|(run, _)| *run).collect();
        runs.dedup();
        runs.into_iter().map(|run| &self.runs[run])
    }

    /// Every `RUN` that has this in it.
    pub fn runs_with(&self, mark: Mark) -> impl Iterator<Item = &Run> {
        let marked =
            self.marks.iter().zip(&self.runs).filter(move |(marks, _)| mark.is_in(**marks));
        marked.map(|(_, run)| run)
    }

    /// Every command of these.
    pub fn commands_with(&self, mark: Mark) -> impl Iterator<Item = (&Run, Site<'_>)> {
        let runs = self.runs_with(mark);
        runs.flat_map(|run| run.script.commands().map(move |site| (run, site)))
    }

    /// Every call of a package manager in every `RUN`.
    pub fn invocations(&self) -> impl Iterator<Item = (&Run, Site<'_>, &Invocation)> {
        self.runs_with(Mark::Invocation)
            .flat_map(|run| run.invocations().map(move |(site, call)| (run, site, call)))
    }

    /// Every step with the index of its stage.
    pub fn steps(&self) -> impl Iterator<Item = (&Step, usize)> {
        let stages = self.build.stages.iter().enumerate();
        stages.flat_map(|(index, stage)| stage.steps.iter().map(move |step| (step, index)))
    }

    /// Every step whose instruction is one of these, with the index of its stage.
    pub fn steps_of(&self, kinds: &[Keyword]) -> impl Iterator<Item = (&Step, usize)> {
        self.build.steps_of(kinds)
    }

    /// The `RUN`s of some stages.
    pub fn runs_of(&self, stages: &[usize]) -> impl Iterator<Item = &Run> {
        let mut is_one = vec![false; self.build.stages.len()];
        stages.iter().for_each(|stage| is_one[*stage] = true);
        self.runs.iter().filter(move |run| is_one[run.stage])
    }

    /// The step that a `RUN` is.
    pub fn step(&self, run: &Run) -> &Step {
        &self.build.stages[run.stage].steps[run.step]
    }

    /// The stage whose image ships: the one that is built, unless its name says that it is for
    /// developing.
    pub fn shipped(&self) -> Option<usize> {
        self.build.target.filter(|target| {
            let name = self.build.stages[*target].name.as_ref();
            name.is_none_or(|name| !Environment::is_development_name(&name.value))
        })
    }

    /// Whether what a stage leaves behind is in the image that ships.
    pub fn ships(&self, stage: usize) -> bool {
        self.ships[stage]
    }

    /// Whether what a stage's image starts mentions a program.
    pub fn starts(&self, stage: usize, program: &str) -> bool {
        let settings = self.build.settings(stage);
        let start = [&settings.entrypoint, &settings.command].into_iter().flatten();
        let mut lines = start.filter_map(|command| command.value.line());
        lines.any(|line| line.contains(program))
    }

    /// Whether the steps that lead to a stage mention a tool, as those do that bring it.
    pub fn brings(&self, stage: usize, tool: &str) -> bool {
        self.leads(stage, |step| self.mentions(step, tool))
    }

    /// The same of all stages.
    pub fn bringing(&self, tool: &str) -> Vec<bool> {
        self.led_by(|step| self.mentions(step, tool))
    }

    fn mentions(&self, step: &Step, tool: &str) -> bool {
        let instruction = step.instruction(&self.tree);
        matches!(instruction.kind, Keyword::Run | Keyword::Copy | Keyword::Add)
            && instruction.text().contains(tool)
    }

    /// Whether a step that leads to a stage names this very path, not one below it.
    pub fn touches(&self, stage: usize, path: &str) -> bool {
        let is_end = |rest: &str| {
            !rest.trim_start_matches('/').starts_with(|c: char| c.is_alphanumeric() || c == '.')
        };
        self.leads(stage, |step| {
            let text = step.instruction(&self.tree).text();
            text.match_indices(path).any(|(at, _)| is_end(&text[at + path.len()..]))
        })
    }

    /// Whether a step that leads to the end of a stage is one of these.
    pub fn leads(&self, stage: usize, is_one: impl Fn(&Step) -> bool) -> bool {
        let line = self.build.line(stage).into_iter();
        line.flat_map(|stage| &self.build.stages[stage].steps).any(is_one)
    }

    /// The same of all stages.
    pub fn led_by(&self, is_one: impl Fn(&Step) -> bool) -> Vec<bool> {
        let mut led: Vec<bool> = Vec::with_capacity(self.build.stages.len());
        for (index, stage) in self.build.stages.iter().enumerate() {
            let inherits = self.build.below(index).is_some_and(|below| led[below]);
            led.push(inherits || stage.steps.iter().any(&is_one));
        }
        led
    }

    /// The stages in which a `RUN` moves a working tree of git to a commit or a tag.
    pub fn checked_out(&self) -> BTreeSet<usize> {
        let settles = |call: &Call| {
            let words = &call.site.command.words;
            words.first().is_some_and(|word| word.prefix() == "git")
                && words.iter().any(|word| {
                    matches!(&*word.prefix(), "checkout" | "reset" | "switch" | "submodule")
                })
        };
        self.calls_of(&["git"]).filter(settles).map(|call| call.run.stage).collect()
    }

    /// Whether another program is to fill the file in first, as far as its instructions and bases
    /// show: `FROM BASEIMAGE`, `{{ include }}`, `__PREINSTALL__`. What it then says is not known.
    pub fn is_template(&self) -> bool {
        let is_to_fill = |instruction: &Instruction| match instruction.kind {
            Keyword::Unknown => instruction.text().split_whitespace().any(is_hole),
            Keyword::From => instruction.text().split_whitespace().any(|word| {
                is_hole(word)
                    || word.contains("IMAGE")
                        && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            }),
            _ => false,
        };
        *self.is_template.get_or_init(|| {
            let instruction = |index: usize| &self.tree.instructions[index];
            let bases = self.build.stages.iter().map(|stage| instruction(stage.instruction));
            let unknown = self.steps_of(&[Keyword::Unknown]).filter(|(step, _)| !step.triggered);
            let unknown = unknown.map(|(step, _)| instruction(step.instruction));
            self.build.ahead(&self.tree).iter().chain(bases).chain(unknown).any(is_to_fill)
        })
    }

    /// What `ENV` or `ARG` of its own stage sets a variable to before a `RUN`, if that is known.
    pub fn env_before(&self, run: &Run, name: &str) -> Option<&str> {
        let set = self.set().get(name)?;
        let end = set.partition_point(|set| (set.stage, set.step) < (run.stage, run.step));
        let last = set[..end].last().filter(|last| last.stage == run.stage)?;
        last.value.as_ref()?.known()
    }

    /// What `ENV` sets a variable to in the image of a stage.
    pub fn env_of(&self, stage: usize, name: &str) -> Option<&Text> {
        let set = self.set().get(name)?;
        let line = std::iter::successors(Some(stage), |stage| self.build.below(*stage));
        line.take(MAX_LINE).find_map(|stage| {
            let start = set.partition_point(|set| set.stage < stage);
            let of_stage = set[start..].iter().take_while(|set| set.stage == stage);
            of_stage.filter(|set| set.is_env).last()?.value.as_deref()
        })
    }

    fn set(&self) -> &HashMap<String, Vec<Set>> {
        self.set.get_or_init(|| {
            let mut all: HashMap<String, Vec<Set>> = HashMap::new();
            for (stage, Stage { steps, .. }) in self.build.stages.iter().enumerate() {
                for (index, step) in steps.iter().enumerate() {
                    let kind = step.instruction(&self.tree).kind;
                    if !matches!(kind, Keyword::Env | Keyword::Arg) {
                        continue;
                    }
                    for (name, value) in &step.pairs {
                        let Some(name) = name.known() else { continue };
                        let is_env = kind == Keyword::Env;
                        let set = Set { stage, step: index, is_env, value: value.clone() };
                        all.entry(name.to_owned()).or_default().push(set);
                    }
                }
            }
            all
        })
    }
}

/// How many stages that are built on one another are looked through: real lines are short.
const MAX_LINE: usize = 32;

/// A variable that a step sets.
#[derive(Clone, Debug)]
struct Set {
    stage: usize,
    step: usize,
    is_env: bool,
    value: Option<Arc<Text>>,
}

/// Whether a word is there for a generator to replace.
fn is_hole(word: &str) -> bool {
    ["{{", "{%", "<%", "%%"].iter().any(|mark| word.contains(mark))
        || word.len() > 4 && word.starts_with("__") && word.ends_with("__")
}

/// From how many bytes on it is worth while to read only a part of a file again.
const LARGE: usize = 16 << 10;

impl Document {
    /// Reads a file, by way of what was read without an error of an earlier text of it where that
    /// is faster; `None` if it is none of ours.
    pub fn parse(file: &SourceFile, before: Option<&Self>) -> Option<Self> {
        let format = Format::of(&file.path, &file.text)?;
        let parsed = match format {
            Format::Dockerfile => dockerfile::parse(file)
                .map(|tree| Tree::Dockerfile(Box::new(Recipe::new(tree, file)))),
            Format::Kubernetes if helm::is_template(file) => helm::parse(file).map(Tree::Yaml),
            Format::Kubernetes | Format::Compose => before
                .and_then(|before| before.parse_part(file, format))
                .unwrap_or_else(|| yaml_or_template(file))
                .map(Tree::Yaml),
        };
        Some(Self::of(file, format, parsed))
    }

    /// The same of a file of which an earlier text was read, and nobody needs that any more.
    pub fn parse_again(self, text: &str, file: &SourceFile) -> Option<Self> {
        let is_dockerfile = Format::of(&file.path, &file.text) == Some(Format::Dockerfile);
        let Self { tree, comments, errors, .. } = self;
        match tree {
            Tree::Dockerfile(recipe) if is_dockerfile && file.text.len() > LARGE => {
                let before = Parsed { tree: *recipe, comments, errors };
                let again = Recipe::again(file, text, before).map(Box::new);
                Some(Self::of(file, Format::Dockerfile, again.map(Tree::Dockerfile)))
            }
            _ => Self::parse(file, None),
        }
    }

    fn of(file: &SourceFile, format: Format, parsed: Parsed<Tree>) -> Self {
        let Parsed { tree, comments, mut errors } = parsed;
        // BuildKit takes any bytes; YAML is text.
        if let (Some(garbled), Tree::Yaml(_)) = (&file.garbled, &tree) {
            errors.insert(0, not_text(file, garbled));
        }
        let own_word =
            comments.iter().find_map(|comment| Environment::of_comment(file.text_at(comment.span)));
        Self {
            file: file.id,
            format,
            environment: own_word.unwrap_or_else(|| match &tree {
                Tree::Yaml(tree) if format == Format::Compose && starts_development(tree) => {
                    Environment::Development
                }
                _ => Environment::of_path(&file.project_path, format),
            }),
            tree,
            comments,
            errors,
            tokens: tokens::find(&file.text)
                .into_iter()
                .map(|(range, what)| (Span::new(file.id, range.start, range.end), what))
                .collect(),
        }
    }

    fn parse_part(&self, file: &SourceFile, format: Format) -> Option<Parsed<Arc<yaml::Tree>>> {
        let is_worthwhile = format == self.format && file.text.len() > LARGE;
        let tree = self.yaml().filter(|_| is_worthwhile)?;
        let again = yaml::parse_again(file, tree, &self.comments)?;
        // What is broken may be a template.
        (again.errors.is_empty() || !file.text.contains("{{")).then_some(again)
    }

    /// What a Dockerfile says, and what it builds.
    pub fn recipe(&self) -> Option<&Recipe> {
        match &self.tree {
            Tree::Dockerfile(recipe) => Some(recipe),
            Tree::Yaml(_) => None,
        }
    }

    /// The tree of a YAML or JSON file.
    pub fn yaml(&self) -> Option<&Arc<yaml::Tree>> {
        match &self.tree {
            Tree::Dockerfile(_) => None,
            Tree::Yaml(tree) => Some(tree),
        }
    }
}

/// Where the commands stand that run a program, by its name; of `RUN`s that are counted from
/// `first` on.
fn calls(runs: &[Run], first: usize) -> Calls {
    let mut calls = Calls::new();
    for (run, Run { script, .. }) in (first..).zip(runs) {
        for (index, site) in script.commands().enumerate() {
            let Some(program) = site.command.program() else { continue };
            match calls.get_mut(&*program.name) {
                Some(places) => places.push((run, index)),
                None => drop(calls.insert(program.name.into_owned(), vec![(run, index)])),
            }
        }
    }
    calls
}

/// Makes them those of `RUN`s of which some were read again.
fn call_again(calls: &mut Calls, runs: &[Run], Renewed { before, now }: &Renewed) {
    let start_in = |places: &[(usize, usize)]| places.partition_point(|it| it.0 < before.start);
    calls.retain(|_, places| {
        let start = start_in(places);
        let end = places.partition_point(|it| it.0 < before.end);
        places[end..].iter_mut().for_each(|(run, _)| *run = *run - before.len() + now);
        places.drain(start..end);
        !places.is_empty()
    });
    for (program, new) in self::calls(&runs[before.start..before.start + now], before.start) {
        let places = calls.entry(program).or_default();
        let at = start_in(places);
        places.splice(at..at, new);
    }
}

/// Whether Compose starts a service, unless it is asked for another, from a stage that is named for
/// developing.
fn starts_development(tree: &yaml::Tree) -> bool {
    tree.documents().any(|document| {
        let services =
            document.root(tree).get("services").map(yaml::Node::entries).unwrap_or_default();
        services.iter().filter(|service| service.value.get("profiles").is_none()).any(|service| {
            let target = service.value.at(&["build", "target"]).and_then(yaml::Node::text);
            target.is_some_and(|target| Environment::is_development_name(target.value))
        })
    })
}

/// What is no YAML but for its actions is a template, wherever it lies and whoever fills it in.
fn yaml_or_template(file: &SourceFile) -> Parsed<Arc<yaml::Tree>> {
    let parsed = yaml::parse(file);
    if parsed.errors.is_empty() { parsed } else { helm::parse_if_template(file).unwrap_or(parsed) }
}

fn not_text(file: &SourceFile, garbled: &Garbled) -> SyntaxError {
    let end = (garbled.at + 1).min(file.text.len());
    SyntaxError {
        span: Span::new(file.id, garbled.at.min(end), end),
        message: garbled.message.clone(),
        also: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    const PROGRAM: &str = "# syntax=docker/dockerfile:1\n# escape=\\\n\n# the base\nARG TAG=1\nFROM golang:$TAG AS build\n\
        WORKDIR /src\nCOPY go.mod \\\n  # both\n  go.sum \\\n\n  ./\nRUN <<EOF cat && echo \"$(date)\"\na b\nEOF\n\
        RUN --mount=type=cache,target=/root apt-get update && apt-get install -y curl=1 \\\n  # why\n  make | tee x\n\
        ONBUILD RUN sh -c 'pip install a==1; exit 1'\n\nFROM build AS next\nSHELL [\"/bin/bash\", \"-ec\"]\n\
        #\n# of it\nRUN for i in 1 2; do echo ${i:-$((1 + 2))} > /f; done\n&& echo torn\nENV A=1 B='two three'\n\
        LABEL a \"b\"\nHEALTHCHECK --interval=5s CMD [\"a\", \"b\"]\nCOPY <<-A <<\"B\" /d/\n\tone $A\n\tA\ntwo\nB\n\
        RUN [\"curl\", \"-o\", \"\\u0061\", \"b\"]\nRUN x=1 env -i gosu a:b sh <<< 'id; cat <(ls)'\nUSER 1\n\
        FROM alpine\nADD a b # c\nEXPOSE 80/tcp\nVOLUME /v\nRUN apk add --no-cache b~=1 && \\\n    curl a | sh\n\
        CMD npm start\n# the end\n";

    const STAGES: &str = "ARG TAG=1 USER=u\nFROM alpine:$TAG AS base\nARG TAG USER\nENV HOME=/h/$USER A=${B:-b}\nWORKDIR w\n\
        FROM base AS build\nCOPY a$TAG $HOME/\nSHELL [\"/bin/sh\", \"-c\"]\nONBUILD RUN $HOME/x\n\nFROM scratch AS out\n\
        ENV B=$PATH\nCOPY --from=build --chown=$B /h /h/$B\nCOPY --from=3 /l $HOME\nWORKDIR x\nUSER $B\nEXPOSE 80$C $B\n\
        FROM base AS last\nWORKDIR d\nARG TAG=$A\nCOPY --from=out /$TAG /d/$B\nLABEL l=$TAG\nVOLUME $HOME/v\n\
        HEALTHCHECK CMD x $A\nSTOPSIGNAL 9\nCMD [\"a\"]\n\nFROM build AS heir\nUSER $USER\nENTRYPOINT y\nRUN z\n\
        FROM debian:$TAG AS base\nCOPY --from=base --chmod=$A a b\nENV A=$HOME\nFROM base\nRUN --mount=from=out,target=/o a\n\
        ADD <<A b$A /d\nc $A\nA\nRUN --mount=type=cache,target=$A --mount=from=heir,source=$A,target=/h b\n\
        FROM last\nCOPY --from=heir $HOME $HOME\nUSER $TAG\n";

    fn file(text: String) -> SourceFile {
        let mut files = Files::default();
        let id = files.add("Dockerfile", text);
        files.get(id).clone()
    }

    fn read(file: &SourceFile) -> Parsed<Recipe> {
        dockerfile::parse(file).map(|tree| Recipe::new(tree, file))
    }

    /// All of it, in an order that is always the same.
    fn shown(parsed: &Parsed<Recipe>) -> String {
        let Parsed { tree, comments, errors } = parsed;
        let Recipe { file, within, tree, build, given, runs, ships, calls, marks, .. } = tree;
        let calls: BTreeMap<_, _> = calls.iter().collect();
        format!(
            "{file:?} {within:?} {tree:?} {build:?} {given:?} {runs:?} {ships:?} {calls:?} {marks:?} {comments:?} \
             {errors:?}"
        )
    }

    fn agree(before: &str, after: String) {
        let (old, new) = (file(before.to_owned()), file(after));
        let again = Recipe::again(&new, before, read(&old));
        let (again, whole) = (shown(&again), shown(&read(&new)));
        assert!(again == whole, "{before}\n---- became\n{}\n----{again}\n{whole}", new.text);
    }

    #[test]
    fn a_part_read_again_is_as_in_the_whole() {
        let snippets = [
            "#",
            " ",
            "\n",
            "\\",
            "\\\n",
            "x",
            "\"",
            "'",
            "<<E ",
            "\nEOF\n",
            "\nRUN a\n",
            "FROM a\n",
            "\nSHELL [\"cmd\"]\n",
            "\r\n",
            "\n  && b\n",
            "é",
            "`",
            "$(",
            "# escape=`\n",
            "\nFROM base AS out\n",
            "ARG B=$TAG\n",
        ];
        let mut snippets = snippets.iter().cycle();
        for text in [PROGRAM.to_owned(), PROGRAM.replace('\n', "\r\n"), STAGES.to_owned()] {
            for (at, snippet) in (0..text.len()).step_by(2).zip(&mut snippets) {
                agree(&text, format!("{}{snippet}{}", &text[..at], &text[at..]));
                let end = (at + 1 + at % 37).min(text.len());
                agree(&text, format!("{}{}", &text[..at], &text[end..]));
            }
        }
    }

    #[test]
    fn a_stage_that_an_edit_does_not_concern_is_not_evaluated_again() {
        let words = |recipe: &Parsed<Recipe>| -> Vec<_> {
            let steps = recipe.tree.build.stages.iter().map(|stage| &stage.steps);
            steps.map(|steps| steps.first().map(|step| step.words.as_ptr())).collect()
        };
        let stages = ["a AS base", "base AS one", "c AS two", "one", "two", "d"];
        let stage = |it: &str| format!("FROM {it}\nWORKDIR w\nRUN x\nRUN y\n");
        let text: String = stages.into_iter().map(stage).collect();
        for (edited, kept) in
            [("FROM d", &[0, 1, 2, 3][..]), ("FROM c", &[0, 5]), ("FROM a", &[2, 4, 5])]
        {
            let before = read(&file(text.clone()));
            let were = words(&before);
            let new = file(text.replace(edited, &format!("{edited}e")));
            let are = words(&Recipe::again(&new, &text, before));
            assert!(kept.iter().all(|stage| were[*stage] == are[*stage]), "{edited}");
        }
    }

    #[test]
    fn what_files_are_taken_from_is_looked_for_again() {
        let takes = "FROM a\nRUN --mount=target=/c --mount=from=x,target=/x a\nCOPY --from=x b b\n";
        let text = format!("{takes}FROM b\nRUN a\nRUN b\nRUN c\n");
        for name in ["x", "y"] {
            let after = format!("{text}FROM c AS {name}\n");
            agree(&text, after.clone());
            agree(&after, text.clone());
        }
    }

    #[test]
    fn stages_go_without_variables_that_an_edit_has_made_too_many() {
        let stages = |uses: usize| {
            let long = "x".repeat(60_000);
            let uses = "ENV A=$L\n".repeat(uses);
            let more = "FROM a\nARG L\nENV A=$L\nRUN x\nRUN y\n".repeat(25);
            format!("ARG L={long}\nFROM a\nARG L\nRUN x\nRUN y\n{uses}{more}")
        };
        agree(&stages(0), stages(1));
        agree(&stages(0), stages(20));
        agree(&stages(20), stages(0));
    }

    #[test]
    fn what_stands_far_from_a_change_is_not_read_again() {
        let text = format!("FROM a\n{}", "RUN echo a\n".repeat(100));
        let middle = "FROM a\n".len() + 50 * "RUN echo a\n".len();
        let new = file(format!("{}RUN b\n{}", &text[..middle], &text[middle..]));
        let before = read(&file(text.clone()));
        let place = |recipe: &Parsed<Recipe>, run: usize| {
            let site = recipe.tree.runs[run].script.command(0).expect("a command");
            std::ptr::from_ref(site.command)
        };
        let (first, last) = (place(&before, 0), place(&before, 99));
        let after = Recipe::again(&new, &text, before);
        assert_eq!(after.tree.runs.len(), 101);
        assert_eq!((place(&after, 0), place(&after, 100)), (first, last));
    }
}
