//! Pods that stand elsewhere than before: their places and nodes move, and nothing is read again.

use std::sync::Arc;

use crate::source::Placed;
use crate::syntax::yaml::Distance;

use super::{
    ContainerPort, Handler, Pod, PodContainer, PortRef, Probe, Quantities, Reference, Resources,
    Security, Volume, VolumeSource,
};

impl Pod {
    pub(in super::super) fn shift(&mut self, by: Distance) {
        let Self {
            spec,
            name,
            labels,
            annotations,
            common_labels: _,
            containers,
            volumes,
            has_open_volumes: _,
            references,
            host_network,
            host_process,
            host_ipc,
            host_users,
            share_process_namespace,
            restart_policy,
            service_account,
            automount_token,
            termination_grace,
            dns_policy,
            resources,
            fs_group,
            system,
            is_windows: _,
        } = self;
        spec.shift(by);
        containers.iter_mut().for_each(|container| container.shift(by));
        let by = by.bytes;
        name.shift(by);
        labels.shift(by);
        annotations.shift(by);
        volumes.shift(by);
        references.shift(by);
        host_network.shift(by);
        host_process.shift(by);
        host_ipc.shift(by);
        host_users.shift(by);
        share_process_namespace.shift(by);
        restart_policy.shift(by);
        service_account.shift(by);
        automount_token.shift(by);
        termination_grace.shift(by);
        dns_policy.shift(by);
        resources.shift(by);
        fs_group.shift(by);
        system.shift(by);
    }
}

impl PodContainer {
    fn shift(&mut self, by: Distance) {
        let Self {
            view,
            node,
            pull_policy,
            security: Security { span, run_as_group, seccomp },
            resources,
            ports,
            has_open_ports: _,
            probes,
            has_open_probes: _,
            stop_delay,
            mounted,
        } = self;
        node.shift(by);
        probes.iter_mut().for_each(|probe| probe.shift(by));
        let by = by.bytes;
        Arc::make_mut(view).shift(by);
        pull_policy.shift(by);
        span.shift(by);
        run_as_group.shift(by);
        seccomp.shift(by);
        resources.shift(by);
        ports.shift(by);
        stop_delay.shift(by);
        mounted.shift(by);
    }
}

impl Placed for Resources {
    fn shift(&mut self, by: u32) {
        let Self { span, requests, limits } = self;
        span.shift(by);
        for Quantities { entries, open } in [requests, limits] {
            for (name, quantity) in entries {
                name.shift(by);
                quantity.shift(by);
            }
            open.shift(by);
        }
    }
}

impl Placed for ContainerPort {
    fn shift(&mut self, by: u32) {
        let Self { span, name, number, host_port, protocol } = self;
        span.shift(by);
        name.shift(by);
        number.shift(by);
        host_port.shift(by);
        protocol.shift(by);
    }
}

impl Probe {
    fn shift(&mut self, by: Distance) {
        let Self {
            kind: _,
            span,
            node,
            handler,
            initial_delay,
            period,
            timeout,
            success_threshold,
            failure_threshold,
        } = self;
        node.shift(by);
        let by = by.bytes;
        span.shift(by);
        handler.shift(by);
        for seconds in [initial_delay, period, timeout, success_threshold, failure_threshold] {
            seconds.shift(by);
        }
    }
}

impl Placed for Handler {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Exec(command) => command.shift_all(by),
            Self::Http { port, path } => {
                port.shift(by);
                path.shift(by);
            }
            Self::Tcp { port } | Self::Grpc { port } => port.shift(by),
            Self::Unknown => {}
        }
    }
}

impl Placed for PortRef {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Number(number) => number.shift(by),
            Self::Name(name) => name.shift(by),
            Self::Unknown => {}
        }
    }
}

impl Placed for Volume {
    fn shift(&mut self, by: u32) {
        let Self { name, span, source } = self;
        name.shift(by);
        span.shift(by);
        match source {
            VolumeSource::HostPath { path: name } | VolumeSource::Claim { name } => name.shift(by),
            VolumeSource::EmptyDir { medium, size_limit } => {
                medium.shift(by);
                size_limit.shift(by);
            }
            VolumeSource::Other(kind) => kind.shift(by),
            VolumeSource::ConfigMap
            | VolumeSource::Secret
            | VolumeSource::Projected
            | VolumeSource::Unknown => {}
        }
    }
}

impl Placed for Reference {
    fn shift(&mut self, by: u32) {
        let Self { to: _, name, key, optional: _, at_start: _ } = self;
        name.shift(by);
        key.shift(by);
    }
}
