//! What BuildKit's own checks said of a file, against the rules of ours whose pages say that they
//! cover them: they speak of the same instructions, but for what [`REASONS`] gives a reason for.
//!
//! Checks that no page claims are about style, or about what is merely old: `FromAsCasing`,
//! `StageNameCasing`, `ConsistentInstructionCasing`, `ExposeProtoCasing`, `LegacyKeyValueFormat`,
//! `MaintainerDeprecated`, `RedundantTargetPlatform`, `InvalidDefinitionDescription`.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll::config::{Config, RuleLevel, Settings};
use plimsoll::knowledge::environments::leaves_unset;
use plimsoll::lint::lint;
use plimsoll::model::dockerfile::{self as model, Build, Inputs};
use plimsoll::rules::catalogue;
use plimsoll::source::Files;
use plimsoll::syntax::Parsed;
use plimsoll::syntax::dockerfile::{self, File, Instruction};
use plimsoll::syntax::shell::Dialect;
use serde_json::Value;

/// Checks of BuildKit that no page claims.
const UNCLAIMED: [&str; 8] = [
    "ConsistentInstructionCasing",
    "ExposeProtoCasing",
    "FromAsCasing",
    "InvalidDefinitionDescription",
    "LegacyKeyValueFormat",
    "MaintainerDeprecated",
    "RedundantTargetPlatform",
    "StageNameCasing",
];

/// Who alone speaks of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Only {
    Theirs,
    Ours,
}

/// Why we differ in a check: where the last says so.
type Reason = (&'static str, Only, &'static str, fn(&Seen) -> bool);

const REASONS: &[Reason] = &[
    ("UndefinedVar", Only::Theirs, "it has a default of its own", |seen| {
        let name = seen.variable();
        let text = seen.text();
        [":-", "-", ":+", "+"].iter().any(|it| text.contains(&format!("${{{name}{it}")))
    }),
    ("UndefinedVar", Only::Theirs, "the base may set it", |seen| {
        !leaves_unset(&seen.base(), seen.variable())
    }),
    ("UndefinedVar", Only::Theirs, "it is set to itself and more: `ENV X=$X:/y`", |seen| {
        let one = seen.instruction();
        one.arguments.pairs().iter().any(|pair| pair.key.value == seen.variable())
    }),
    (
        "InvalidDefaultArgInFrom",
        Only::Theirs,
        "the build is told to fail whatever is given",
        |seen| seen.told("unbuildable") || seen.told("undeclared-base-variable"),
    ),
    ("InvalidDefaultArgInFrom", Only::Theirs, "a word in capitals is to be filled in", |seen| {
        seen.words().first().is_some_and(|base| base.chars().all(|c| c.is_ascii_uppercase()))
    }),
    ("FromPlatformFlagConstDisallowed", Only::Theirs, "Windows is one platform", |seen| {
        seen.message.contains("windows")
    }),
    ("JSONArgsRecommended", Only::Theirs, "it is a prompt: an image to build on", |seen| {
        matches!(seen.words()[..], ["/bin/bash" | "/bin/sh" | "bash" | "sh"])
    }),
    ("JSONArgsRecommended", Only::Theirs, "the base may start something else", |seen| {
        !seen.text().to_uppercase().starts_with("ENTRYPOINT") && !seen.passes_on()
    }),
    ("JSONArgsRecommended", Only::Theirs, "it is handed to the entrypoint", |seen| {
        seen.beside().any(|one| one.kind.name() == "ENTRYPOINT")
    }),
    ("JSONArgsRecommended", Only::Theirs, "another stage is what is built", |seen| !seen.is_last()),
    ("JSONArgsRecommended", Only::Theirs, "it starts nothing", |seen| seen.words().is_empty()),
    ("JSONArgsRecommended", Only::Theirs, "it does a job and ends", |seen| {
        ["ls", "tar", "service", "find ", "tox", "test", "build", "chmod"]
            .iter()
            .any(|job| seen.text().contains(job))
    }),
    ("JSONArgsRecommended", Only::Theirs, "BusyBox makes way for what is not in view", |seen| {
        seen.sh() == Some(Dialect::Ash)
    }),
    ("JSONArgsRecommended", Only::Ours, "an exec form without an init is told, too", |seen| {
        seen.message.ends_with("without an init")
    }),
    (
        "JSONArgsRecommended",
        Only::Ours,
        "broken lists of other instructions are told, too",
        |seen| !matches!(seen.instruction().kind.name(), "CMD" | "ENTRYPOINT"),
    ),
    ("JSONArgsRecommended", Only::Ours, "a shell that an exec form or `SHELL` names", |seen| {
        seen.instruction().arguments.is_json()
            || seen.beside().any(|one| one.kind.name() == "SHELL")
    }),
    ("MultipleInstructionsDisallowed", Only::Theirs, "`[]` takes the base's away first", |seen| {
        seen.text().ends_with("[]")
    }),
    ("WorkdirRelativePath", Only::Theirs, "a drive: the base is Windows", |seen| {
        seen.words()[0].to_lowercase().starts_with("c:\\")
    }),
    ("WorkdirRelativePath", Only::Theirs, "`.` leads nowhere else", |seen| seen.words() == ["."]),
    ("WorkdirRelativePath", Only::Theirs, "the base may set the variable", |seen| {
        seen.words()[0].starts_with('$')
    }),
    ("WorkdirRelativePath", Only::Ours, "each step below a relative one is relative", |seen| {
        seen.beside().filter(|one| one.kind.name() == "WORKDIR").count() > 1
    }),
    ("ExposeInvalidFormat", Only::Ours, "a `:` without a host's port is one, too", |seen| {
        seen.text().contains(" :")
    }),
    ("SecretsUsedInArgOrEnv", Only::Theirs, "a password that everybody tries", |seen| {
        seen.told("default-credentials")
    }),
    (
        "SecretsUsedInArgOrEnv",
        Only::Theirs,
        "a key that is public, or no key to anything",
        |seen| {
            ["GPG_KEY", "GLIBC_KEY", "PROVIDER_KEY", "_KEY_CLIENT", "_KEY_SERVER"]
                .iter()
                .any(|name| seen.variable().contains(name))
        },
    ),
    ("SecretsUsedInArgOrEnv", Only::Theirs, "`KEY` alone may be any key", |seen| {
        seen.variable() == "KEY"
    }),
    ("SecretsUsedInArgOrEnv", Only::Theirs, "where it is, not what it is", |seen| {
        let value = seen.value();
        seen.variable().ends_with("_PATH") || value.contains('/') || value.ends_with(".key")
    }),
    ("SecretsUsedInArgOrEnv", Only::Theirs, "nothing, or something to be filled in", |seen| {
        let value = seen.value();
        value.trim_matches(['"', 'X']).is_empty()
            || ["NULL", "this-is-not-a-secret"].contains(&value)
            || value.contains(' ')
    }),
    ("SecretsUsedInArgOrEnv", Only::Ours, "a name that theirs does not know", |seen| {
        seen.message.contains("_PASS`") || seen.message.contains("PGPASSWORD")
    }),
];

/// What the instructions are called that a check spoke of, each once.
type Told = BTreeMap<(String, u32), String>;

/// One file: what both said.
pub struct Case {
    /// BuildKit came to its end.
    is_whole: bool,
    parsed: Parsed<File>,
    build: Build,
    theirs: Told,
    ours: Told,
    /// All rules of ours that spoke, with the first line of the instruction.
    spoke: BTreeSet<(&'static str, u32)>,
}

/// A difference.
struct Seen<'a> {
    case: &'a Case,
    line: u32,
    message: &'a str,
}

impl Case {
    pub fn new(text: &str, expect: &Value) -> Self {
        let mut files = Files::default();
        let id = files.add("Dockerfile", text);
        let parsed = dockerfile::parse(files.get(id));
        let build = model::build(&parsed.tree, &Inputs { closed: true, ..Inputs::default() });
        let (theirs, ours, spoke) = Default::default();
        let errors = ["parse_err", "instr_err", "convert_err"];
        let is_whole = errors.iter().all(|error| expect[*error].is_null());
        let mut case = Self { is_whole, parsed, build, theirs, ours, spoke };
        let claims = claims();
        for warning in expect["lint"].as_array().into_iter().flatten() {
            let check = warning["rule"].as_str().unwrap();
            let line = case.first_line(warning["lines"][0].as_u64().unwrap() as u32 - 1);
            if claims.iter().any(|(claimed, _)| *claimed == check) {
                let message = warning["msg"].as_str().unwrap().to_owned();
                case.theirs.insert((check.to_owned(), line), message);
            } else {
                assert!(UNCLAIMED.contains(&check), "{check} is neither claimed nor left out");
            }
        }
        for finding in lint(&files, &all(&claims)).findings {
            let line = case.first_line(files.get(id).line(finding.span.start));
            case.spoke.insert((finding.rule, line));
            for (check, _) in claims.iter().filter(|(_, rule)| *rule == finding.rule) {
                case.ours.insert(((*check).to_owned(), line), finding.message.to_string());
            }
        }
        case
    }

    /// The differences that no reason covers; those that do are counted in `used`.
    pub fn unexplained(&self, used: &mut [usize]) -> Vec<String> {
        let mut wrong = Vec::new();
        let sides =
            [(Only::Theirs, &self.theirs, &self.ours), (Only::Ours, &self.ours, &self.theirs)];
        for (only, told, other) in sides {
            // Behind an error it looks at nothing.
            if only == Only::Ours && !self.is_whole {
                continue;
            }
            for ((check, line), message) in told.iter().filter(|(at, _)| !other.contains_key(at)) {
                let seen = Seen { case: self, line: *line, message };
                let holds =
                    |reason: &&Reason| reason.0 == check && reason.1 == only && reason.3(&seen);
                match REASONS.iter().position(|reason| holds(&reason)) {
                    Some(index) => used[index] += 1,
                    None => wrong.push(format!("{}: {only:?} {check}: {message}", line + 1)),
                }
            }
        }
        wrong
    }

    /// The first line of the instruction that a line belongs to.
    fn first_line(&self, line: u32) -> u32 {
        let mut all = self.parsed.tree.instructions.iter();
        let around = all.find(|one| one.lines.0 <= line && line <= one.lines.1);
        around.map_or(line, |one| one.lines.0)
    }

    pub fn agreed(&self) -> usize {
        self.theirs.keys().filter(|at| self.ours.contains_key(at)).count()
    }
}

impl Seen<'_> {
    fn instruction(&self) -> &Instruction {
        let mut all = self.case.parsed.tree.instructions.iter();
        all.find(|one| one.lines.0 == self.line).unwrap()
    }

    fn text(&self) -> &str {
        self.instruction().logical.text()
    }

    fn words(&self) -> Vec<&str> {
        self.instruction().arguments.words().iter().map(|word| word.value.as_str()).collect()
    }

    fn told(&self, rule: &str) -> bool {
        self.case.spoke.iter().any(|(spoke, line)| *spoke == rule && *line == self.line)
    }

    fn stage(&self) -> usize {
        let instructions = &self.case.parsed.tree.instructions;
        let line = |stage: &model::Stage| instructions[stage.instruction].lines.0;
        let stages = &self.case.build.stages;
        stages.iter().rposition(|stage| line(stage) <= self.line).unwrap()
    }

    fn is_last(&self) -> bool {
        self.stage() + 1 == self.case.build.stages.len()
    }

    /// The instructions of the same stage.
    fn beside(&self) -> impl Iterator<Item = &Instruction> {
        let steps = self.case.build.stages[self.stage()].steps.iter();
        steps.map(|step| step.instruction(&self.case.parsed.tree))
    }

    fn base(&self) -> String {
        let base = self.case.build.base_image(self.stage());
        base.map_or(String::new(), |base| base.familiar().to_owned())
    }

    fn sh(&self) -> Option<Dialect> {
        self.case.build.base_image(self.stage()).and_then(|base| base.sh())
    }

    fn passes_on(&self) -> bool {
        self.case.build.base_image(self.stage()).is_some_and(|base| base.passes_on())
    }

    /// Between the marks of a message: `'$NAME'`, `"NAME"`.
    fn variable(&self) -> &str {
        self.message.split(['\'', '"']).nth(1).unwrap().trim_start_matches('$')
    }

    fn value(&self) -> &str {
        let pairs = self.instruction().arguments.pairs().iter();
        let mut named = pairs.filter(|pair| pair.key.value == self.variable());
        let value = named.next().and_then(|pair| pair.value.as_ref());
        value.map_or("", |value| &value.value)
    }
}

pub fn reasons() -> usize {
    REASONS.len()
}

/// Reasons that nothing needs any more.
pub fn stale(used: &[usize]) -> Vec<&'static str> {
    let used = REASONS.iter().zip(used);
    used.filter(|(_, count)| **count == 0).map(|((_, _, why, _), _)| *why).collect()
}

pub fn table(used: &[usize]) {
    for ((check, only, why, _), count) in REASONS.iter().zip(used) {
        println!("{count:4} {check}, only {only:?}: {why}");
    }
}

/// Checks and the rules whose pages claim them.
fn claims() -> Vec<(&'static str, &'static str)> {
    let entries = catalogue().iter();
    let of = |entry: &'static plimsoll::rules::Entry| {
        let checks = entry.page.replaces.iter().filter_map(|it| it.strip_prefix("buildkit/"));
        checks.map(|check| (check, entry.page.id))
    };
    entries.flat_map(of).collect()
}

/// All rules that claim something, at their own severity, whatever their level.
fn all(claims: &[(&str, &str)]) -> Config {
    let claimed = catalogue().iter().filter(|entry| claims.iter().any(|it| it.1 == entry.page.id));
    let levels =
        claimed.map(|entry| (entry.page.id.to_owned(), RuleLevel::At(entry.page.severity)));
    let settings = Settings { levels: levels.collect(), ..Settings::default() };
    Config { default: settings, ..Config::default() }
}
