use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};
use crate::syntax::yaml::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/rollout-rejected.md"), Check::Manifest(check));

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    let strategy = match object.kind.value.as_str() {
        "Deployment" => object.root().at(&["spec", "strategy"]),
        "DaemonSet" => object.root().at(&["spec", "updateStrategy"]),
        _ => None,
    };
    let Some((strategy, rolling)) =
        strategy.and_then(|strategy| Some((strategy, strategy.entry("rollingUpdate")?)))
    else {
        return;
    };
    let recreates =
        strategy.get("type").and_then(Node::text).is_some_and(|it| it.value == "Recreate");
    // In a chart the two may stand in different branches.
    if recreates && rolling.value.is_mapping() && !object.is_templated() {
        report
            .at(rolling.key.span(), "`Recreate` rolls nothing")
            .help("take this out, or say `type: RollingUpdate`");
    }
    let none = |key: &str| {
        let amount = rolling.value.get(key).and_then(Node::text);
        amount.filter(|amount| matches!(amount.value, "0" | "0%"))
    };
    if let (Some(_), Some(surge)) = (none("maxUnavailable"), none("maxSurge")) {
        report.at(surge.span, "no pod may go, and none may come").help(
            "say `maxSurge: 1`, or `maxUnavailable: 1` where two cannot run beside each other",
        );
    }
}
