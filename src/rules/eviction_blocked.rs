use crate::model::kubernetes::{Amount, AmountKind, Cluster, Lookup, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/eviction-blocked.md"), Check::Manifest(check));

fn check(object: &Manifest, cluster: &Cluster, report: &mut Report) {
    let Some(budget) = object.budget() else { return };
    let name = object.title();
    if let Some(Amount { kind: AmountKind::Pods(0) | AmountKind::Percent(0), span }) =
        budget.max_unavailable
    {
        report
            .at(span, format!("`{name}` lets no pod go, so that no node can be drained"))
            .help("allow at least one pod to be unavailable");
    }
    let Some(minimum) = budget.min_available else { return };
    if minimum.kind == AmountKind::Percent(100) {
        report
            .at(minimum.span, format!("`{name}` keeps all pods, so that no node can be drained"))
            .help("say `maxUnavailable: 1` instead");
        return;
    }
    let Some(selector) = &object.selects else { return };
    let Lookup::Found(pods) = cluster.pods(object, selector) else { return };
    let replicas: Option<Vec<_>> = pods.iter().map(|member| cluster.replicas(*member)).collect();
    let Some(replicas) = replicas else { return };
    let all = replicas.iter().fold(0_i64, |all, own| all.saturating_add(own.value));
    if all > 0 && minimum.kind.of(all).is_some_and(|kept| kept >= all) {
        let pods = if all == 1 { "the only pod".to_owned() } else { format!("all {all} pods") };
        let finding = report
            .at(minimum.span, format!("`{name}` keeps {pods}, so that no node can be drained"));
        finding.help("keep fewer pods than there are, or say `maxUnavailable: 1`");
        for own in replicas {
            finding.also(own.span, "how many there are");
        }
    }
}
