//! How projects number their releases, where it is not by three parts.

use std::sync::LazyLock;

use super::images::Index;

/// How much of a tag names one release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// So many numbers.
    Parts(usize),
    /// So many numbers from this first number on; ascending. Below the first row, three.
    Since(&'static [(u64, usize)]),
    /// Any number: each is pushed once.
    Any,
}

/// What a tag that names one release looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// The numbers that are missing, added.
    Numbers,
    /// Like this real one.
    Like(&'static str),
    /// Its code name and a date: `bookworm-20260803-slim`. Releases and their code names.
    Dated(&'static [(&'static str, &'static str)]),
    /// No tag stays: only a digest does.
    None,
}

/// One way of numbering, and the images that follow it.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// Familiar names; `owner/` stands for all below it.
    pub images: &'static [&'static str],
    pub full: Full,
    /// A date or a hash in a tag *is* the project's release.
    pub dated: bool,
    /// After how many numbers one that stands alone counts rebuilds: `9.3-1552`.
    pub rebuilds_after: usize,
    /// How a tag that stays looks, where it is not the tag with its missing numbers.
    pub unique: Unique,
    /// Where this can be read.
    pub source: &'static str,
}

const THREE: Scheme = Scheme {
    images: &[],
    full: Full::Parts(3),
    dated: false,
    rebuilds_after: 2,
    unique: Unique::Numbers,
    source: "",
};
const TWO: Scheme = Scheme { full: Full::Parts(2), ..THREE };
const ANY: Scheme = Scheme { full: Full::Any, ..THREE };
const DATED: Scheme = Scheme { dated: true, ..THREE };

/// Rows for a name come before rows for its owner.
pub static SCHEMES: &[Scheme] = &[
    Scheme {
        images: &[
            "postgres",
            "cimg/postgres",
            "circleci/postgres",
            "ghcr.io/cloudnative-pg/postgresql",
            "registry.opensource.zalan.do/acid/spilo",
        ],
        full: Full::Since(&[(10, 2)]),
        source: "https://www.postgresql.org/support/versioning/",
        ..THREE
    },
    Scheme {
        images: &["debian"],
        full: Full::Since(&[(4, 2)]),
        unique: Unique::Dated(&[]),
        source: "https://www.debian.org/releases/",
        ..THREE
    },
    Scheme {
        images: &["centos", "registry.centos.org/centos/centos", "tianon/centos"],
        full: Full::Since(&[(5, 2), (7, 3)]),
        source: "https://hub.docker.com/_/centos: minor tags are not updated",
        ..THREE
    },
    Scheme {
        images: &["drupal"],
        full: Full::Since(&[(0, 2), (8, 3)]),
        source: "https://www.drupal.org/project/drupal/releases: 7.103, 8.0.0",
        ..THREE
    },
    Scheme {
        images: &["nuxeo", "php-zendserver", "glassfish", "crux"],
        source: "https://github.com/docker-library/official-images/commits/master/library",
        ..TWO
    },
    Scheme {
        images: &[
            "eclipse-temurin",
            "ibm-semeru-runtimes",
            "icr.io/appcafe/ibm-semeru-runtimes",
            "openjdk",
            "java",
            "adoptopenjdk",
            "adoptopenjdk/",
            "container-registry.oracle.com/java/",
        ],
        rebuilds_after: 1,
        source: "https://openjdk.org/jeps/322: `23+37` is the first release of 23",
        ..THREE
    },
    Scheme {
        images: &["oraclelinux", "ghcr.io/oracle/oraclelinux"],
        unique: Unique::None,
        source: "https://github.com/docker-library/official-images/blob/master/library/oraclelinux",
        ..TWO
    },
    Scheme {
        images: &[
            "jenkins",
            "jenkins/jenkins",
            "jenkinsci/jenkins",
            "jenkins4eval/jenkins",
            "ghcr.io/jenkinsci/jenkins",
        ],
        source: "https://www.jenkins.io/changelog/: weekly releases have two parts, LTS three",
        ..TWO
    },
    Scheme {
        images: &["dpage/pgadmin4"],
        source: "https://www.pgadmin.org/docs/pgadmin4/latest/release_notes.html",
        ..TWO
    },
    Scheme {
        images: &[
            "nvcr.io/nvidia/pytorch",
            "nvcr.io/nvidia/tensorflow",
            "nvcr.io/nvidia/tritonserver",
            "nvcr.io/nvidia/tensorrt",
            "nvcr.io/nvidia/tensorrtserver",
            "nvcr.io/nvidia/jax",
            "nvcr.io/nvidia/mxnet",
            "nvcr.io/nvidia/caffe",
            "nvcr.io/nvidia/nemo",
            "nvcr.io/nvidia/paddlepaddle",
            "nvcr.io/nvidia/rapidsai/base",
            "nvcr.io/nvidia/merlin/merlin-pytorch",
            "nvcr.io/nvidia/merlin/merlin-tensorflow",
            "nvcr.io/nvidia/merlin/merlin-hugectr",
        ],
        source: "https://docs.nvidia.com/deeplearning/frameworks/support-matrix/: YY.MM",
        ..TWO
    },
    Scheme {
        images: &["continuumio/anaconda3", "continuumio/anaconda", "continuumio/anaconda2"],
        source: "https://www.anaconda.com/docs/getting-started/anaconda/release-notes: YYYY.MM",
        ..TWO
    },
    Scheme {
        images: &["friendica", "rakudo-star"],
        source: "https://github.com/docker-library/official-images/tree/master/library: YYYY.MM",
        ..TWO
    },
    Scheme { images: &["tianon/gosu"], source: "https://github.com/tianon/gosu/releases", ..TWO },
    Scheme {
        images: &["4km3/dnsmasq", "dockurr/dnsmasq"],
        source: "https://thekelleys.org.uk/dnsmasq/CHANGELOG",
        ..TWO
    },
    Scheme {
        images: &["smizy/mecab"],
        source: "https://taku910.github.io/mecab/: releases are `0.996`",
        ..TWO
    },
    // Registries and owners where a tag, once pushed, stays.
    Scheme {
        images: &["registry.k8s.io/", "k8s.gcr.io/"],
        source: "https://github.com/kubernetes/registry.k8s.io/wiki/FAQ: tags are immutable",
        ..ANY
    },
    Scheme {
        images: &[
            "gcr.io/google_containers/",
            "gcr.io/google-containers/",
            "gcr.io/google_samples/",
            "gcr.io/google-samples/",
            "us-docker.pkg.dev/google-samples/",
            "gcr.io/kubernetes-e2e-test-images/",
            "gcr.io/kustomize-functions/",
            "gcr.io/kuar-demo/",
            "kubernetes/",
            "cockroachdb/cockroach-k8s-init",
            "cockroachdb/cockroach-k8s-request-cert",
            "quay.io/argoprojlabs/argocd-e2e-container",
            "quay.io/kubernetes_incubator/nfs-provisioner",
        ],
        source: "https://github.com/kubernetes/examples: helper images, pushed once a number",
        ..ANY
    },
    Scheme {
        images: &["quay.io/biocontainers/", "biocontainers/"],
        source: "https://biocontainers-edu.readthedocs.io/: `<version>--<build>`",
        ..ANY
    },
    Scheme {
        images: &["sebp/elk"],
        source: "https://elk-docker.readthedocs.io/#prerequisites: `793`, `es241_l240_k461`",
        ..ANY
    },
    Scheme {
        images: &["jitsi/", "ghcr.io/jitsi/"],
        source: "https://github.com/jitsi/docker-jitsi-meet/releases: `stable-9220`",
        ..ANY
    },
    Scheme {
        images: &["ghcr.io/wg-easy/wg-easy", "weejewel/wg-easy"],
        full: Full::Since(&[(0, 1), (15, 3)]),
        source: "https://github.com/wg-easy/wg-easy/releases: one number up to 14",
        ..THREE
    },
    Scheme {
        images: &["fpco/stack-build", "fpco/stack-build-small"],
        source: "https://www.stackage.org/snapshots: `lts-20.4`",
        ..TWO
    },
    // Dates, or what looks like one, are releases.
    Scheme {
        images: &[
            "minio/",
            "quay.io/minio/",
            "homeassistant/",
            "ghcr.io/home-assistant/",
            "pihole/",
            "ghcr.io/pi-hole/pihole",
            "esphome/",
            "ghcr.io/esphome/esphome",
            "cloudflare/cloudflared",
            "visibilityspots/cloudflared",
            "searxng/searxng",
            "ghcr.io/searxng/searxng",
            "alexta69/metube",
            "ghcr.io/alexta69/metube",
            "photoprism/photoprism",
            "supabase/studio",
            "ghcr.io/goauthentik/",
            "beryju/authentik",
            "jetbrains/",
            "bitwarden/",
            "ghcr.io/bitwarden/",
            "dgtlmoon/changedetection.io",
            "getsentry/",
            "ghcr.io/getsentry/",
            "neo4j",
            "itzg/",
            "collabora/code",
            "posthog/posthog",
            "rapidsai/",
            "netboxcommunity/netbox",
        ],
        source: "the projects' release pages: releases are named by year, month and number",
        ..DATED
    },
    Scheme {
        images: &["bitnami/", "bitnamilegacy/", "bitnamisecure/", "bitnamicharts/"],
        source: "https://techdocs.broadcom.com/us/en/vmware-tanzu/bitnami-secure-images/: \
                 `<version>-<distribution>-r<build>`",
        ..DATED
    },
    // A number after the version is something else's.
    Scheme {
        images: &["nodered/node-red", "nodered/node-red-docker", "mongo-express", "pypy"],
        rebuilds_after: usize::MAX,
        source: "https://hub.docker.com/r/nodered/node-red: `<version>-<Node.js version>`",
        ..THREE
    },
    Scheme {
        images: &["fluentd", "fluent/fluentd"],
        rebuilds_after: usize::MAX,
        source: "https://hub.docker.com/_/fluentd: `v1.19-1` moves, `v1.19.3-1.0` does not",
        ..THREE
    },
    Scheme {
        images: &["registry.access.redhat.com/", "registry.redhat.io/", "quay.io/sclorg/"],
        rebuilds_after: 1,
        source: "https://catalog.redhat.com/software/containers/: `1-71`, `9.3-1552`",
        ..THREE
    },
    Scheme {
        images: &["ubuntu"],
        unique: Unique::Dated(&[
            ("14.04", "trusty"),
            ("16.04", "xenial"),
            ("18.04", "bionic"),
            ("20.04", "focal"),
            ("22.04", "jammy"),
            ("24.04", "noble"),
            ("26.04", "resolute"),
        ]),
        source: "https://github.com/docker-library/official-images/blob/master/library/ubuntu",
        ..THREE
    },
    Scheme {
        images: &["amazonlinux", "public.ecr.aws/amazonlinux/amazonlinux"],
        unique: Unique::Like("2023.12.20260817.0"),
        source: "https://github.com/docker-library/official-images/blob/master/library/amazonlinux",
        ..THREE
    },
    Scheme {
        images: &["archlinux"],
        unique: Unique::Like("base-20260816.0.574111"),
        source: "https://github.com/docker-library/official-images/blob/master/library/archlinux",
        ..THREE
    },
    Scheme {
        images: &["almalinux"],
        unique: Unique::Like("9.8-minimal-20260602"),
        source: "https://github.com/docker-library/official-images/blob/master/library/almalinux",
        ..THREE
    },
    Scheme {
        images: &["odoo"],
        unique: Unique::Like("19.0-20260817"),
        source: "https://github.com/docker-library/official-images/blob/master/library/odoo",
        ..THREE
    },
    Scheme {
        images: &["photon"],
        unique: Unique::Like("5.0-20260727"),
        source: "https://github.com/docker-library/official-images/blob/master/library/photon",
        ..THREE
    },
    Scheme {
        images: &[
            "fedora",
            "registry.fedoraproject.org/fedora",
            "quay.io/centos/",
            "quay.io/fedora/",
            "buildpack-deps",
            "ros",
            "mageia",
        ],
        unique: Unique::None,
        source: "https://github.com/docker-library/official-images/tree/master/library",
        ..THREE
    },
    // One number that is not a counter of builds, however large.
    Scheme {
        images: &[
            "mcr.microsoft.com/windows",
            "mcr.microsoft.com/windows/",
            "mcr.microsoft.com/mssql/",
            "microsoft/",
            "selenium/",
            "zenika/alpine-chrome",
            "browserless/chrome",
            "amazon/aws-cli",
            "google/cloud-sdk",
            "gcr.io/google.com/cloudsdktool/",
        ],
        source: "the images' pages",
        ..THREE
    },
];

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(SCHEMES.iter().map(|row| row.images)));

/// The row for an image, by its familiar name.
pub fn of(familiar: &str) -> Option<&'static Scheme> {
    INDEX.rows(familiar).first().map(|row| &SCHEMES[*row])
}

impl Scheme {
    /// What holds for images of which nothing else is known.
    pub const COMMON: &'static Self = &THREE;

    /// How many numbers a full release of this first number has.
    pub fn parts(&self, first: u64) -> usize {
        match self.full {
            Full::Parts(parts) => parts,
            Full::Any => 1,
            Full::Since(rows) => {
                rows.iter().rev().find(|row| row.0 <= first).map_or(3, |row| row.1)
            }
        }
    }
}
