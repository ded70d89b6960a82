use std::collections::HashMap;

use crate::model::compose::{Compose, Service, VolumeKind};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/duplicate-mount-target.md"), Check::Service(check));

fn check(service: &Service, _: &Compose, report: &mut Report) {
    let mut first: HashMap<String, (&str, Span)> = HashMap::new();
    let mut mount = |list: &'static str, target: String, span: Span| {
        let Some((other, place)) = first.insert(target.clone(), (list, span)) else { return };
        let (effect, there) = match other == list {
            true => ("only this counts", "this one is silently dropped"),
            false => ("the engine refuses that", "the other one"),
        };
        report
            .at(span, format!("`{target}` is mounted twice; {effect}"))
            .help("drop one of the two, or mount it elsewhere")
            .also(place, there);
    };
    // A tmpfs that meets a volume is refused by Compose itself.
    for volume in service.volumes.iter().filter(|volume| volume.kind != VolumeKind::Tmpfs) {
        let span = volume.target.as_ref().map_or(volume.span, |target| target.span());
        if let Some(target) = volume.clean_target() {
            mount("volumes", target, span);
        }
    }
    for (list, files, default) in
        [("secrets", &service.secrets, "/run/secrets"), ("configs", &service.configs, "")]
    {
        for (target, span) in files.iter().filter_map(|file| file.place(default)) {
            mount(list, target, span);
        }
    }
}
