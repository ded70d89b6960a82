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

/// A capability's name without `CAP_`, in upper case.
pub fn plain(name: &str) -> String {
    let name = name.to_ascii_uppercase();
    name.strip_prefix("CAP_").unwrap_or(&name).to_owned()
}

/// What a capability lets do that is too much; `None` for harmless ones.
pub fn dangerous(name: &str) -> Option<&'static str> {
    DANGEROUS.iter().find(|(own, _)| *own == name).map(|(_, danger)| *danger)
}
