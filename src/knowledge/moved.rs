//! Images that are published no more, or elsewhere.

use std::sync::LazyLock;

use super::images::{Image, Index, is_one_of};

/// What became of some images.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    images: &'static [&'static str],
    /// Those of them that it is not true of.
    but: &'static [&'static str],
    /// What a message says of them, after the name.
    pub what: &'static str,
    /// What to use instead, as a message says it.
    pub instead: &'static str,
    /// Where this can be read.
    pub source: &'static str,
}

const NONE: Moved = Moved { images: &[], but: &[], what: "", instead: "", source: "" };

static MOVED: &[Moved] = &[
    Moved {
        images: &["openjdk", "java", "adoptopenjdk", "adoptopenjdk/"],
        what: "gets no more releases of maintained Java versions",
        instead: "`eclipse-temurin` or another vendor's image",
        source: "https://hub.docker.com/_/openjdk: deprecated in July 2022",
        ..NONE
    },
    Moved {
        images: &["jenkins"],
        what: "gets no more updates",
        instead: "`jenkins/jenkins`",
        source: "https://hub.docker.com/_/jenkins",
        ..NONE
    },
    Moved {
        images: &["vault"],
        what: "gets no more updates since 1.13",
        instead: "`hashicorp/vault`",
        source: "https://hub.docker.com/_/vault",
        ..NONE
    },
    Moved {
        images: &["consul"],
        what: "gets no more updates since 1.15",
        instead: "`hashicorp/consul`",
        source: "https://hub.docker.com/_/consul",
        ..NONE
    },
    Moved {
        images: &["nats-streaming"],
        what: "is at its end since June 2023",
        instead: "`nats` with JetStream",
        source: "https://github.com/nats-io/nats-streaming-server#warning--deprecation-notice-warning",
        ..NONE
    },
    Moved {
        images: &["opensuse"],
        what: "gets no more updates",
        instead: "`opensuse/leap`",
        source: "https://hub.docker.com/_/opensuse",
        ..NONE
    },
    Moved {
        images: &["django", "rails", "celery", "iojs", "ubuntu-debootstrap", "ubuntu-upstart"],
        what: "gets no more updates",
        instead: "the image of the language or distribution",
        source: "https://github.com/docker-library/official-images/commits/master/library",
        ..NONE
    },
    Moved {
        images: &["piwik"],
        what: "gets no more updates",
        instead: "`matomo`",
        source: "https://hub.docker.com/_/piwik",
        ..NONE
    },
    Moved {
        images: &["owncloud"],
        what: "gets no more updates",
        instead: "`owncloud/server`",
        source: "https://hub.docker.com/_/owncloud",
        ..NONE
    },
    Moved {
        images: &["sentry"],
        what: "gets no more updates",
        instead: "Sentry's own self-hosted setup",
        source: "https://hub.docker.com/_/sentry",
        ..NONE
    },
    Moved {
        images: &[
            "mono",
            "fsharp",
            "microsoft/dotnet",
            "microsoft/aspnetcore",
            "microsoft/aspnetcore-build",
        ],
        what: "gets no more updates",
        instead: "`mcr.microsoft.com/dotnet/…`",
        source: "https://github.com/dotnet/announcements/issues/75",
        ..NONE
    },
    Moved {
        images: &["mcr.microsoft.com/dotnet/core/"],
        what: "ended with .NET Core 3.1",
        instead: "`mcr.microsoft.com/dotnet/…` without `core`",
        source: "https://github.com/dotnet/dotnet-docker/issues/2375",
        ..NONE
    },
    Moved {
        images: &["microsoft/mssql-server-linux", "microsoft/mssql-server-windows"],
        what: "gets no more updates",
        instead: "`mcr.microsoft.com/mssql/server`",
        source: "https://hub.docker.com/r/microsoft/mssql-server-linux",
        ..NONE
    },
    Moved {
        images: &["mcr.microsoft.com/azure-sql-edge"],
        what: "is retired since September 2025",
        instead: "`mcr.microsoft.com/mssql/server`",
        source: "https://learn.microsoft.com/azure/azure-sql-edge/",
        ..NONE
    },
    Moved {
        images: &["k8s.gcr.io/", "gcr.io/google_containers/", "gcr.io/google-containers/"],
        what: "lies in a registry that is frozen since April 2023",
        instead: "`registry.k8s.io/…`",
        source: "https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/",
        ..NONE
    },
    Moved {
        images: &["quay.io/kubernetes-ingress-controller/nginx-ingress-controller"],
        what: "gets no more updates",
        instead: "`registry.k8s.io/ingress-nginx/controller`",
        source: "https://github.com/kubernetes/ingress-nginx",
        ..NONE
    },
    Moved {
        images: &["docker.bintray.io/"],
        what: "lies in a registry that is shut since May 2021",
        instead: "the registry that the project names now",
        source: "https://jfrog.com/blog/into-the-sunset-bintray-jcenter-gocenter-and-chartcenter/",
        ..NONE
    },
    Moved {
        images: &["bitnami/"],
        but: &["bitnami/minideb"],
        what: "has lost its versioned tags in September 2025: they lie in `bitnamilegacy`, without updates",
        instead: "the project's own image",
        source: "https://github.com/bitnami/containers/issues/83267",
    },
    Moved {
        images: &["bitnamilegacy/"],
        what: "gets no more updates",
        instead: "the project's own image",
        source: "https://github.com/bitnami/containers/issues/83267",
        ..NONE
    },
    Moved {
        images: &["minio/minio", "minio/mc", "quay.io/minio/minio", "quay.io/minio/mc"],
        what: "gets no more updates since October 2025",
        instead: "another object store, or an image built from its sources",
        source: "https://github.com/minio/minio/issues/21647",
        ..NONE
    },
    Moved {
        images: &["jboss/keycloak"],
        what: "gets no more updates",
        instead: "`quay.io/keycloak/keycloak`",
        source: "https://www.keycloak.org/migration/migrating-to-quarkus",
        ..NONE
    },
    Moved {
        images: &["jboss/wildfly"],
        what: "gets no more updates",
        instead: "`quay.io/wildfly/wildfly`",
        source: "https://hub.docker.com/r/jboss/wildfly",
        ..NONE
    },
    Moved {
        images: &["bitwardenrs/server"],
        what: "gets no more updates",
        instead: "`vaultwarden/server`",
        source: "https://github.com/dani-garcia/vaultwarden/discussions/1642",
        ..NONE
    },
    Moved {
        images: &["mhart/alpine-node"],
        what: "gets no more updates",
        instead: "`node:<version>-alpine`",
        source: "https://github.com/mhart/alpine-node",
        ..NONE
    },
    Moved {
        images: &["google/cadvisor"],
        what: "gets no more updates",
        instead: "`gcr.io/cadvisor/cadvisor`",
        source: "https://github.com/google/cadvisor/releases",
        ..NONE
    },
    Moved {
        images: &["google/golang", "google/nodejs", "google/debian", "google/python"],
        what: "gets no more updates",
        instead: "the official image of the language or distribution",
        source: "https://hub.docker.com/u/google",
        ..NONE
    },
    Moved {
        images: &["circleci/"],
        what: "gets no more updates since 2021",
        instead: "`cimg/…`",
        source: "https://circleci.com/docs/next-gen-migration-guide/",
        ..NONE
    },
    Moved {
        images: &["gliderlabs/alpine"],
        what: "gets no more updates",
        instead: "`alpine`",
        source: "https://github.com/gliderlabs/docker-alpine",
        ..NONE
    },
    Moved {
        images: &["resin/"],
        what: "gets no more updates",
        instead: "`balenalib/…`",
        source: "https://docs.balena.io/reference/base-images/base-images/",
        ..NONE
    },
    Moved {
        images: &["linuxserver/letsencrypt", "lscr.io/linuxserver/letsencrypt"],
        what: "gets no more updates",
        instead: "`lscr.io/linuxserver/swag`",
        source: "https://www.linuxserver.io/blog/2020-08-21-introducing-swag",
        ..NONE
    },
    Moved {
        images: &["jwilder/nginx-proxy"],
        what: "gets no more updates",
        instead: "`nginxproxy/nginx-proxy`",
        source: "https://github.com/nginx-proxy/nginx-proxy",
        ..NONE
    },
    Moved {
        images: &["jrcs/letsencrypt-nginx-proxy-companion"],
        what: "gets no more updates",
        instead: "`nginxproxy/acme-companion`",
        source: "https://github.com/nginx-proxy/acme-companion",
        ..NONE
    },
    Moved {
        images: &["amazon/opendistro-for-elasticsearch"],
        what: "gets no more updates",
        instead: "`opensearchproject/opensearch`",
        source: "https://opensearch.org/blog/opensearch-general-availability-announcement/",
        ..NONE
    },
    Moved {
        images: &["gcr.io/kaniko-project/"],
        what: "gets no more updates since June 2025",
        instead: "BuildKit, rootless",
        source: "https://github.com/GoogleContainerTools/kaniko",
        ..NONE
    },
    Moved {
        images: &["grafana/agent"],
        what: "is at its end since November 2025",
        instead: "`grafana/alloy`",
        source: "https://grafana.com/docs/agent/latest/",
        ..NONE
    },
    Moved {
        images: &["grafana/promtail"],
        what: "is at its end since March 2026",
        instead: "`grafana/alloy`",
        source: "https://grafana.com/docs/loki/latest/send-data/promtail/",
        ..NONE
    },
];

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(MOVED.iter().map(|row| row.images)));

/// What became of `image`, if it is published no more or elsewhere.
pub fn of(image: &Image) -> Option<&'static Moved> {
    let rows = INDEX.rows(image.name);
    rows.into_iter().map(|row| &MOVED[row]).find(|moved| !is_one_of(image.name, moved.but))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_what_and_where() {
        let is_whole = |moved: &&Moved| {
            !moved.what.is_empty() && !moved.instead.is_empty() && moved.source.starts_with("https")
        };
        assert!(MOVED.iter().all(|moved| is_whole(&moved)));
    }
}
