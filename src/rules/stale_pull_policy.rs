use crate::model::image::{ImageRef, Pin};
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/stale-pull-policy.md"), Check::Workload(check));

fn check(Member { workload, .. }: Member, _: &Cluster, report: &mut Report) {
    for container in &workload.pod.containers {
        let (Some(image), Some(policy)) = (&container.view.image, container.pull_policy.get())
        else {
            continue;
        };
        let name = &container.view.name.value;
        match policy.value.as_str() {
            "Never" => {
                let message =
                    format!("`{name}` starts only on nodes that have `{}` already", image.shown());
                report.at(policy.span, message).help("use `IfNotPresent`");
            }
            "IfNotPresent" if moves(image) => {
                let message = format!(
                    "nodes that have `{}` keep it when the tag moves, others get the new one",
                    image.shown()
                );
                report
                    .at(policy.span, message)
                    .help("name one release or a digest, or use `Always`")
                    .also(image.span(), "a tag that moves");
            }
            _ => {}
        }
    }
}

fn moves(image: &ImageRef) -> bool {
    match image.pin() {
        Pin::Latest | Pin::Untagged | Pin::Channel(_) => true,
        // Of an image that nobody knows it may be a whole release.
        Pin::Major | Pin::Minor => image.has_known_scheme(),
        _ => false,
    }
}
