//! Which program a command runs, behind the wrappers before it, and the text it hands to a shell.

use std::borrow::Cow;
use std::ops::Range;

use super::{Assignment, Command, Dialect, OptionSyntax, Shell, Word};

/// What a command runs in the end.
#[derive(Clone, Debug)]
pub struct Program<'a> {
    /// The last component of its path.
    pub name: Cow<'a, str>,
    /// The word that names it.
    pub word: &'a Word,
    pub arguments: &'a [Word],
    /// What runs it, outermost first: `sudo`, then `env`.
    pub wrappers: Vec<Wrapper<'a>>,
}

/// A program that runs the one its arguments name.
#[derive(Clone, Debug)]
pub struct Wrapper<'a> {
    pub name: &'static str,
    /// Its own words, its name first.
    pub words: &'a [Word],
}

impl Command {
    /// The program that runs in the end; `None` when only running decides which, or when the
    /// command is nothing but assignments or redirections.
    pub fn program(&self) -> Option<Program<'_>> {
        let (wrappers, words) = self.unwrapped();
        let (word, arguments) = words.split_first()?;
        let name = Cow::Borrowed(self.named.as_deref()?);
        Some(Program { name, word, arguments, wrappers })
    }

    /// What runs the program, outermost first, be that known or not.
    pub fn wrappers(&self) -> Vec<Wrapper<'_>> {
        self.unwrapped().0
    }

    /// The wrappers, and the words from the program on.
    fn unwrapped(&self) -> (Vec<Wrapper<'_>>, &[Word]) {
        let mut rest = self.words.as_slice();
        let mut wrappers = Vec::new();
        for Wrapped { name, words } in &self.wrapped {
            let (own, behind) = rest.split_at(*words);
            wrappers.push(Wrapper { name, words: own });
            rest = behind;
        }
        (wrappers, rest)
    }

    /// Looks among the words for the program and what runs it.
    pub(super) fn find_program(&mut self) {
        let mut wrapped = Vec::new();
        let mut rest = self.words.as_slice();
        self.named = loop {
            let Some((word, arguments)) = rest.split_first() else { break None };
            let Some(name) = word.file_name() else { break None };
            let row = Row::of(&name).and_then(|row| Some((row, row.own_words(arguments)?)));
            let Some((row, own)) = row else { break Some(name.into()) };
            wrapped.push(Wrapped { name: row.name, words: own + 1 });
            rest = &arguments[own..];
        };
        self.wrapped = wrapped.into();
    }

    /// The variables set for the program alone: by assignments before it, or by `env`. By name,
    /// with the value where the text has it.
    pub fn environment(&self) -> impl Iterator<Item = (Cow<'_, str>, Option<Cow<'_, str>>)> {
        let direct = self
            .assignments
            .iter()
            .map(|Assignment { name, value, .. }| (Cow::Borrowed(&**name), value.literal()));
        let words = self.wrappers().into_iter().flat_map(|wrapper| wrapper.words);
        direct.chain(words.filter_map(|word| {
            let prefix = word.prefix();
            let (name, value) = prefix.split_once('=')?;
            let value = (!word.is_dynamic()).then(|| Cow::Owned(value.to_owned()));
            Some((Cow::Owned(name.to_owned()), value))
        }))
    }
}

/// A wrapper of a command, and how many words are its own, its name included.
#[derive(Clone, Debug)]
pub(super) struct Wrapped {
    name: &'static str,
    words: usize,
}

/// One program that runs another.
struct Row {
    name: &'static str,
    options: OptionSyntax,
    /// How many operands stand before the program.
    operands: usize,
    /// Options that make it something else: `command -v`.
    unless: &'static [&'static str],
}

const fn row(name: &'static str, values: &'static [&'static str], operands: usize) -> Row {
    let options = OptionSyntax { values, single_dash: false };
    Row { name, options, operands, unless: &[] }
}

/// From the manuals of sudo 1.9, coreutils 9, util-linux 2.39, findutils 4.9, BusyBox 1.36, s6
/// 2.12, tini 0.19, dumb-init 1.2, gosu 1.17, su-exec 0.2 and POSIX. By name.
const WRAPPERS: &[Row] = &[
    row("builtin", &[], 0),
    row("busybox", &[], 0),
    row("catatonit", &[], 0),
    row("chpst", &["-u", "-U", "-b", "-e", "-m", "-d", "-o", "-p", "-f", "-c", "-r", "-t"], 0),
    row("chroot", &[], 1),
    Row { unless: &["-v", "-V"], ..row("command", &[], 0) },
    row("doas", &["-C", "-u"], 0),
    row("docker-init", &[], 0),
    row("dumb-init", &["-r", "--rewrite"], 0),
    row("eatmydata", &[], 0),
    row("env", &["-u", "--unset", "-C", "--chdir"], 0),
    row("exec", &["-a"], 0),
    row("fakeroot", &["-l", "-s", "-i", "-b"], 0),
    row("faketime", &["-f"], 1),
    row("flock", &["-w", "--timeout", "-E"], 1),
    row("gosu", &[], 1),
    row("ionice", &["-c", "--class", "-n", "--classdata"], 0),
    row("linux32", &[], 0),
    row("linux64", &[], 0),
    row("nice", &["-n", "--adjustment"], 0),
    row("nohup", &[], 0),
    row("s6-setuidgid", &[], 1),
    row("setarch", &[], 1),
    row(
        "setpriv",
        &[
            "--reuid",
            "--regid",
            "--groups",
            "--inh-caps",
            "--ambient-caps",
            "--bounding-set",
            "--securebits",
            "--pdeathsig",
            "--selinux-label",
            "--apparmor-profile",
        ],
        0,
    ),
    row("setsid", &[], 0),
    row("setuidgid", &[], 1),
    row("stdbuf", &["-i", "-o", "-e", "--input", "--output", "--error"], 0),
    row("su-exec", &[], 1),
    row(
        "sudo",
        &[
            "-u", "--user", "-g", "--group", "-h", "--host", "-p", "--prompt", "-C", "-D",
            "--chdir", "-R", "--chroot", "-T", "-r", "--role", "-t", "--type", "-U",
        ],
        0,
    ),
    row("time", &["-f", "--format", "-o", "--output"], 0),
    row("timeout", &["-k", "--kill-after", "-s", "--signal"], 1),
    row("tini", &["-p", "-e"], 0),
    row("tini-static", &["-p", "-e"], 0),
    row("unbuffer", &[], 0),
    row(
        "xargs",
        &[
            "-a",
            "--arg-file",
            "-d",
            "--delimiter",
            "-E",
            "-I",
            "--replace",
            "-L",
            "--max-lines",
            "-n",
            "--max-args",
            "-P",
            "--max-procs",
            "-s",
            "--max-chars",
        ],
        0,
    ),
];

/// By the first byte of the wrappers' names: the low bits of the last one, a bit for each value.
const ENDS: [u32; 256] = {
    let mut ends = [0; 256];
    let mut index = 0;
    while index < WRAPPERS.len() {
        let name = WRAPPERS[index].name.as_bytes();
        ends[name[0] as usize] |= 1 << (name[name.len() - 1] % 32);
        index += 1;
    }
    ends
};

impl Row {
    fn of(name: &str) -> Option<&'static Self> {
        // Asked of every command, and mostly there is none.
        let (first, last) = (name.bytes().next()?, name.bytes().last()?);
        if ENDS[usize::from(first)] & (1 << (last % 32)) == 0 {
            return None;
        }
        let found = WRAPPERS.binary_search_by(|row| row.name.cmp(name)).ok()?;
        Some(&WRAPPERS[found])
    }

    /// How many of the arguments are its own; `None` when it runs nothing.
    fn own_words(&self, arguments: &[Word]) -> Option<usize> {
        let mut operands = self.operands;
        let mut at = 0;
        let mut options = true;
        loop {
            let text = arguments.get(at)?.prefix();
            if options && text == "--" {
                options = false;
            } else if options && text.len() > 1 && text.starts_with('-') {
                if self.unless.contains(&&*text) {
                    return None;
                }
                at += usize::from(self.takes_next(&text));
            } else if is_assignment(&text) {
                // `env` and `sudo` take them; no program is called so.
            } else if operands > 0 {
                operands -= 1;
            } else {
                return Some(at);
            }
            at += 1;
        }
    }

    /// Whether the value of this option is the next word.
    fn takes_next(&self, option: &str) -> bool {
        let values = self.options.values;
        if option.starts_with("--") {
            return values.contains(&option);
        }
        let valued = |letter: char| values.iter().any(|value| value[1..].chars().eq([letter]));
        // A letter with a value ends the word or has the rest of it.
        option
            .char_indices()
            .skip(1)
            .find(|(_, letter)| valued(*letter))
            .is_some_and(|(at, letter)| at + letter.len_utf8() == option.len())
    }
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// Whether a variable may be called so.
pub(super) fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        && text.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
}

/// A text that a command gives to a shell as an argument.
pub(super) struct Handed {
    pub shell: Shell,
    /// The words that hold it: of `eval` all of them, joined by blanks, else one.
    pub words: Range<usize>,
}

pub(super) fn handed_text(command: &Command, program: &Program<'_>) -> Option<Handed> {
    let first = command.words.len() - program.arguments.len();
    let at = match &*program.name {
        "eval" if !program.arguments.is_empty() => {
            return Some(Handed { shell: Shell::default(), words: first..command.words.len() });
        }
        "su" | "runuser" => {
            let is_flag = |word: &Word| matches!(word.bare(), Some("-c" | "--command"));
            program.arguments.iter().position(is_flag)? + 1
        }
        _ => match Invocation::of(program)? {
            Invocation::Text(at) => at,
            Invocation::Input | Invocation::File => return None,
        },
    };
    let word = first + at;
    (word < command.words.len()).then(|| Handed { shell: shell_of(program), words: word..word + 1 })
}

/// The words that `echo` and `printf` write as they are, joined by blanks.
pub(super) fn echoed_words(command: &Command, program: &Program<'_>) -> Option<Range<usize>> {
    let first = command.words.len() - program.arguments.len();
    let is_option = |word: &&Word| matches!(word.bare(), Some("-n" | "-e" | "-E" | "-ne" | "-en"));
    let start = match &*program.name {
        "echo" => first + program.arguments.iter().take_while(is_option).count(),
        "printf" => match &*program.arguments.first()?.literal()? {
            "%s" | "%s\\n" | "%b" | "%b\\n" if program.arguments.len() == 2 => first + 1,
            text if program.arguments.len() == 1 && !text.contains('%') => first,
            _ => return None,
        },
        _ => return None,
    };
    // An escape may be a line's end, or may not: shells differ.
    let has_escape = |word: &Word| {
        word.parts.iter().any(|part| part.literal().is_some_and(|text| text.contains('\\')))
    };
    let words = &command.words[start..];
    let is_plain = command.redirections.is_empty() && !words.iter().any(has_escape);
    (is_plain && !words.is_empty()).then_some(start..command.words.len())
}

/// The words of the commands that `find` runs: `-exec rm {} ;`.
pub(super) fn found(command: &Command, program: &Program<'_>) -> Vec<Range<usize>> {
    if program.name != "find" {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = command.words.len() - program.arguments.len();
    while let Some(word) = command.words.get(at) {
        at += 1;
        if !matches!(word.bare(), Some("-exec" | "-execdir" | "-ok" | "-okdir")) {
            continue;
        }
        let start = at;
        let is_end = |word: &Word| word.literal().is_some_and(|text| matches!(&*text, ";" | "+"));
        at += command.words[start..].iter().take_while(|word| !is_end(word)).count();
        if start < at {
            found.push(start..at);
        }
    }
    found
}

/// The shell that reads what a command is given as input.
pub(super) fn fed_shell(command: &Command) -> Option<Shell> {
    let program = command.program()?;
    matches!(Invocation::of(&program)?, Invocation::Input).then(|| shell_of(&program))
}

fn shell_of(program: &Program<'_>) -> Shell {
    if Dialect::of_program(&program.name).is_none() {
        return Shell::default();
    }
    let words = std::iter::once(program.word).chain(program.arguments);
    Shell::of(&words.map(|word| word.prefix()).collect::<Vec<_>>())
}

/// Where a shell has its text from.
enum Invocation {
    /// The argument of this index.
    Text(usize),
    /// Its input.
    Input,
    File,
}

impl Invocation {
    /// `None` for a program that is no shell we read.
    fn of(program: &Program<'_>) -> Option<Self> {
        Dialect::of_program(&program.name).filter(|dialect| dialect.is_posix())?;
        let (mut text, mut input) = (false, false);
        let mut at = 0;
        while let Some(word) = program.arguments.get(at) {
            let option = word.prefix();
            if !option.starts_with(['-', '+']) || word.is_dynamic() {
                break;
            }
            if !option.starts_with("--") {
                text |= option.contains('c');
                input |= option.contains('s');
                at += usize::from(option.contains(['o', 'O']));
            }
            at += 1;
        }
        let is_over = at >= program.arguments.len();
        Some(match (text, input || is_over) {
            (true, _) => Self::Text(at),
            (false, true) => Self::Input,
            (false, false) => Self::File,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrapper_is_found_by_its_name() {
        for row in WRAPPERS {
            assert_eq!(Row::of(row.name).map(|found| found.name), Some(row.name));
        }
        assert!(["", "echo", "enx", "é"].into_iter().all(|name| Row::of(name).is_none()));
    }
}
