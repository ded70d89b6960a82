use crate::finding::Severity;
use crate::knowledge::host;
use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};
use crate::source::normalise;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/sensitive-host-path.md"), Check::Container(check));

fn check(container: &Container, report: &mut Report) {
    for mount in container.mounts.iter().filter(|mount| mount.from_host) {
        let Some(source) = mount.source.as_ref().and_then(|source| source.known()) else {
            continue;
        };
        let path = normalise(source);
        if !host::is_sensitive(&path) {
            continue;
        }
        let (can, severity) = match mount.writable {
            true => ("write to", Severity::Error),
            // Among all that is the socket of the container runtime.
            false if path == "/" => ("read", Severity::Error),
            false => ("read", Severity::Warning),
        };
        let what = format!("`{}` may {can} `{path}` of the host", container.name.value);
        report
            .at(mount.span, what)
            .severity(severity)
            .help("mount just the file it needs, read-only, or a volume");
    }
}
