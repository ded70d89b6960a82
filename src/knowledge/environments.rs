//! The variables that well-known images set, so that others are known to be empty in them.

/// A statement about some images.
struct Row {
    /// Familiar names.
    images: &'static [&'static str],
    /// What the names of their variables begin with, `PATH` left out.
    sets: &'static [&'static str],
}

/// Source: every `ENV` in the history of the Dockerfiles that
/// <https://github.com/docker-library/official-images> names for them, read in November 2026.
static ROWS: &[Row] = &[
    Row {
        images: &[
            "scratch",
            "alpine",
            "debian",
            "ubuntu",
            "busybox",
            "amazonlinux",
            "centos",
            "almalinux",
            "rockylinux",
            "oraclelinux",
            "buildpack-deps",
        ],
        sets: &[],
    },
    Row {
        images: &["fedora", "registry.fedoraproject.org/fedora"],
        sets: &["DISTTAG", "FGC", "FBR", "container"],
    },
    Row { images: &["python"], sets: &["PYTHON", "PIP", "GPG_KEY", "LANG", "SQLITE"] },
    Row { images: &["node"], sets: &["NODE", "YARN", "NPM"] },
    Row { images: &["golang"], sets: &["GO", "GIT", "LANG", "LC_ALL"] },
    Row { images: &["ruby"], sets: &["RUBY", "GEM", "BUNDLE", "LANG"] },
    Row { images: &["rust"], sets: &["RUST", "CARGO"] },
    Row {
        images: &["nginx"],
        sets: &["NGINX", "NGX", "NJS", "NGINSCRIPT", "PKG", "DYNPKG", "OTEL", "ACME", "GPG"],
    },
    Row {
        images: &["php"],
        sets: &[
            "PHP", "GPG", "APACHE", "HTTPD", "CFLAGS", "CPPFLAGS", "LDFLAGS", "COMPOSER", "USE",
        ],
    },
    Row { images: &["postgres"], sets: &["PG", "GOSU", "LANG", "LC_ALL", "DOCKER", "UID", "GID"] },
    Row { images: &["redis"], sets: &["REDIS", "GOSU"] },
    Row { images: &["haproxy"], sets: &["HAPROXY", "LUA", "LD_LIBRARY"] },
];

/// Whether an image is known to leave a variable unset, whatever its tag.
pub fn leaves_unset(image: &str, variable: &str) -> bool {
    let row = ROWS.iter().find(|row| row.images.contains(&image));
    let sets = |row: &Row| variable == "PATH" || row.sets.iter().any(|it| variable.starts_with(it));
    row.is_some_and(|row| !sets(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_image_is_known_for_may_be_set() {
        assert!(leaves_unset("debian", "HOME") && leaves_unset("node", "PWD"));
        assert!(!leaves_unset("golang", "GOPATH") && !leaves_unset("alpine", "PATH"));
        assert!(!leaves_unset("jupyter/base-notebook", "HOME"));
    }
}
