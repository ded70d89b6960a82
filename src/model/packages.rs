//! What a command asks of a package manager.

use crate::knowledge::packages::{Action, Family, Manager, manager};
use crate::source::{Placed, Span, Spanned};
use crate::syntax::shell::{Argument, Command, OptionValue, Program, Word, arguments};

/// One call of a package manager.
#[derive(Clone, Debug)]
pub struct Invocation {
    pub manager: &'static Manager,
    /// The program as it is called, without its path.
    pub program: Spanned<String>,
    pub action: Action,
    /// The words that say what to do, as written; without any, those of the program.
    pub subcommand: Spanned<String>,
    pub options: Vec<PackageOption>,
    /// What it names behind the subcommand: for [`Action::Execute`], the one that it runs.
    pub packages: Vec<Package>,
}

/// An option of a package manager, by the name that is written.
#[derive(Clone, Debug)]
pub struct PackageOption {
    /// With its dashes.
    pub name: String,
    pub value: Option<OptionValue>,
    /// The word it stands in.
    pub span: Span,
}

/// One thing that is to be installed, removed or replaced.
#[derive(Clone, Debug)]
pub struct Package {
    /// Without version, architecture and extras; as far as it is known for
    /// [`PackageKind::Unknown`].
    pub name: String,
    pub version: Option<Version>,
    pub kind: PackageKind,
    /// The whole word.
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageKind {
    /// A package of a registry or repository.
    Named,
    /// A group of packages: `@development-tools`.
    Group,
    /// A file or directory.
    File,
    /// A place in the network, a repository of sources included.
    Url,
    /// Only running decides.
    Unknown,
}

/// What a version has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// As written between name and version: `=`, `==`, `>=`, `@`, `-`; empty when an option
    /// says the version.
    pub operator: &'static str,
    /// `None` when only running decides.
    pub text: Option<String>,
    pub span: Span,
}

impl Placed for Invocation {
    fn shift(&mut self, by: u32) {
        let Self { manager: _, program, action: _, subcommand, options, packages } = self;
        program.shift(by);
        subcommand.shift(by);
        options.shift(by);
        packages.shift(by);
    }
}

impl Placed for PackageOption {
    fn shift(&mut self, by: u32) {
        let Self { name: _, value, span } = self;
        value.shift(by);
        span.shift(by);
    }
}

impl Placed for Package {
    fn shift(&mut self, by: u32) {
        let Self { name: _, version, kind: _, span } = self;
        if let Some(Version { operator: _, text: _, span }) = version {
            span.shift(by);
        }
        span.shift(by);
    }
}

impl Invocation {
    /// The program and the subcommand.
    pub fn span(&self) -> Span {
        self.program.span.to(self.subcommand.span)
    }

    /// How a person calls it: `apt-get update`.
    pub fn name(&self) -> String {
        format!("{} {}", self.program.value, self.subcommand.value).trim_end().to_owned()
    }

    /// Whether one of these options, given with their dashes, is there and not switched off.
    pub fn has(&self, names: &[&str]) -> bool {
        self.option(names).is_some_and(|option| {
            let value = option.value.as_ref().and_then(|value| value.text.as_deref());
            !matches!(value, Some("false" | "no" | "0"))
        })
    }

    /// The last of the options of these names.
    pub fn option(&self, names: &[&str]) -> Option<&PackageOption> {
        self.options.iter().rfind(|option| names.contains(&&*option.name))
    }

    /// The known values of the options of these names.
    pub fn values(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        let named = self.options.iter().filter(move |option| names.contains(&&*option.name));
        named.filter_map(|option| option.value.as_ref()?.text.as_deref())
    }

    /// Whether it asks nobody before it acts. From apt-get(8), dnf(8), zypper(8).
    pub fn assumes_yes(&self) -> bool {
        match self.manager.family {
            Family::Apt => {
                let quiet = self.options.iter().filter(|it| matches!(&*it.name, "-q" | "--quiet"));
                let level = |option: &PackageOption| match &option.value {
                    Some(OptionValue { text: Some(level), .. }) => level.parse().unwrap_or(1),
                    _ => 1,
                };
                self.has(&["-y", "--yes", "--assume-yes", "--force-yes"])
                    || quiet.map(level).sum::<u32>() >= 2
                    || self.apt_setting("APT::Get::Assume-Yes") == Some(true)
            }
            Family::Rpm => self.has(&["-y", "--assumeyes"]),
            Family::Zypper => self.has(&["-y", "--no-confirm", "-n", "--non-interactive"]),
            _ => true,
        }
    }

    /// What `-o name=…` sets, if it is a truth value.
    pub fn apt_setting(&self, name: &str) -> Option<bool> {
        let settings = self.values(&["-o", "--option"]).filter_map(|it| it.split_once('='));
        let (_, value) = settings.filter(|(key, _)| key.eq_ignore_ascii_case(name)).last()?;
        match value.trim_matches(['"', '\'']).to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Some(true),
            "0" | "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }
}

/// What `command` asks of a package manager; `None` when it calls none.
pub fn invocation(command: &Command) -> Option<Invocation> {
    let mut program = command.program()?;
    let manager = match python_module(&program) {
        Some((module, arguments)) => {
            program.arguments = arguments;
            manager(&module)?
        }
        None => manager(&program.name)?,
    };
    let found: Vec<_> = arguments(program.arguments, manager.options).collect();
    let operands: Vec<_> = found.iter().filter_map(operand).collect();
    let (length, action) = verb(manager, &operands);
    let (said, named) = operands.split_at(length);
    let subcommand = said.iter().copied().fold(None, |said: Option<Spanned<String>>, word| {
        let text = word.prefix().into_owned();
        Some(match said {
            Some(said) => Spanned::new(said.value + " " + &text, said.span.to(word.span)),
            None => Spanned::new(text, word.span),
        })
    });
    let taken = match action {
        Action::Execute => &named[..named.len().min(1)],
        // Behind `--` some hand options to others.
        _ => named,
    };
    let is_last = |argument: &Argument<'_>| match argument {
        // What is run has its own options behind it.
        Argument::Operand(word) => {
            action == Action::Execute && taken.iter().any(|last| std::ptr::eq(*last, *word))
        }
        Argument::Option { .. } => false,
    };
    let options: Vec<_> =
        found.iter().take_while(|argument| !is_last(argument)).filter_map(option).collect();
    let subcommand = subcommand.unwrap_or(Spanned::new(String::new(), program.word.span));
    let mut packages = Vec::new();
    if names_packages(action) {
        let names = taken.iter().filter(|word| !word.prefix().starts_with('-'));
        packages.extend(names.map(|word| package(manager.family, &subcommand.value, word)));
    }
    let asks_for_help = options.iter().any(|it| HELP.contains(&&*it.name));
    let action = match action {
        Action::InstallProject if subcommand.value.is_empty() && asks_for_help => Action::Other,
        Action::InstallEither if packages.is_empty() => Action::InstallProject,
        Action::InstallEither => Action::Install,
        action => action,
    };
    let program = Spanned::new(program.name.into_owned(), program.word.span);
    let mut invocation = Invocation { manager, program, action, subcommand, options, packages };
    invocation.share_version();
    Some(invocation)
}

/// Options that make a manager say something about itself, and nothing else.
const HELP: &[&str] = &["-h", "--help", "-v", "--version"];

fn names_packages(action: Action) -> bool {
    use Action::{Execute, Install, InstallEither, Remove, Upgrade};
    matches!(action, Install | InstallEither | Remove | Upgrade | Execute)
}

/// The module of `python -m module`, and the arguments behind it.
fn python_module<'a>(program: &Program<'a>) -> Option<(String, &'a [Word])> {
    let name = program.name.trim_end_matches(|char: char| char.is_ascii_digit() || char == '.');
    if !matches!(name, "python" | "pypy") {
        return None;
    }
    let options = program.arguments.iter().take_while(|word| word.prefix().starts_with('-'));
    let at = options.map(Word::literal).position(|option| option.as_deref() == Some("-m"))?;
    let module = program.arguments.get(at + 1)?.literal()?;
    Some((module.into_owned(), &program.arguments[at + 2..]))
}

fn operand<'a>(argument: &Argument<'a>) -> Option<&'a Word> {
    match argument {
        // `cargo +nightly build`
        Argument::Operand(word) if !word.prefix().starts_with('+') => Some(word),
        _ => None,
    }
}

fn option(argument: &Argument<'_>) -> Option<PackageOption> {
    match argument {
        Argument::Option { name, value, word } => {
            Some(PackageOption { name: name.clone(), value: value.clone(), span: word.span })
        }
        Argument::Operand(_) => None,
    }
}

/// How many of the operands say what to do, and what that is.
fn verb(manager: &Manager, operands: &[&Word]) -> (usize, Action) {
    let said = |verb: &str| {
        let length = verb.split_whitespace().count();
        let words = operands.iter().map(|word| word.literal());
        let is_said = operands.len() >= length
            && verb.split_whitespace().zip(words).all(|(verb, word)| word.as_deref() == Some(verb));
        is_said.then_some(length)
    };
    let verbs = manager.verbs.iter().filter_map(|(verb, action)| Some((said(verb)?, *action)));
    match verbs.max_by_key(|(length, _)| *length) {
        Some((0, action)) if operands.is_empty() || action == Action::Execute => (0, action),
        None | Some((0, _)) => (operands.len().min(1), Action::Other),
        Some(verb) => verb,
    }
}

impl Invocation {
    /// `gem` and `cargo` say the version of all packages in an option.
    fn share_version(&mut self) {
        if !matches!(self.manager.family, Family::Ruby | Family::Cargo) {
            return;
        }
        let Some(value) =
            self.option(&["-v", "--version", "--vers"]).and_then(|it| it.value.clone())
        else {
            return;
        };
        for package in self.packages.iter_mut().filter(|package| package.version.is_none()) {
            let OptionValue { text, span } = value.clone();
            package.version = Some(Version { operator: "", text, span });
        }
    }
}

fn package(family: Family, subcommand: &str, word: &Word) -> Package {
    let text = word.prefix();
    let is_known = !word.is_dynamic();
    let kind = kind(family, subcommand, word, &text);
    let version = match kind {
        PackageKind::Named => version(family, &text, is_known),
        _ => None,
    };
    let name = match version {
        Some((end, ..)) => &text[..end],
        None => &text,
    };
    let name = match (family, kind) {
        (Family::Apt, PackageKind::Named) => name.split(':').next(),
        (Family::Apk, PackageKind::Named) => name.split('@').next(),
        (Family::Python, PackageKind::Named) => name.split(['[', ';', ' ']).next(),
        _ => Some(name),
    };
    let kind = match kind {
        PackageKind::Named if !is_known && version.is_none() => PackageKind::Unknown,
        kind => kind,
    };
    let version = version.map(|(_, operator, start)| Version {
        operator,
        text: is_known.then(|| text[start..].to_owned()),
        span: word.span_from(start),
    });
    Package { name: name.unwrap_or_default().to_owned(), version, kind, span: word.span }
}

fn kind(family: Family, subcommand: &str, word: &Word, text: &str) -> PackageKind {
    let ending = word.parts.last().and_then(|part| part.literal()).unwrap_or_default();
    let ends_as_file = FILE_ENDINGS.iter().any(|it| ending.ends_with(it))
        || family == Family::Go && ending.ends_with(".go");
    let first = text.split('/').next().unwrap_or_default();
    let is_url = text.contains("://")
        || URL_STARTS.iter().any(|start| text.starts_with(start))
        || family == Family::Node && text.contains('/') && !text.starts_with(['@', '.', '/', '~']);
    let is_file = ends_as_file
        || text.starts_with(['.', '/', '~'])
        // A package of the module at hand, or of the standard library.
        || family == Family::Go && !first.contains('.') && !text.is_empty();
    if is_url {
        PackageKind::Url
    } else if text.is_empty() {
        PackageKind::Unknown
    } else if is_file && !is_virtual(family, text) {
        PackageKind::File
    } else if family == Family::Rpm
        && (text.starts_with('@')
            || subcommand.starts_with("group")
            || subcommand.starts_with("module"))
    {
        PackageKind::Group
    } else {
        PackageKind::Named
    }
}

/// Names that `apk add --virtual` gave: `.build-deps`.
fn is_virtual(family: Family, text: &str) -> bool {
    family == Family::Apk
        && text
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_alphanumeric()))
        && !text.ends_with(".apk")
}

const FILE_ENDINGS: &[&str] =
    &[".deb", ".rpm", ".apk", ".whl", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".zip", ".gem"];

const URL_STARTS: &[&str] =
    &["git+", "hg+", "svn+", "git@", "github:", "gitlab:", "bitbucket:", "gist:", "npm:"];

/// Where the name ends, what joins the version to it, and where that begins.
fn version(family: Family, text: &str, is_known: bool) -> Option<(usize, &'static str, usize)> {
    let at = match family {
        Family::Apt => text.find(['=', '/'])?,
        Family::Apk => text.find(['=', '~', '<', '>'])?,
        Family::Zypper => text.find(['=', '<', '>'])?,
        Family::Python => text.find(['=', '~', '<', '>', '!', '@'])?,
        Family::Node => text.get(1..)?.find('@')? + 1,
        Family::Ruby => text.find(':')?,
        Family::Go | Family::Cargo => text.find('@')?,
        Family::Composer => text.find([':', '=', ' '])?,
        Family::Rpm => rpm_version(text, is_known)?,
    };
    let operator = OPERATORS.iter().find(|operator| text[at..].starts_with(**operator))?;
    let start = at + operator.len();
    let blanks = text[start..].len() - text[start..].trim_start().len();
    Some((at, operator, start + blanks))
}

/// The dash behind which all is version: each piece begins with a digit, but names have such
/// pieces too (`java-17-openjdk`).
fn rpm_version(text: &str, is_known: bool) -> Option<usize> {
    let is_version = |at: &usize| {
        let mut pieces = text[at + 1..].split('-').peekable();
        let mut is_version = true;
        while let Some(piece) = pieces.next() {
            let is_cut = !is_known && pieces.peek().is_none() && piece.is_empty();
            is_version &= is_cut || piece.starts_with(|it: char| it.is_ascii_digit());
        }
        is_version
    };
    text.match_indices('-').map(|(at, _)| at).find(is_version)
}

/// Longer before shorter.
const OPERATORS: &[&str] =
    &["===", "==", ">=", "<=", "~=", "!=", "=", ">", "<", "~", "@", ":", "/", "-", " "];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::shell::{Script, Shell, parse};

    fn script(text: &str) -> Script {
        let place = |range: std::ops::Range<usize>| Span::new(FileId(0), range.start, range.end);
        parse(text, Shell::default(), &place).tree
    }

    /// Subcommand, action, packages as `name operator version kind`.
    fn read(text: &str) -> (String, Action, Vec<String>) {
        let script = script(text);
        let sites: Vec<_> = script.commands().collect();
        let invocation = invocation(sites[0].command).expect(text);
        let shown = |package: &Package| {
            let version = package.version.as_ref().map_or(String::new(), |version| {
                let under = &text[version.span.range()];
                let known = version.text.as_deref().unwrap_or(under);
                assert_eq!(known, under);
                format!(" {} {known}", version.operator)
            });
            let kind = match package.kind {
                PackageKind::Named => String::new(),
                kind => format!(" {kind:?}"),
            };
            format!("{}{version}{kind}", package.name)
        };
        (
            invocation.subcommand.value.clone(),
            invocation.action,
            invocation.packages.iter().map(shown).collect(),
        )
    }

    fn packages(text: &str) -> String {
        read(text).2.join(", ")
    }

    #[test]
    fn each_manager_names_packages_and_versions_its_way() {
        for (text, expected) in [
            (
                "apt-get -o X=1 install -y curl nginx=1.2-3 vim/stable",
                "curl, nginx = 1.2-3, vim / stable",
            ),
            (
                "apt install -t sid libc6:amd64 ./x.deb /tmp/a_$V.deb",
                "libc6, ./x.deb File, /tmp/a_ File",
            ),
            ("apt-get install $PKGS php$V-cli nginx=$N", " Unknown, php Unknown, nginx = $N"),
            ("sudo -E apt-get install -qq -- git", "git"),
            (
                "apk add --no-cache -t .deps gcc curl~8 'jq>=1.6' x@edge",
                "gcc, curl ~ 8, jq >= 1.6, x",
            ),
            ("apk del .deps", ".deps"),
            (
                "dnf -y install java-17-openjdk nginx-1.20.1-1.el9 @dev https://a/b.rpm",
                "java-17-openjdk, nginx - 1.20.1-1.el9, @dev Group, https://a/b.rpm Url",
            ),
            ("yum install nginx-$V gcc-c++", "nginx - $V, gcc-c++"),
            ("yum groupinstall 'Development Tools'", "Development Tools Group"),
            ("zypper -n in 'git>=2' vim", "git >= 2, vim"),
            ("pip3.11 install --no-cache-dir -r r.txt 'a[x]==1.0' b .", "a == 1.0, b, . File"),
            (
                "python3 -m pip install -U pip 'x @ https://y/z.whl' git+https://a/b",
                "pip, x @ https://y/z.whl Url, git+https://a/b Url",
            ),
            ("uv pip install --system ruff==1", "ruff == 1"),
            ("uvx ruff@0.5 --version", "ruff @ 0.5"),
            ("npm i -g @a/b@1.2 c d@latest user/repo", "@a/b @ 1.2, c, d @ latest, user/repo Url"),
            ("npx --yes cowsay hello --x", "cowsay"),
            ("yarn global add typescript@5", "typescript @ 5"),
            ("gem install rails:7 bundler", "rails : 7, bundler"),
            ("gem install rails -v 7.1 -- --x", "rails  7.1"),
            (
                "go install --ldflags '-s -w' -v example.com/a/cmd@v1 ./b",
                "example.com/a/cmd @ v1, ./b File",
            ),
            ("go run main.go", "main.go File"),
            ("cargo +nightly install --locked --version 1.2 ripgrep", "ripgrep  1.2"),
            ("composer global require a/b:^1.0", "a/b : ^1.0"),
        ] {
            assert_eq!(packages(text), expected, "{text}");
        }
    }

    #[test]
    fn a_subcommand_says_what_happens() {
        for (text, subcommand, action) in [
            ("apt-get update", "update", Action::Refresh),
            ("apt-get -y dist-upgrade", "dist-upgrade", Action::Upgrade),
            ("apk cache clean", "cache clean", Action::Clean),
            ("dnf -y --enablerepo x clean all", "clean", Action::Clean),
            ("npm install", "install", Action::InstallProject),
            ("npm install --omit dev", "install", Action::InstallProject),
            ("npm install left-pad", "install", Action::Install),
            ("npm ci --prefix web", "ci", Action::InstallProject),
            ("yarn", "", Action::InstallProject),
            ("yarn --frozen-lockfile", "", Action::InstallProject),
            ("yarn --version", "", Action::Other),
            ("yarn build", "build", Action::Other),
            ("bundle exec rake", "exec", Action::Run),
            ("composer install --no-dev", "install", Action::InstallProject),
            ("go build -o /x ./cmd", "build", Action::Build),
            ("cargo install --path .", "install", Action::InstallProject),
            ("poetry config x y", "config", Action::Other),
            ("apt-get", "", Action::Other),
        ] {
            let (said, does, _) = read(text);
            assert_eq!((said.as_str(), does), (subcommand, action), "{text}");
        }
    }

    #[test]
    fn yes_has_many_spellings() {
        for (text, yes) in [
            ("apt-get install -y a", true),
            ("apt-get -qqy install a", true),
            ("apt-get -qq install a", true),
            ("apt-get install -q -q a", true),
            ("apt-get install -q=2 a", true),
            ("apt-get install -q a", false),
            ("apt-get -o APT::Get::Assume-Yes=true install a", true),
            ("apt-get install --assume-yes a", true),
            ("apt-get install libfoo-yaml", false),
            ("apt-get install --yes=false a", false),
            ("zypper -n in a", true),
            ("zypper in a", false),
            ("dnf install --assumeyes a", true),
        ] {
            let script = script(text);
            let sites: Vec<_> = script.commands().collect();
            assert_eq!(invocation(sites[0].command).unwrap().assumes_yes(), yes, "{text}");
        }
    }

    #[test]
    fn what_calls_no_manager_is_none() {
        for text in ["python app.py", "git submodule update", "python3 -m venv x", "$APT install x"]
        {
            let script = script(text);
            assert!(invocation(script.commands().next().unwrap().command).is_none(), "{text}");
        }
    }

    #[test]
    fn a_build_tool_is_known_by_name_version_or_ending() {
        use crate::knowledge::packages::build_tool;
        let known =
            ["gcc", "gcc-12", "g++-9", "libpq-dev", "zlib-devel", "openjdk-21-jdk", "openjdk17"];
        assert!(known.iter().all(|name| build_tool(name).is_some()));
        let unknown = ["gcc-12-base", "openjdk-21-jre", "gosu", "libgcc", "maketools", "golint"];
        assert!(unknown.iter().all(|name| build_tool(name).is_none()));
    }
}
