//! What stands elsewhere than before: its places move, and nothing is read again.

use crate::source::Placed;

use super::command::Command;
use super::container::{Capabilities, Container, Healthcheck, HostAccess, Mount, Port, Variable};
use super::credentials::Written;
use super::image::ImageRef;
use super::setting::Setting;
use super::text::Text;

/// Only the setting's own place: a value may know further ones.
impl<T> Placed for Setting<T> {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Set(value) => value.shift(by),
            Self::Unresolved(span) => span.shift(by),
            Self::Absent | Self::NotApplicable => {}
        }
    }
}

impl Setting<Command> {
    /// Moves it and all that it says.
    pub fn shift_all(&mut self, by: u32) {
        self.shift(by);
        if let Self::Set(command) = self {
            command.value.shift(by);
        }
    }
}

/// What sets a variable in another file stays where it is.
impl Placed for Text {
    fn shift(&mut self, by: u32) {
        let file = self.span().file;
        self.move_places(|place| {
            if place.file == file {
                place.shift(by);
            }
        });
    }
}

impl Placed for ImageRef {
    fn shift(&mut self, by: u32) {
        // All else is counted from its start.
        self.text.shift(by);
    }
}

impl Placed for Command {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Exec(words) => words.shift(by),
            Self::Shell { shell, text } => {
                shell.shift(by);
                text.shift(by);
            }
        }
    }
}

impl Placed for Capabilities {
    fn shift(&mut self, by: u32) {
        let Self { add, drop, drops_all } = self;
        add.shift(by);
        drop.shift(by);
        drops_all.shift(by);
    }
}

impl Placed for HostAccess {
    fn shift(&mut self, by: u32) {
        let Self { network, process, ipc, users, cgroup, uts } = self;
        for setting in [network, process, ipc, users, cgroup, uts] {
            setting.shift(by);
        }
    }
}

impl Placed for Variable {
    fn shift(&mut self, by: u32) {
        let Self { name, value } = self;
        name.shift(by);
        value.shift(by);
    }
}

impl Placed for Port {
    fn shift(&mut self, by: u32) {
        let Self { number, last: _, published, host_address } = self;
        number.shift(by);
        published.shift(by);
        host_address.shift(by);
    }
}

impl Placed for Mount {
    fn shift(&mut self, by: u32) {
        let Self { source, target, from_host: _, writable: _, span } = self;
        source.shift(by);
        target.shift(by);
        span.shift(by);
    }
}

impl Placed for Written {
    fn shift(&mut self, by: u32) {
        let Self { name: _, value, is_guessable: _ } = self;
        value.shift(by);
    }
}

/// In all that it has of its own: not in what it is built from, what runs it, and its scripts.
impl Placed for Container {
    fn shift(&mut self, by: u32) {
        let Self {
            format: _,
            part: _,
            file: _,
            name,
            image,
            user,
            is_windows: _,
            non_root,
            init,
            terminal,
            entrypoint,
            command,
            privileged,
            read_only_root,
            privilege_escalation,
            capabilities,
            unguarded,
            host,
            memory_limit,
            environment,
            ports,
            mounts,
            healthcheck,
            stop_signal,
            probes,
            programs,
            drops_root: _,
            is_of_go: _,
            scripts: _,
            lacks: _,
            writes: _,
            built_from: _,
            heirs: _,
            written,
        } = self;
        name.shift(by);
        image.shift(by);
        user.shift(by);
        entrypoint.shift_all(by);
        command.shift_all(by);
        for truth in [non_root, init, terminal, privileged, read_only_root, privilege_escalation] {
            truth.shift(by);
        }
        capabilities.shift(by);
        host.shift(by);
        unguarded.shift(by);
        memory_limit.shift(by);
        environment.shift(by);
        ports.shift(by);
        mounts.shift(by);
        healthcheck.shift(by);
        if let Setting::Set(check) = healthcheck
            && let Healthcheck::Command(command) = &mut check.value
        {
            command.shift(by);
        }
        stop_signal.shift(by);
        for probe in probes {
            probe.shift(by);
            probe.value.shift(by);
        }
        programs.shift(by);
        written.get_mut().into_iter().for_each(|written| written.shift(by));
    }
}
