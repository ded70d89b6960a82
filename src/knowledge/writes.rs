//! Where images write when they start.

use super::images::unmirrored;

/// What an image cannot start without writing to.
#[derive(Clone, Copy, Debug)]
pub struct Writes {
    /// Images that are alike in this.
    pub images: &'static [&'static str],
    /// The command lines that start it as it is meant to.
    pub commands: &'static [&'static str],
    /// Directories, each by all its names.
    pub paths: &'static [&'static [&'static str]],
    /// Places of a configuration that may say otherwise.
    pub settings: &'static [&'static str],
    pub source: &'static str,
}

const NGINX: Writes = Writes {
    images: &["nginx"],
    commands: &["nginx -g daemon off;", "nginx -g 'daemon off;'"],
    paths: &[&["/var/cache/nginx"], &["/run", "/var/run"]],
    settings: &["/etc/nginx", "/etc/nginx/nginx.conf"],
    source: "https://hub.docker.com/_/nginx: running nginx in read-only mode",
};

static TABLE: &[Writes] = &[
    NGINX,
    Writes {
        images: &["nginxinc/nginx-unprivileged", "ghcr.io/nginxinc/nginx-unprivileged"],
        paths: &[&["/tmp"]],
        source: "https://github.com/nginxinc/docker-nginx-unprivileged",
        ..NGINX
    },
    Writes {
        images: &["httpd"],
        commands: &["httpd-foreground"],
        paths: &[&["/usr/local/apache2/logs"]],
        settings: &["/usr/local/apache2/conf", "/usr/local/apache2/conf/httpd.conf"],
        source: "https://httpd.apache.org/docs/2.4/mod/mpm_common.html#pidfile",
    },
    Writes {
        images: &["postgres"],
        commands: &["postgres"],
        paths: &[&["/var/run/postgresql", "/run/postgresql"]],
        settings: &["/etc/postgresql", "/etc/postgresql/postgresql.conf"],
        source: "https://hub.docker.com/_/postgres: its socket and the lock beside it",
    },
    Writes {
        images: &["mysql", "mariadb"],
        commands: &["mysqld", "mariadbd"],
        paths: &[&["/run/mysqld", "/var/run/mysqld"]],
        settings: &[
            "/etc/my.cnf",
            "/etc/mysql",
            "/etc/mysql/conf.d",
            "/etc/mysql/my.cnf",
            "/etc/mysql/mariadb.conf.d",
        ],
        source: "https://github.com/MariaDB/mariadb-docker/pull/348; https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_pid_file",
    },
    Writes {
        images: &["mongo"],
        commands: &["mongod"],
        paths: &[&["/tmp"]],
        settings: &[],
        source: "https://www.mongodb.com/docs/manual/reference/program/mongod/#std-option-mongod.--unixSocketPrefix",
    },
];

/// Where an image writes, by its familiar name.
pub fn of(familiar: &str) -> Option<&'static Writes> {
    let name = unmirrored(familiar);
    TABLE.iter().find(|row| row.images.contains(&name))
}
