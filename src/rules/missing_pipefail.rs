use crate::model::Recipe;
use crate::model::run::Mark;
use crate::rule::{Check, Report, Rule};
use crate::syntax::shell::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-pipefail.md"), Check::Dockerfile(check));

/// Commands that cannot fail, that only look, or whose failure is what one asks them for.
const HARMLESS: &[&str] = &[
    "echo",
    "printf",
    "yes",
    "cat",
    "true",
    "ls",
    "find",
    "env",
    "date",
    "grep",
    "sed",
    "awk",
    "head",
    "tail",
    "sort",
    "dpkg-query",
    "seq",
    "cut",
    "tr",
    "uniq",
    "wc",
    "tee",
    "rev",
    "tac",
    "basename",
    "dirname",
    "hostname",
    "whoami",
    "uname",
    "id",
    "nproc",
    "arch",
    "ldconfig",
    "ldd",
    "gawk",
    "mawk",
    "scanelf",
    "readelf",
    "apt-mark",
    "apk",
    "rpm",
    "file",
    "stat",
    "du",
    "column",
    "nl",
    "paste",
];

/// Commands that fail themselves when what they are given is empty or breaks off: tried with tar
/// 1.34, gzip 1.12, xz 5.4, GnuPG 2.4, and as GNU cpio and libarchive say.
const READERS: &[&str] = &[
    "apt-key", "bsdtar", "bunzip2", "cpio", "gpg", "gunzip", "rpm2cpio", "tar", "unxz", "unzip",
    "zcat",
];

fn check(recipe: &Recipe, report: &mut Report) {
    for run in recipe.runs_with(Mark::Pipeline) {
        for (pipeline, context) in run.script.pipelines() {
            let decides =
                context.condition || context.guarded || context.negated || context.substitution;
            if context.shell.pipefail || decides || context.background {
                continue;
            }
            let last = pipeline.commands.len() - 1;
            // Of nothing `grep` finds nothing, and says so.
            let reader = pipeline.simple().last().and_then(|command| command.program());
            let notices = |name: &str| name == "grep" || READERS.contains(&name);
            if reader.is_some_and(|program| notices(&program.name)) {
                continue;
            }
            let risky = pipeline.commands[..last].iter().find_map(|node| {
                let Node::Simple(command) = node else { return None };
                let program = command.program()?;
                (!HARMLESS.contains(&&*program.name)).then_some(program)
            });
            if let Some(program) = risky {
                report
                    .at(
                        program.word.span,
                        format!("`{}` may fail unnoticed in this pipeline", program.name),
                    )
                    .help("put `set -o pipefail;` in front, under bash or ash, or set `SHELL`");
            }
        }
    }
}
