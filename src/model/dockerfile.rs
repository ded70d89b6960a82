//! A Dockerfile as a build: stages, the variables in force, and what each stage's image is set to.

mod again;
mod build;
mod expand;
mod glob;
pub mod ignore;
mod mount;
mod pattern;
mod platform;
mod port;
mod signal;
mod transfer;
mod undeclared;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::source::{Span, Spanned};
use crate::syntax::SyntaxError;
use crate::syntax::dockerfile::{File, Instruction, Keyword, Left};

use super::command::Command;
use super::container::Healthcheck;
use super::image::ImageRef;
use super::text::Text;

pub use mount::Mount;
pub use undeclared::{Undeclared, undeclared};

/// What a build is told from outside.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The stage to build; the last if none is named.
    pub target: Option<Spanned<String>>,
    /// Build arguments, as Compose's `build.args` gives them; `None` for one whose value comes
    /// from elsewhere.
    pub args: BTreeMap<String, Option<Text>>,
    /// Those that the user says are given wherever nothing else is.
    pub configured: Arc<BTreeMap<String, String>>,
    /// Contexts given by name: they go before stages and images of that name.
    pub contexts: BTreeSet<String>,
    /// Nothing comes from anywhere else: arguments without a value are unset, base images set
    /// nothing but `PATH`, all is built for linux/amd64. What BuildKit would do right here.
    pub closed: bool,
}

/// A Dockerfile evaluated for certain inputs.
#[derive(Clone, Debug)]
pub struct Build {
    pub stages: Vec<Stage>,
    /// The stage that is built, if there is any: the one that is asked for, or the last.
    pub target: Option<usize>,
    /// Every reference to an image, in the order of the file: bases, `COPY --from`,
    /// `RUN --mount=from=`. What names a stage, a number or a context is none.
    pub images: Vec<Reference>,
    /// What BuildKit finds only when it builds; the first is the one that it stops at.
    pub errors: Vec<SyntaxError>,
    /// The same in stages that the target does not need: BuildKit does not come to it.
    pub latent: Vec<SyntaxError>,
    /// The steps by what their instructions are, in order; by the number of the keyword.
    places: Vec<Vec<Place>>,
    /// Whether variables have cost so much that some may have gone without a value.
    is_scarce: bool,
}

/// Where a step stands: the indexes of its stage and of the step in it.
type Place = (u32, u32);

/// A reference to an image, and the stage that makes it.
#[derive(Clone, Debug)]
pub struct Reference {
    pub stage: usize,
    pub image: ImageRef,
}

/// One `FROM` and what follows it.
#[derive(Clone, Debug)]
pub struct Stage {
    /// As written; compared in lower case.
    pub name: Option<Spanned<String>>,
    pub base: Base,
    /// The stage that its line begins with: itself, unless it is built on another.
    root: usize,
    /// The whole `FROM` instruction.
    pub from: Span,
    /// The index of `FROM` in the tree's instructions.
    pub instruction: usize,
    pub platform: Option<Text>,
    /// The reference of [`Base::Image`] and `scratch`.
    image: Option<ImageRef>,
    /// What is done, in order, triggers of the base first.
    pub steps: Vec<Step>,
    /// The steps in which variables were replaced.
    pub expanding: Vec<usize>,
    /// Whether the target is built from it, or takes files from it, or is it.
    pub needed: bool,
    /// What its image is set to at its end, lists apart, see [`Build::image`].
    settings: Settings,
    /// Only what this stage adds.
    added: Lists,
    /// What its variables have cost, if it is one that can be kept across an edit.
    cost: Option<usize>,
}

/// What a stage begins with.
#[derive(Clone, Debug)]
pub enum Base {
    /// An image, with its reference among [`Build::images`].
    Image(Text),
    /// An earlier stage.
    Stage { index: usize, span: Span },
    /// Nothing: `FROM scratch`.
    Scratch(Span),
    /// A context given by name.
    Context(Text),
}

/// An instruction of a stage, or of an `ONBUILD` of its base, and what is in force before it.
#[derive(Clone, Debug)]
pub struct Step {
    /// Index in the tree's instructions.
    pub instruction: usize,
    /// The instruction is the trigger within `ONBUILD`, in a base of this stage.
    pub triggered: bool,
    /// Who runs it, if a `USER` says so.
    pub user: Option<Arc<Text>>,
    pub workdir: Option<Arc<Text>>,
    /// What `SHELL` says, if one does.
    pub shell: Option<Arc<[Spanned<String>]>>,
    /// The words with their variables replaced: of `ADD`, `COPY`, `EXPOSE`, `STOPSIGNAL`, `USER`,
    /// `VOLUME`, `WORKDIR`.
    pub words: Vec<Text>,
    /// The same of `ENV`, `LABEL` and `ARG`; `None` for an argument without a value.
    pub pairs: Pairs,
    /// The same of `--chown`, `--chmod` and `--checksum`, as far as they are given.
    pub options: Vec<Text>,
    pub mounts: Vec<Mount>,
    /// What `COPY` and `ADD` write from heredocs.
    pub files: Vec<InlineFile>,
    /// What `COPY`, `ADD --from` take files from, when it is a stage.
    pub from_stage: Option<usize>,
}

/// Names, and what they are set to.
type Pairs = Vec<(Arc<Text>, Option<Arc<Text>>)>;

/// A file that a heredoc of `COPY` or `ADD` holds.
#[derive(Clone, Debug)]
pub struct InlineFile {
    /// The delimiter; it names the file when the destination is a directory.
    pub name: Spanned<String>,
    /// Variables are replaced, unless the delimiter is quoted.
    pub content: Text,
}

/// What an image is set to, everything inherited included. All places are where it was written,
/// which may be in a stage before.
#[derive(Clone, Debug, Default)]
pub struct Image {
    pub settings: Settings,
    /// In the order of their first setting.
    pub env: Vec<(Arc<Text>, Arc<Text>)>,
    pub labels: Vec<(Arc<Text>, Arc<Text>)>,
    pub exposed: Vec<Exposed>,
    pub volumes: Vec<Text>,
    /// Indices of `ONBUILD` instructions that wait for the next build.
    pub triggers: Vec<usize>,
}

/// The settings of an image that hold one value.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub user: Option<Arc<Text>>,
    /// Absolute and normalised; begins with an unknown part when the base image decides.
    pub workdir: Option<Arc<Text>>,
    pub shell: Option<Arc<[Spanned<String>]>>,
    /// The span is the whole instruction's, as in the following.
    pub entrypoint: Option<Arc<Spanned<Command>>>,
    pub command: Option<Arc<Spanned<Command>>>,
    pub healthcheck: Option<Arc<Spanned<Healthcheck>>>,
    pub stop_signal: Option<Arc<Text>>,
}

/// Ports that an image says it listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// As expanded: `8080/tcp`.
    pub text: Text,
    pub first: u16,
    /// The same as `first` unless it is a range.
    pub last: u16,
    /// `tcp`, `udp`, `sctp`.
    pub protocol: String,
}

#[derive(Clone, Debug, Default)]
struct Lists {
    env: Vec<(Arc<Text>, Arc<Text>)>,
    labels: Vec<(Arc<Text>, Arc<Text>)>,
    exposed: Vec<Exposed>,
    volumes: Vec<Text>,
    triggers: Vec<usize>,
}

/// Evaluates a Dockerfile. What cannot be known stays unknown, with the name of the variable.
pub fn build(file: &File, inputs: &Inputs) -> Build {
    build::build(file, inputs)
}

/// The same by way of what an earlier text of the file was evaluated to, for the same inputs.
pub fn build_again(file: &File, inputs: &Inputs, before: Build, left: &Left) -> Build {
    build::build_again(file, inputs, before, left)
}

impl Step {
    /// The instruction that the step carries out.
    pub fn instruction<'a>(&self, file: &'a File) -> &'a Instruction {
        let instruction = &file.instructions[self.instruction];
        instruction.trigger().filter(|_| self.triggered).unwrap_or(instruction)
    }
}

impl Build {
    /// The instructions before the first stage.
    pub fn ahead<'a>(&self, file: &'a File) -> &'a [Instruction] {
        let first = self.stages.first().map(|stage| stage.instruction);
        &file.instructions[..first.unwrap_or(file.instructions.len())]
    }

    /// Every step whose instruction is one of these, with the index of its stage, in order.
    pub fn steps_of(&self, kinds: &[Keyword]) -> impl Iterator<Item = (&Step, usize)> {
        let of_one = |kind: &Keyword| self.places.get(*kind as usize).map(Vec::as_slice);
        let places = match kinds {
            [kind] => Cow::Borrowed(of_one(kind).unwrap_or_default()),
            _ => {
                let mut places = kinds.iter().filter_map(of_one).collect::<Vec<_>>().concat();
                places.sort_unstable();
                Cow::Owned(places)
            }
        };
        (0..places.len()).map(move |index| {
            let (stage, step) = places[index];
            (&self.stages[stage as usize].steps[step as usize], stage as usize)
        })
    }

    /// Where the steps of one kind stand: the indexes of the stages and of the steps in them.
    pub fn places(&self, kind: Keyword) -> impl ExactSizeIterator<Item = (usize, usize)> {
        let places = self.places.get(kind as usize).map_or(&[][..], Vec::as_slice);
        places.iter().map(|(stage, step)| (*stage as usize, *step as usize))
    }

    /// The stage that is built.
    pub fn target(&self) -> Option<&Stage> {
        self.target.map(|index| &self.stages[index])
    }

    /// What the image of a stage is set to at its end.
    pub fn image(&self, stage: usize) -> Image {
        let exposed = self.exposed(stage).cloned().collect();
        let mut image =
            Image { settings: self.stages[stage].settings.clone(), exposed, ..Image::default() };
        image.triggers = self.stages[stage].added.triggers.clone();
        let (mut env, mut labels) = (HashMap::new(), HashMap::new());
        for stage in self.line(stage).into_iter().rev() {
            let added = &self.stages[stage].added;
            merge(&mut image.env, &added.env, &mut env);
            merge(&mut image.labels, &added.labels, &mut labels);
            image.volumes.extend(added.volumes.iter().cloned());
        }
        image
    }

    /// The image that a stage goes back to, `scratch` too; `None` for a context given by name, and
    /// for what names no image.
    pub fn base_image(&self, stage: usize) -> Option<&ImageRef> {
        self.stages[self.stages[stage].root].image.as_ref()
    }

    /// The ports that the image of a stage says it listens on.
    pub fn exposed(&self, stage: usize) -> impl Iterator<Item = &Exposed> {
        let line = self.line(stage).into_iter().rev();
        line.flat_map(|stage| &self.stages[stage].added.exposed)
    }

    /// What the image of a stage is set to at its end, but for lists.
    pub fn settings(&self, stage: usize) -> &Settings {
        &self.stages[stage].settings
    }

    /// The stage and those it is built on, nearest first.
    pub fn line(&self, stage: usize) -> Vec<usize> {
        std::iter::successors(Some(stage), |stage| self.below(*stage)).collect()
    }

    /// For each stage, whether it is a stage or one that this is built on.
    pub fn leading(&self, stage: usize) -> Vec<bool> {
        let mut leads = vec![false; self.stages.len()];
        self.line(stage).into_iter().for_each(|stage| leads[stage] = true);
        leads
    }

    /// The stage that a stage is built on.
    pub fn below(&self, stage: usize) -> Option<usize> {
        match self.stages[stage].base {
            Base::Stage { index, .. } => Some(index),
            _ => None,
        }
    }
}

/// Sets pairs in a list where a key keeps the place of its first value.
fn merge<'a>(
    list: &mut Vec<(Arc<Text>, Arc<Text>)>,
    pairs: &'a [(Arc<Text>, Arc<Text>)],
    places: &mut HashMap<&'a str, usize>,
) {
    for pair in pairs {
        let place = *places.entry(pair.0.value()).or_insert(list.len());
        match list.get_mut(place) {
            Some(old) => *old = pair.clone(),
            None => list.push(pair.clone()),
        }
    }
}

impl Base {
    /// Where it is written.
    pub fn span(&self) -> Span {
        match self {
            Self::Image(text) | Self::Context(text) => text.span(),
            Self::Stage { span, .. } | Self::Scratch(span) => *span,
        }
    }
}

impl Exposed {
    pub fn contains(&self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

#[cfg(test)]
mod tests;
