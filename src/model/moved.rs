//! What stands elsewhere than before: its places move, and nothing is read again.

use crate::source::Placed;

use super::command::Command;
use super::container::{Capabilities, HostAccess, Mount, Port, Variable};
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

impl Placed for Text {
    fn shift(&mut self, by: u32) {
        self.move_places(|place| place.shift(by));
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
