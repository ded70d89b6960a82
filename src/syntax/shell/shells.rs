//! Which shell reads a text.

/// The grammar of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `sh`: whichever the image has.
    #[default]
    Posix,
    Bash,
    Dash,
    /// BusyBox.
    Ash,
    Ksh,
    Zsh,
    PowerShell,
    /// `cmd.exe`
    Cmd,
    /// No shell at all: the words are given to the program as they are.
    Exec,
    /// Another interpreter, of which nothing is known.
    Other,
}

/// A shell and the options it starts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shell {
    pub dialect: Dialect,
    /// `-e`: stops at the first failure.
    pub errexit: bool,
    /// `-o pipefail`: a pipeline fails when any of its commands does.
    pub pipefail: bool,
}

impl Dialect {
    /// The dialect of a program by name or path; `None` for what is no shell.
    pub fn of_program(program: &str) -> Option<Self> {
        // Asked of every command: no other letter ends one of them, or `.exe`.
        if !matches!(program.bytes().last()? | 0x20, b'h' | b'd' | b'l' | b'3' | b'e') {
            return None;
        }
        let slash = program.bytes().rposition(|byte| matches!(byte, b'/' | b'\\'));
        let name = &program[slash.map_or(0, |slash| slash + 1)..];
        let stem = name.len().checked_sub(".exe".len()).and_then(|at| name.split_at_checked(at));
        let stem = stem.filter(|(_, end)| end.eq_ignore_ascii_case(".exe"));
        let name = stem.map_or(name, |(stem, _)| stem);
        let mut lower = [0; "powershell".len()];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"sh" => Self::Posix,
            b"bash" | b"rbash" => Self::Bash,
            b"dash" => Self::Dash,
            b"ash" => Self::Ash,
            b"ksh" | b"mksh" | b"ksh93" => Self::Ksh,
            b"zsh" => Self::Zsh,
            b"pwsh" | b"powershell" => Self::PowerShell,
            b"cmd" => Self::Cmd,
            _ => return None,
        })
    }

    /// Whether it is a shell whose grammar we read.
    pub fn is_posix(self) -> bool {
        !matches!(self, Self::PowerShell | Self::Cmd | Self::Exec | Self::Other)
    }

    /// How a person calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Posix => "sh",
            Self::Bash => "bash",
            Self::Dash => "dash",
            Self::Ash => "ash",
            Self::Ksh => "ksh",
            Self::Zsh => "zsh",
            Self::PowerShell => "PowerShell",
            Self::Cmd => "cmd",
            Self::Exec => "no shell",
            Self::Other => "another interpreter",
        }
    }
}

impl Shell {
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, errexit: false, pipefail: false }
    }

    /// The shell that these words start: those of a `SHELL` instruction, or the program and its
    /// options before a script. Looks behind `env` and `busybox`.
    pub fn of<S: AsRef<str>>(words: &[S]) -> Self {
        let mut words = words.iter().map(AsRef::as_ref);
        let program = words.find(|word| {
            let name = word.rsplit('/').next().unwrap_or(word);
            !matches!(name, "env" | "busybox") && !name.starts_with('-') && !name.contains('=')
        });
        let mut shell = Self::new(program.map_or(Dialect::Other, |program| {
            Dialect::of_program(program).unwrap_or(Dialect::Other)
        }));
        while let Some(word) = words.next() {
            let Some(letters) = word.strip_prefix(['-', '+']) else { break };
            let on = word.starts_with('-');
            if letters.starts_with('-') {
                continue;
            }
            if letters.contains('e') {
                shell.errexit = on;
            }
            if letters.contains('o') {
                shell.set(words.next().unwrap_or_default(), on);
            }
        }
        shell
    }

    /// The shell that the first line of a text asks for; `None` when it is no `#!`.
    pub fn of_shebang(line: &str) -> Option<Self> {
        let words: Vec<_> = line.strip_prefix("#!")?.split_ascii_whitespace().collect();
        Some(Self::of(&words))
    }

    /// Switches an option by its long name, as `set -o` does.
    pub(super) fn set(&mut self, option: &str, on: bool) {
        match option {
            "errexit" => self.errexit = on,
            "pipefail" => self.pipefail = on,
            _ => {}
        }
    }
}
