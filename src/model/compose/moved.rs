//! Services that stand elsewhere than before: their places move, and nothing is read again.

use std::sync::Arc;

use crate::source::Placed;

use super::Problem;
use super::port::PortMapping;
use super::service::{Attachment, Dependency, FileMount, Health, Line, Service};
use super::template::Use;
use super::value::{Data, Entry, Value};
use super::volume::VolumeMount;

impl Placed for Value {
    fn shift(&mut self, by: u32) {
        let Self { span, used_at, mark: _, data } = self;
        span.shift(by);
        used_at.shift(by);
        match data {
            Data::Null | Data::Unknown => {}
            Data::Scalar(_, text) => text.shift(by),
            Data::List(items) => items.shift(by),
            Data::Map(entries) => entries.shift(by),
        }
    }
}

impl Placed for Entry {
    fn shift(&mut self, by: u32) {
        let Self { key, value } = self;
        key.shift(by);
        value.shift(by);
    }
}

impl Placed for Use {
    fn shift(&mut self, by: u32) {
        let Self { name, span, form: _, is_set: _ } = self;
        name.shift(by);
        span.shift(by);
    }
}

/// In all places of its own file.
impl Placed for Problem {
    fn shift(&mut self, by: u32) {
        let file = self.span.file;
        let Self {
            span,
            also,
            kind: _,
            message: _,
            help: _,
            needs_whole: _,
            lacks: _,
            is_of_shape: _,
        } = self;
        span.shift(by);
        let own = also.iter_mut().filter(|(span, _)| span.file == file);
        own.for_each(|(span, _)| span.shift(by));
    }
}

impl Placed for Dependency {
    fn shift(&mut self, by: u32) {
        let Self { service, condition, required } = self;
        service.shift(by);
        condition.shift(by);
        required.shift(by);
    }
}

impl Placed for Attachment {
    fn shift(&mut self, by: u32) {
        let Self { network, value } = self;
        network.shift(by);
        value.shift(by);
    }
}

impl Placed for PortMapping {
    fn shift(&mut self, by: u32) {
        let Self { span, host_ip, published, target, protocol, mode } = self;
        span.shift(by);
        host_ip.shift(by);
        published.shift(by);
        target.shift(by);
        protocol.shift(by);
        mode.shift(by);
    }
}

impl Placed for VolumeMount {
    fn shift(&mut self, by: u32) {
        let Self { span, kind: _, source, target, read_only, ignored, creates_host_path: _ } = self;
        span.shift(by);
        source.shift(by);
        target.shift(by);
        read_only.shift(by);
        ignored.shift(by);
    }
}

impl Placed for FileMount {
    fn shift(&mut self, by: u32) {
        let Self { source, target } = self;
        source.shift(by);
        target.shift(by);
    }
}

impl Placed for Line {
    fn shift(&mut self, by: u32) {
        let Self { key: _, text, dropped } = self;
        text.shift(by);
        dropped.shift(by);
    }
}

impl Placed for Health {
    fn shift(&mut self, by: u32) {
        let Self { span, disable, test, interval, timeout, retries, start_period } = self;
        span.shift(by);
        disable.shift(by);
        test.shift_all(by);
        interval.shift(by);
        timeout.shift(by);
        retries.shift(by);
        start_period.shift(by);
    }
}

/// Of one that [takes nothing from other files](Service::is_alone).
impl Placed for Service {
    fn shift(&mut self, by: u32) {
        let Self {
            name,
            value,
            keys: _,
            image,
            build: _,
            labels,
            depends_on,
            implied,
            networks,
            ports,
            volumes,
            secrets,
            configs,
            env_files: _,
            label_files: _,
            lines,
            healthcheck,
            stop_grace,
            is_partial: _,
            container,
        } = self;
        name.shift(by);
        value.shift(by);
        image.shift(by);
        labels.shift(by);
        depends_on.shift(by);
        implied.shift(by);
        networks.shift(by);
        ports.shift(by);
        volumes.shift(by);
        secrets.shift(by);
        configs.shift(by);
        lines.shift(by);
        healthcheck.shift(by);
        stop_grace.shift(by);
        Arc::make_mut(container).shift(by);
    }
}
