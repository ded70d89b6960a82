//! Paths of a host that a container should not have.

use std::iter;

use crate::source::normalise;

/// Sockets of container runtimes, and the directories in which they are the reason to mount them.
/// Docker: https://docs.docker.com/engine/daemon/remote-access/; the others: the defaults of
/// `kubeadm` (https://kubernetes.io/docs/setup/production-environment/container-runtimes/) and of
/// `podman system service`; 2026-01.
const SOCKETS: &[&str] = &[
    "/run/docker.sock",
    "/run/docker",
    "/run/containerd/containerd.sock",
    "/run/crio/crio.sock",
    "/run/cri-dockerd.sock",
    "/run/podman/podman.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/buildkit/buildkitd.sock",
];

/// Paths that give the host away, with all below them.
/// Kubernetes' own warning of what a hostPath may expose:
/// https://kubernetes.io/docs/concepts/storage/volumes/#hostpath; 2026-01.
const SENSITIVE: &[&str] = &[
    "/etc/passwd",
    "/etc/shadow",
    "/etc/group",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/ssh",
    "/etc/pam.d",
    "/etc/systemd",
    "/etc/crontab",
    "/etc/cron.d",
    "/etc/docker",
    "/etc/containerd",
    "/etc/kubernetes",
    "/etc/ld.so.preload",
    "/root",
    "/boot",
    "/proc",
    "/sys",
    "/bin",
    "/sbin",
    "/lib64",
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/libexec",
    "/var/lib/docker",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/kubelet",
    "/var/lib/etcd",
    "/var/spool/cron",
];

/// What drivers of volumes and devices put below them: their own sockets, by which the kubelet finds
/// them. https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/
/// and https://kubernetes-csi.github.io/docs/node-driver-registrar.html; 2026-11.
const OF_DRIVERS: &[&str] = &[
    "/var/lib/kubelet/device-plugins",
    "/var/lib/kubelet/plugins",
    "/var/lib/kubelet/plugins_registry",
];

/// Where the kubelet serves logs from, whatever a link there leads to: who may write there, and read
/// logs, reads any file of the node. https://avd.aquasec.com/misconfig/kubernetes/khv047; 2026-11.
const LOGS: &[&str] = &["/var/log", "/var/log/containers", "/var/log/pods"];

/// Directories that hold such paths, and much else that is harmless.
const HOLDERS: &[&str] =
    &["/", "/etc", "/home", "/dev", "/usr", "/lib", "/var", "/var/lib", "/var/spool"];

/// Whether a path of the host is a runtime's socket, or a directory that holds one.
/// The root does as well.
pub fn holds_runtime_socket(path: &str) -> bool {
    let path = normalise(path);
    let path = path.strip_prefix("/var").filter(|rest| rest.starts_with("/run")).unwrap_or(&path);
    SOCKETS.iter().any(|socket| is_within(socket, path))
}

/// Disks and memory of the host as files: what is written to them is written past all rights.
const DEVICES: &[&str] = &["mem", "kmem", "port", "sd", "hd", "vd", "xvd", "nvme", "dm-", "mapper"];

/// Whether who may write to a path of a node, normalised, can make its logs show other files.
pub fn holds_logs(path: &str) -> bool {
    LOGS.contains(&path)
}

/// Whether a path of the host, normalised, is one that gives it away.
pub fn is_sensitive(path: &str) -> bool {
    let device = path.strip_prefix("/dev/");
    if device.is_some_and(|name| DEVICES.iter().any(|known| name.starts_with(known))) {
        return true;
    }
    let is_below = |directories: &[&str]| directories.iter().any(|it| is_within(path, it));
    HOLDERS.contains(&path) || is_below(SENSITIVE) && !is_below(OF_DRIVERS)
}

/// Whether `path` is `directory` or lies below it.
fn is_within(path: &str, directory: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let directory = directory.split('/').filter(|part| !part.is_empty());
    directory.zip(iter::from_fn(|| Some(parts.next()))).all(|(own, part)| part == Some(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_known_by_any_spelling_and_by_what_holds_them() {
        for path in [
            "/var/run/docker.sock",
            "/run/docker.sock",
            "/run",
            "/var/run/",
            "/",
            "/run/containerd/../containerd/containerd.sock",
            "/run/containerd",
        ] {
            assert!(holds_runtime_socket(path), "{path}");
        }
        for path in ["/run/user/1000", "/var/lib/docker", "/runs", "docker.sock", "/run/nginx.pid"]
        {
            assert!(!holds_runtime_socket(path), "{path}");
        }
    }

    #[test]
    fn what_lies_below_a_sensitive_directory_is_sensitive() {
        for path in
            ["/", "/etc", "/etc/kubernetes", "/var/lib/kubelet/pods", "/proc", "/dev", "/dev/sda1"]
        {
            assert!(is_sensitive(path), "{path}");
        }
        for path in [
            "/etc/localtime",
            "/etc/nginx",
            "/etcetera",
            "/dev/dri",
            "/home/me/app",
            "/srv",
            "/var/log",
            "/usr/src",
        ] {
            assert!(!is_sensitive(path), "{path}");
        }
    }
}
