//! The modes of files that pods mount.

use crate::source::Spanned;
use crate::syntax::yaml::Node;

use super::object::Manifest;
use super::pod::Pod;

impl Manifest {
    /// The modes of one of its pods' files that are written as decimal numbers.
    pub fn file_modes(&self, pod: &Pod) -> Vec<Spanned<i64>> {
        let volumes = self.node(pod.spec).get("volumes").into_iter().flat_map(Node::items);
        let mut modes = Vec::new();
        for volume in volumes {
            for source in ["secret", "configMap", "projected", "downwardAPI"] {
                modes.extend(volume.get(source).into_iter().flat_map(of_source));
            }
        }
        modes
    }
}

/// The mode of all files of a source, and those of single ones.
fn of_source(source: Node) -> Vec<Spanned<i64>> {
    let parts = source.get("sources").into_iter().flat_map(Node::items);
    let parts = parts.flat_map(|part| part.entries()).map(|entry| entry.value);
    let items = parts.chain([source]).filter_map(|part| part.get("items")).flat_map(Node::items);
    let modes = items.filter_map(|item| item.get("mode")).chain(source.get("defaultMode"));
    modes.filter(|mode| !mode.is_legacy_octal()).filter_map(Node::integer).collect()
}
