use std::collections::HashMap;

use crate::model::compose::{Compose, Service, VolumeKind};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-mount-target.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    let mut first = HashMap::new();
    // A tmpfs that meets a volume is refused by Compose itself.
    for volume in service.volumes.iter().filter(|volume| volume.kind != VolumeKind::Tmpfs) {
        let Some(target) = volume.clean_target() else { continue };
        let span = volume.target.as_ref().map_or(volume.span, |target| target.span());
        if let Some(other) = first.insert(target.clone(), span) {
            report
                .at(span, format!("`{target}` is mounted twice; only this counts"))
                .help("drop one of the two, or mount it elsewhere")
                .also(other, "this one is silently dropped");
        }
    }
}
