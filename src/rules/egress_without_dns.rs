use std::collections::HashSet;

use crate::model::Workspace;
use crate::model::kubernetes::{Manifest, Opening, Peer};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/egress-without-dns.md"), Check::Workspace(check));

fn check(workspace: &Workspace, report: &mut Report) {
    let mut closed = Vec::new();
    // Other kinds of policies open what they like.
    let others = workspace.cluster.objects().filter(|object| object.kind.value.ends_with("Policy"));
    let mut opened: HashSet<Option<&str>> = HashSet::new();
    for policy in others {
        let openings = policy.egress();
        if !policy.is_network_policy() && policy.kind.value.contains("Network")
            || openings.iter().any(Opening::may_reach_dns)
        {
            opened.insert(namespace(policy));
        } else if openings.iter().flat_map(|opening| &opening.peers).any(is_by_name) {
            closed.push(policy);
        }
    }
    for policy in closed {
        let own = namespace(policy);
        let is_opened = opened.contains(&None) || own.is_none() && !opened.is_empty();
        let is_dns = own == Some("kube-system");
        if is_opened || is_dns || opened.contains(&own) || policy.is_templated() {
            continue;
        }
        let Some(egress) = policy.root().get("spec").and_then(|spec| spec.entry("egress")) else {
            continue;
        };
        report
            .at(egress.key.span(), format!("`{}` lets its pods look up no names", policy.title()))
            .help("let them reach `kube-system` on port 53, UDP and TCP");
    }
}

/// The namespace that is written.
fn namespace(object: &Manifest) -> Option<&str> {
    object.namespace.get().map(|namespace| namespace.value.as_str())
}

/// Pods are found by the names of their Services.
fn is_by_name(peer: &Peer) -> bool {
    matches!(peer, Peer::Pods | Peer::Namespaces)
}
