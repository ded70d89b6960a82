//! Dockerfiles as BuildKit reads them: directives, instructions, flags, arguments, heredocs.
//! Every line gives a node, however broken; every token knows its bytes.

mod again;
mod arguments;
mod check;
mod directive;
mod duration;
mod heredoc;
mod json;
mod lines;
mod logical;
mod mount;
mod parse;
mod places;
mod quote;
pub mod word;

use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::source::{SourceFile, Span, Spanned};
use crate::syntax::{Parsed, SyntaxError};

pub use again::{Left, parse_again};
pub use check::instruction as check;
pub use duration::duration;
pub use logical::Logical;
pub use mount::{MountOption, options as mount_options};
pub use places::Places;
pub use quote::quoted;

/// A Dockerfile.
#[derive(Clone, Debug)]
pub struct File {
    /// What continues a line and quotes a character: `\`, or what `# escape=` says.
    pub escape: char,
    pub directives: Vec<Directive>,
    /// The frontend that `# syntax=` names, found the way BuildKit looks for it: it passes over
    /// a shebang, and takes `// syntax=` and a file of `{"syntax": "…"}` too.
    pub syntax: Option<Spanned<String>>,
    pub instructions: Vec<Instruction>,
    /// By the name of the file.
    pub dialect: Dialect,
    /// Instructions and flags that BuildKit's own frontend does not know, where `# syntax=` names
    /// another one, which may.
    pub unknown: Vec<SyntaxError>,
}

/// Whose Dockerfile it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    BuildKit,
    /// Podman's builder: `Containerfile`.
    Buildah,
}

/// `# name=value`, at the top of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// From the `#` to the end of the value.
    pub span: Span,
    /// In lower case.
    pub name: Spanned<String>,
    pub value: Spanned<String>,
}

/// One instruction, with everything that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// From the keyword to the end of its last line, heredoc terminators included, line end
    /// excluded. Of an `ONBUILD` trigger: to the end of its text.
    pub span: Span,
    /// First and last line (0-based), lines that join to it and heredocs included.
    pub lines: (u32, u32),
    pub kind: Keyword,
    /// The keyword as written.
    pub keyword: Word,
    pub flags: Vec<Flag>,
    pub arguments: Arguments,
    /// In the order of their markers, which is the order of their bodies. An `ONBUILD` has those
    /// of its trigger, too.
    pub heredocs: Vec<Heredoc>,
    /// Whole-line comments above it, each from `#` to the end of the line, directives excluded. An
    /// empty comment ends what comes before.
    pub doc: Vec<Span>,
    /// Empty lines between its continued lines, each without its line end.
    pub empty_continuations: Vec<Span>,
    /// The line that its continued lines make together. An `ONBUILD` trigger shares its
    /// parent's.
    pub logical: Arc<Logical>,
    /// The part of `logical` that is this instruction, trimmed.
    pub range: Range<usize>,
    /// BuildKit would not go on from here: the arguments are what could be read.
    pub broken: bool,
    pub torn: Option<Box<Torn>>,
}

/// A line that was meant to join to an instruction, although the line before does not end in an
/// escape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    /// Its first word, which is among the instruction's arguments.
    pub word: Spanned<String>,
    /// What BuildKit takes for the instruction: the lines before.
    pub head: Instruction,
}

/// What an instruction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
    /// None that the Dockerfile reference knows.
    Unknown,
}

/// A part of the logical line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As written, but for JSON strings and flags, which are unquoted. Variables stand as they
    /// are written.
    pub value: SmolStr,
    /// From its first to its last byte; holds what stands between them in a continued line.
    pub span: Span,
    /// Its place in the logical line.
    pub range: Range<usize>,
}

/// `--name` or `--name=value`, before the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Quotes and escapes taken away: `--name=value`.
    pub text: Word,
    /// Without the dashes.
    pub name: Word,
    /// What follows the `=`; `None` when there is no `=`.
    pub value: Option<Word>,
}

/// What follows keyword and flags; which of these, the keyword and the text decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// Nothing; also what follows an unknown keyword.
    None,
    /// All of it: the shell form of `RUN`, `CMD`, `ENTRYPOINT`; `USER`, `WORKDIR`,
    /// `STOPSIGNAL`, `MAINTAINER`.
    Text(Word),
    /// A JSON array of strings; the span of a string holds its quotes.
    Json {
        /// From `[` to `]`.
        span: Span,
        strings: Vec<Word>,
    },
    /// Words between blanks, quotes not respected: `FROM`, `EXPOSE`, `COPY`, `ADD`, `VOLUME`.
    Words(Vec<Word>),
    /// `ENV`, `LABEL`, `ARG`.
    Pairs(Vec<Pair>),
    /// `HEALTHCHECK`: `NONE`, or `CMD` and its command (`None`, `Text` or `Json`).
    Health { kind: Word, command: Box<Arguments> },
    /// `ONBUILD`: the instruction that waits.
    Trigger(Box<Instruction>),
}

/// `key=value`, the older `key value`, or of `ARG` only `key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub key: Word,
    pub value: Option<Word>,
    /// Separated by blanks instead of `=`: the value is the rest of the line.
    pub legacy: bool,
}

/// A here-document of `RUN`, `COPY` or `ADD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// The whole redirection: `3<<-"EOF"`.
    pub marker: Word,
    /// The delimiter without its quotes; the span holds them.
    pub name: Word,
    /// The number before `<<`, 0 if there is none.
    pub descriptor: u32,
    /// Whether variables in the body are expanded: no part of the delimiter is quoted.
    pub expand: bool,
    /// `<<-`: leading tabs are taken off each line.
    pub chomp: bool,
    /// The lines between, with their line ends, nothing taken off.
    pub body: Span,
    /// The same as a text, without the tabs that `<<-` takes off.
    pub text: Logical,
    /// The delimiter after the body, without leading tabs and line end.
    pub terminator: Span,
}

/// A text for a shell, with the way back to the file.
#[derive(Clone, Copy, Debug)]
pub struct ShellText<'a> {
    /// What the shell is given: continued lines joined, without the bodies of heredocs.
    pub text: &'a str,
    pub logical: &'a Logical,
    /// Where `text` begins in the logical line.
    pub start: usize,
}

/// Reads a Dockerfile. Never fails: what is wrong is in the errors, of which the first is the
/// one that BuildKit would stop at.
pub fn parse(file: &SourceFile) -> Parsed<File> {
    parse::parse(&file.text, &Places::of_file(file), Dialect::of(file.name()))
}

/// Reads a Dockerfile that is written within another file.
pub fn parse_within(text: &str, places: &Places) -> Parsed<File> {
    parse::parse(text, places, Dialect::BuildKit)
}

impl Dialect {
    /// Of a file with that name.
    fn of(name: &str) -> Self {
        match name.to_ascii_lowercase().split('.').any(|part| part == "containerfile") {
            true => Self::Buildah,
            false => Self::BuildKit,
        }
    }
}

impl File {
    /// Whether `# syntax=` names a frontend that may know more than BuildKit's own: another
    /// image, or a version of it that is not a stable one.
    pub fn has_foreign_frontend(&self) -> bool {
        let Some(syntax) = &self.syntax else { return false };
        let image = syntax.value.split('@').next().unwrap_or_default();
        let image = image.strip_prefix("docker.io/").unwrap_or(image);
        let (name, tag) = image.split_once(':').unwrap_or((image, "latest"));
        let stable = tag == "latest" || tag.split('.').all(|part| part.parse::<u32>().is_ok());
        !(matches!(name, "docker/dockerfile" | "docker/dockerfile-upstream") && stable)
    }
}

impl Keyword {
    /// Keywords are compared in ASCII, without regard to case.
    pub fn of(name: &str) -> Self {
        NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or(Self::Unknown, |(_, keyword)| *keyword)
    }

    /// In upper case; empty for an unknown one.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, keyword)| *keyword == self).map_or("", |(name, _)| name)
    }
}

static NAMES: [(&str, Keyword); 18] = [
    ("RUN", Keyword::Run),
    ("COPY", Keyword::Copy),
    ("FROM", Keyword::From),
    ("ENV", Keyword::Env),
    ("ARG", Keyword::Arg),
    ("CMD", Keyword::Cmd),
    ("WORKDIR", Keyword::Workdir),
    ("LABEL", Keyword::Label),
    ("EXPOSE", Keyword::Expose),
    ("ENTRYPOINT", Keyword::Entrypoint),
    ("ADD", Keyword::Add),
    ("USER", Keyword::User),
    ("VOLUME", Keyword::Volume),
    ("MAINTAINER", Keyword::Maintainer),
    ("HEALTHCHECK", Keyword::Healthcheck),
    ("ONBUILD", Keyword::Onbuild),
    ("SHELL", Keyword::Shell),
    ("STOPSIGNAL", Keyword::Stopsignal),
];

impl Instruction {
    /// The instruction as BuildKit shows it: one line, trimmed.
    pub fn text(&self) -> &str {
        &self.logical.text()[self.range.clone()]
    }

    /// The first flag of that name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name.value == name)
    }

    /// What a shell is given by `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK CMD` in shell form,
    /// also when that is nothing but a heredoc's marker. `None` for the exec form.
    pub fn shell_text(&self) -> Option<ShellText<'_>> {
        let word = match (self.kind, &self.arguments) {
            (Keyword::Run | Keyword::Cmd | Keyword::Entrypoint, Arguments::Text(word)) => word,
            (Keyword::Healthcheck, Arguments::Health { command, .. }) => match &**command {
                Arguments::Text(word) => word,
                _ => return None,
            },
            _ => return None,
        };
        Some(ShellText {
            text: &self.logical.text()[word.range.clone()],
            logical: &self.logical,
            start: word.range.start,
        })
    }

    /// The sources of `COPY` and `ADD` that are heredocs: the delimiter, and the heredoc that has
    /// the content, the last of that name.
    pub fn inline_files(&self) -> impl Iterator<Item = (&Word, &Heredoc)> {
        let named = |name: &Word| self.heredocs.iter().rfind(|it| it.name.value == name.value);
        let takes = matches!(self.kind, Keyword::Copy | Keyword::Add);
        let own = self.heredocs.iter().filter(move |_| takes);
        own.filter_map(move |heredoc| Some((&heredoc.name, named(&heredoc.name)?)))
    }

    /// The instruction that `ONBUILD` keeps.
    pub fn trigger(&self) -> Option<&Instruction> {
        match &self.arguments {
            Arguments::Trigger(trigger) => Some(trigger),
            _ => None,
        }
    }
}

impl Arguments {
    /// The words, however they are written: JSON strings, words between blanks, or the one
    /// text. Empty for pairs, health checks and triggers.
    pub fn words(&self) -> &[Word] {
        match self {
            Self::Text(word) => std::slice::from_ref(word),
            Self::Json { strings, .. } => strings,
            Self::Words(words) => words,
            Self::None | Self::Pairs(_) | Self::Health { .. } | Self::Trigger(_) => &[],
        }
    }

    pub fn pairs(&self) -> &[Pair] {
        match self {
            Self::Pairs(pairs) => pairs,
            _ => &[],
        }
    }

    pub fn is_json(&self) -> bool {
        matches!(self, Self::Json { .. })
    }
}

impl ShellText<'_> {
    /// The bytes of the file that a range of `text` was read from: one span from its first to
    /// its last byte, which holds what stands between them in a continued line.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.logical.span(self.start + range.start, self.start + range.end)
    }

    /// The same without what is not part of the text: `\`, line ends, comments.
    pub fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, Span)> {
        self.logical.pieces(self.start + range.start, self.start + range.end)
    }
}

impl Word {
    /// The value and its place, for those who have no use for the logical line.
    pub fn spanned(&self) -> Spanned<String> {
        Spanned::new(self.value.to_string(), self.span)
    }
}

#[cfg(test)]
mod tests;
