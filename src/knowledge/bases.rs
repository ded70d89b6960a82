//! Whom well-known images run as when nobody says otherwise. Images that are not here are unknown.

use std::sync::LazyLock;

use super::images::{Image, Index};

/// The user that an image's own configuration names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultUser {
    /// Root: it has no `USER`, or names root.
    Root,
    /// Root at first; its entry point then changes to this user, if the container is started as
    /// the image means it.
    Drops(&'static str),
    /// This one, who is not root.
    User(&'static str),
}

/// A statement about some images, of which the first that holds counts.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Familiar names; `owner/` stands for all below it.
    images: &'static [&'static str],
    /// One of these must be a word of the tag; none, if it is so for every tag.
    tags: &'static [&'static str],
    /// The release from which on it is so.
    since: &'static [u64],
    user: DefaultUser,
    source: &'static str,
}

const fn root(images: &'static [&'static str], source: &'static str) -> Row {
    Row { images, tags: &[], since: &[], user: DefaultUser::Root, source }
}

const fn drops(user: &'static str, images: &'static [&'static str], source: &'static str) -> Row {
    Row { images, tags: &[], since: &[], user: DefaultUser::Drops(user), source }
}

const fn user(user: &'static str, images: &'static [&'static str], source: &'static str) -> Row {
    Row { images, tags: &[], since: &[], user: DefaultUser::User(user), source }
}

const fn tagged(row: Row, tags: &'static [&'static str]) -> Row {
    Row { tags, ..row }
}

const fn since(row: Row, since: &'static [u64]) -> Row {
    Row { since, ..row }
}

const OFFICIAL: &str =
    "the Dockerfiles that https://github.com/docker-library/official-images names";

static ROWS: &[Row] = &[
    // Distroless and its kin.
    tagged(
        user(
            "nonroot",
            &["gcr.io/distroless/", "ghcr.io/distroless/"],
            "https://github.com/GoogleContainerTools/distroless#how-do-i-use-distroless-images",
        ),
        &["nonroot"],
    ),
    root(
        &["gcr.io/distroless/"],
        "https://github.com/GoogleContainerTools/distroless#how-do-i-use-distroless-images",
    ),
    root(
        &[
            "cgr.dev/chainguard/wolfi-base",
            "chainguard/wolfi-base",
            "cgr.dev/chainguard/chainguard-base",
        ],
        "https://images.chainguard.dev/directory/image/wolfi-base/specifications",
    ),
    user(
        "nonroot",
        &[
            "cgr.dev/chainguard/static",
            "cgr.dev/chainguard/glibc-dynamic",
            "cgr.dev/chainguard/python",
            "cgr.dev/chainguard/jre",
            "cgr.dev/chainguard/jdk",
            "cgr.dev/chainguard/ruby",
            "cgr.dev/chainguard/php",
            "cgr.dev/chainguard/nginx",
            "cgr.dev/chainguard/aspnet-runtime",
            "cgr.dev/chainguard/dotnet-runtime",
            "cgr.dev/chainguard/rust",
            "cgr.dev/chainguard/cc-dynamic",
        ],
        "https://images.chainguard.dev/directory: each image's specifications",
    ),
    user(
        "node",
        &["cgr.dev/chainguard/node"],
        "https://images.chainguard.dev/directory/image/node",
    ),
    tagged(
        user(
            "app",
            &[
                "mcr.microsoft.com/dotnet/aspnet",
                "mcr.microsoft.com/dotnet/runtime",
                "mcr.microsoft.com/dotnet/runtime-deps",
            ],
            "https://github.com/dotnet/dotnet-docker/blob/main/documentation/distroless.md",
        ),
        &["chiseled", "distroless"],
    ),
    root(
        &[
            "mcr.microsoft.com/dotnet/aspnet",
            "mcr.microsoft.com/dotnet/runtime",
            "mcr.microsoft.com/dotnet/runtime-deps",
            "mcr.microsoft.com/dotnet/sdk",
            "mcr.microsoft.com/dotnet/core/",
            "microsoft/dotnet",
        ],
        "https://devblogs.microsoft.com/dotnet/securing-containers-with-rootless/",
    ),
    // Variants of an image that differ from it.
    tagged(
        user(
            "git",
            &["gitea/gitea"],
            "https://docs.gitea.com/installation/install-with-docker-rootless",
        ),
        &["rootless"],
    ),
    tagged(
        user("rootless", &["docker"], "https://github.com/docker-library/docker"),
        &["rootless"],
    ),
    tagged(
        user(
            "user",
            &["moby/buildkit"],
            "https://github.com/moby/buildkit/blob/master/docs/rootless.md",
        ),
        &["rootless"],
    ),
    tagged(
        user(
            "www-data",
            &["wordpress"],
            "https://github.com/docker-library/wordpress/blob/master/cli/Dockerfile-alpine.template",
        ),
        &["cli"],
    ),
    tagged(
        user(
            "101",
            &["clickhouse/clickhouse-server"],
            "https://github.com/ClickHouse/docker-library",
        ),
        &["distroless"],
    ),
    tagged(
        root(
            &["mcr.microsoft.com/mssql/server"],
            "https://learn.microsoft.com/sql/linux/sql-server-linux-docker-container-security",
        ),
        &["2017"],
    ),
    // Servers whose images name a user.
    user(
        "101",
        &[
            "nginxinc/nginx-unprivileged",
            "ghcr.io/nginxinc/nginx-unprivileged",
            "ghcr.io/nginx/nginx-unprivileged",
        ],
        "https://github.com/nginx/docker-nginx-unprivileged",
    ),
    since(
        user("haproxy", &["haproxy"], "https://github.com/docker-library/haproxy: USER since 2.4"),
        &[2, 4],
    ),
    since(
        user(
            "elasticsearch",
            &["elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch"],
            "https://github.com/elastic/elasticsearch/blob/main/distribution/docker/src/docker/Dockerfile",
        ),
        &[8],
    ),
    drops(
        "elasticsearch",
        &["elasticsearch"],
        "https://github.com/elastic/dockerfiles/blob/7.17/elasticsearch/Dockerfile",
    ),
    user(
        "kibana",
        &["docker.elastic.co/kibana/kibana"],
        "https://github.com/elastic/dockerfiles/tree/main/kibana",
    ),
    since(
        user("kibana", &["kibana"], "https://github.com/elastic/dockerfiles/tree/main/kibana"),
        &[7],
    ),
    user(
        "logstash",
        &["docker.elastic.co/logstash/logstash"],
        "https://github.com/elastic/dockerfiles/tree/main/logstash",
    ),
    since(
        user(
            "logstash",
            &["logstash"],
            "https://github.com/elastic/dockerfiles/tree/main/logstash",
        ),
        &[7],
    ),
    user("memcache", &["memcached"], "https://github.com/docker-library/memcached"),
    user("solr", &["solr", "apache/solr"], "https://github.com/apache/solr-docker"),
    user("jetty", &["jetty"], "https://github.com/jetty/jetty.docker"),
    user("odoo", &["odoo"], "https://github.com/odoo/docker"),
    user("kong", &["kong"], "https://github.com/Kong/docker-kong"),
    user("emqx", &["emqx", "emqx/emqx"], "https://github.com/emqx/emqx-docker"),
    user("varnish", &["varnish"], "https://github.com/varnish/docker-varnish"),
    user("1000", &["groovy"], "https://github.com/groovy/docker-groovy"),
    user("10000", &["lightstreamer"], "https://github.com/Lightstreamer/Docker"),
    user(
        "1001",
        &[
            "open-liberty",
            "websphere-liberty",
            "icr.io/appcafe/open-liberty",
            "icr.io/appcafe/websphere-liberty",
        ],
        "https://github.com/OpenLiberty/ci.docker",
    ),
    user("adminer", &["adminer"], "https://github.com/TimWolla/docker-adminer"),
    user("spark", &["spark", "apache/spark"], "https://github.com/apache/spark-docker"),
    user(
        "jenkins",
        &[
            "jenkins",
            "jenkins/jenkins",
            "jenkinsci/jenkins",
            "jenkins/agent",
            "jenkins/inbound-agent",
            "jenkins/jnlp-slave",
        ],
        "https://github.com/jenkinsci/docker, https://github.com/jenkinsci/docker-agents",
    ),
    user(
        "grafana",
        &["grafana/grafana", "grafana/grafana-oss", "grafana/grafana-enterprise"],
        "https://github.com/grafana/grafana/blob/main/Dockerfile",
    ),
    user(
        "loki",
        &["grafana/loki"],
        "https://github.com/grafana/loki/blob/main/cmd/loki/Dockerfile",
    ),
    user(
        "k6",
        &["grafana/k6", "loadimpact/k6"],
        "https://github.com/grafana/k6/blob/master/Dockerfile",
    ),
    user(
        "nobody",
        &[
            "prom/prometheus",
            "quay.io/prometheus/prometheus",
            "prom/alertmanager",
            "quay.io/prometheus/alertmanager",
            "prom/node-exporter",
            "quay.io/prometheus/node-exporter",
            "prom/pushgateway",
            "prom/statsd-exporter",
            "prom/mysqld-exporter",
        ],
        "https://github.com/prometheus/prometheus/blob/main/Dockerfile and its siblings",
    ),
    user(
        "mssql",
        &["mcr.microsoft.com/mssql/server"],
        "https://learn.microsoft.com/sql/linux/sql-server-linux-docker-container-security",
    ),
    user(
        "1000",
        &["quay.io/keycloak/keycloak", "keycloak/keycloak"],
        "https://github.com/keycloak/keycloak/blob/main/quarkus/container/Dockerfile",
    ),
    user(
        "jboss",
        &[
            "jboss/keycloak",
            "jboss/wildfly",
            "quay.io/wildfly/wildfly",
            "jboss/base",
            "jboss/base-jdk",
        ],
        "https://github.com/jboss-dockerfiles/base",
    ),
    user(
        "seluser",
        &["selenium/"],
        "https://github.com/SeleniumHQ/docker-selenium/blob/trunk/Base/Dockerfile",
    ),
    user("nexus", &["sonatype/nexus3"], "https://github.com/sonatype/docker-nexus3"),
    user(
        "pgadmin",
        &["dpage/pgadmin4"],
        "https://github.com/pgadmin-org/pgadmin4/blob/master/Dockerfile",
    ),
    user(
        "1000",
        &["opensearchproject/opensearch", "opensearchproject/opensearch-dashboards"],
        "https://github.com/opensearch-project/opensearch-build/tree/main/docker",
    ),
    since(
        user(
            "appuser",
            &[
                "confluentinc/cp-kafka",
                "confluentinc/cp-server",
                "confluentinc/cp-zookeeper",
                "confluentinc/cp-schema-registry",
                "confluentinc/cp-kafka-connect",
                "confluentinc/cp-kafka-rest",
                "confluentinc/cp-ksqldb-server",
            ],
            "https://docs.confluent.io/platform/current/installation/docker/security.html",
        ),
        &[6],
    ),
    user(
        "appuser",
        &["apache/kafka"],
        "https://github.com/apache/kafka/blob/trunk/docker/jvm/Dockerfile",
    ),
    user("airflow", &["apache/airflow"], "https://github.com/apache/airflow/blob/main/Dockerfile"),
    user(
        "superset",
        &["apache/superset"],
        "https://github.com/apache/superset/blob/master/Dockerfile",
    ),
    user("nifi", &["apache/nifi"], "https://github.com/apache/nifi/tree/main/nifi-docker"),
    user(
        "jovyan",
        &["jupyter/", "quay.io/jupyter/"],
        "https://github.com/jupyter/docker-stacks/blob/main/images/docker-stacks-foundation/Dockerfile",
    ),
    user("circleci", &["cimg/", "circleci/"], "https://github.com/CircleCI-Public/cimg-base"),
    user(
        "node",
        &["n8nio/n8n", "docker.n8n.io/n8nio/n8n"],
        "https://github.com/n8n-io/n8n/tree/master/docker/images/n8n",
    ),
    user("node-red", &["nodered/node-red"], "https://github.com/node-red/node-red-docker"),
    user(
        "mailhog",
        &["mailhog/mailhog"],
        "https://github.com/mailhog/MailHog/blob/master/Dockerfile",
    ),
    user(
        "zipkin",
        &["openzipkin/zipkin", "openzipkin/zipkin-slim"],
        "https://github.com/openzipkin/zipkin/tree/master/docker",
    ),
    user(
        "10001",
        &[
            "otel/opentelemetry-collector",
            "otel/opentelemetry-collector-contrib",
            "ghcr.io/open-telemetry/opentelemetry-collector-releases/",
        ],
        "https://github.com/open-telemetry/opentelemetry-collector-releases",
    ),
    user(
        "fluent",
        &["fluentd", "fluent/fluentd"],
        "https://github.com/fluent/fluentd-docker-image",
    ),
    user(
        "argocd",
        &["quay.io/argoproj/argocd", "argoproj/argocd"],
        "https://github.com/argoproj/argo-cd/blob/master/Dockerfile",
    ),
    user(
        "nonroot",
        &["cloudflare/cloudflared"],
        "https://github.com/cloudflare/cloudflared/blob/master/Dockerfile",
    ),
    user(
        "www-data",
        &["registry.k8s.io/ingress-nginx/controller"],
        "https://github.com/kubernetes/ingress-nginx/tree/main/rootfs",
    ),
    user(
        "1000",
        &["postgrest/postgrest"],
        "https://github.com/PostgREST/postgrest/blob/main/nix/tools/docker",
    ),
    // Bitnami's servers name 1001; its language images have no USER.
    root(
        &[
            "bitnami/minideb",
            "bitnami/python",
            "bitnami/node",
            "bitnami/ruby",
            "bitnami/php-fpm",
            "bitnami/golang",
            "bitnami/dotnet-sdk",
        ],
        "https://github.com/bitnami/containers/tree/main/bitnami",
    ),
    user(
        "1001",
        &[
            "bitnami/nginx",
            "bitnami/postgresql",
            "bitnami/redis",
            "bitnami/redis-cluster",
            "bitnami/redis-sentinel",
            "bitnami/mongodb",
            "bitnami/mysql",
            "bitnami/mariadb",
            "bitnami/kafka",
            "bitnami/zookeeper",
            "bitnami/rabbitmq",
            "bitnami/elasticsearch",
            "bitnami/wordpress",
            "bitnami/apache",
            "bitnami/tomcat",
            "bitnami/keycloak",
            "bitnami/grafana",
            "bitnami/prometheus",
            "bitnami/etcd",
            "bitnami/memcached",
            "bitnami/cassandra",
            "bitnami/minio",
            "bitnami/kubectl",
            "bitnami/postgresql-repmgr",
            "bitnami/pgbouncer",
            "bitnami/pgpool",
            "bitnami/openldap",
            "bitnami/valkey",
            "bitnami/spark",
            "bitnami/ghost",
            "bitnami/nginx-exporter",
            "bitnami/redis-exporter",
            "bitnami/postgres-exporter",
            "bitnami/node-exporter",
            "bitnami/external-dns",
            "bitnami/metrics-server",
            "bitnami/oauth2-proxy",
            "bitnami/fluentd",
        ],
        "https://github.com/bitnami/containers/tree/main/bitnami",
    ),
    // Red Hat's language images; the plain ones are root.
    user(
        "default",
        &[
            "registry.access.redhat.com/ubi8/nodejs-",
            "registry.access.redhat.com/ubi9/nodejs-",
            "registry.access.redhat.com/ubi8/python-",
            "registry.access.redhat.com/ubi9/python-",
            "registry.access.redhat.com/ubi8/ruby-",
            "registry.access.redhat.com/ubi9/ruby-",
            "registry.access.redhat.com/ubi8/php-",
            "registry.access.redhat.com/ubi9/php-",
            "registry.access.redhat.com/ubi8/openjdk-",
            "registry.access.redhat.com/ubi9/openjdk-",
            "registry.access.redhat.com/ubi8/nginx-",
            "registry.access.redhat.com/ubi9/nginx-",
            "registry.access.redhat.com/ubi8/httpd-",
            "registry.access.redhat.com/ubi9/httpd-",
            "quay.io/sclorg/",
        ],
        "https://github.com/sclorg/container-common-scripts; https://jboss-container-images.github.io/openjdk/",
    ),
    root(
        &[
            "registry.access.redhat.com/ubi7",
            "registry.access.redhat.com/ubi8",
            "registry.access.redhat.com/ubi9",
            "registry.access.redhat.com/ubi10",
            "registry.access.redhat.com/ubi7/ubi",
            "registry.access.redhat.com/ubi7/ubi-minimal",
            "registry.access.redhat.com/ubi8/ubi",
            "registry.access.redhat.com/ubi8/ubi-minimal",
            "registry.access.redhat.com/ubi8/ubi-micro",
            "registry.access.redhat.com/ubi8-minimal",
            "registry.access.redhat.com/ubi9/ubi",
            "registry.access.redhat.com/ubi9/ubi-minimal",
            "registry.access.redhat.com/ubi9/ubi-micro",
            "registry.access.redhat.com/ubi9-minimal",
            "registry.access.redhat.com/ubi8-micro",
            "registry.access.redhat.com/ubi9-micro",
            "registry.access.redhat.com/ubi10/ubi",
            "registry.access.redhat.com/ubi10/ubi-minimal",
            "redhat/ubi8",
            "redhat/ubi9",
            "redhat/ubi8-minimal",
            "redhat/ubi9-minimal",
        ],
        "https://catalog.redhat.com/software/base-images",
    ),
    // Start as root, then change to a user of their own.
    drops(
        "postgres",
        &["postgres", "postgis/postgis", "pgvector/pgvector", "timescale/timescaledb"],
        "https://github.com/docker-library/postgres/blob/master/docker-entrypoint.sh",
    ),
    drops("redis", &["redis"], "https://github.com/docker-library/redis"),
    drops("valkey", &["valkey/valkey"], "https://github.com/valkey-io/valkey-container"),
    drops("mysql", &["mysql", "mariadb", "percona"], "https://github.com/docker-library/mysql"),
    drops("mongodb", &["mongo"], "https://github.com/docker-library/mongo"),
    drops("rabbitmq", &["rabbitmq"], "https://github.com/docker-library/rabbitmq"),
    drops("cassandra", &["cassandra"], "https://github.com/docker-library/cassandra"),
    drops("couchdb", &["couchdb"], "https://github.com/apache/couchdb-docker"),
    drops("zookeeper", &["zookeeper"], "https://github.com/31z4/zookeeper-docker"),
    drops("node", &["ghost"], "https://github.com/docker-library/ghost"),
    drops("neo4j", &["neo4j"], "https://github.com/neo4j/docker-neo4j"),
    drops("flink", &["flink"], "https://github.com/apache/flink-docker"),
    drops("influxdb", &["influxdb"], "https://github.com/influxdata/influxdata-docker"),
    drops("telegraf", &["telegraf"], "https://github.com/influxdata/influxdata-docker"),
    drops(
        "clickhouse",
        &["clickhouse", "clickhouse/clickhouse-server"],
        "https://github.com/ClickHouse/docker-library",
    ),
    drops(
        "vault",
        &["vault", "hashicorp/vault"],
        "https://github.com/hashicorp/vault/blob/main/.release/docker/docker-entrypoint.sh",
    ),
    drops(
        "consul",
        &["consul", "hashicorp/consul"],
        "https://github.com/hashicorp/consul/blob/main/.release/docker/docker-entrypoint.sh",
    ),
    drops(
        "mosquitto",
        &["eclipse-mosquitto"],
        "https://mosquitto.org/man/mosquitto-conf-5.html#user",
    ),
    drops("redmine", &["redmine"], "https://github.com/docker-library/redmine"),
    drops("git", &["gitea/gitea"], "https://github.com/go-gitea/gitea/blob/main/Dockerfile"),
    drops(
        "abc",
        &["linuxserver/", "lscr.io/linuxserver/", "ghcr.io/linuxserver/"],
        "https://docs.linuxserver.io/general/understanding-puid-and-pgid/",
    ),
    drops(
        "envoy",
        &["envoyproxy/envoy"],
        "https://www.envoyproxy.io/docs/envoy/latest/start/docker",
    ),
    // Distributions, languages and servers without a USER.
    root(
        &[
            "alpine",
            "debian",
            "ubuntu",
            "busybox",
            "centos",
            "fedora",
            "rockylinux",
            "almalinux",
            "oraclelinux",
            "amazonlinux",
            "archlinux",
            "photon",
            "mageia",
            "buildpack-deps",
            "opensuse",
            "opensuse/leap",
            "opensuse/tumbleweed",
            "registry.suse.com/bci/bci-base",
            "rockylinux/rockylinux",
            "quay.io/centos/centos",
            "quay.io/fedora/fedora",
            "registry.fedoraproject.org/fedora",
            "public.ecr.aws/amazonlinux/amazonlinux",
            "mcr.microsoft.com/cbl-mariner/base/core",
            "mcr.microsoft.com/azurelinux/base/core",
            "phusion/baseimage",
            "resin/rpi-raspbian",
            "clearlinux",
            "neurodebian",
            "bash",
            "hello-world",
        ],
        OFFICIAL,
    ),
    root(
        &[
            "node",
            "python",
            "golang",
            "rust",
            "ruby",
            "php",
            "perl",
            "openjdk",
            "java",
            "eclipse-temurin",
            "amazoncorretto",
            "adoptopenjdk",
            "ibm-semeru-runtimes",
            "ibmjava",
            "sapmachine",
            "azul-zulu",
            "gcc",
            "swift",
            "haskell",
            "erlang",
            "elixir",
            "julia",
            "r-base",
            "dart",
            "pypy",
            "jruby",
            "mono",
            "clojure",
            "hylang",
            "haxe",
            "nim",
            "iojs",
            "django",
            "rails",
            "maven",
            "gradle",
            "composer",
            "azul/zulu-openjdk",
            "azul/zulu-openjdk-alpine",
            "bellsoft/liberica-openjdk-alpine",
            "bellsoft/liberica-openjdk-debian",
            "denoland/deno",
            "oven/bun",
            "continuumio/miniconda3",
            "continuumio/anaconda3",
            "nvidia/cuda",
            "pytorch/pytorch",
            "tensorflow/tensorflow",
            "mhart/alpine-node",
        ],
        OFFICIAL,
    ),
    root(
        &[
            "nginx",
            "httpd",
            "caddy",
            "traefik",
            "tomcat",
            "tomee",
            "wordpress",
            "drupal",
            "joomla",
            "nextcloud",
            "matomo",
            "mediawiki",
            "phpmyadmin",
            "phpmyadmin/phpmyadmin",
            "registry",
            "docker",
            "nats",
            "couchbase",
            "arangodb",
            "rethinkdb",
            "orientdb",
            "unit",
            "xwiki",
            "mongo-express",
            "minio/minio",
            "portainer/portainer-ce",
            "grafana/promtail",
            "cockroachdb/cockroach",
            "openresty/openresty",
            "vaultwarden/server",
            "hashicorp/terraform",
            "amazon/aws-cli",
            "google/cloud-sdk",
        ],
        OFFICIAL,
    ),
];

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(ROWS.iter().map(|row| row.images)));

/// Whom `image` runs as by itself, and where that can be read.
pub fn default_user(image: &Image) -> Option<(DefaultUser, &'static str)> {
    for row in INDEX.rows(image.name).into_iter().map(|row| &ROWS[row]) {
        if image.has_word(row.tags)? && image.is_since(row.since)? {
            return Some((row.user, row.source));
        }
    }
    None
}

/// The image in which a program of another one runs without root, by that one's familiar name.
/// https://hub.docker.com/r/nginxinc/nginx-unprivileged; 2026-11.
pub fn without_root(name: &str) -> Option<&'static str> {
    (name == "nginx").then_some("nginxinc/nginx-unprivileged")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user_of(name: &str, tag: &str, release: &[u64]) -> Option<DefaultUser> {
        let release = &|| release.to_vec();
        let image = Image { name, tag: Some(tag), hidden: false, release };
        default_user(&image).map(|(user, _)| user)
    }

    #[test]
    fn tags_decide_where_variants_differ() {
        let distroless = "gcr.io/distroless/static-debian12";
        assert_eq!(user_of(distroless, "nonroot", &[]), Some(DefaultUser::User("nonroot")));
        assert_eq!(user_of(distroless, "debug-nonroot", &[]), Some(DefaultUser::User("nonroot")));
        assert_eq!(user_of(distroless, "latest", &[]), Some(DefaultUser::Root));
        let hidden = Image { name: distroless, tag: None, hidden: true, release: &Vec::new };
        assert_eq!(default_user(&hidden), None);
    }

    #[test]
    fn releases_decide_where_an_image_changed() {
        assert_eq!(user_of("haproxy", "2.9.1", &[2, 9, 1]), Some(DefaultUser::User("haproxy")));
        assert_eq!(user_of("haproxy", "2.3", &[2, 3]), None);
        assert_eq!(user_of("haproxy", "lts", &[]), Some(DefaultUser::User("haproxy")));
    }

    #[test]
    fn an_unknown_image_stays_unknown() {
        assert_eq!(user_of("ghcr.io/acme/app", "1.0.0", &[1, 0, 0]), None);
        assert_eq!(user_of("bitnami/no-such", "1.0.0", &[1, 0, 0]), None);
    }
}
