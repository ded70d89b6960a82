//! Package managers: what their words mean. Read from the manuals of the versions named at each
//! table, November 2026.

use crate::syntax::shell::OptionSyntax;

use Action::{
    Build, Clean, Execute, Install, InstallEither, InstallProject, Refresh, Remove, Run, Upgrade,
};

/// A package manager.
#[derive(Debug, PartialEq, Eq)]
pub struct Manager {
    /// As its program is called: `apt-get`.
    pub name: &'static str,
    pub family: Family,
    /// Its subcommands of one or two words; the empty one is what it does without any.
    pub verbs: &'static [(&'static str, Action)],
    /// Its options, those of all subcommands together.
    pub options: OptionSyntax,
}

/// Managers that share packages and the way to name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Debian: `name=1.2`, `name/release`, `name:architecture`.
    Apt,
    /// Alpine: `name=1.2`, `name~1.2`, `name@repository`.
    Apk,
    /// Red Hat: `name-1.2-3`, `@group`.
    Rpm,
    /// SUSE: `name=1.2`, `name>=1.2`.
    Zypper,
    /// Python: `name[extra]==1.2`, `name @ https://…`.
    Python,
    /// Node: `name@1.2`, `@scope/name@1.2`.
    Node,
    /// Ruby: `name:1.2`, `name -v 1.2`.
    Ruby,
    /// Go: `host/path@v1.2`.
    Go,
    /// Rust: `name@1.2`, `name --version 1.2`.
    Cargo,
    /// PHP: `vendor/name:1.2`.
    Composer,
}

impl Family {
    /// Whether its packages are the distribution's.
    pub fn is_of_system(self) -> bool {
        matches!(self, Self::Apt | Self::Apk | Self::Rpm | Self::Zypper)
    }
}

/// What a subcommand does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Installs the packages that it names.
    Install,
    /// Installs what the project's own files ask for.
    InstallProject,
    /// [`Action::Install`] with names, [`Action::InstallProject`] without.
    InstallEither,
    Remove,
    /// Fetches the index of what there is.
    Refresh,
    /// Replaces installed packages by newer ones; all of them where it names none.
    Upgrade,
    /// Throws caches away.
    Clean,
    /// Fetches one package and runs it, with the arguments behind it.
    Execute,
    /// Runs a script or a program of the project.
    Run,
    /// Compiles the project.
    Build,
    Other,
}

/// The manager whose program has this name; `pip3.12` is `pip`.
pub fn manager(program: &str) -> Option<&'static Manager> {
    let unversioned = program.trim_end_matches(|char: char| char.is_ascii_digit() || char == '.');
    let name = if unversioned == "pip" { unversioned } else { program };
    MANAGERS.iter().find(|manager| manager.name == name)
}

const fn row(
    name: &'static str,
    family: Family,
    verbs: &'static [(&'static str, Action)],
    values: &'static [&'static str],
) -> Manager {
    Manager { name, family, verbs, options: OptionSyntax { values, single_dash: false } }
}

const fn single_dash(mut manager: Manager) -> Manager {
    manager.options.single_dash = true;
    manager
}

static MANAGERS: &[Manager] = &[
    // apt 2.9, apt-get(8), apt(8)
    row("apt-get", Family::Apt, APT, APT_VALUES),
    row("apt", Family::Apt, APT, APT_VALUES),
    // aptitude 0.8
    row("aptitude", Family::Apt, APT, &["-o", "-t", "--target-release", "-w", "-F", "-O", "-S"]),
    // apk-tools 2.14
    row(
        "apk",
        Family::Apk,
        &[
            ("add", Install),
            ("del", Remove),
            ("update", Refresh),
            ("upgrade", Upgrade),
            ("cache clean", Clean),
            ("cache purge", Clean),
        ],
        &[
            "-t",
            "--virtual",
            "-X",
            "--repository",
            "-p",
            "--root",
            "--arch",
            "--keys-dir",
            "--repositories-file",
            "--wait",
            "--cache-dir",
            "--cache-max-age",
            "--progress-fd",
            "--timeout",
        ],
    ),
    // dnf 4.18 and dnf5 5.2, yum 3.4, microdnf 3.10, tdnf 3.5
    row("dnf", Family::Rpm, DNF, DNF_VALUES),
    row("dnf5", Family::Rpm, DNF, DNF_VALUES),
    row("yum", Family::Rpm, DNF, DNF_VALUES),
    row("microdnf", Family::Rpm, DNF, DNF_VALUES),
    row("tdnf", Family::Rpm, DNF, DNF_VALUES),
    // zypper 1.14
    row(
        "zypper",
        Family::Zypper,
        &[
            ("install", Install),
            ("in", Install),
            ("source-install", Install),
            ("si", Install),
            ("remove", Remove),
            ("rm", Remove),
            ("refresh", Refresh),
            ("ref", Refresh),
            ("update", Upgrade),
            ("up", Upgrade),
            ("patch", Upgrade),
            ("dist-upgrade", Upgrade),
            ("dup", Upgrade),
            ("clean", Clean),
            ("cc", Clean),
        ],
        &[
            "-c",
            "--config",
            "-R",
            "--root",
            "--installroot",
            "-r",
            "--repo",
            "--from",
            "-t",
            "--type",
            "-p",
            "--plus-repo",
            "-D",
            "--reposd-dir",
            "-C",
            "--cache-dir",
            "--raw-cache-dir",
            "--solv-cache-dir",
            "--pkg-cache-dir",
            "--userdata",
        ],
    ),
    // pip 25
    row(
        "pip",
        Family::Python,
        &[("install", Install), ("uninstall", Remove), ("cache purge", Clean)],
        PIP_VALUES,
    ),
    // uv 0.9
    row(
        "uv",
        Family::Python,
        &[
            ("pip install", Install),
            ("add", Install),
            ("tool install", Install),
            ("pip sync", InstallProject),
            ("sync", InstallProject),
            ("pip uninstall", Remove),
            ("remove", Remove),
            ("tool run", Execute),
            ("run", Run),
            ("build", Build),
            ("cache clean", Clean),
            ("cache prune", Clean),
        ],
        UV_VALUES,
    ),
    row("uvx", Family::Python, &[("", Execute)], UV_VALUES),
    // poetry 2.2
    row(
        "poetry",
        Family::Python,
        &[
            ("add", Install),
            ("install", InstallProject),
            ("sync", InstallProject),
            ("update", Upgrade),
            ("remove", Remove),
            ("run", Run),
            ("build", Build),
            ("cache clear", Clean),
        ],
        &[
            "-C",
            "--directory",
            "-P",
            "--project",
            "--with",
            "--without",
            "--only",
            "-E",
            "--extras",
            "-G",
            "--group",
            "--source",
            "--python",
            "--platform",
        ],
    ),
    // pipx 1.7
    row(
        "pipx",
        Family::Python,
        &[("install", Install), ("inject", Install), ("run", Execute), ("uninstall", Remove)],
        &["--python", "--pip-args", "-i", "--index-url", "--suffix", "--spec"],
    ),
    // npm 11
    row(
        "npm",
        Family::Node,
        &[
            ("install", InstallEither),
            ("i", InstallEither),
            ("in", InstallEither),
            ("add", InstallEither),
            ("ci", InstallProject),
            ("clean-install", InstallProject),
            ("ic", InstallProject),
            ("uninstall", Remove),
            ("remove", Remove),
            ("rm", Remove),
            ("update", Upgrade),
            ("up", Upgrade),
            ("upgrade", Upgrade),
            ("cache clean", Clean),
            ("cache clear", Clean),
            ("run", Run),
            ("run-script", Run),
            ("start", Run),
            ("test", Run),
            ("exec", Execute),
            ("x", Execute),
        ],
        NPM_VALUES,
    ),
    row("npx", Family::Node, &[("", Execute)], NPM_VALUES),
    // yarn 1.22 and 4
    row(
        "yarn",
        Family::Node,
        &[
            ("", InstallProject),
            ("install", InstallProject),
            ("add", Install),
            ("global add", Install),
            ("remove", Remove),
            ("global remove", Remove),
            ("upgrade", Upgrade),
            ("up", Upgrade),
            ("cache clean", Clean),
            ("run", Run),
            ("start", Run),
            ("test", Run),
            ("dlx", Execute),
        ],
        &[
            "--cwd",
            "--cache-folder",
            "--modules-folder",
            "--registry",
            "--network-timeout",
            "--mutex",
            "--global-folder",
            "--prefix",
            "--network-concurrency",
        ],
    ),
    // pnpm 10
    row(
        "pnpm",
        Family::Node,
        &[
            ("install", InstallEither),
            ("i", InstallEither),
            ("add", Install),
            ("fetch", InstallProject),
            ("remove", Remove),
            ("rm", Remove),
            ("uninstall", Remove),
            ("update", Upgrade),
            ("up", Upgrade),
            ("store prune", Clean),
            ("run", Run),
            ("start", Run),
            ("test", Run),
            ("dlx", Execute),
        ],
        PNPM_VALUES,
    ),
    row("pnpx", Family::Node, &[("", Execute)], PNPM_VALUES),
    // bun 1.3
    row(
        "bun",
        Family::Node,
        &[
            ("install", InstallEither),
            ("i", InstallEither),
            ("add", Install),
            ("a", Install),
            ("remove", Remove),
            ("rm", Remove),
            ("update", Upgrade),
            ("pm cache", Clean),
            ("run", Run),
            ("build", Build),
            ("x", Execute),
        ],
        BUN_VALUES,
    ),
    row("bunx", Family::Node, &[("", Execute)], BUN_VALUES),
    // RubyGems 3.6
    row(
        "gem",
        Family::Ruby,
        &[
            ("install", Install),
            ("i", Install),
            ("uninstall", Remove),
            ("update", Upgrade),
            ("cleanup", Clean),
        ],
        &[
            "-v",
            "--version",
            "-i",
            "--install-dir",
            "-n",
            "--bindir",
            "-s",
            "--source",
            "-P",
            "--trust-policy",
            "--platform",
            "--document",
            "--build-root",
            "--without",
        ],
    ),
    // Bundler 2.6
    row(
        "bundle",
        Family::Ruby,
        &[
            ("", InstallProject),
            ("install", InstallProject),
            ("add", Install),
            ("remove", Remove),
            ("update", Upgrade),
            ("clean", Clean),
            ("exec", Run),
        ],
        &[
            "--path",
            "-j",
            "--jobs",
            "--without",
            "--with",
            "--gemfile",
            "--retry",
            "-v",
            "--version",
            "-g",
            "--group",
            "-s",
            "--source",
        ],
    ),
    // go 1.25
    single_dash(row(
        "go",
        Family::Go,
        &[
            ("install", InstallEither),
            ("get", InstallEither),
            ("mod download", InstallProject),
            ("run", Execute),
            ("build", Build),
            ("clean", Clean),
        ],
        &[
            "-C",
            "-o",
            "-p",
            "-asmflags",
            "-buildmode",
            "-compiler",
            "-gccgoflags",
            "-gcflags",
            "-installsuffix",
            "-ldflags",
            "-mod",
            "-modfile",
            "-overlay",
            "-pgo",
            "-pkgdir",
            "-tags",
            "-toolexec",
            "-exec",
        ],
    )),
    // cargo 1.91
    row(
        "cargo",
        Family::Cargo,
        &[
            ("install", InstallEither),
            ("add", Install),
            ("fetch", InstallProject),
            ("uninstall", Remove),
            ("update", Upgrade),
            ("build", Build),
            ("b", Build),
            ("run", Run),
        ],
        &[
            "--version",
            "--vers",
            "--git",
            "--branch",
            "--tag",
            "--rev",
            "--path",
            "--root",
            "-F",
            "--features",
            "--target",
            "--target-dir",
            "--profile",
            "-p",
            "--package",
            "--bin",
            "--example",
            "--registry",
            "--index",
            "-j",
            "--jobs",
            "--manifest-path",
            "--config",
            "-Z",
            "-C",
            "--color",
            "--message-format",
        ],
    ),
    // Composer 2.8
    row(
        "composer",
        Family::Composer,
        &[
            ("install", InstallProject),
            ("i", InstallProject),
            ("require", Install),
            ("req", Install),
            ("global require", Install),
            ("create-project", Install),
            ("remove", Remove),
            ("update", Upgrade),
            ("upgrade", Upgrade),
            ("u", Upgrade),
            ("clear-cache", Clean),
            ("clearcache", Clean),
            ("cc", Clean),
        ],
        &[
            "-d",
            "--working-dir",
            "--prefer-install",
            "--ignore-platform-req",
            "-s",
            "--stability",
            "--repository",
        ],
    ),
];

const APT: &[(&str, Action)] = &[
    ("install", Install),
    ("reinstall", Install),
    ("build-dep", Install),
    ("remove", Remove),
    ("purge", Remove),
    ("autoremove", Remove),
    ("autopurge", Remove),
    ("update", Refresh),
    ("upgrade", Upgrade),
    ("safe-upgrade", Upgrade),
    ("dist-upgrade", Upgrade),
    ("full-upgrade", Upgrade),
    ("clean", Clean),
    ("autoclean", Clean),
    ("dist-clean", Clean),
    ("distclean", Clean),
];

const APT_VALUES: &[&str] = &[
    "-o",
    "--option",
    "-t",
    "--target-release",
    "--default-release",
    "-c",
    "--config-file",
    "-a",
    "--host-architecture",
    "-P",
    "--build-profiles",
];

const DNF: &[(&str, Action)] = &[
    ("install", Install),
    ("in", Install),
    ("reinstall", Install),
    ("localinstall", Install),
    ("downgrade", Install),
    ("groupinstall", Install),
    ("group install", Install),
    ("module install", Install),
    ("builddep", Install),
    ("remove", Remove),
    ("rm", Remove),
    ("erase", Remove),
    ("autoremove", Remove),
    ("makecache", Refresh),
    ("check-update", Refresh),
    ("update", Upgrade),
    ("upgrade", Upgrade),
    ("upgrade-minimal", Upgrade),
    ("update-minimal", Upgrade),
    ("distro-sync", Upgrade),
    ("clean", Clean),
];

const DNF_VALUES: &[&str] = &[
    "-c",
    "--config",
    "--installroot",
    "--enablerepo",
    "--disablerepo",
    "--repo",
    "--repoid",
    "-x",
    "--exclude",
    "--excludepkgs",
    "--releasever",
    "--setopt",
    "-d",
    "--debuglevel",
    "-e",
    "--errorlevel",
    "-R",
    "--randomwait",
    "--forcearch",
    "--advisory",
    "--comment",
    "--rpmverbosity",
    "--disableplugin",
    "--enableplugin",
    "--setvar",
];

const PIP_VALUES: &[&str] = &[
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-e",
    "--editable",
    "-t",
    "--target",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "--prefix",
    "--root",
    "--src",
    "--upgrade-strategy",
    "--platform",
    "--python-version",
    "--implementation",
    "--abi",
    "-C",
    "--config-settings",
    "--install-option",
    "--global-option",
    "--no-binary",
    "--only-binary",
    "--progress-bar",
    "--report",
    "--cache-dir",
    "--log",
    "--proxy",
    "--retries",
    "--timeout",
    "--default-timeout",
    "--exists-action",
    "--trusted-host",
    "--cert",
    "--client-cert",
    "--python",
    "-d",
    "--dest",
    "-w",
    "--wheel-dir",
    "--root-user-action",
    "--use-feature",
    "--build-constraint",
    "-b",
    "--build",
];

const UV_VALUES: &[&str] = &[
    "-r",
    "--requirements",
    "--requirement",
    "-c",
    "--constraints",
    "--constraint",
    "-e",
    "--editable",
    "-t",
    "--target",
    "-i",
    "--index-url",
    "--extra-index-url",
    "--index",
    "--default-index",
    "-f",
    "--find-links",
    "--prefix",
    "-p",
    "--python",
    "--group",
    "--no-group",
    "--only-group",
    "--extra",
    "--no-extra",
    "-w",
    "--with",
    "--with-requirements",
    "--from",
    "--package",
    "--project",
    "--directory",
    "--link-mode",
    "--index-strategy",
    "--cache-dir",
    "--config-file",
    "--python-version",
    "--python-platform",
    "--no-binary",
    "--only-binary",
    "--resolution",
    "--prerelease",
    "--exclude-newer",
    "--overrides",
    "--override",
    "--allow-insecure-host",
    "--trusted-host",
    "-C",
    "--config-setting",
    "--keyring-provider",
    "--torch-backend",
    "--branch",
    "--tag",
    "--rev",
];

const NPM_VALUES: &[&str] = &[
    "--prefix",
    "-C",
    "--registry",
    "--omit",
    "--include",
    "--only",
    "-w",
    "--workspace",
    "--cache",
    "--userconfig",
    "--globalconfig",
    "--loglevel",
    "--tag",
    "--install-strategy",
    "--fetch-timeout",
    "--fetch-retries",
    "--maxsockets",
    "--before",
    "-p",
    "--package",
    "-c",
    "--call",
    "--cpu",
    "--os",
    "--libc",
];

const PNPM_VALUES: &[&str] = &[
    "--filter",
    "-F",
    "-C",
    "--dir",
    "--store-dir",
    "--registry",
    "--reporter",
    "--loglevel",
    "--package",
    "--virtual-store-dir",
    "--modules-dir",
    "--network-concurrency",
];

const BUN_VALUES: &[&str] = &[
    "--cwd",
    "--registry",
    "--cache-dir",
    "-c",
    "--config",
    "--filter",
    "--backend",
    "-p",
    "--package",
    "--omit",
    "--outdir",
    "--outfile",
    "--target",
    "--cafile",
    "--ca",
];

/// A package that builds software and that a running service has no use for.
#[derive(Debug, PartialEq, Eq)]
pub struct BuildTool {
    /// The package's name, also with `-` and a version behind it: `gcc` is `gcc-12` too.
    pub name: &'static str,
    /// What it is, for a sentence: "a C compiler".
    pub what: &'static str,
    /// Where the package is described.
    pub source: &'static str,
}

const DEBIAN: &str = "https://packages.debian.org/trixie/";
const ALPINE: &str = "https://pkgs.alpinelinux.org/packages?branch=v3.22";
const FEDORA: &str = "https://packages.fedoraproject.org/";

/// What a package builds with; `None` for what may well be needed to run.
pub fn build_tool(package: &str) -> Option<&'static BuildTool> {
    let named = BUILD_TOOLS.iter().find(|tool| {
        package.strip_prefix(tool.name).is_some_and(|version| {
            let version = version.strip_prefix('-').unwrap_or(version);
            version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
    });
    let by_ending = || BUILD_ENDINGS.iter().find(|tool| package.ends_with(tool.name));
    named.or_else(by_ending)
}

static BUILD_TOOLS: &[BuildTool] = &[
    BuildTool { name: "build-essential", what: "a compiler toolchain", source: DEBIAN },
    BuildTool { name: "dpkg-dev", what: "tools that build Debian packages", source: DEBIAN },
    BuildTool { name: "build-base", what: "a compiler toolchain", source: ALPINE },
    BuildTool { name: "alpine-sdk", what: "a compiler toolchain", source: ALPINE },
    BuildTool { name: "@development-tools", what: "a compiler toolchain", source: FEDORA },
    BuildTool { name: "@Development Tools", what: "a compiler toolchain", source: FEDORA },
    BuildTool { name: "Development Tools", what: "a compiler toolchain", source: FEDORA },
    BuildTool { name: "development-tools", what: "a compiler toolchain", source: FEDORA },
    BuildTool { name: "rpm-build", what: "tools that build RPM packages", source: FEDORA },
    BuildTool { name: "gcc", what: "a C compiler", source: DEBIAN },
    BuildTool { name: "g++", what: "a C++ compiler", source: DEBIAN },
    BuildTool { name: "gcc-c++", what: "a C++ compiler", source: FEDORA },
    BuildTool { name: "gfortran", what: "a Fortran compiler", source: DEBIAN },
    BuildTool { name: "gcc-gfortran", what: "a Fortran compiler", source: FEDORA },
    BuildTool { name: "clang", what: "a C compiler", source: DEBIAN },
    BuildTool { name: "make", what: "a build tool", source: DEBIAN },
    BuildTool { name: "cmake", what: "a build tool", source: DEBIAN },
    BuildTool { name: "ninja-build", what: "a build tool", source: DEBIAN },
    BuildTool { name: "ninja", what: "a build tool", source: ALPINE },
    BuildTool { name: "samurai", what: "a build tool", source: ALPINE },
    BuildTool { name: "meson", what: "a build tool", source: DEBIAN },
    BuildTool { name: "scons", what: "a build tool", source: DEBIAN },
    BuildTool { name: "autoconf", what: "a build tool", source: DEBIAN },
    BuildTool { name: "automake", what: "a build tool", source: DEBIAN },
    BuildTool { name: "libtool", what: "a build tool", source: DEBIAN },
    BuildTool { name: "bison", what: "a parser generator", source: DEBIAN },
    BuildTool { name: "flex", what: "a lexer generator", source: DEBIAN },
    BuildTool { name: "nasm", what: "an assembler", source: DEBIAN },
    BuildTool { name: "yasm", what: "an assembler", source: DEBIAN },
    BuildTool { name: "maven", what: "a build tool", source: DEBIAN },
    BuildTool { name: "gradle", what: "a build tool", source: DEBIAN },
    BuildTool { name: "ant", what: "a build tool", source: DEBIAN },
    BuildTool { name: "default-jdk", what: "a Java compiler", source: DEBIAN },
    BuildTool { name: "openjdk", what: "a Java compiler", source: ALPINE },
    BuildTool { name: "golang", what: "a Go compiler", source: DEBIAN },
    BuildTool { name: "golang-go", what: "a Go compiler", source: DEBIAN },
    BuildTool { name: "go", what: "a Go compiler", source: ALPINE },
    BuildTool { name: "rustc", what: "a Rust compiler", source: DEBIAN },
    BuildTool { name: "rust", what: "a Rust compiler", source: ALPINE },
    BuildTool { name: "cargo", what: "a Rust build tool", source: DEBIAN },
    BuildTool { name: "linux-headers", what: "kernel headers", source: ALPINE },
    BuildTool { name: "node-gyp", what: "a build tool", source: DEBIAN },
];

/// What the ends of names say, whatever stands before.
static BUILD_ENDINGS: &[BuildTool] = &[
    BuildTool {
        name: "-dev",
        what: "headers to compile against",
        source: "https://www.debian.org/doc/debian-policy/ch-sharedlibs.html#development-files",
    },
    BuildTool {
        name: "-devel",
        what: "headers to compile against",
        source: "https://docs.fedoraproject.org/en-US/packaging-guidelines/#_devel_packages",
    },
    BuildTool {
        name: "-jdk",
        what: "a Java compiler",
        source: "https://packages.debian.org/trixie/openjdk-21-jdk",
    },
    BuildTool {
        name: "-jdk-headless",
        what: "a Java compiler",
        source: "https://packages.debian.org/trixie/openjdk-21-jdk-headless",
    },
];
