//! What the Compose specification lets a file say: keys, types, and how values are merged.
//! Facts from the specification (compose-spec.io) and compose-go, as of July 2026.

use super::value::Scalar;

/// What a value may be. A kind of value that is not listed is wrong.
#[derive(Debug)]
pub struct Shape {
    /// What YAML may take a scalar for; empty if it must not be a scalar.
    pub scalars: &'static [Scalar],
    /// What a scalar has to say.
    pub meaning: Meaning,
    pub null: bool,
    pub list: Option<&'static List>,
    pub map: Option<&'static Map>,
    pub merge: Merge,
}

/// What a scalar has to say, once it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    Anything,
    /// Cast to a boolean, YAML 1.1's words included.
    Boolean,
    /// Within bounds, both included.
    Integer(i64, i64),
    Number,
    /// `512m`
    Bytes,
    /// `1m30s`
    Duration,
    OneOf(&'static [&'static str]),
    /// `all` or a number.
    Count,
    PullPolicy,
    ContainerName,
}

#[derive(Debug)]
pub struct List {
    pub items: &'static Shape,
    pub key: Key,
}

/// By what two items of a list are the same. The later one then replaces the earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// By nothing: all stay.
    None,
    /// Two equal ones are an error.
    Unique,
    Whole,
    /// What stands before `=`.
    Name,
    /// A mount's target.
    Volume,
    Device,
    Port,
    /// A secret's or a config's target.
    FileMount,
    /// An env_file's path.
    Path,
    Subnet,
}

#[derive(Debug)]
pub struct Map {
    /// What the mapping describes, for people: `a service`.
    pub what: &'static str,
    pub keys: &'static [(&'static str, &'static Shape)],
    pub required: &'static [&'static str],
    pub others: Others,
}

impl Map {
    /// What the value of a key may be that is listed.
    pub fn known(&self, key: &str) -> Option<&'static Shape> {
        self.keys.iter().find(|(known, _)| same(known, key)).map(|(_, shape)| *shape)
    }
}

/// Whether two keys are the same: most that are not differ in their first letters.
pub fn same(one: &str, other: &str) -> bool {
    let first = |text: &str| text.as_bytes().first().copied();
    one.len() == other.len() && first(one) == first(other) && one == other
}

/// Keys that are not listed.
#[derive(Debug)]
pub enum Others {
    /// None but `x-…`.
    Extensions,
    None,
    /// The author's names, of letters, digits, `.`, `_`, `-`.
    Names(&'static Shape),
    Any(&'static Shape),
}

/// How a later value is merged into an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// Mappings key by key, lists one behind the other, scalars the later one.
    Deep,
    Replace,
    /// `KEY=value` as list or mapping: key by key.
    Pairs,
    /// Names as list, or as keys of a mapping.
    Names,
    /// Names with conditions.
    DependsOn,
    /// A scalar is a list of one; one list behind the other.
    Sequence,
    /// A scalar is a mapping with `context`.
    Build,
    /// Key by key if both have the same driver.
    Logging,
}

const NOTHING: Shape = Shape {
    scalars: &[],
    meaning: Meaning::Anything,
    null: false,
    list: None,
    map: None,
    merge: Merge::Deep,
};

const fn scalar(scalars: &'static [Scalar], meaning: Meaning) -> Shape {
    Shape { scalars, meaning, ..NOTHING }
}

const fn string(meaning: Meaning) -> Shape {
    scalar(&[Scalar::String], meaning)
}

const fn list(list: &'static List) -> Shape {
    Shape { list: Some(list), ..NOTHING }
}

const fn map(map: &'static Map) -> Shape {
    Shape { map: Some(map), ..NOTHING }
}

const fn keys(what: &'static str, keys: &'static [(&'static str, &'static Shape)]) -> Map {
    Map { what, keys, required: &[], others: Others::Extensions }
}

const fn free(what: &'static str, shape: &'static Shape) -> Map {
    Map { what, keys: &[], required: &[], others: Others::Any(shape) }
}

const fn named(what: &'static str, shape: &'static Shape) -> Map {
    Map { what, keys: &[], required: &[], others: Others::Names(shape) }
}

const ALL: &[Scalar] = &[Scalar::String, Scalar::Boolean, Scalar::Integer, Scalar::Float];
const NUMERIC: &[Scalar] = &[Scalar::String, Scalar::Integer, Scalar::Float];
const INTEGRAL: &[Scalar] = &[Scalar::String, Scalar::Integer];
const BOOLEAN_OR_STRING: &[Scalar] = &[Scalar::String, Scalar::Boolean];

static STRING: Shape = string(Meaning::Anything);
static DURATION: Shape = string(Meaning::Duration);
static BOOLEAN: Shape = scalar(BOOLEAN_OR_STRING, Meaning::Boolean);
static STRICT_BOOLEAN: Shape = scalar(&[Scalar::Boolean], Meaning::Anything);
static BOOLEAN_OR_TEXT: Shape = scalar(BOOLEAN_OR_STRING, Meaning::Anything);
static NUMBER_OR_TEXT: Shape = scalar(NUMERIC, Meaning::Anything);
static NUMBER: Shape = scalar(NUMERIC, Meaning::Number);
static STRICT_NUMBER: Shape = scalar(&[Scalar::Integer, Scalar::Float], Meaning::Anything);
static INTEGER: Shape = scalar(INTEGRAL, Meaning::Integer(i64::MIN, i64::MAX));
static INTEGER_OF_NUMBER: Shape = scalar(NUMERIC, Meaning::Integer(i64::MIN, i64::MAX));
static BYTES: Shape = scalar(NUMERIC, Meaning::Bytes);
static INTEGER_BYTES: Shape = scalar(INTEGRAL, Meaning::Bytes);
static STRING_BYTES: Shape = string(Meaning::Bytes);
static ANY_SCALAR: Shape = Shape { null: true, ..scalar(ALL, Meaning::Anything) };

static STRINGS: Shape = list(&List { items: &STRING, key: Key::None });
static UNIQUE_STRINGS: Shape = list(&List { items: &STRING, key: Key::Unique });
static DISTINCT_STRINGS: Shape = list(&List { items: &STRING, key: Key::Whole });
static STRING_OR_STRINGS: Shape =
    Shape { list: UNIQUE_STRINGS.list, merge: Merge::Sequence, ..string(Meaning::Anything) };
static STRING_OR_DISTINCT: Shape =
    Shape { list: DISTINCT_STRINGS.list, merge: Merge::Sequence, ..string(Meaning::Anything) };

static PAIRS: Shape = Shape {
    map: Some(&free("a mapping of variables", &ANY_SCALAR)),
    list: Some(&List { items: &STRING, key: Key::Name }),
    merge: Merge::Pairs,
    ..NOTHING
};
static OPTIONS: Shape = map(&free("options", &NUMBER_OR_TEXT));

static COMMAND: Shape =
    Shape { null: true, list: STRINGS.list, merge: Merge::Replace, ..string(Meaning::Anything) };

static EXTRA_HOSTS: Shape = Shape {
    map: Some(&free(
        "hosts",
        &Shape {
            list: Some(&List { items: &STRING, key: Key::None }),
            ..string(Meaning::Anything)
        },
    )),
    list: Some(&List { items: &STRING, key: Key::Whole }),
    merge: Merge::Replace,
    ..NOTHING
};

static FILE_MOUNTS: Shape = list(&List {
    items: &Shape {
        map: Some(&Map {
            what: "a mounted secret or config",
            keys: &[
                ("source", &STRING),
                ("target", &STRING),
                ("uid", &STRING),
                ("gid", &STRING),
                ("mode", &NUMBER_OR_TEXT),
            ],
            required: &["source"],
            others: Others::Extensions,
        }),
        ..string(Meaning::Anything)
    },
    key: Key::FileMount,
});

static ULIMITS: Shape = map(&free(
    "limits",
    &Shape {
        map: Some(&Map {
            what: "a limit",
            keys: &[("hard", &INTEGER), ("soft", &INTEGER)],
            required: &["soft", "hard"],
            others: Others::Extensions,
        }),
        merge: Merge::Replace,
        ..scalar(INTEGRAL, Meaning::Integer(i64::MIN, i64::MAX))
    },
));

/// The whole file.
pub static FILE: Shape = map(&keys(
    "a Compose file",
    &[
        ("version", &STRING),
        ("name", &STRING),
        ("include", &INCLUDE),
        ("services", &SERVICES),
        ("models", &map(&free("the models", &MODEL))),
        ("networks", &map(&free("the networks", &NETWORK))),
        ("volumes", &map(&named("the volumes", &VOLUME))),
        ("secrets", &map(&named("the secrets", &SECRET))),
        ("configs", &map(&named("the configs", &CONFIG))),
    ],
));

static INCLUDE: Shape = list(&List {
    items: &Shape {
        map: Some(&Map {
            what: "an include",
            keys: &[
                ("path", &STRING_OR_STRINGS),
                ("env_file", &STRING_OR_STRINGS),
                ("project_directory", &STRING),
            ],
            required: &[],
            others: Others::None,
        }),
        ..string(Meaning::Anything)
    },
    key: Key::None,
});

static SERVICES: Shape = map(&named("the services", &SERVICE));

/// What a service may say.
pub static SERVICE: Shape = map(&keys("a service", SERVICE_KEYS));

static SERVICE_KEYS: &[(&str, &Shape)] = &[
    ("annotations", &PAIRS),
    ("attach", &BOOLEAN),
    ("blkio_config", &BLKIO),
    ("build", &BUILD),
    ("cap_add", &DISTINCT_STRINGS),
    ("cap_drop", &DISTINCT_STRINGS),
    ("cgroup", &string(Meaning::OneOf(&["host", "private"]))),
    ("cgroup_parent", &STRING),
    ("command", &COMMAND),
    ("configs", &FILE_MOUNTS),
    ("container_name", &string(Meaning::ContainerName)),
    ("cpu_count", &scalar(INTEGRAL, Meaning::Integer(0, i64::MAX))),
    ("cpu_percent", &scalar(INTEGRAL, Meaning::Integer(0, 100))),
    ("cpu_period", &INTEGER_OF_NUMBER),
    ("cpu_quota", &INTEGER_OF_NUMBER),
    ("cpu_rt_period", &INTEGER_OF_NUMBER),
    ("cpu_rt_runtime", &INTEGER_OF_NUMBER),
    ("cpu_shares", &INTEGER_OF_NUMBER),
    ("cpus", &NUMBER),
    ("cpuset", &STRING),
    (
        "credential_spec",
        &map(&keys(
            "a credential_spec",
            &[("config", &STRING), ("file", &STRING), ("registry", &STRING)],
        )),
    ),
    ("depends_on", &DEPENDS_ON),
    ("deploy", &DEPLOY),
    ("develop", &DEVELOP),
    ("device_cgroup_rules", &UNIQUE_STRINGS),
    ("devices", &DEVICES),
    ("dns", &STRING_OR_DISTINCT),
    ("dns_opt", &DISTINCT_STRINGS),
    ("dns_search", &STRING_OR_DISTINCT),
    ("domainname", &STRING),
    ("entrypoint", &COMMAND),
    ("env_file", &ENV_FILE),
    ("environment", &PAIRS),
    ("expose", &list(&List { items: &NUMBER_OR_TEXT, key: Key::Whole })),
    ("extends", &EXTENDS),
    ("external_links", &UNIQUE_STRINGS),
    ("extra_hosts", &EXTRA_HOSTS),
    ("gpus", &GPUS),
    ("group_add", &list(&List { items: &NUMBER_OR_TEXT, key: Key::Unique })),
    ("healthcheck", &HEALTHCHECK),
    ("hostname", &STRING),
    ("image", &STRING),
    ("init", &BOOLEAN),
    ("ipc", &STRING),
    ("isolation", &STRING),
    (
        "label_file",
        &Shape { list: STRINGS.list, merge: Merge::Sequence, ..string(Meaning::Anything) },
    ),
    ("labels", &PAIRS),
    ("links", &DISTINCT_STRINGS),
    ("logging", &LOGGING),
    ("mac_address", &STRING),
    ("mem_limit", &BYTES),
    ("mem_reservation", &INTEGER_BYTES),
    ("mem_swappiness", &INTEGER),
    ("memswap_limit", &BYTES),
    ("models", &MODELS_OF_SERVICE),
    ("network_mode", &STRING),
    ("networks", &NETWORKS_OF_SERVICE),
    ("oom_kill_disable", &BOOLEAN),
    ("oom_score_adj", &scalar(INTEGRAL, Meaning::Integer(-1000, 1000))),
    ("pid", &Shape { null: true, ..string(Meaning::Anything) }),
    ("pids_limit", &INTEGER_OF_NUMBER),
    ("platform", &STRING),
    ("ports", &PORTS),
    ("post_start", &list(&List { items: &HOOK, key: Key::None })),
    ("pre_start", &list(&List { items: &PRE_START, key: Key::None })),
    ("pre_stop", &list(&List { items: &HOOK, key: Key::None })),
    ("privileged", &BOOLEAN),
    ("profiles", &DISTINCT_STRINGS),
    ("provider", &PROVIDER),
    ("pull_policy", &string(Meaning::PullPolicy)),
    ("pull_refresh_after", &STRING),
    ("read_only", &BOOLEAN),
    ("restart", &STRING),
    ("runtime", &STRING),
    ("scale", &INTEGER),
    ("secrets", &FILE_MOUNTS),
    ("security_opt", &UNIQUE_STRINGS),
    ("shm_size", &BYTES),
    ("stdin_open", &BOOLEAN),
    ("stop_grace_period", &DURATION),
    ("stop_signal", &STRING),
    (
        "storage_opt",
        &map(&free("options", &Shape { null: true, ..scalar(NUMERIC, Meaning::Anything) })),
    ),
    ("sysctls", &PAIRS),
    ("tmpfs", &STRING_OR_DISTINCT),
    ("tty", &BOOLEAN),
    ("ulimits", &ULIMITS),
    ("use_api_socket", &STRICT_BOOLEAN),
    ("user", &STRING),
    ("userns_mode", &STRING),
    ("uts", &STRING),
    ("volumes", &VOLUMES),
    ("volumes_from", &UNIQUE_STRINGS),
    ("working_dir", &STRING),
];

/// No rules, as below `x-…`.
pub static ANYTHING: Shape = Shape {
    null: true,
    list: Some(&List { items: &ANYTHING, key: Key::None }),
    map: Some(&free("anything", &ANYTHING)),
    ..scalar(ALL, Meaning::Anything)
};

static BUILD: Shape = Shape {
    map: Some(&keys(
        "`build`",
        &[
            ("additional_contexts", &PAIRS),
            ("args", &PAIRS),
            ("cache_from", &STRINGS),
            ("cache_to", &STRINGS),
            ("context", &STRING),
            ("dockerfile", &STRING),
            ("dockerfile_inline", &STRING),
            ("entitlements", &STRINGS),
            ("extra_hosts", &EXTRA_HOSTS),
            ("isolation", &STRING),
            ("labels", &PAIRS),
            ("network", &STRING),
            ("no_cache", &BOOLEAN),
            ("no_cache_filter", &STRING_OR_STRINGS),
            ("platforms", &STRINGS),
            ("privileged", &BOOLEAN),
            ("provenance", &BOOLEAN_OR_TEXT),
            ("pull", &BOOLEAN),
            ("sbom", &BOOLEAN_OR_TEXT),
            ("secrets", &FILE_MOUNTS),
            ("shm_size", &INTEGER_BYTES),
            ("ssh", &PAIRS),
            ("tags", &list(&List { items: &STRING, key: Key::Whole })),
            ("target", &STRING),
            ("ulimits", &ULIMITS),
        ],
    )),
    merge: Merge::Build,
    ..string(Meaning::Anything)
};

static BLKIO: Shape = map(&Map {
    what: "`blkio_config`",
    keys: &[
        ("device_read_bps", &BLKIO_LIMITS),
        ("device_read_iops", &BLKIO_LIMITS),
        ("device_write_bps", &BLKIO_LIMITS),
        ("device_write_iops", &BLKIO_LIMITS),
        ("weight", &INTEGER),
        (
            "weight_device",
            &list(&List {
                items: &map(&Map {
                    what: "a device",
                    keys: &[("path", &STRING), ("weight", &INTEGER)],
                    required: &[],
                    others: Others::None,
                }),
                key: Key::None,
            }),
        ),
    ],
    required: &[],
    others: Others::None,
});

static BLKIO_LIMITS: Shape = list(&List {
    items: &map(&Map {
        what: "a device",
        keys: &[("path", &STRING), ("rate", &INTEGER_BYTES)],
        required: &[],
        others: Others::None,
    }),
    key: Key::None,
});

static DEPENDS_ON: Shape = Shape {
    list: UNIQUE_STRINGS.list,
    map: Some(&named(
        "`depends_on`",
        &map(&Map {
            what: "a dependency",
            keys: &[
                (
                    "condition",
                    &string(Meaning::OneOf(&[
                        "service_started",
                        "service_healthy",
                        "service_completed_successfully",
                    ])),
                ),
                ("required", &BOOLEAN),
                ("restart", &BOOLEAN),
            ],
            required: &["condition"],
            others: Others::Extensions,
        }),
    )),
    merge: Merge::DependsOn,
    ..NOTHING
};

static ENV_FILE: Shape = Shape {
    list: Some(&List {
        items: &Shape {
            map: Some(&Map {
                what: "an env_file",
                keys: &[("format", &STRING), ("path", &STRING), ("required", &BOOLEAN)],
                required: &["path"],
                others: Others::None,
            }),
            ..string(Meaning::Anything)
        },
        key: Key::Path,
    }),
    merge: Merge::Sequence,
    ..string(Meaning::Anything)
};

static EXTENDS: Shape = Shape {
    map: Some(&Map {
        what: "`extends`",
        keys: &[("file", &STRING), ("service", &STRING)],
        required: &["service"],
        others: Others::None,
    }),
    ..string(Meaning::Anything)
};

static DEVICES: Shape = list(&List {
    items: &Shape {
        map: Some(&Map {
            what: "a device",
            keys: &[("permissions", &STRING), ("source", &STRING), ("target", &STRING)],
            required: &["source", "target"],
            others: Others::Extensions,
        }),
        ..string(Meaning::Anything)
    },
    key: Key::Device,
});

static REQUEST_KEYS: &[(&str, &Shape)] = &[
    ("capabilities", &UNIQUE_STRINGS),
    ("count", &scalar(INTEGRAL, Meaning::Count)),
    ("device_ids", &UNIQUE_STRINGS),
    ("driver", &STRING),
    ("options", &PAIRS),
];

static GPUS: Shape = Shape {
    list: Some(&List {
        items: &map(&Map {
            what: "a device request",
            keys: REQUEST_KEYS,
            required: &[],
            others: Others::Any(&ANYTHING),
        }),
        key: Key::None,
    }),
    ..string(Meaning::OneOf(&["all"]))
};

static HEALTHCHECK: Shape = map(&keys(
    "`healthcheck`",
    &[
        ("disable", &BOOLEAN),
        ("interval", &DURATION),
        ("retries", &scalar(NUMERIC, Meaning::Integer(0, i64::MAX))),
        ("start_interval", &DURATION),
        ("start_period", &DURATION),
        ("test", &Shape { list: STRINGS.list, merge: Merge::Replace, ..string(Meaning::Anything) }),
        ("timeout", &DURATION),
    ],
));

static LOGGING: Shape = Shape {
    merge: Merge::Logging,
    ..map(&keys(
        "`logging`",
        &[
            ("driver", &STRING),
            (
                "options",
                &map(&free("options", &Shape { null: true, ..scalar(NUMERIC, Meaning::Anything) })),
            ),
        ],
    ))
};

static MODELS_OF_SERVICE: Shape = Shape {
    list: UNIQUE_STRINGS.list,
    map: Some(&named(
        "`models`",
        &Shape {
            null: true,
            ..map(&keys("a model", &[("endpoint_var", &STRING), ("model_var", &STRING)]))
        },
    )),
    merge: Merge::Names,
    ..NOTHING
};

static NETWORKS_OF_SERVICE: Shape = Shape {
    list: UNIQUE_STRINGS.list,
    map: Some(&named(
        "`networks`",
        &Shape {
            null: true,
            ..map(&keys(
                "a service's network",
                &[
                    ("aliases", &DISTINCT_STRINGS),
                    ("driver_opts", &OPTIONS),
                    ("gw_priority", &STRICT_NUMBER),
                    ("interface_name", &STRING),
                    ("ipv4_address", &STRING),
                    ("ipv6_address", &STRING),
                    ("link_local_ips", &DISTINCT_STRINGS),
                    ("mac_address", &STRING),
                    ("priority", &STRICT_NUMBER),
                ],
            ))
        },
    )),
    merge: Merge::Names,
    ..NOTHING
};

static PORTS: Shape = list(&List {
    items: &Shape {
        map: Some(&keys(
            "a port",
            &[
                ("app_protocol", &STRING),
                ("host_ip", &STRING),
                ("mode", &STRING),
                ("name", &STRING),
                ("protocol", &STRING),
                ("published", &INTEGER_OR_TEXT),
                ("target", &INTEGER),
            ],
        )),
        ..scalar(NUMERIC, Meaning::Anything)
    },
    key: Key::Port,
});
static INTEGER_OR_TEXT: Shape = scalar(INTEGRAL, Meaning::Anything);

static HOOK: Shape = map(&Map {
    what: "a hook",
    keys: &[
        ("command", &COMMAND),
        ("environment", &PAIRS),
        ("privileged", &BOOLEAN),
        ("user", &STRING),
        ("working_dir", &STRING),
    ],
    required: &["command"],
    others: Others::Extensions,
});

static PRE_START: Shape = map(&keys(
    "a hook",
    &[
        ("command", &COMMAND),
        ("environment", &PAIRS),
        ("image", &STRING),
        ("per_replica", &BOOLEAN),
        ("privileged", &BOOLEAN),
        ("user", &STRING),
        ("working_dir", &STRING),
    ],
));

static PROVIDER: Shape = map(&Map {
    what: "`provider`",
    keys: &[
        (
            "options",
            &map(&free(
                "options",
                &Shape {
                    list: Some(&List { items: &scalar(ALL, Meaning::Anything), key: Key::None }),
                    ..scalar(ALL, Meaning::Anything)
                },
            )),
        ),
        ("type", &STRING),
    ],
    required: &["type"],
    others: Others::Extensions,
});

static VOLUMES: Shape = list(&List {
    items: &Shape {
        map: Some(&Map {
            what: "a mount",
            keys: &[
                (
                    "bind",
                    &map(&keys(
                        "`bind`",
                        &[
                            ("create_host_path", &BOOLEAN),
                            ("propagation", &STRING),
                            (
                                "recursive",
                                &string(Meaning::OneOf(&[
                                    "enabled", "disabled", "writable", "readonly",
                                ])),
                            ),
                            ("selinux", &string(Meaning::OneOf(&["z", "Z"]))),
                        ],
                    )),
                ),
                ("consistency", &STRING),
                ("image", &map(&keys("`image`", &[("subpath", &STRING)]))),
                ("read_only", &BOOLEAN),
                ("source", &STRING),
                ("target", &STRING),
                (
                    "tmpfs",
                    &map(&keys("`tmpfs`", &[("mode", &NUMBER_OR_TEXT), ("size", &INTEGER_BYTES)])),
                ),
                (
                    "type",
                    &string(Meaning::OneOf(&[
                        "bind", "volume", "tmpfs", "cluster", "npipe", "image",
                    ])),
                ),
                (
                    "volume",
                    &map(&keys(
                        "`volume`",
                        &[("labels", &PAIRS), ("nocopy", &BOOLEAN), ("subpath", &STRING)],
                    )),
                ),
            ],
            required: &["type"],
            others: Others::Extensions,
        }),
        ..string(Meaning::Anything)
    },
    key: Key::Volume,
});

static DEVELOP: Shape = Shape {
    null: true,
    ..map(&keys(
        "`develop`",
        &[(
            "watch",
            &list(&List {
                items: &map(&Map {
                    what: "a watch",
                    keys: &[
                        (
                            "action",
                            &string(Meaning::OneOf(&[
                                "rebuild",
                                "sync",
                                "restart",
                                "sync+restart",
                                "sync+exec",
                            ])),
                        ),
                        ("exec", &HOOK),
                        ("ignore", &STRING_OR_STRINGS),
                        ("include", &STRING_OR_STRINGS),
                        ("initial_sync", &STRICT_BOOLEAN),
                        ("path", &STRING),
                        ("target", &STRING),
                    ],
                    required: &["path", "action"],
                    others: Others::Extensions,
                }),
                key: Key::None,
            }),
        )],
    ))
};

static ROLLOUT: Shape = map(&keys(
    "an update",
    &[
        ("delay", &DURATION),
        ("failure_action", &STRING),
        ("max_failure_ratio", &NUMBER),
        ("monitor", &DURATION),
        ("order", &string(Meaning::OneOf(&["start-first", "stop-first"]))),
        ("parallelism", &INTEGER),
    ],
));

static DEPLOY: Shape = Shape {
    null: true,
    ..map(&keys(
        "`deploy`",
        &[
            ("endpoint_mode", &STRING),
            ("labels", &PAIRS),
            ("mode", &STRING),
            (
                "placement",
                &map(&keys(
                    "`placement`",
                    &[
                        ("constraints", &STRINGS),
                        ("max_replicas_per_node", &INTEGER),
                        (
                            "preferences",
                            &list(&List {
                                items: &map(&keys("a preference", &[("spread", &STRING)])),
                                key: Key::None,
                            }),
                        ),
                    ],
                )),
            ),
            ("replicas", &INTEGER),
            ("resources", &RESOURCES),
            (
                "restart_policy",
                &map(&keys(
                    "`restart_policy`",
                    &[
                        ("condition", &STRING),
                        ("delay", &DURATION),
                        ("max_attempts", &INTEGER),
                        ("window", &DURATION),
                    ],
                )),
            ),
            ("rollback_config", &ROLLOUT),
            ("update_config", &ROLLOUT),
        ],
    ))
};

static RESOURCES: Shape = map(&keys(
    "`resources`",
    &[
        (
            "limits",
            &map(&keys(
                "`limits`",
                &[("cpus", &NUMBER), ("memory", &STRING_BYTES), ("pids", &INTEGER)],
            )),
        ),
        (
            "reservations",
            &map(&keys(
                "`reservations`",
                &[
                    ("cpus", &NUMBER),
                    (
                        "devices",
                        &list(&List {
                            items: &map(&Map {
                                what: "a device request",
                                keys: REQUEST_KEYS,
                                required: &["capabilities"],
                                others: Others::Extensions,
                            }),
                            key: Key::None,
                        }),
                    ),
                    (
                        "generic_resources",
                        &list(&List {
                            items: &map(&keys(
                                "a resource",
                                &[(
                                    "discrete_resource_spec",
                                    &map(&keys(
                                        "a resource",
                                        &[("kind", &STRING), ("value", &NUMBER_OR_TEXT)],
                                    )),
                                )],
                            )),
                            key: Key::None,
                        }),
                    ),
                    ("memory", &STRING_BYTES),
                ],
            )),
        ),
    ],
));

static EXTERNAL: Shape = Shape {
    map: Some(&keys("`external`", &[("name", &STRING)])),
    ..scalar(BOOLEAN_OR_STRING, Meaning::Boolean)
};
/// As [`EXTERNAL`], of secrets and configs: other keys pass.
static LOOSE_EXTERNAL: Shape = Shape {
    map: Some(&Map {
        what: "`external`",
        keys: &[("name", &STRING)],
        required: &[],
        others: Others::Any(&ANYTHING),
    }),
    ..scalar(BOOLEAN_OR_STRING, Meaning::Boolean)
};

static NETWORK: Shape = Shape {
    null: true,
    ..map(&keys(
        "a network",
        &[
            ("attachable", &BOOLEAN),
            ("driver", &STRING),
            ("driver_opts", &OPTIONS),
            ("enable_ipv4", &BOOLEAN),
            ("enable_ipv6", &BOOLEAN),
            ("external", &EXTERNAL),
            ("internal", &BOOLEAN),
            (
                "ipam",
                &map(&keys(
                    "`ipam`",
                    &[
                        (
                            "config",
                            &list(&List {
                                items: &map(&keys(
                                    "a subnet",
                                    &[
                                        ("aux_addresses", &map(&free("addresses", &STRING))),
                                        ("gateway", &STRING),
                                        ("ip_range", &STRING),
                                        ("subnet", &STRING),
                                    ],
                                )),
                                key: Key::Subnet,
                            }),
                        ),
                        ("driver", &STRING),
                        ("options", &map(&free("options", &STRING))),
                    ],
                )),
            ),
            ("labels", &PAIRS),
            ("name", &STRING),
        ],
    ))
};

static VOLUME: Shape = Shape {
    null: true,
    ..map(&keys(
        "a volume",
        &[
            ("driver", &STRING),
            ("driver_opts", &OPTIONS),
            ("external", &EXTERNAL),
            ("labels", &PAIRS),
            ("name", &STRING),
        ],
    ))
};

static SECRET: Shape = map(&keys(
    "a secret",
    &[
        ("driver", &STRING),
        ("driver_opts", &OPTIONS),
        ("environment", &STRING),
        ("external", &LOOSE_EXTERNAL),
        ("file", &STRING),
        ("labels", &PAIRS),
        ("name", &STRING),
        ("template_driver", &STRING),
    ],
));

static CONFIG: Shape = map(&keys(
    "a config",
    &[
        ("content", &STRING),
        ("environment", &STRING),
        ("external", &LOOSE_EXTERNAL),
        ("file", &STRING),
        ("labels", &PAIRS),
        ("name", &STRING),
        ("template_driver", &STRING),
    ],
));

static MODEL: Shape = map(&Map {
    what: "a model",
    keys: &[
        ("context_size", &scalar(&[Scalar::Integer], Meaning::Anything)),
        ("model", &STRING),
        ("name", &STRING),
        ("runtime_flags", &STRINGS),
    ],
    required: &["model"],
    others: Others::Extensions,
});
