//! Programs that go into the background unless, or if, they are told to.

/// Of a program, what keeps it in the foreground, or what sends it into the background.
enum Row {
    /// It stays only with one of these options.
    Unless(&'static [&'static str]),
    /// It leaves only with one of these.
    If(&'static [&'static str]),
}

/// From the manual page of each; an option may be a letter of a cluster.
static TABLE: &[(&[&str], Row)] = &[
    (&["nginx", "openresty"], Row::Unless(&["-g", "-t", "-T", "-v", "-V", "-s", "-c", "-p", "-h"])),
    (&["httpd"], Row::Unless(&["-f", "-D", "-DFOREGROUND", "-X", "-k", "-t", "-v", "-S", "-l"])),
    (&["sshd"], Row::Unless(&["-D", "-d", "-t", "-T", "-i"])),
    (&["crond", "cron"], Row::Unless(&["-f", "-n", "-d", "-x", "-P", "-V"])),
    (&["service", "apachectl", "apache2ctl", "catalina.sh", "rc-service"], Row::If(&["start"])),
    (&["systemctl", "pg_ctl", "forever"], Row::If(&["start"])),
    (&["mongod"], Row::If(&["--fork"])),
    (&["php-fpm"], Row::If(&["-D", "--daemonize"])),
    (&["gunicorn"], Row::If(&["-D", "--daemon"])),
    (&["uwsgi"], Row::If(&["-d", "--daemonize"])),
    (&["mysqld", "mariadbd"], Row::If(&["--daemonize"])),
    (&["redis-server", "valkey-server"], Row::If(&["--daemonize"])),
    (&["memcached"], Row::If(&["-d", "--daemon"])),
    (&["rabbitmq-server"], Row::If(&["-detached"])),
];

/// Whether a program, by its name, goes into the background when it is given these arguments.
pub fn leaves(program: &str, arguments: &[&str]) -> bool {
    let plain = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let has = |option: &&str| {
        let is_letter = option.len() == 2 && option.starts_with('-');
        arguments.iter().any(|it| {
            let is_cluster = it.len() > 2 && it.starts_with('-') && !it.starts_with("--");
            it == option || is_letter && is_cluster && it[1..].contains(&option[1..])
        })
    };
    let says_no = arguments.contains(&"no");
    match program {
        "pm2" => arguments.first() == Some(&"start") && !arguments.contains(&"--no-daemon"),
        _ => {
            TABLE.iter().find(|(names, _)| names.contains(&plain)).is_some_and(|(_, row)| match row
            {
                Row::Unless(options) => !options.iter().any(has),
                Row::If(options) => options.iter().any(has) && !says_no,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_decide_where_a_program_stays() {
        for (line, expected) in [
            ("nginx", true),
            ("nginx -g daemon off;", false),
            ("service apache2 start", true),
            ("service apache2 status", false),
            ("php-fpm8.2", false),
            ("php-fpm8.2 -D", true),
            ("crond -fd8", false),
            ("cron", true),
            ("redis-server --daemonize no", false),
            ("pm2 start app.js", true),
            ("pm2 start app.js --no-daemon", false),
            ("node server.js", false),
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(leaves(words[0], &words[1..]), expected, "{line}");
        }
    }
}
