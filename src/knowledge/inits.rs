//! Programs that are made to be process 1, and images that start one.

use std::sync::LazyLock;

use super::images::{Image, Index};

/// Programs that hand on signals and reap what is orphaned, by the last part of their path.
/// Sources: the projects' own pages; `init` is sysvinit's, OpenRC's, systemd's and s6-overlay's.
static INITS: &[&str] = &[
    "tini",
    "tini-static",
    "tini-amd64",
    "tini-arm64",
    "dumb-init",
    "docker-init",
    "catatonit",
    "pid1",
    "pid1-rs",
    "my_init",
    "init",
    "s6-svscan",
    "s6-linux-init",
    "runsvdir",
    "runsvdir-start",
    "runit",
    "runit-init",
    "supervisord",
    "systemd",
    "openrc-init",
    "dinit",
    "sinit",
    "minit",
    "go-init",
    "rinit",
    "su-init",
    "chaperone",
    "circusd",
    "containerpilot",
    "horust",
    "multirun",
    "process-compose",
    "pidunu",
    "podman-init",
    "nosh",
];

/// Where an image starts its init.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// By its entry point: gone if that is replaced.
    Entrypoint,
    /// By its command: gone if that is replaced too.
    Command,
}

/// Images that bring an init and start it.
#[derive(Clone, Copy, Debug)]
pub struct BaseInit {
    images: &'static [&'static str],
    tags: &'static [&'static str],
    since: &'static [u64],
    /// The program, as the image starts it.
    pub init: &'static str,
    pub start: Start,
    /// Where this can be read.
    pub source: &'static str,
}

const NONE: BaseInit =
    BaseInit { images: &[], tags: &[], since: &[], init: "", start: Start::Entrypoint, source: "" };

static ROWS: &[BaseInit] = &[
    BaseInit {
        images: &["linuxserver/", "lscr.io/linuxserver/", "ghcr.io/linuxserver/"],
        init: "/init",
        source: "https://github.com/linuxserver/docker-baseimage-alpine: s6-overlay",
        ..NONE
    },
    BaseInit {
        images: &[
            "tiredofit/",
            "jlesage/",
            "smebberson/",
            "crazymax/alpine-s6",
            "plexinc/pms-docker",
            "jc21/nginx-proxy-manager",
            "homeassistant/home-assistant",
            "ghcr.io/home-assistant/home-assistant",
            "ghcr.io/hassio-addons/",
        ],
        init: "/init",
        source: "the images' Dockerfiles: s6-overlay or cinit as /init",
        ..NONE
    },
    BaseInit {
        images: &["serversideup/php"],
        tags: &["nginx", "apache"],
        init: "/init",
        start: Start::Command,
        source: "https://serversideup.net/open-source/docker-php/docs/",
        ..NONE
    },
    BaseInit {
        images: &["rocker/rstudio", "rocker/tidyverse", "rocker/verse", "rocker/geospatial"],
        init: "/init",
        start: Start::Command,
        source: "https://rocker-project.org/images/versioned/rstudio.html: s6-overlay",
        ..NONE
    },
    BaseInit {
        images: &["phusion/baseimage", "phusion/"],
        init: "/sbin/my_init",
        start: Start::Command,
        source: "https://github.com/phusion/baseimage-docker#whats-inside-the-image",
        ..NONE
    },
    BaseInit {
        images: &["osixia/"],
        init: "/container/tool/run",
        source: "https://github.com/osixia/docker-light-baseimage",
        ..NONE
    },
    BaseInit {
        images: &[
            "jenkins",
            "jenkins/jenkins",
            "jenkinsci/jenkins",
            "mongo-express",
            "n8nio/n8n",
            "docker.n8n.io/n8nio/n8n",
        ],
        init: "tini",
        source: "https://github.com/jenkinsci/docker, \
                 https://github.com/mongo-express/mongo-express-docker, https://github.com/n8n-io/n8n",
        ..NONE
    },
    BaseInit {
        images: &["jupyter/", "quay.io/jupyter/"],
        init: "tini",
        source: "https://github.com/jupyter/docker-stacks/tree/main/images/docker-stacks-foundation",
        ..NONE
    },
    BaseInit {
        images: &["spark", "apache/spark"],
        init: "tini",
        source: "https://github.com/apache/spark-docker/blob/master/entrypoint.sh.template",
        ..NONE
    },
    BaseInit {
        images: &["elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch"],
        since: &[8],
        init: "tini",
        source: "https://github.com/elastic/elasticsearch/blob/main/distribution/docker/src/docker/Dockerfile",
        ..NONE
    },
    BaseInit {
        images: &["kibana", "docker.elastic.co/kibana/kibana"],
        since: &[8],
        init: "tini",
        source: "https://github.com/elastic/dockerfiles/tree/main/kibana",
        ..NONE
    },
    BaseInit {
        images: &["apache/airflow"],
        since: &[2],
        init: "dumb-init",
        source: "https://github.com/apache/airflow/blob/main/Dockerfile",
        ..NONE
    },
    BaseInit {
        images: &["gitea/gitea"],
        tags: &["rootless"],
        init: "dumb-init",
        source: "https://github.com/go-gitea/gitea/blob/main/Dockerfile.rootless",
        ..NONE
    },
    BaseInit {
        images: &["gitea/gitea"],
        init: "s6-svscan",
        start: Start::Command,
        source: "https://github.com/go-gitea/gitea/blob/main/Dockerfile",
        ..NONE
    },
    BaseInit {
        images: &["webdevops/", "trafex/php-nginx"],
        init: "supervisord",
        start: Start::Command,
        source: "https://dockerfile.readthedocs.io/en/latest/content/DockerImages/",
        ..NONE
    },
    BaseInit {
        images: &[
            "registry.access.redhat.com/ubi7/ubi-init",
            "registry.access.redhat.com/ubi8/ubi-init",
            "registry.access.redhat.com/ubi9/ubi-init",
            "registry.access.redhat.com/ubi8-init",
            "registry.access.redhat.com/ubi9-init",
            "redhat/ubi8-init",
            "redhat/ubi9-init",
        ],
        init: "/sbin/init",
        start: Start::Command,
        source: "https://catalog.redhat.com/software/containers/ubi9/ubi-init/",
        ..NONE
    },
];

/// Whether `program`, a path or a name, is made to be process 1.
pub fn is_init(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or(program);
    INITS.contains(&name) || program == "/container/tool/run"
}

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(ROWS.iter().map(|row| row.images)));

/// The init that `image` starts by itself, and how.
pub fn of_base(image: &Image) -> Option<&'static BaseInit> {
    INDEX.rows(image.name).into_iter().map(|row| &ROWS[row]).find(|row| {
        image.has_word(row.tags) == Some(true) && image.is_since(row.since).unwrap_or(true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_does_not_hide_an_init() {
        assert!(is_init("/usr/bin/tini") && is_init("/init") && is_init("dumb-init"));
        assert!(!is_init("/usr/local/bin/docker-entrypoint.sh") && !is_init("npm"));
    }

    #[test]
    fn every_fact_has_its_source() {
        assert!(ROWS.iter().all(|row| !row.source.is_empty() && is_init(row.init)));
    }

    #[test]
    fn a_base_brings_its_init_by_entry_point_or_command() {
        let image = |name| Image { name, tag: None, hidden: false, release: &Vec::new };
        let of_base = |image: &Image| of_base(image).map(|base| (base.init, base.start));
        assert_eq!(
            of_base(&image("lscr.io/linuxserver/sonarr")),
            Some(("/init", Start::Entrypoint))
        );
        assert_eq!(of_base(&image("phusion/baseimage")), Some(("/sbin/my_init", Start::Command)));
        assert_eq!(of_base(&image("node")), None);
    }
}
