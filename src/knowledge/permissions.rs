//! Permissions in a cluster that give more than they seem to.
//! https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks and
//! https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping; 2026-01.

/// One of these verbs on one of these resources, and what follows from it.
#[derive(Clone, Copy, Debug)]
pub struct Power {
    pub groups: &'static [&'static str],
    pub resources: &'static [&'static str],
    pub verbs: &'static [&'static str],
    /// The object that it is about; none means that it must hold for all.
    pub named: Option<&'static str>,
    /// What its holder can do.
    pub can: &'static str,
}

const RBAC: &[&str] = &["rbac.authorization.k8s.io"];
const CORE: &[&str] = &[""];
const WRITE: &[&str] = &["create", "update", "patch", "delete", "deletecollection"];

const fn power(
    groups: &'static [&'static str],
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
    can: &'static str,
) -> Power {
    Power { groups, resources, verbs, named: None, can }
}

/// To give oneself rights that one does not have.
pub const ESCALATION: &[Power] = &[
    power(RBAC, &["roles", "clusterroles"], &["escalate"], "add any right to a role"),
    power(
        RBAC,
        &["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
        &["bind"],
        "give any role to itself",
    ),
];

/// To act as somebody else.
pub const IMPERSONATION: &[Power] = &[
    power(CORE, &["users", "groups", "serviceaccounts"], &["impersonate"], "act as anybody"),
    power(&["authentication.k8s.io"], &["uids"], &["impersonate"], "act as anybody"),
];

/// To run commands in containers that are there. The API server, and the kubelet, take `get` for a
/// web socket.
pub const EXECUTION: &[Power] = &[
    power(
        CORE,
        &["pods/exec", "pods/attach"],
        &["create", "get"],
        "run commands in every container that it can name",
    ),
    power(
        CORE,
        &["pods/ephemeralcontainers"],
        &["update", "patch"],
        "put a container into any pod",
    ),
    power(CORE, &["nodes/proxy"], &["create", "get"], "command every kubelet, past the audit log"),
];

/// To make credentials for others.
pub const MINTING: &[Power] =
    &[power(CORE, &["serviceaccounts/token"], &["create"], "make itself a token of any account")];

/// To have certificates signed for anybody: both are needed.
pub const SIGNING: [Power; 2] = [
    power(
        &["certificates.k8s.io"],
        &["certificatesigningrequests/approval"],
        &["update", "patch"],
        "have a certificate signed for anybody",
    ),
    power(&["certificates.k8s.io"], &["signers"], &["approve"], "approve certificates"),
];

/// To read what Secrets hold: to all of these verbs the API server answers with the whole object.
pub const SECRETS: &[Power] = &[power(
    CORE,
    &["secrets"],
    &["get", "list", "watch", "update", "patch", "deletecollection"],
    "read every Secret",
)];

/// What operators and deployers need, and what an attacker likes as well.
pub const INDIRECT: &[Power] = &[
    power(
        CORE,
        &["pods", "replicationcontrollers"],
        &["create", "update", "patch"],
        "start any container, with every Secret and account of its namespace",
    ),
    power(
        &["apps", "extensions"],
        &["deployments", "daemonsets", "statefulsets", "replicasets"],
        &["create", "update", "patch"],
        "start any container, with every Secret and account of its namespace",
    ),
    power(
        &["batch"],
        &["jobs", "cronjobs"],
        &["create", "update", "patch"],
        "start any container, with every Secret and account of its namespace",
    ),
    power(
        &["admissionregistration.k8s.io"],
        &["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
        WRITE,
        "read and change every object on its way into the cluster",
    ),
    power(
        CORE,
        &["services/status"],
        &["update", "patch"],
        "take over addresses of others (CVE-2020-8554)",
    ),
    Power {
        groups: CORE,
        resources: &["configmaps"],
        verbs: WRITE,
        named: Some("aws-auth"),
        can: "make anybody an administrator of the EKS cluster",
    },
];
