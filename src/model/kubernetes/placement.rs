//! Which nodes pods may go to: the labels and taints of nodes that a pod names.

use crate::source::Spanned;
use crate::syntax::yaml::Node;

use super::labels::Labels;
use super::object::Manifest;
use super::pod::Pod;
use super::read;

const TERMS: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const WISHES: &str = "preferredDuringSchedulingIgnoredDuringExecution";

impl Manifest {
    /// The labels that a node must have for one of its pods.
    pub fn node_labels(&self, pod: &Pod) -> Labels {
        Labels::read(self.node(pod.spec).get("nodeSelector"))
    }

    /// The labels of nodes that one of its pods asks for or is spread over, and the taints that it
    /// tolerates, by their keys.
    pub fn node_keys(&self, pod: &Pod) -> Vec<Spanned<String>> {
        let spec = self.node(pod.spec);
        let mut keys: Vec<Spanned<String>> = Vec::new();
        let selected = spec.get("nodeSelector").into_iter().flat_map(Node::entries);
        keys.extend(selected.filter_map(|entry| read::word(entry.key)));
        let affinity = |path: &[&str]| spec.get("affinity").and_then(|node| node.at(path));
        let required = items(affinity(&["nodeAffinity", TERMS, "nodeSelectorTerms"]));
        let preferred = items(affinity(&["nodeAffinity", WISHES]));
        for term in required.chain(preferred.filter_map(|wish| wish.get("preference"))) {
            keys.extend(words(items(term.get("matchExpressions")), "key"));
        }
        for kind in ["podAffinity", "podAntiAffinity"] {
            keys.extend(words(items(affinity(&[kind, TERMS])), "topologyKey"));
            let wishes = items(affinity(&[kind, WISHES]));
            let terms = wishes.filter_map(|wish| wish.get("podAffinityTerm"));
            keys.extend(words(terms, "topologyKey"));
        }
        keys.extend(words(items(spec.get("topologySpreadConstraints")), "topologyKey"));
        keys.extend(words(items(spec.get("tolerations")), "key"));
        keys
    }
}

fn items<'t>(list: Option<Node<'t>>) -> impl Iterator<Item = Node<'t>> {
    list.into_iter().flat_map(Node::items)
}

/// What stands under a key of each of `nodes`.
fn words<'t>(
    nodes: impl Iterator<Item = Node<'t>>,
    key: &str,
) -> impl Iterator<Item = Spanned<String>> {
    nodes.filter_map(move |node| read::word(node.get(key)?))
}
