//! Where images write when they start.

use super::images::unmirrored;

/// What an image cannot start without writing to.
#[derive(Clone, Copy, Debug)]
pub struct Writes {
    /// The official image.
    pub image: &'static str,
    /// Directories, each by all its names.
    pub paths: &'static [&'static [&'static str]],
    /// Places of a configuration that may say otherwise.
    pub settings: &'static [&'static str],
    pub source: &'static str,
}

static TABLE: &[Writes] = &[
    Writes {
        image: "nginx",
        paths: &[&["/var/cache/nginx"], &["/run", "/var/run"]],
        settings: &["/etc/nginx", "/etc/nginx/nginx.conf"],
        source: "https://hub.docker.com/_/nginx: running nginx in read-only mode",
    },
    Writes {
        image: "httpd",
        paths: &[&["/usr/local/apache2/logs"]],
        settings: &["/usr/local/apache2/conf", "/usr/local/apache2/conf/httpd.conf"],
        source: "https://httpd.apache.org/docs/2.4/mod/mpm_common.html#pidfile",
    },
    Writes {
        image: "postgres",
        paths: &[&["/var/run/postgresql", "/run/postgresql"]],
        settings: &["/etc/postgresql", "/etc/postgresql/postgresql.conf"],
        source: "https://hub.docker.com/_/postgres: its socket and the lock beside it",
    },
];

/// Where an image writes, by its familiar name.
pub fn of(familiar: &str) -> Option<&'static Writes> {
    let name = unmirrored(familiar);
    TABLE.iter().find(|row| row.image == name)
}
