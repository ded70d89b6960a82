use crate::finding::Severity;
use crate::model::kubernetes::{Cluster, Member, Selector};
use crate::rule::{Check, Report, Rule};
use crate::syntax::yaml::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ineffective-spread.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    let constraints = object.node(workload.pod.spec).get("topologySpreadConstraints");
    for constraint in constraints.into_iter().flat_map(Node::items) {
        refused(constraint, report);
        let Some(selector) = constraint.entry("labelSelector") else {
            let at = constraint.entry("topologyKey");
            if let Some(key) = at.filter(|_| !constraint.may_have("labelSelector")) {
                report
                    .at(key.key.span(), "this spreads nothing: it counts no pods")
                    .help("add a `labelSelector` with the labels of these pods");
            }
            continue;
        };
        let own = Selector::from_label_selector(selector.value);
        let is_own = |key: &String| workload.pod.common_labels.contains(key);
        let unmet = own.unmet(&workload.labels).filter(|unmet| !is_own(&unmet.key.value));
        if let Some(unmet) = unmet {
            let name = &workload.pod.name.value;
            report
                .at(unmet.key.span, format!("this spreads other pods than those of `{name}`"))
                .help("say the labels that the pods have");
        }
    }
}

/// What the API server does not take.
fn refused(constraint: Node, report: &mut Report) {
    for field in ["maxSkew", "minDomains"] {
        let number = constraint.get(field).and_then(Node::integer);
        if let Some(number) = number.filter(|number| number.value < 1) {
            report
                .at(number.span, format!("`{field}` has to be at least 1"))
                .severity(Severity::Error)
                .help("say 1 for as even as can be");
        }
    }
    let key = constraint.get("topologyKey").and_then(Node::text);
    if let Some(key) = key.filter(|key| key.value.is_empty()) {
        report
            .at(key.span, "no label of nodes has an empty name")
            .severity(Severity::Error)
            .help("say `kubernetes.io/hostname` or `topology.kubernetes.io/zone`");
    }
}
