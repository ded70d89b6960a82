use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Manifest};
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};
use crate::source::Spanned;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/autoscaler-bounds.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let Some(scaler) = object.autoscaler() else { return };
    // A ScaledObject that goes down to nothing is what KEDA is for.
    let is_scaled_to_zero = object.kind.value == "ScaledObject";
    let minimum = match scaler.minimum {
        Setting::Set(minimum) => minimum,
        Setting::Absent if !is_scaled_to_zero => Spanned::new(1, object.blame()),
        _ => return,
    };
    let name = object.title();
    match scaler.maximum.get() {
        Some(maximum) if minimum.value > maximum.value => {
            report
                .at(
                    minimum.span,
                    format!("`{name}` has a minimum of more than its maximum of {}", maximum.value),
                )
                .severity(Severity::Error)
                .help("the API server refuses it: raise `maxReplicas`")
                .also(maximum.span, "the maximum");
        }
        Some(maximum) if minimum.value == maximum.value => {
            report
                .at(minimum.span, format!("`{name}` cannot scale: its minimum is its maximum"))
                .help("set the bounds apart, or set `replicas` and leave the autoscaler out");
        }
        _ if minimum.value == 1 => {
            report
                .at(minimum.span, format!("`{name}` may leave a single pod"))
                .help("say 2 or more");
        }
        _ => {}
    }
}
