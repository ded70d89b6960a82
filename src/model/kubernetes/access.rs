//! Roles and who has them.

use crate::knowledge::permissions::Power;
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
    /// The names of the objects that it is about; none means all.
    pub names: Vec<Spanned<String>>,
}

/// The role that a binding gives.
#[derive(Clone, Debug)]
pub struct BoundRole {
    pub kind: String,
    pub name: Spanned<String>,
    /// Who has it.
    pub subjects: Vec<Subject>,
}

/// Whom a binding gives its role.
#[derive(Clone, Debug)]
pub struct Subject {
    pub kind: String,
    pub name: Spanned<String>,
}

const GROUP: &[&str] = &["rbac.authorization.k8s.io"];

impl Manifest {
    /// What a Role or ClusterRole allows. Where it is made up of others, what is written in it is
    /// overwritten.
    pub fn permissions(&self) -> Vec<Permission> {
        let is_role = self.is(GROUP, "Role") || self.is(GROUP, "ClusterRole");
        if !is_role || self.root().get("aggregationRule").is_some() {
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
                names: words(rule, "resourceNames"),
            })
            .collect()
    }

    /// Which of `powers` a role gives, and by which resource; what leaves out nothing is told as
    /// such elsewhere.
    pub fn powers(&self, powers: &'static [Power]) -> Vec<(Spanned<String>, &'static Power)> {
        let permissions = match self.is_of_system() {
            true => Vec::new(),
            false => self.permissions(),
        };
        let narrow = permissions.iter().filter(|permission| !permission.is_total());
        let of = |permission: &Permission| {
            let given =
                powers.iter().filter_map(|power| Some((permission.gives(power)?.clone(), power)));
            let mut given: Vec<_> = given.collect();
            given.dedup_by_key(|(resource, _)| resource.span);
            given
        };
        narrow.flat_map(of).collect()
    }

    /// The role that a RoleBinding or ClusterRoleBinding gives.
    pub fn bound_role(&self) -> Option<BoundRole> {
        if !self.is(GROUP, "RoleBinding") && !self.is(GROUP, "ClusterRoleBinding") {
            return None;
        }
        let role = self.root().get("roleRef")?;
        let subjects = self.root().get("subjects").into_iter().flat_map(Node::items);
        let subject = |subject: Node| {
            Some(Subject {
                kind: read::plain(subject.get("kind")?)?.to_owned(),
                name: read::word(subject.get("name")?)?,
            })
        };
        Some(BoundRole {
            kind: read::plain(role.get("kind")?)?.to_owned(),
            name: read::word(role.get("name")?)?,
            subjects: subjects.filter_map(subject).collect(),
        })
    }

    /// Whether Kubernetes itself keeps a role or a binding of this name.
    pub fn is_of_system(&self) -> bool {
        let name = self.title();
        let is_own = |name: &str| ["admin", "edit", "view"].contains(&name);
        name.starts_with("system:")
            || name == "gce:podsecuritypolicy:calico-sa"
            || self.kind.value == "ClusterRole"
                && (is_own(name) || name.strip_prefix("cluster-") == Some("admin"))
    }
}

impl Permission {
    /// Whether it leaves out nothing.
    pub fn is_total(&self) -> bool {
        let all = |words: &[Spanned<String>]| words.iter().any(|word| word.value == "*");
        let verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
        let every = |verb: &str| self.verbs.iter().any(|own| own.value == verb);
        all(&self.groups)
            && all(&self.resources)
            && (all(&self.verbs) || verbs.iter().all(|verb| every(verb)))
    }

    /// Whether it is about kinds that somebody has added to the cluster, and no others.
    pub fn is_of_custom_kinds(&self) -> bool {
        let is_custom = |group: &Spanned<String>| {
            group.value.contains('.') && !group.value.ends_with(".k8s.io")
        };
        !self.groups.is_empty() && self.groups.iter().all(is_custom)
    }

    /// The resource by which it gives a power, if it does. What leaves out nothing gives all.
    pub fn gives(&self, power: &Power) -> Option<&Spanned<String>> {
        let has = |words: &[Spanned<String>], wanted: &[&str]| {
            words.iter().any(|word| word.value == "*" || wanted.contains(&word.value.as_str()))
        };
        let covers = |resource: &&Spanned<String>| {
            let own = resource.value.as_str();
            let sub = own.strip_prefix("*/");
            own == "*"
                || power.resources.iter().any(|resource| {
                    *resource == own
                        || sub.is_some_and(|sub| resource.ends_with(&format!("/{sub}")))
                })
        };
        let names = match power.named {
            Some(name) => self.names.iter().any(|own| own.value == name),
            None => self.names.is_empty(),
        };
        let resource = self.resources.iter().find(covers)?;
        (names && has(&self.groups, power.groups) && has(&self.verbs, power.verbs))
            .then_some(resource)
    }
}
