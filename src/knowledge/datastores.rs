//! Images that keep data or serve it: where they keep it, on which ports they answer.

use std::sync::LazyLock;

use super::images::Index;

/// What is known of a database, a queue or a cache.
#[derive(Clone, Copy, Debug)]
pub struct Datastore {
    /// Familiar names; `owner/` stands for all below it.
    pub images: &'static [&'static str],
    /// What people call it.
    pub name: &'static str,
    /// Where it listens, unless it is told otherwise.
    pub ports: &'static [u16],
    /// The directories of its data; none if what it holds may be lost, or if an option decides.
    pub data: &'static [&'static str],
    /// It takes seconds from being started to taking connections.
    pub is_slow: bool,
    pub source: &'static str,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(TABLE.iter().map(|row| row.images)));

/// What an image is, by its familiar name.
pub fn of(familiar: &str) -> Option<&'static Datastore> {
    INDEX.rows(familiar).first().map(|row| &TABLE[*row])
}

/// Programs of these images that serve.
const SERVERS: [&str; 9] = [
    "docker-entrypoint.sh",
    "mariadbd",
    "mongod",
    "mongos",
    "mysqld",
    "postgres",
    "redis-sentinel",
    "redis-server",
    "valkey-server",
];

/// Those that ask a server that runs elsewhere.
const CLIENTS: [&str; 20] = [
    "clickhouse-client",
    "cqlsh",
    "curl",
    "mariadb",
    "mariadb-admin",
    "mariadb-dump",
    "mongo",
    "mongodump",
    "mongorestore",
    "mongosh",
    "mysql",
    "mysqladmin",
    "mysqldump",
    "pg_basebackup",
    "pg_dump",
    "pg_dumpall",
    "pg_isready",
    "pg_restore",
    "psql",
    "redis-cli",
];

/// Whether a command runs clients alone.
pub fn is_client(line: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let has = |programs: &[&str]| line.split(|c| !part(c)).any(|word| programs.contains(&word));
    // Options are for the server that the image starts.
    !line.starts_with('-') && has(&CLIENTS) && !has(&SERVERS)
}

/// What listens on a port by default, for a port that nothing else is known for.
pub fn of_port(port: u16) -> Option<&'static Datastore> {
    TABLE.iter().find(|row| row.ports.contains(&port) && !SHARED.contains(&port))
}

/// Ports that other programs like to use as well.
const SHARED: [u16; 10] = [9200, 8086, 8123, 9000, 9001, 1433, 4222, 8500, 7474, 2181];

const fn row(
    name: &'static str,
    images: &'static [&'static str],
    ports: &'static [u16],
    data: &'static [&'static str],
    source: &'static str,
) -> Datastore {
    Datastore { images, name, ports, data, is_slow: true, source }
}

const fn quick(row: Datastore) -> Datastore {
    Datastore { is_slow: false, ..row }
}

/// As the images' own pages on Docker Hub and their documentation say, 2026.
static TABLE: &[Datastore] = &[
    row(
        "PostgreSQL",
        &[
            "postgres",
            "postgis/postgis",
            "pgvector/pgvector",
            "timescale/timescaledb",
            "timescale/timescaledb-ha",
            "tensorchord/pgvecto-rs",
            "supabase/postgres",
            "kartoza/postgis",
        ],
        &[5432],
        &["/var/lib/postgresql", "/home/postgres/pgdata"],
        "https://hub.docker.com/_/postgres",
    ),
    row(
        "PostgreSQL",
        &["bitnami/postgresql", "bitnamilegacy/postgresql"],
        &[5432],
        &["/bitnami/postgresql"],
        "https://github.com/bitnami/containers/tree/main/bitnami/postgresql",
    ),
    row(
        "MySQL",
        &["mysql", "mysql/mysql-server", "percona", "percona/percona-server"],
        &[3306],
        &["/var/lib/mysql"],
        "https://hub.docker.com/_/mysql",
    ),
    row("MariaDB", &["mariadb"], &[3306], &["/var/lib/mysql"], "https://hub.docker.com/_/mariadb"),
    row(
        "MongoDB",
        &["mongo", "mongodb/mongodb-community-server"],
        &[27017],
        &["/data/db"],
        "https://hub.docker.com/_/mongo",
    ),
    quick(row(
        "Redis",
        &[
            "redis",
            "redis/redis-stack",
            "redis/redis-stack-server",
            "valkey/valkey",
            "eqalpha/keydb",
        ],
        &[6379],
        &[],
        "https://hub.docker.com/_/redis",
    )),
    quick(row("Memcached", &["memcached"], &[11211], &[], "https://hub.docker.com/_/memcached")),
    row(
        "Elasticsearch",
        &["elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch"],
        &[9200, 9300],
        &["/usr/share/elasticsearch/data"],
        "https://www.elastic.co/guide/en/elasticsearch/reference/current/docker.html",
    ),
    row(
        "OpenSearch",
        &["opensearchproject/opensearch"],
        &[9200, 9300],
        &["/usr/share/opensearch/data"],
        "https://hub.docker.com/r/opensearchproject/opensearch",
    ),
    row(
        "RabbitMQ",
        &["rabbitmq"],
        &[5672, 15672],
        &["/var/lib/rabbitmq"],
        "https://hub.docker.com/_/rabbitmq",
    ),
    row(
        "InfluxDB",
        &["influxdb"],
        &[8086],
        &["/var/lib/influxdb", "/var/lib/influxdb2", "/var/lib/influxdb3"],
        "https://hub.docker.com/_/influxdb",
    ),
    row(
        "Cassandra",
        &["cassandra"],
        &[9042, 7000],
        &["/var/lib/cassandra"],
        "https://hub.docker.com/_/cassandra",
    ),
    row(
        "ScyllaDB",
        &["scylladb/scylla"],
        &[9042],
        &["/var/lib/scylla"],
        "https://hub.docker.com/r/scylladb/scylla",
    ),
    row(
        "CouchDB",
        &["couchdb"],
        &[5984],
        &["/opt/couchdb/data"],
        "https://hub.docker.com/_/couchdb",
    ),
    row("Neo4j", &["neo4j"], &[7474, 7687], &["/data"], "https://hub.docker.com/_/neo4j"),
    row(
        "ClickHouse",
        &["clickhouse", "clickhouse/clickhouse-server", "yandex/clickhouse-server"],
        &[8123, 9000],
        &["/var/lib/clickhouse"],
        "https://hub.docker.com/_/clickhouse",
    ),
    row(
        "CockroachDB",
        &["cockroachdb/cockroach"],
        &[26257],
        &["/cockroach/cockroach-data"],
        "https://hub.docker.com/r/cockroachdb/cockroach",
    ),
    row(
        "SQL Server",
        &["mcr.microsoft.com/mssql/server"],
        &[1433],
        &["/var/opt/mssql"],
        "https://hub.docker.com/_/microsoft-mssql-server",
    ),
    row(
        "ArangoDB",
        &["arangodb"],
        &[8529],
        &["/var/lib/arangodb3"],
        "https://hub.docker.com/_/arangodb",
    ),
    row("Solr", &["solr"], &[8983], &["/var/solr"], "https://hub.docker.com/_/solr"),
    row(
        "ZooKeeper",
        &["zookeeper"],
        &[2181],
        &["/data", "/datalog"],
        "https://hub.docker.com/_/zookeeper",
    ),
    row(
        "Meilisearch",
        &["getmeili/meilisearch"],
        &[7700],
        &["/meili_data"],
        "https://hub.docker.com/r/getmeili/meilisearch",
    ),
    row(
        "Qdrant",
        &["qdrant/qdrant"],
        &[6333, 6334],
        &["/qdrant/storage"],
        "https://hub.docker.com/r/qdrant/qdrant",
    ),
    row(
        "Kafka",
        &["apache/kafka", "confluentinc/cp-kafka", "bitnami/kafka"],
        &[9092],
        &[],
        "https://hub.docker.com/r/apache/kafka",
    ),
    quick(row(
        "the Docker daemon",
        &[],
        &[2375, 2376],
        &[],
        "https://docs.docker.com/engine/daemon/remote-access/",
    )),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_no_server() {
        for line in ["pg_dump -h db", "bash -c mongosh --host mongo", "sh -c until redis-cli ping"]
        {
            assert!(is_client(line), "{line}");
        }
        for line in [
            "",
            "--init-file /etc/mysql/init.sql",
            "postgres -c config_file=/etc/postgresql.conf",
            "sh -c redis-server --requirepass x",
            "bash -c mongod & until mongosh; do sleep 1; done; wait",
        ] {
            assert!(!is_client(line), "{line}");
        }
    }

    #[test]
    fn known_by_name_and_by_port() {
        assert_eq!(of("postgres").map(|store| store.name), Some("PostgreSQL"));
        assert!(of("postgres-exporter").is_none());
        assert_eq!(of_port(27017).map(|store| store.name), Some("MongoDB"));
        assert!(of_port(9000).is_none());
    }
}
