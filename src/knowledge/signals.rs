//! What daemons make of the signal that stops a container, `SIGTERM` unless an image says
//! otherwise.

/// A daemon that another signal ends better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signals {
    names: &'static [&'static str],
    /// What it does on `SIGTERM`.
    pub on_term: &'static str,
    /// What ends it as it should be ended.
    pub graceful: &'static str,
    /// What tells it to do something else on `SIGTERM`, or may: a word of its arguments.
    unless: &'static [&'static str],
}

const CUTS: &str = "drops the requests that are in flight";

/// From nginx(8), php-fpm(8), httpd's "Stopping and Restarting", HAProxy's management guide,
/// lighttpd(8), unicorn's SIGNALS, PostgreSQL's "Shutting Down the Server", uWSGI's "Managing the
/// uWSGI server" and systemd(1).
static TABLE: &[Signals] = &[
    Signals { names: &["nginx", "openresty"], on_term: CUTS, graceful: "SIGQUIT", unless: &[] },
    Signals { names: &["php-fpm"], on_term: CUTS, graceful: "SIGQUIT", unless: &[] },
    Signals {
        names: &["httpd", "httpd-foreground", "apache2", "apache2-foreground"],
        on_term: CUTS,
        graceful: "SIGWINCH",
        unless: &[],
    },
    Signals { names: &["haproxy"], on_term: CUTS, graceful: "SIGUSR1", unless: &[] },
    Signals { names: &["lighttpd"], on_term: CUTS, graceful: "SIGINT", unless: &[] },
    Signals { names: &["unicorn"], on_term: CUTS, graceful: "SIGQUIT", unless: &[] },
    Signals {
        names: &["postgres"],
        on_term: "waits until its last client has gone",
        graceful: "SIGINT",
        unless: &[],
    },
    Signals {
        names: &["uwsgi"],
        on_term: "starts its workers anew",
        graceful: "SIGINT",
        // A file of settings may say it.
        unless: &["die-on-term", "ini", "xml", "yaml", "yml", "json", "emperor"],
    },
    Signals {
        names: &["systemd"],
        on_term: "starts itself anew",
        graceful: "SIGRTMIN+3",
        unless: &[],
    },
];

/// What a program makes of `SIGTERM`, if another signal ends it better. Versions do not hide it:
/// `php-fpm8.2`.
pub fn of(program: &str, line: &str) -> Option<&'static Signals> {
    let plain = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    TABLE.iter().find(|row| {
        row.names.contains(&plain) && !row.unless.iter().any(|word| line.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_options_are_seen_through() {
        let graceful = |program, line| of(program, line).map(|row| row.graceful);
        assert_eq!(graceful("php-fpm8.2", ""), Some("SIGQUIT"));
        assert_eq!(graceful("uwsgi", "uwsgi --http :80"), Some("SIGINT"));
        assert_eq!(graceful("uwsgi", "uwsgi --http :80 --die-on-term"), None);
        assert_eq!(graceful("uwsgi", "uwsgi /etc/app.ini"), None);
        assert_eq!(graceful("gunicorn", ""), None);
    }

    #[test]
    fn what_is_looked_up_is_written_once() {
        let mut names: Vec<&str> = TABLE.iter().flat_map(|row| row.names).copied().collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|one, other| one < other));
    }
}
