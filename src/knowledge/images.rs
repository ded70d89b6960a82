//! Which images there are: Docker Hub's official ones, their mirrors and their builds for one
//! processor.

use std::collections::HashMap;

/// The official images of Docker Hub, retired ones too: what a name without an owner can mean.
/// Source: every file that <https://github.com/docker-library/official-images> ever had in
/// `library/`.
pub static OFFICIAL: &[&str] = &[
    "adminer",
    "adoptopenjdk",
    "aerospike",
    "almalinux",
    "alpine",
    "alt",
    "amazoncorretto",
    "amazonlinux",
    "api-firewall",
    "arangodb",
    "archlinux",
    "azul-zulu",
    "backdrop",
    "bash",
    "bonita",
    "buildpack-deps",
    "busybox",
    "caddy",
    "cassandra",
    "celery",
    "centos",
    "chronograf",
    "cirros",
    "clearlinux",
    "clefos",
    "clickhouse",
    "clojure",
    "composer",
    "consul",
    "convertigo",
    "couchbase",
    "couchdb",
    "crate",
    "crux",
    "dart",
    "debian",
    "django",
    "docker",
    "docker-dev",
    "drupal",
    "eclipse-mosquitto",
    "eclipse-temurin",
    "eggdrop",
    "elasticsearch",
    "elixir",
    "emqx",
    "erlang",
    "espocrm",
    "euleros",
    "express-gateway",
    "fedora",
    "flink",
    "fluentd",
    "friendica",
    "fsharp",
    "gazebo",
    "gcc",
    "geonetwork",
    "ghost",
    "glassfish",
    "golang",
    "gradle",
    "groovy",
    "haproxy",
    "haskell",
    "haxe",
    "hello-seattle",
    "hello-world",
    "hipache",
    "hitch",
    "hola-mundo",
    "httpd",
    "hylang",
    "ibm-semeru-runtimes",
    "ibmjava",
    "influxdb",
    "iojs",
    "irssi",
    "java",
    "jenkins",
    "jetty",
    "jobber",
    "joomla",
    "jruby",
    "julia",
    "kaazing-gateway",
    "kapacitor",
    "kibana",
    "known",
    "kong",
    "krakend",
    "lightstreamer",
    "liquibase",
    "logstash",
    "mageia",
    "mariadb",
    "matomo",
    "maven",
    "mediawiki",
    "memcached",
    "mongo",
    "mongo-express",
    "monica",
    "mono",
    "mysql",
    "nats",
    "nats-streaming",
    "neo4j",
    "neurodebian",
    "nextcloud",
    "nginx",
    "nim",
    "node",
    "notary",
    "nuxeo",
    "odoo",
    "open-liberty",
    "openjdk",
    "opensuse",
    "oraclelinux",
    "orientdb",
    "owncloud",
    "percona",
    "perl",
    "photon",
    "php",
    "php-zendserver",
    "phpmyadmin",
    "piwik",
    "plone",
    "postfixadmin",
    "postgres",
    "pypy",
    "python",
    "r-base",
    "rabbitmq",
    "rails",
    "rakudo-star",
    "rapidoid",
    "redis",
    "redmine",
    "registry",
    "rethinkdb",
    "rocket.chat",
    "rockylinux",
    "ros",
    "ruby",
    "rust",
    "sapmachine",
    "satosa",
    "scratch",
    "sentry",
    "silverpeas",
    "sl",
    "solr",
    "sonarqube",
    "sourcemage",
    "spark",
    "spiped",
    "storm",
    "swarm",
    "swift",
    "swipl",
    "teamspeak",
    "telegraf",
    "thrift",
    "tomcat",
    "tomee",
    "traefik",
    "ubuntu",
    "ubuntu-debootstrap",
    "ubuntu-upstart",
    "unit",
    "varnish",
    "vault",
    "websphere-liberty",
    "wordpress",
    "xwiki",
    "yourls",
    "zend-php",
    "znc",
    "zookeeper",
];

/// Where the official images can be had as well, under the same last name and tag. The first
/// rows are builds for one processor.
/// Sources: <https://github.com/docker-library/official-images#architectures-other-than-amd64>,
/// <https://gallery.ecr.aws/docker>, <https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images>.
static MIRRORS: &[&str] = &[
    "amd64/",
    "arm32v5/",
    "arm32v6/",
    "arm32v7/",
    "arm64v8/",
    "i386/",
    "ppc64le/",
    "s390x/",
    "riscv64/",
    "mips64le/",
    "loong64/",
    "winamd64/",
    "armhf/",
    "aarch64/",
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
    "mirror.gcr.io/",
    "registry.hub.docker.com/library/",
    "registry-1.docker.io/library/",
    "docker.m.daocloud.io/library/",
    "registry.docker-cn.com/library/",
];

/// An image as the tables look it up.
#[derive(Clone, Copy)]
pub struct Image<'a> {
    /// The familiar name; an official image's own where this is a copy of one.
    pub name: &'a str,
    pub tag: Option<&'a str>,
    /// There is a tag or a release, but not in view: a variable or a digest decides.
    pub hidden: bool,
    /// Reads the numbers of its own software; none if the tag has none: then it is the newest.
    pub release: &'a dyn Fn() -> Vec<u64>,
}

impl Image<'_> {
    /// Whether one of `words` is a word of the tag, or `words` is empty; `None` if that is hidden.
    pub fn has_word(&self, words: &[&str]) -> Option<bool> {
        if words.is_empty() {
            return Some(true);
        }
        let has = |tag: &str| tag.split(['-', '_', '.']).any(|word| words.contains(&word));
        (!self.hidden).then(|| self.tag.is_some_and(has))
    }

    /// Whether its release is `first` or later; `None` if that is hidden. What is left out of a
    /// tag is the newest: `2` is later than 2.4.
    pub fn is_since(&self, first: &[u64]) -> Option<bool> {
        if first.is_empty() {
            return Some(true);
        }
        let release = (self.release)();
        let unequal = release.iter().zip(first).find(|(own, first)| own != first);
        (!self.hidden).then(|| unequal.is_none_or(|(own, first)| own > first))
    }
}

/// Whether `name` is one of `patterns`, or begins with one that ends in `/` or `-`.
pub fn is_one_of(name: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| {
        if pattern.ends_with(['/', '-']) { name.starts_with(pattern) } else { name == *pattern }
    })
}

/// Which rows of a table are about an image, found without a look at each of them.
pub struct Index(HashMap<&'static str, Vec<usize>>);

impl Index {
    /// `patterns` are those of each row, as [`is_one_of`] reads them.
    pub fn new(patterns: impl Iterator<Item = &'static [&'static str]>) -> Self {
        let mut index: HashMap<_, Vec<usize>> = HashMap::new();
        for (row, patterns) in patterns.enumerate() {
            patterns.iter().for_each(|pattern| index.entry(*pattern).or_default().push(row));
        }
        Self(index)
    }

    /// The rows about the image of this familiar name, in their order.
    pub fn rows(&self, name: &str) -> Vec<usize> {
        let prefixes = name.match_indices(['/', '-']).map(|(at, _)| &name[..=at]);
        let found = prefixes.chain([name]).filter_map(|pattern| self.0.get(pattern));
        let mut rows: Vec<usize> = found.flatten().copied().collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// Images of systems, and of languages that bring nothing else. Their Dockerfiles have no
/// `STOPSIGNAL` (docker-library, October 2026).
static PLAIN: &[&str] = &[
    "alpine",
    "almalinux",
    "amazonlinux",
    "busybox",
    "centos",
    "debian",
    "eclipse-temurin",
    "fedora",
    "golang",
    "node",
    "oraclelinux",
    "perl",
    "python",
    "rockylinux",
    "ruby",
    "rust",
    "scratch",
    "ubuntu",
];

/// Whether an image, by its familiar name, has nothing but a system and a language, and leaves the
/// signal that stops it as it is.
pub fn is_plain(familiar: &str) -> bool {
    PLAIN.contains(&familiar)
}

/// Whether Docker Hub has, or had, this name without an owner.
pub fn is_official(familiar: &str) -> bool {
    OFFICIAL.binary_search(&familiar).is_ok()
}

/// The name of the official image that `familiar` is a copy of, or `familiar` itself.
pub fn unmirrored(familiar: &str) -> &str {
    let official = |prefix: &&str| familiar.strip_prefix(*prefix).filter(|name| is_official(name));
    MIRRORS.iter().find_map(official).unwrap_or(familiar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_images_are_sorted() {
        assert!(OFFICIAL.is_sorted());
    }

    #[test]
    fn a_mirror_is_seen_through() {
        assert_eq!(unmirrored("public.ecr.aws/docker/library/node"), "node");
        assert_eq!(unmirrored("arm32v7/openjdk"), "openjdk");
        assert_eq!(unmirrored("armhf/homeassistant"), "armhf/homeassistant");
        assert_eq!(unmirrored("grafana/grafana"), "grafana/grafana");
    }
}
