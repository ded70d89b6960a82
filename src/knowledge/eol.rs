//! When lines of releases get their last fix.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::images::{Image, Index, is_official};

/// What is past: the table was read over on this day. The program has no clock, so that the same
/// files give the same findings.
pub const AS_OF: &str = "2026-11-23";

/// A project's lines and their ends.
#[derive(Clone, Copy, Debug)]
struct Product {
    name: &'static str,
    images: &'static [&'static str],
    page: &'static str,
    /// `line date`, where a line is the first numbers of its releases, or a code name, and the
    /// date that of the last fix that everybody gets. Debian's is that of its long-term support.
    ends: &'static str,
}

/// A line that gets no more fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// `Python`
    pub name: &'static str,
    /// `3.8`, `buster`; of a release older than the table, the oldest line there.
    pub line: &'static str,
    /// Year, month, day.
    pub date: &'static str,
    /// The release is older than the table: it ended before the date.
    pub is_older: bool,
    /// Where all lines are listed.
    pub page: &'static str,
}

/// Source: <https://github.com/endoflife-date/endoflife.date> of 2026-08-22, each product's page.
static PRODUCTS: &[Product] = &[
    Product {
        name: "Debian",
        images: &["debian"],
        page: "https://endoflife.date/debian",
        ends: "squeeze 2016-02-29, 6 2016-02-29, wheezy 2018-05-31, 7 2018-05-31, \
               jessie 2020-06-30, 8 2020-06-30, stretch 2022-07-01, 9 2022-07-01, \
               buster 2024-06-30, 10 2024-06-30, bullseye 2026-08-31, 11 2026-08-31, \
               bookworm 2028-06-30, 12 2028-06-30, trixie 2030-06-30, 13 2030-06-30",
    },
    Product {
        name: "Ubuntu",
        images: &["ubuntu"],
        page: "https://endoflife.date/ubuntu",
        ends: "precise 2017-04-28, 12.04 2017-04-28, quantal 2014-05-16, 12.10 2014-05-16, \
               raring 2014-01-27, 13.04 2014-01-27, saucy 2014-07-17, 13.10 2014-07-17, \
               trusty 2019-04-02, 14.04 2019-04-02, utopic 2015-07-23, 14.10 2015-07-23, \
               vivid 2016-02-04, 15.04 2016-02-04, wily 2016-07-28, 15.10 2016-07-28, \
               xenial 2021-04-02, 16.04 2021-04-02, yakkety 2017-07-20, 16.10 2017-07-20, \
               zesty 2018-01-13, 17.04 2018-01-13, artful 2018-07-19, 17.10 2018-07-19, \
               bionic 2023-05-31, 18.04 2023-05-31, cosmic 2019-07-18, 18.10 2019-07-18, \
               disco 2020-01-23, 19.04 2020-01-23, eoan 2020-07-06, 19.10 2020-07-06, \
               focal 2025-05-31, 20.04 2025-05-31, groovy 2021-07-22, 20.10 2021-07-22, \
               hirsute 2022-01-20, 21.04 2022-01-20, impish 2022-07-14, 21.10 2022-07-14, \
               jammy 2027-04-01, 22.04 2027-04-01, kinetic 2023-07-20, 22.10 2023-07-20, \
               lunar 2024-01-20, 23.04 2024-01-20, mantic 2024-07-12, 23.10 2024-07-12, \
               noble 2029-05-31, 24.04 2029-05-31, oracular 2025-07-10, 24.10 2025-07-10, \
               plucky 2026-01-17, 25.04 2026-01-17, questing 2026-07-01, 25.10 2026-07-01, \
               resolute 2031-04-30, 26.04 2031-04-30",
    },
    Product {
        name: "Alpine Linux",
        images: &["alpine"],
        page: "https://endoflife.date/alpine-linux",
        ends: "2.3 2013-11-01, 2.4 2014-05-01, 2.5 2014-11-01, 2.6 2015-05-01, 2.7 2015-11-01, \
               3.0 2016-05-01, 3.1 2016-11-01, 3.2 2017-05-01, 3.3 2017-11-01, 3.4 2018-05-01, \
               3.5 2018-11-01, 3.6 2019-05-01, 3.7 2019-11-01, 3.8 2020-05-01, 3.9 2020-11-01, \
               3.10 2021-05-01, 3.11 2021-11-01, 3.12 2022-05-01, 3.13 2022-11-01, \
               3.14 2023-05-01, 3.15 2023-11-01, 3.16 2024-05-23, 3.17 2024-11-22, \
               3.18 2025-05-09, 3.19 2025-11-01, 3.20 2026-04-01, 3.21 2026-11-01, \
               3.22 2027-05-01, 3.23 2027-11-01, 3.24 2028-06-01",
    },
    Product {
        name: "CentOS",
        images: &["centos"],
        page: "https://endoflife.date/centos",
        ends: "5 2017-03-31, 6 2020-11-30, 7 2024-06-30, 8 2021-12-31",
    },
    Product {
        name: "CentOS Stream",
        images: &["quay.io/centos/centos"],
        page: "https://endoflife.date/centos-stream",
        ends: "8 2024-05-31, 9 2027-05-31, 10 2030-05-31",
    },
    Product {
        name: "Fedora",
        images: &["fedora", "registry.fedoraproject.org/fedora", "quay.io/fedora/fedora"],
        page: "https://endoflife.date/fedora",
        ends: "17 2013-07-30, 18 2014-01-14, 19 2015-01-06, 20 2015-06-23, 21 2015-12-01, \
               22 2016-07-19, 23 2016-12-20, 24 2017-08-08, 25 2017-12-12, 26 2018-05-29, \
               27 2018-11-30, 28 2019-05-28, 29 2019-11-26, 30 2020-05-26, 31 2020-11-24, \
               32 2021-05-25, 33 2021-11-30, 34 2022-06-07, 35 2022-12-13, 36 2023-05-16, \
               37 2023-12-05, 38 2024-05-21, 39 2024-11-26, 40 2025-05-13, 41 2025-12-15, \
               42 2026-05-27, 43 2026-12-09, 44 2027-06-02",
    },
    Product {
        name: "Amazon Linux",
        images: &["amazonlinux", "public.ecr.aws/amazonlinux/amazonlinux"],
        page: "https://endoflife.date/amazon-linux",
        ends: "2010.11 2023-12-31, 2011.09 2023-12-31, 2012.03 2023-12-31, 2012.09 2023-12-31, \
               2013.03 2023-12-31, 2013.09 2023-12-31, 2014.03 2023-12-31, 2014.09 2023-12-31, \
               2015.03 2023-12-31, 2015.09 2023-12-31, 2016.03 2023-12-31, 2016.09 2023-12-31, \
               2017.03 2023-12-31, 2017.09 2023-12-31, 2018.03 2023-12-31, 2 2026-06-30, \
               2023 2029-06-30",
    },
    Product {
        name: "Oracle Linux",
        images: &["oraclelinux"],
        page: "https://endoflife.date/oracle-linux",
        ends: "6 2021-03-31, 7 2024-12-31, 8 2029-07-31, 9 2032-06-30",
    },
    Product {
        name: "openSUSE Leap",
        images: &["opensuse/leap", "opensuse"],
        page: "https://endoflife.date/opensuse",
        ends: "12.2 2014-01-15, 12.3 2015-01-29, 13.1 2016-02-03, 13.2 2017-01-17, \
               42.1 2017-05-17, 42.2 2018-01-26, 42.3 2019-07-01, 15.0 2019-12-03, \
               15.1 2021-02-02, 15.2 2022-01-04, 15.3 2022-12-31, 15.4 2023-12-07, \
               15.5 2024-12-31, 15.6 2026-04-30, 16.0 2027-10-31",
    },
    Product {
        name: "Node.js",
        images: &[
            "node",
            "cimg/node",
            "circleci/node",
            "bitnami/node",
            "public.ecr.aws/lambda/nodejs",
            "mhart/alpine-node",
        ],
        page: "https://endoflife.date/nodejs",
        ends: "4 2018-04-30, 5 2016-06-30, 6 2019-04-30, 7 2017-06-30, 8 2019-12-31, \
               9 2018-06-30, 10 2021-04-30, 11 2019-06-30, 12 2022-04-30, 13 2020-06-01, \
               14 2023-04-30, 15 2021-06-01, 16 2023-09-11, 17 2022-06-01, 18 2025-04-30, \
               19 2023-06-01, 20 2026-04-30, 21 2024-06-01, 22 2027-04-30, 23 2025-06-01, \
               24 2028-04-30, 25 2026-06-01, 26 2029-04-30",
    },
    Product {
        name: "Python",
        images: &[
            "python",
            "cimg/python",
            "circleci/python",
            "bitnami/python",
            "public.ecr.aws/lambda/python",
        ],
        page: "https://endoflife.date/python",
        ends: "2.6 2013-10-29, 2.7 2020-01-01, 3.2 2016-02-20, 3.3 2017-09-29, 3.4 2019-03-18, \
               3.5 2020-09-30, 3.6 2021-12-23, 3.7 2023-06-27, 3.8 2024-10-07, 3.9 2025-10-31, \
               3.10 2026-10-31, 3.11 2027-10-31, 3.12 2028-10-31, 3.13 2029-10-31, \
               3.14 2030-10-31",
    },
    Product {
        name: "Ruby",
        images: &["ruby", "cimg/ruby", "circleci/ruby", "bitnami/ruby"],
        page: "https://endoflife.date/ruby",
        ends: "1.9.3 2015-02-23, 2.0.0 2016-02-24, 2.1 2017-03-31, 2.2 2018-03-31, \
               2.3 2019-03-31, 2.4 2020-03-31, 2.5 2021-03-31, 2.6 2022-03-31, 2.7 2023-03-31, \
               3.0 2024-04-23, 3.1 2025-03-26, 3.2 2026-03-31, 3.3 2027-03-31, 3.4 2028-03-31, \
               4.0 2029-03-31",
    },
    Product {
        name: "PHP",
        images: &["php", "cimg/php", "circleci/php", "bitnami/php-fpm"],
        page: "https://endoflife.date/php",
        ends: "5.3 2014-08-14, 5.4 2015-09-14, 5.5 2016-07-21, 5.6 2018-12-31, 7.0 2019-01-10, \
               7.1 2019-12-01, 7.2 2020-11-30, 7.3 2021-12-06, 7.4 2022-11-28, 8.0 2023-11-26, \
               8.1 2025-12-31, 8.2 2026-12-31, 8.3 2027-12-31, 8.4 2028-12-31, 8.5 2029-12-31",
    },
    Product {
        name: "Go",
        images: &["golang", "cimg/go", "circleci/golang", "bitnami/golang"],
        page: "https://endoflife.date/go",
        ends: "1.10 2019-02-25, 1.11 2019-09-03, 1.12 2020-02-25, 1.13 2020-08-11, \
               1.14 2021-02-16, 1.15 2021-08-16, 1.16 2022-03-15, 1.17 2022-08-02, \
               1.18 2023-02-01, 1.19 2023-09-06, 1.20 2024-02-06, 1.21 2024-08-13, \
               1.22 2025-02-11, 1.23 2025-08-12, 1.24 2026-02-10, 1.25 2026-08-19",
    },
    Product {
        name: "Perl",
        images: &["perl"],
        page: "https://endoflife.date/perl",
        ends: "5.26 2020-05-30, 5.28 2021-06-23, 5.30 2022-05-22, 5.32 2023-06-20, \
               5.34 2024-05-20, 5.36 2025-05-27, 5.38 2026-07-02, 5.40 2027-06-09, \
               5.42 2028-07-03, 5.44 2029-07-15",
    },
    Product {
        name: "Erlang/OTP",
        images: &["erlang"],
        page: "https://endoflife.date/erlang",
        ends: "17 2018-10-11, 18 2018-11-09, 19 2019-06-21, 20 2020-06-21, 21 2021-06-19, \
               22 2024-03-18, 23 2024-03-14, 24 2024-05-10, 25 2025-05-17, 26 2026-05-26, \
               27 2027-05-20, 28 2028-05-20, 29 2029-05-11",
    },
    Product {
        name: "Elixir",
        images: &["elixir"],
        page: "https://endoflife.date/elixir",
        ends: "1.4 2019-06-24, 1.5 2020-01-27, 1.6 2020-10-06, 1.7 2021-05-19, 1.8 2021-12-03, \
               1.9 2022-09-01, 1.10 2023-06-19, 1.11 2023-12-22, 1.12 2024-06-12, \
               1.13 2024-12-19, 1.14 2025-10-16, 1.15 2026-06-03",
    },
    Product {
        name: "Eclipse Temurin",
        images: &["eclipse-temurin"],
        page: "https://endoflife.date/eclipse-temurin",
        ends: "8 2030-12-31, 16 2021-09-30, 11 2027-10-31, 17 2027-10-31, 18 2022-09-30, \
               19 2023-03-31, 20 2023-09-19, 21 2029-12-31, 22 2024-09-17, 23 2025-03-18, \
               24 2025-09-16, 25 2031-09-30, 26 2026-09-15",
    },
    Product {
        name: "Amazon Corretto",
        images: &["amazoncorretto"],
        page: "https://endoflife.date/amazon-corretto",
        ends: "8 2030-12-31, 11 2032-01-31, 15 2021-04-20, 16 2021-10-19, 17 2029-10-31, \
               18 2022-10-18, 19 2023-04-19, 20 2023-10-17, 21 2030-10-31, 22 2024-10-15, \
               23 2025-04-30, 24 2025-10-31, 25 2032-10-31, 26 2026-10-31",
    },
    Product {
        name: ".NET",
        images: &[
            "mcr.microsoft.com/dotnet/sdk",
            "mcr.microsoft.com/dotnet/aspnet",
            "mcr.microsoft.com/dotnet/runtime",
            "mcr.microsoft.com/dotnet/runtime-deps",
            "mcr.microsoft.com/dotnet/core/",
        ],
        page: "https://endoflife.date/dotnet",
        ends: "1.0 2019-06-27, 1.1 2019-06-27, 2.0 2018-10-01, 2.1 2021-08-21, 2.2 2019-12-23, \
               3.0 2020-03-03, 3.1 2022-12-13, 5 2022-05-10, 6 2024-11-12, 7 2024-05-14, \
               8 2026-11-10, 9 2026-11-10, 10 2028-11-14",
    },
    Product {
        name: "PostgreSQL",
        images: &["postgres", "postgis/postgis", "bitnami/postgresql", "cimg/postgres"],
        page: "https://endoflife.date/postgresql",
        ends: "8.4 2014-07-24, 9.0 2015-10-08, 9.1 2016-10-27, 9.2 2017-11-09, 9.3 2018-11-08, \
               9.4 2020-02-13, 9.5 2021-02-11, 9.6 2021-11-11, 10 2022-11-10, 11 2023-11-09, \
               12 2024-11-21, 13 2025-11-13, 14 2026-11-12, 15 2027-11-11, 16 2028-11-09, \
               17 2029-11-08, 18 2030-11-14",
    },
    Product {
        name: "MySQL",
        images: &["mysql", "mysql/mysql-server", "bitnami/mysql", "cimg/mysql"],
        page: "https://endoflife.date/mysql",
        ends: "5.5 2018-12-31, 5.6 2021-02-28, 5.7 2023-10-31, 8.0 2026-04-30, 8.1 2023-10-25, \
               8.2 2023-12-14, 8.3 2024-04-10, 8.4 2032-04-30, 9.0 2024-10-15, 9.1 2025-01-21, \
               9.2 2025-04-15, 9.3 2025-07-22, 9.4 2025-10-21, 9.5 2026-01-20, 9.6 2026-04-21, \
               9.7 2034-04-21",
    },
    Product {
        name: "MariaDB",
        images: &["mariadb", "bitnami/mariadb"],
        page: "https://endoflife.date/mariadb",
        ends: "5.1 2015-02-01, 5.2 2015-11-10, 5.3 2017-03-01, 5.5 2020-04-11, 10.0 2019-03-31, \
               10.1 2020-10-17, 10.2 2022-05-23, 10.3 2023-05-25, 10.4 2024-06-18, \
               10.5 2025-06-24, 10.6 2026-07-06, 10.7 2023-02-09, 10.8 2023-05-20, \
               10.9 2023-08-22, 10.10 2023-11-17, 10.11 2028-02-16, 11.0 2024-06-06, \
               11.1 2024-08-21, 11.2 2024-11-21, 11.3 2024-05-29, 11.4 2029-05-29, \
               11.5 2024-11-21, 11.6 2025-02-13, 11.7 2025-05-12, 11.8 2028-06-04, \
               12.0 2025-11-18, 12.1 2026-02-13, 12.2 2026-05-28, 12.3 2029-06-12",
    },
    Product {
        name: "MongoDB",
        images: &["mongo", "bitnami/mongodb"],
        page: "https://endoflife.date/mongodb",
        ends: "2.2 2014-02-28, 2.6 2016-10-31, 3.0 2018-02-28, 3.2 2018-09-30, 3.4 2020-01-31, \
               3.6 2021-04-30, 4.0 2022-04-30, 4.2 2023-04-30, 4.4 2024-02-29, 5.0 2024-10-31, \
               5.1 2022-01-19, 5.2 2022-03-23, 5.3 2022-07-19, 6.0 2025-07-31, 6.1 2023-02-09, \
               6.2 2023-04-24, 6.3 2023-08-31, 7.0 2027-08-31, 7.1 2024-01-23, 7.2 2024-03-27, \
               7.3 2024-10-02, 8.0 2029-10-31, 8.1 2025-09-30, 8.2 2026-07-31, 8.3 2029-10-31",
    },
    Product {
        name: "Redis",
        images: &["redis", "bitnami/redis"],
        page: "https://endoflife.date/redis",
        ends: "5.0 2022-04-27, 6.0 2022-05-31, 6.2 2027-04-01, 7.0 2024-07-29, 7.2 2029-12-01, \
               7.4 2029-12-01, 8.0 2026-12-01, 8.2 2030-09-01",
    },
    Product {
        name: "Valkey",
        images: &["valkey/valkey"],
        page: "https://endoflife.date/valkey",
        ends: "7.2 2029-04-16, 8.0 2027-09-15, 8.1 2030-03-31, 9.0 2028-10-21",
    },
    Product {
        name: "Elasticsearch",
        images: &["elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch"],
        page: "https://endoflife.date/elasticsearch",
        ends: "6 2022-02-10, 7 2026-01-15, 8.16 2025-04-15, 8.17 2025-08-12, 9.0 2025-10-23, \
               8.18 2025-10-21, 8.19 2027-07-15, 9.1 2026-02-03, 9.2 2026-05-05, 9.3 2026-08-04",
    },
    Product {
        name: "Kibana",
        images: &["kibana", "docker.elastic.co/kibana/kibana"],
        page: "https://endoflife.date/kibana",
        ends: "6 2022-02-10, 7 2026-01-15, 8.14 2024-11-12, 8.15 2024-12-12, 8.16 2025-04-15, \
               8.17 2025-08-12, 8.18 2025-10-21, 9.0 2025-10-23, 8.19 2027-07-15, 9.1 2026-02-03, \
               9.2 2026-05-05, 9.3 2026-08-04",
    },
    Product {
        name: "Logstash",
        images: &["logstash", "docker.elastic.co/logstash/logstash"],
        page: "https://endoflife.date/logstash",
        ends: "6 2022-02-10, 7 2026-01-15, 8.17 2025-08-12, 9.0 2025-10-23, 8.18 2025-10-21, \
               8.19 2027-07-15, 9.1 2026-02-03, 9.2 2026-05-05, 9.3 2026-08-04",
    },
    Product {
        name: "OpenSearch",
        images: &["opensearchproject/opensearch"],
        page: "https://endoflife.date/opensearch",
        ends: "1 2025-05-06",
    },
    Product {
        name: "RabbitMQ",
        images: &["rabbitmq", "bitnami/rabbitmq"],
        page: "https://endoflife.date/rabbitmq",
        ends: "3.0 2013-11-30, 3.1 2014-04-30, 3.2 2014-10-31, 3.3 2015-03-31, 3.4 2015-10-31, \
               3.5 2016-10-31, 3.6 2018-05-31, 3.7 2020-09-30, 3.8 2022-07-31, 3.9 2023-01-31, \
               3.10 2022-09-28, 3.11 2023-06-01, 3.12 2024-02-21, 3.13 2024-09-17, \
               4.0 2025-04-15, 4.1 2026-01-30, 4.2 2026-07-31",
    },
    Product {
        name: "Apache Cassandra",
        images: &["cassandra"],
        page: "https://endoflife.date/apache-cassandra",
        ends: "3.0 2024-09-05, 3.11 2024-09-05",
    },
    Product {
        name: "Apache CouchDB",
        images: &["couchdb"],
        page: "https://endoflife.date/apache-couchdb",
        ends: "3.2 2024-09-20, 3.3 2025-05-05",
    },
    Product {
        name: "Neo4j",
        images: &["neo4j"],
        page: "https://endoflife.date/neo4j",
        ends: "1.6 2013-07-22, 1.7 2013-10-18, 1.8 2014-03-28, 1.9 2014-11-21, 2.0 2015-06-11, \
               2.1 2015-11-29, 2.2 2016-09-25, 2.3 2017-04-21, 3.0 2017-10-31, 3.1 2018-06-13, \
               3.2 2018-11-30, 3.3 2019-04-28, 3.4 2020-03-31, 3.5 2022-05-27, 4.0 2021-07-14, \
               4.1 2021-12-22, 4.2 2022-05-16, 4.3 2022-12-16, 4.4 2025-11-30, 5.1 2022-11-21, \
               5.2 2022-12-15, 5.3 2023-01-26, 5.4 2023-02-16, 5.5 2023-03-24, 5.6 2023-04-20, \
               5.7 2023-05-16, 5.8 2023-06-15, 5.9 2023-07-19, 5.10 2023-08-15, 5.11 2023-09-14, \
               5.12 2023-10-23, 5.13 2023-11-24, 5.14 2023-12-15, 5.15 2024-01-22, \
               5.16 2024-02-23, 5.17 2024-03-13, 5.18 2024-04-12, 5.19 2024-05-23, \
               5.20 2024-06-28, 5.21 2024-07-24, 5.22 2024-08-22, 5.23 2024-09-27, \
               5.24 2024-10-31, 5.25 2024-12-06, 5.26 2028-06-06",
    },
    Product {
        name: "nginx",
        images: &["nginx", "nginxinc/nginx-unprivileged", "bitnami/nginx"],
        page: "https://endoflife.date/nginx",
        ends: "1.4 2014-04-24, 1.6 2015-04-21, 1.8 2016-04-26, 1.10 2017-04-12, 1.12 2018-04-17, \
               1.14 2019-04-23, 1.16 2020-04-20, 1.18 2021-04-20, 1.19 2021-05-25, \
               1.20 2022-05-24, 1.21 2022-06-21, 1.22 2023-04-11, 1.23 2023-05-23, \
               1.24 2024-04-23, 1.25 2024-05-29, 1.26 2025-04-23, 1.27 2025-06-24, \
               1.28 2026-04-14, 1.29 2026-05-13",
    },
    Product {
        name: "Apache HTTP Server",
        images: &["httpd"],
        page: "https://endoflife.date/apache-http-server",
        ends: "2.0 2013-07-10, 2.2 2017-07-11",
    },
    Product {
        name: "Apache Tomcat",
        images: &["tomcat"],
        page: "https://endoflife.date/tomcat",
        ends: "6 2016-12-31, 7 2021-03-31, 8.0 2018-06-30, 8.5 2024-03-31, 9.0 2027-03-31, \
               10.0 2022-10-31",
    },
    Product {
        name: "Eclipse Jetty",
        images: &["jetty"],
        page: "https://endoflife.date/eclipse-jetty",
        ends: "7 2014-12-31, 8 2014-12-31, 9.0 2013-12-31, 9.1 2014-12-31, 9.2 2018-03-08, \
               9.3 2020-12-07, 9.4 2025-08-14, 10 2025-01-01, 11 2025-01-01",
    },
    Product {
        name: "HAProxy",
        images: &["haproxy"],
        page: "https://endoflife.date/haproxy",
        ends: "1.3 2016-03-14, 1.4 2020-01-10, 1.5 2020-01-10, 1.6 2020-10-01, 1.7 2021-10-01, \
               1.8 2022-12-09, 1.9 2020-07-31, 2.0 2024-04-05, 2.1 2021-03-18, 2.2 2025-04-23, \
               2.3 2022-07-27, 2.4 2026-04-01, 2.5 2023-05-02, 2.6 2027-04-01, 2.7 2024-04-05, \
               2.8 2028-04-01, 2.9 2025-03-21, 3.0 2029-04-01, 3.1 2026-01-01, 3.2 2030-04-01, \
               3.3 2027-01-01, 3.4 2031-04-01",
    },
    Product {
        name: "Traefik",
        images: &["traefik"],
        page: "https://endoflife.date/traefik",
        ends: "1.7 2021-12-31, 2.0 2019-12-11, 2.1 2020-03-25, 2.2 2020-09-23, 2.3 2021-01-19, \
               2.4 2021-08-17, 2.5 2022-01-24, 2.6 2022-05-24, 2.7 2022-06-29, 2.8 2022-10-03, \
               2.9 2023-04-24, 2.10 2024-02-12, 2.11 2026-02-01, 3.0 2024-07-15, 3.1 2024-10-28, \
               3.2 2025-01-06, 3.3 2025-05-05, 3.4 2025-07-23, 3.5 2025-11-07, 3.6 2026-08-16",
    },
    Product {
        name: "Apache Solr",
        images: &["solr"],
        page: "https://endoflife.date/solr",
        ends: "5 2017-10-24, 6 2019-03-13, 7 2022-05-11, 8 2024-10-25",
    },
    Product {
        name: "Apache ZooKeeper",
        images: &["zookeeper"],
        page: "https://endoflife.date/zookeeper",
        ends: "3.4 2020-06-01, 3.5 2022-06-01, 3.6 2022-12-30, 3.7 2024-01-19",
    },
    Product {
        name: "Apache Kafka",
        images: &["apache/kafka", "bitnami/kafka"],
        page: "https://endoflife.date/apache-kafka",
        ends: "0.7 2013-12-03, 0.8 2015-11-23, 0.9 2016-05-22, 0.10 2018-07-02, 0.11 2018-07-02, \
               1.0 2018-07-08, 1.1 2018-07-30, 2.0 2018-11-20, 2.1 2019-03-22, 2.2 2019-12-01, \
               2.3 2019-12-16, 2.4 2020-04-15, 2.5 2020-08-10, 2.6 2021-11-15, 2.7 2021-11-15, \
               2.8 2022-09-19, 3.0 2022-09-19, 3.1 2022-09-19, 3.2 2022-09-28, 3.3 2023-02-06, \
               3.4 2023-06-13, 3.5 2023-10-03, 3.6 2024-02-27, 3.7 2024-07-26, 3.8 2024-11-06",
    },
    Product {
        name: "Nextcloud",
        images: &["nextcloud"],
        page: "https://endoflife.date/nextcloud",
        ends: "9 2017-08-31, 10 2017-08-31, 11 2018-03-31, 12 2018-11-30, 13 2019-02-28, \
               14 2019-09-30, 15 2019-12-31, 16 2020-06-30, 17 2020-10-31, 18 2021-01-31, \
               19 2021-06-30, 20 2021-11-30, 21 2022-02-28, 22 2022-07-31, 23 2022-12-31, \
               24 2023-04-30, 25 2023-10-31, 26 2024-03-31, 27 2024-06-30, 28 2024-12-31, \
               29 2025-04-30, 30 2025-10-31, 31 2026-02-28, 32 2026-09-30, 33 2027-02-28, \
               34 2027-06-30",
    },
    Product {
        name: "Drupal",
        images: &["drupal"],
        page: "https://endoflife.date/drupal",
        ends: "7 2025-01-05, 8.8 2020-12-01, 8.9 2021-11-02, 9.0 2021-06-16, 9.1 2021-12-08, \
               9.2 2022-06-15, 9.3 2022-12-14, 9.4 2023-06-21, 9.5 2023-11-01, 10.0 2023-12-15, \
               10.1 2024-06-20, 10.2 2024-12-17, 10.3 2025-06-16, 11.0 2025-06-16, \
               11.1 2025-12-10, 10.4 2025-12-10, 10.5 2026-06-17, 11.2 2026-06-17, \
               10.6 2026-12-16, 11.3 2026-12-16, 11.4 2027-07-07",
    },
    Product {
        name: "Joomla",
        images: &["joomla"],
        page: "https://endoflife.date/joomla",
        ends: "3 2023-08-17, 4 2025-10-14, 5 2027-10-12, 6 2029-10-16",
    },
    Product {
        name: "Matomo",
        images: &["matomo", "piwik"],
        page: "https://endoflife.date/matomo",
        ends: "1 2013-12-17, 2 2017-12-18, 3 2021-12-01, 4 2024-12-19",
    },
    Product {
        name: "MediaWiki",
        images: &["mediawiki"],
        page: "https://endoflife.date/mediawiki",
        ends: "1.31 2021-09-30, 1.32 2020-01-24, 1.33 2020-06-30, 1.34 2020-11-30, \
               1.35 2023-12-21, 1.36 2022-06-03, 1.37 2022-11-30, 1.38 2023-06-30, \
               1.39 2025-12-31, 1.40 2024-06-28, 1.41 2024-12-31, 1.42 2025-06-30, \
               1.43 2027-12-31, 1.44 2026-07-31, 1.45 2026-12-31, 1.46 2027-07-31",
    },
    Product {
        name: "Redmine",
        images: &["redmine"],
        page: "https://endoflife.date/redmine",
        ends: "4.0 2021-04-26, 4.1 2022-03-28, 4.2 2023-10-31, 5.0 2025-09-21, 5.1 2026-06-30",
    },
    Product {
        name: "Grafana",
        images: &["grafana/grafana", "grafana/grafana-oss", "grafana/grafana-enterprise"],
        page: "https://endoflife.date/grafana",
        ends: "6 2021-06-08, 7 2022-06-14, 8 2023-06-09, 9.0 2022-10-11, 9.1 2022-11-29, \
               9.2 2023-02-27, 9.3 2023-04-06, 9.4 2023-06-09, 9.5 2024-05-14, 10.0 2023-10-24, \
               10.1 2024-01-23, 10.2 2024-07-24, 10.3 2024-10-23, 10.4 2025-06-05, \
               11.0 2025-02-14, 11.1 2025-04-23, 11.2 2025-05-27, 11.3 2025-07-22, \
               11.4 2025-09-05, 11.5 2025-10-28, 11.6 2026-06-25, 12.0 2026-02-05, \
               12.1 2026-04-22, 12.2 2026-06-23, 12.3 2026-08-19, 12.4 2027-05-24, \
               13.0 2027-01-09, 13.1 2027-03-20, 13.2 2027-05-18",
    },
    Product {
        name: "SonarQube",
        images: &["sonarqube"],
        page: "https://endoflife.date/sonarqube-server",
        ends: "7 2021-05-04, 8 2023-02-07, 9 2025-01-20, 10 2025-03-26, 2025.1 2026-07-01, \
               2025.2 2025-05-26, 2025.3 2025-07-29, 2025.4 2027-01-30, 2025.5 2025-12-12, \
               2025.6 2026-01-30, 2026.1 2027-08-02, 2026.2 2026-05-21, 2026.3 2026-07-23",
    },
    Product {
        name: "Gradle",
        images: &["gradle"],
        page: "https://endoflife.date/gradle",
        ends: "1 2014-07-01, 2 2016-08-15, 3 2017-06-14, 4 2018-11-26, 5 2019-11-08, \
               6 2023-02-10, 7 2025-07-31",
    },
    Product {
        name: "Apache Maven",
        images: &["maven"],
        page: "https://endoflife.date/apache-maven",
        ends: "1 2014-02-18, 2 2014-02-18, 3.0 2013-06-28, 3.1 2014-02-14, 3.2 2015-03-13, \
               3.3 2017-04-03, 3.5 2018-10-24, 3.6 2021-03-30, 3.8 2025-06-14",
    },
];

/// The lines of each product.
static LINES: LazyLock<HashMap<&str, Vec<Ended>>> =
    LazyLock::new(|| PRODUCTS.iter().map(|product| (product.name, product.read_lines())).collect());

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(PRODUCTS.iter().map(|row| row.images)));

/// The line that `image` is of, if that has ended; else the one of the distribution that an
/// official image's tag says it is built on.
pub fn ended(image: &Image) -> Option<Ended> {
    let own = INDEX.rows(image.name).first().map(|row| &PRODUCTS[*row]);
    own.and_then(|product| product.line_of(image)).filter(is_past).or_else(|| {
        let distributions = PRODUCTS.iter().filter(|product| is_distribution(product.name));
        is_official(image.name)
            .then(|| distributions.filter_map(|product| product.line_in(image)).find(is_past))?
    })
}

fn is_past(ended: &Ended) -> bool {
    ended.date <= AS_OF
}

fn is_distribution(name: &str) -> bool {
    matches!(name, "Debian" | "Ubuntu" | "Alpine Linux")
}

impl Product {
    fn lines(&self) -> impl Iterator<Item = Ended> {
        LINES.get(self.name).into_iter().flatten().copied()
    }

    fn read_lines(&self) -> Vec<Ended> {
        let Self { name, page, .. } = *self;
        let read = move |end: &'static str| {
            let (line, date) = end.trim().split_once(' ')?;
            Some(Ended { name, line, date, is_older: false, page })
        };
        self.ends.split(',').filter_map(read).collect()
    }

    /// The line of the image's own release: the one with the most numbers in common.
    fn line_of(&self, image: &Image) -> Option<Ended> {
        let release = (image.release)();
        let is_numbered = |line: &str| line.bytes().all(|it| it.is_ascii_digit() || it == b'.');
        let is_of = |ended: &Ended| {
            let mut release = release.iter();
            match is_numbered(ended.line) {
                true => ended
                    .line
                    .split('.')
                    .all(|it| release.next().is_some_and(|own| it.parse() == Ok(*own))),
                false => image.has_word(&[ended.line]) == Some(true),
            }
        };
        let oldest = || {
            let numbered = self.lines().filter_map(|ended| Some((numbers(ended.line)?, ended)));
            let (line, ended) = numbered.min_by(|one, other| one.0.cmp(&other.0))?;
            let is_older = release.len() >= line.len() && release < line;
            is_older.then_some(Ended { is_older, ..ended })
        };
        self.lines().filter(is_of).max_by_key(|ended| ended.line.len()).or_else(oldest)
    }

    /// The line that the tag names beside the image's own release: `buster`, `alpine3.12`.
    fn line_in(&self, image: &Image) -> Option<Ended> {
        // A number alone names no distribution.
        let has_letters = |tag: &&str| tag.contains(|c: char| c.is_ascii_alphabetic());
        let tag = image.tag.filter(|_| !image.hidden).filter(has_letters)?;
        let name = self.name.split(' ').next().unwrap_or_default().to_lowercase();
        self.lines().find(|ended| {
            tag.split(['-', '_']).any(|word| {
                word == ended.line && !word.starts_with(|c: char| c.is_ascii_digit())
                    || word.strip_prefix(name.as_str()) == Some(ended.line)
            })
        })
    }
}

/// `3.8` as 3 and 8; `None` for a code name.
fn numbers(line: &str) -> Option<Vec<u64>> {
    line.split('.').map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, tag: &str, release: &[u64]) -> Option<&'static str> {
        let release = &|| release.to_vec();
        ended(&Image { name, tag: Some(tag), hidden: false, release }).map(|ended| ended.line)
    }

    #[test]
    fn the_line_is_that_of_the_release() {
        assert_eq!(line("python", "3.8.1-slim", &[3, 8, 1]), Some("3.8"));
        assert_eq!(line("python", "3-slim", &[3]), None);
        assert_eq!(line("node", "14.17.0", &[14, 17, 0]), Some("14"));
        assert_eq!(line("debian", "buster-slim", &[]), Some("buster"));
        assert_eq!(line("ubuntu", "16.04", &[16, 4]), Some("16.04"));
        assert_eq!(line("ubuntu", "24.04", &[24, 4]), None);
    }

    #[test]
    fn what_is_older_than_the_table_has_ended() {
        let image =
            Image { name: "golang", tag: Some("1.4"), hidden: false, release: &|| vec![1, 4] };
        assert!(ended(&image).is_some_and(|ended| ended.is_older));
    }

    #[test]
    fn an_image_is_as_old_as_the_distribution_under_it() {
        assert_eq!(line("python", "3.13.1-buster", &[3, 13, 1]), Some("buster"));
        assert_eq!(line("node", "24.1.0-alpine3.12", &[24, 1, 0]), Some("3.12"));
        assert_eq!(line("node", "24.1.0-alpine3.23", &[24, 1, 0]), None);
    }

    #[test]
    fn every_line_has_a_date() {
        for product in PRODUCTS {
            assert_eq!(
                product.lines().count(),
                product.ends.split(',').count(),
                "{}",
                product.name
            );
            assert!(product.lines().all(|line| line.date.len() == 10), "{}", product.name);
        }
    }
}
