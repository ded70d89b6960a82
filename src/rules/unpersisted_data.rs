use crate::model::compose::{Compose, Service, VolumeKind};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unpersisted-data.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    let Some(store) = service.datastore() else { return };
    let Some(directory) = store.data.first() else { return };
    if service.is_partial || service.at(&["volumes_from"]).is_some() {
        return;
    }
    let mut anonymous = None;
    for volume in &service.volumes {
        // Where a variable decides, it may be the data.
        let Some(target) = volume.clean_target() else { return };
        if store.data.iter().any(|data| meets(&target, data)) {
            match volume.kind {
                // Somebody chose to keep nothing, or nobody knows.
                VolumeKind::Tmpfs | VolumeKind::Unknown => return,
                VolumeKind::Volume if volume.source.is_none() => anonymous = Some(volume),
                _ => return,
            }
        }
    }
    let name = &service.name.value;
    let help = format!("mount a named volume: `{name}-data:{directory}`");
    match anonymous {
        Some(volume) => report.at(
            volume.span,
            format!("this volume has no name, so the data of `{name}` is lost with the container"),
        ),
        None => report.at(
            service.name.span,
            format!(
                "{} keeps its data in `{directory}`, where `{name}` mounts nothing",
                store.name
            ),
        ),
    }
    .help(help);
}

/// Whether one directory is the other, or is within it.
fn meets(one: &str, other: &str) -> bool {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    within(one, other) || within(other, one)
}
