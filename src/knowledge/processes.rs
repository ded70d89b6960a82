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
    "basename", "cat", "cp", "date", "df", "diff", "du", "find", "grep", "gzip", "head", "jest",
    "ls", "mocha", "mv", "phpunit", "pytest", "rm", "rsync", "sort", "tar", "tox", "tree", "uname",
    "uniq", "unzip", "wc", "whoami", "zip",
];

/// Whether `program`, by its name, comes to an end by itself.
pub fn ends(program: &str) -> bool {
    ENDING.contains(&program)
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
    fn a_runner_is_not_the_program() {
        assert_eq!(kind("npm"), Some(Kind::Runner));
        assert_eq!(kind("node"), Some(Kind::Interpreter));
    }
}
