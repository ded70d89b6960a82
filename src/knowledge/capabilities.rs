//! Linux capabilities that let a container out.

/// What one does with a capability that amounts to the host.
/// https://man7.org/linux/man-pages/man7/capabilities.7.html; 2026-01.
const DANGEROUS: &[(&str, &str)] = &[
    ("ALL", "do anything"),
    ("SYS_ADMIN", "mount the host's disks"),
    ("SYS_MODULE", "load kernel modules"),
    ("SYS_RAWIO", "write to the host's memory"),
    ("SYS_PTRACE", "take over processes"),
    ("SYS_BOOT", "start another kernel"),
    ("DAC_READ_SEARCH", "read any file of the host"),
    ("BPF", "load programs into the kernel"),
    ("PERFMON", "watch all processes"),
    ("MAC_ADMIN", "change the rules of SELinux or AppArmor"),
    ("SYSLOG", "read the kernel's addresses"),
];

/// What every container gets that says nothing.
/// https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities; 2026-01.
const DEFAULT: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Those that Linux has beside the ones above.
/// https://man7.org/linux/man-pages/man7/capabilities.7.html; 2026-11.
const OTHER: &[&str] = &[
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "BLOCK_SUSPEND",
    "CHECKPOINT_RESTORE",
    "IPC_LOCK",
    "IPC_OWNER",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_OVERRIDE",
    "NET_ADMIN",
    "NET_BROADCAST",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "WAKE_ALARM",
];

/// All names, without `CAP_`.
pub fn all() -> impl Iterator<Item = &'static str> {
    let dangerous = DANGEROUS.iter().map(|(name, _)| *name);
    dangerous.chain(DEFAULT.iter().chain(OTHER).copied())
}

/// A capability's name without `CAP_`, in upper case.
pub fn plain(name: &str) -> String {
    let name = name.to_ascii_uppercase();
    name.strip_prefix("CAP_").unwrap_or(&name).to_owned()
}

/// Whether a list of what is dropped leaves nothing that containers get by default.
pub fn are_all<'a>(dropped: impl IntoIterator<Item = &'a str>) -> bool {
    let dropped: Vec<String> = dropped.into_iter().map(plain).collect();
    let has = |name: &str| dropped.iter().any(|own| own == name);
    has("ALL") || DEFAULT.iter().all(|name| has(name))
}

/// Whether every container has it that does not drop it.
pub fn is_default(name: &str) -> bool {
    DEFAULT.contains(&name)
}

/// What a capability lets do that is too much; `None` for harmless ones.
pub fn dangerous(name: &str) -> Option<&'static str> {
    DANGEROUS.iter().find(|(own, _)| *own == name).map(|(_, danger)| *danger)
}
