//! Roles and who has them.

use crate::source::Spanned;
use crate::syntax::yaml::Node;

use super::object::Manifest;
use super::read;

/// One of a role's rules.
#[derive(Clone, Debug)]
pub struct Permission {
    pub groups: Vec<Spanned<String>>,
    pub resources: Vec<Spanned<String>>,
    pub verbs: Vec<Spanned<String>>,
}

/// The role that a binding gives.
#[derive(Clone, Debug)]
pub struct BoundRole {
    pub kind: String,
    pub name: Spanned<String>,
    /// It is given to the group of Kubernetes' own administrators.
    pub is_of_masters: bool,
}

const GROUP: &[&str] = &["rbac.authorization.k8s.io"];

impl Manifest {
    /// What a Role or ClusterRole allows.
    pub fn permissions(&self) -> Vec<Permission> {
        if !self.is(GROUP, "Role") && !self.is(GROUP, "ClusterRole") {
            return Vec::new();
        }
        let words = |rule: Node, key: &str| {
            rule.get(key).into_iter().flat_map(Node::items).filter_map(read::word).collect()
        };
        let rules = self.root().get("rules").into_iter().flat_map(Node::items);
        rules
            .map(|rule| Permission {
                groups: words(rule, "apiGroups"),
                resources: words(rule, "resources"),
                verbs: words(rule, "verbs"),
            })
            .collect()
    }

    /// The role that a RoleBinding or ClusterRoleBinding gives.
    pub fn bound_role(&self) -> Option<BoundRole> {
        if !self.is(GROUP, "RoleBinding") && !self.is(GROUP, "ClusterRoleBinding") {
            return None;
        }
        let role = self.root().get("roleRef")?;
        let subjects = self.root().get("subjects").into_iter().flat_map(Node::items);
        let mut names = subjects.map(|subject| subject.get("name").and_then(read::plain));
        Some(BoundRole {
            kind: read::plain(role.get("kind")?)?.to_owned(),
            name: read::word(role.get("name")?)?,
            is_of_masters: names.any(|name| name == Some("system:masters")),
        })
    }
}
