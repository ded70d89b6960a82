//! What programs are, by name: for saying what process 1 is.

/// What a program does with what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Starts the real program as a child and waits: `npm`.
    Runner,
    /// Runs a program that is not itself: `python`.
    Interpreter,
    /// Made to be left running, and answers signals itself: servers, and runtimes that install
    /// handlers (the JVM, .NET, the BEAM).
    Server,
    /// Changes something and becomes the program after its options: `gosu app`.
    Launcher,
}

impl Kind {
    /// With an article, for a message.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Runner => "a runner that starts the real program as its child",
            Self::Interpreter => "an interpreter",
            Self::Server => "a server",
            Self::Launcher => "a launcher",
        }
    }
}

static TABLE: &[(Kind, &[&str])] = &[
    (
        Kind::Runner,
        &[
            "npm",
            "npx",
            "yarn",
            "yarnpkg",
            "pnpm",
            "pnpx",
            "bunx",
            "corepack",
            "nodemon",
            "ts-node",
            "ts-node-dev",
            "tsx",
            "concurrently",
            "lerna",
            "nx",
            "turbo",
            "forever",
            "pm2",
            "uv",
            "pdm",
            "hatch",
            "rye",
            "conda",
            "mamba",
            "micromamba",
            "rake",
            "foreman",
            "honcho",
            "overmind",
            "hivemind",
            "mvn",
            "mvnw",
            "gradle",
            "gradlew",
            "sbt",
            "lein",
            "make",
            "just",
            "task",
            "composer",
            "air",
            "reflex",
            "watchexec",
            "entr",
            "rebar3",
            "xvfb-run",
            "parallel",
            "xargs",
            "time",
            "timeout",
            "sudo",
            "su",
            "flock",
        ],
    ),
    (
        Kind::Interpreter,
        &[
            "node",
            "nodejs",
            "deno",
            "bun",
            "python",
            "python2",
            "python3",
            "pypy",
            "pypy3",
            "ruby",
            "php",
            "perl",
            "mono",
            "Rscript",
            "R",
            "lua",
            "luajit",
            "julia",
            "tclsh",
            "racket",
            "guile",
            "raku",
            "ts-node-esm",
        ],
    ),
    (
        Kind::Server,
        &[
            "java",
            "jruby",
            "groovy",
            "scala",
            "kotlin",
            "dotnet",
            "erl",
            "elixir",
            "iex",
            "mix",
            "nginx",
            "openresty",
            "httpd",
            "httpd-foreground",
            "apache2",
            "apachectl",
            "apache2ctl",
            "apache2-foreground",
            "caddy",
            "traefik",
            "haproxy",
            "envoy",
            "varnishd",
            "lighttpd",
            "php-fpm",
            "frankenphp",
            "gunicorn",
            "uvicorn",
            "hypercorn",
            "daphne",
            "uwsgi",
            "granian",
            "waitress-serve",
            "celery",
            "rq",
            "dramatiq",
            "puma",
            "unicorn",
            "thin",
            "rackup",
            "rails",
            "passenger",
            "sidekiq",
            "flask",
            "fastapi",
            "streamlit",
            "jupyter",
            "jupyter-lab",
            "redis-server",
            "valkey-server",
            "postgres",
            "mysqld",
            "mariadbd",
            "mongod",
            "memcached",
            "rabbitmq-server",
            "catalina.sh",
            "sshd",
            "crond",
            "cron",
            "supercronic",
            "dockerd",
            "etcd",
            "consul",
            "vault",
            "prometheus",
            "grafana-server",
            "minio",
            "nats-server",
            "squid",
            "dnsmasq",
            "named",
            "unbound",
            "coredns",
            "vsftpd",
            "slapd",
            "postfix",
            "dovecot",
            "next",
            "nuxt",
            "vite",
            "serve",
            "http-server",
            "json-server",
            "pm2-runtime",
        ],
    ),
    (
        Kind::Launcher,
        &[
            "exec",
            "env",
            "gosu",
            "su-exec",
            "setpriv",
            "chroot",
            "chpst",
            "setuidgid",
            "s6-setuidgid",
            "s6-applyuidgid",
            "nice",
            "ionice",
            "stdbuf",
            "nohup",
            "setsid",
            "chrt",
            "taskset",
            "numactl",
            "ld.so",
            "unshare",
            "capsh",
            "with-contenv",
            "dotenv",
            "poetry",
            "pipenv",
            "bundle",
            "bundler",
        ],
    ),
];

/// Programs that come to an end by themselves, from their manuals: whoever starts one does not wait
/// for it to be stopped.
static ENDING: &[&str] = &[
    "basename", "cat", "chmod", "chown", "cp", "ctest", "date", "df", "diff", "du", "eslint",
    "find", "flake8", "gcc", "grep", "gzip", "head", "javac", "jest", "ln", "ls", "mkdir", "mocha",
    "mv", "mypy", "phpunit", "pylint", "pytest", "rm", "rspec", "rsync", "sed", "sort", "tar",
    "touch", "tox", "tree", "uname", "uniq", "unzip", "wc", "whoami", "zip",
];

/// Programs that do what their first words say, other than runners and interpreters.
static BUILDERS: &[&str] = &[
    "alembic",
    "ant",
    "bazel",
    "cargo",
    "docker",
    "dotnet",
    "flyway",
    "gatsby",
    "go",
    "gradle",
    "gradlew",
    "hugo",
    "jekyll",
    "knex",
    "liquibase",
    "mkdocs",
    "mvn",
    "mvnw",
    "ng",
    "next",
    "nuxt",
    "prisma",
    "rails",
    "rake",
    "sbt",
    "sequelize",
    "sphinx-build",
    "swift",
    "typeorm",
    "vite",
    "webpack",
];

/// Words that tell a program to do what comes to an end.
static TASKS: &[&str] = &[
    "build", "check", "compile", "grunt", "gulp", "install", "lint", "migrate", "package",
    "publish", "test", "verify",
];

/// What a script is called that comes to an end.
static SCRIPTS: &[&str] = &["build", "compile", "e2e", "lint", "test", "tests"];

/// Whether `program`, by its name, comes to an end by itself, given these arguments.
pub fn ends(program: &str, arguments: &[&str]) -> bool {
    if ENDING.contains(&program) {
        return true;
    }
    let is_task = |it: &str| TASKS.contains(&it.rsplit(':').next().unwrap_or(it));
    let mut words = arguments.iter().take_while(|it| !it.starts_with('-'));
    match kind(program) {
        Some(Kind::Runner) if program == "make" && arguments.is_empty() => true,
        Some(Kind::Runner) => arguments.iter().any(|it| is_task(it)),
        // `manage.py migrate`
        Some(Kind::Interpreter) => words.nth(1).is_some_and(|it| is_task(it)),
        _ if BUILDERS.contains(&program) => words.take(2).any(|it| is_task(it)),
        _ => program.strip_suffix(".sh").is_some_and(|stem| {
            let mut words = stem.split(['-', '_', '.']);
            words.next().is_some_and(|word| SCRIPTS.contains(&word))
                || words.next_back().is_some_and(|word| SCRIPTS.contains(&word))
        }),
    }
}

/// What `program`, a path or a name, is. Versions do not hide it: `python3.12`, `php-fpm8.2`.
pub fn kind(program: &str) -> Option<Kind> {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let row = |name: &str| TABLE.iter().find(|(_, names)| names.contains(&name)).map(|row| row.0);
    row(name).or_else(|| row(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_versions_do_not_hide_a_program() {
        assert_eq!(kind("/usr/bin/python3.12"), Some(Kind::Interpreter));
        assert_eq!(kind("php-fpm8.2"), Some(Kind::Server));
        assert_eq!(kind("node.exe"), Some(Kind::Interpreter));
        assert_eq!(kind("/app/server"), None);
    }

    #[test]
    fn what_a_program_is_told_may_come_to_an_end() {
        let ends = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            ends(words[0], &words[1..])
        };
        for line in [
            "make",
            "make test",
            "npm run build",
            "npm --prefix x test",
            "mkdocs build --clean",
            "python manage.py migrate",
            "rails db:migrate",
            "go test ./...",
            "build-preview.sh",
            "run-tests.sh",
            "tar xf x",
        ] {
            assert!(ends(line), "{line}");
        }
        for line in [
            "make serve",
            "npm start",
            "serve -s build",
            "serve build",
            "node",
            "test-server.py",
            "hugo serve",
            "run.sh",
            "python -m build",
        ] {
            assert!(!ends(line), "{line}");
        }
    }

    #[test]
    fn a_runner_is_not_the_program() {
        assert_eq!(kind("npm"), Some(Kind::Runner));
        assert_eq!(kind("node"), Some(Kind::Interpreter));
    }
}
