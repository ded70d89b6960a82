//! API versions that Kubernetes has stopped serving.

/// An API version of a kind that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The first version of Kubernetes without it.
    pub since: &'static str,
    pub instead: Option<&'static str>,
}

/// Group and version, kinds (none listed: all of them), removed in, successor.
/// https://kubernetes.io/docs/reference/using-api/deprecation-guide/; 2026-01.
type Row = (&'static str, &'static [&'static str], &'static str, Option<&'static str>);

const REMOVED: &[Row] = &[
    ("extensions/v1beta1", &["Deployment", "DaemonSet", "ReplicaSet"], "1.16", Some("apps/v1")),
    ("extensions/v1beta1", &["NetworkPolicy"], "1.16", Some("networking.k8s.io/v1")),
    ("extensions/v1beta1", &["PodSecurityPolicy"], "1.16", None),
    ("extensions/v1beta1", &["Ingress"], "1.22", Some("networking.k8s.io/v1")),
    ("apps/v1beta1", &[], "1.16", Some("apps/v1")),
    ("apps/v1beta2", &[], "1.16", Some("apps/v1")),
    (
        "admissionregistration.k8s.io/v1beta1",
        &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
        "1.22",
        Some("admissionregistration.k8s.io/v1"),
    ),
    ("apiextensions.k8s.io/v1beta1", &[], "1.22", Some("apiextensions.k8s.io/v1")),
    ("apiregistration.k8s.io/v1beta1", &[], "1.22", Some("apiregistration.k8s.io/v1")),
    ("authentication.k8s.io/v1beta1", &["TokenReview"], "1.22", Some("authentication.k8s.io/v1")),
    ("authorization.k8s.io/v1beta1", &[], "1.22", Some("authorization.k8s.io/v1")),
    (
        "certificates.k8s.io/v1beta1",
        &["CertificateSigningRequest"],
        "1.22",
        Some("certificates.k8s.io/v1"),
    ),
    ("coordination.k8s.io/v1beta1", &["Lease"], "1.22", Some("coordination.k8s.io/v1")),
    (
        "networking.k8s.io/v1beta1",
        &["Ingress", "IngressClass"],
        "1.22",
        Some("networking.k8s.io/v1"),
    ),
    ("rbac.authorization.k8s.io/v1beta1", &[], "1.22", Some("rbac.authorization.k8s.io/v1")),
    ("scheduling.k8s.io/v1beta1", &[], "1.22", Some("scheduling.k8s.io/v1")),
    (
        "storage.k8s.io/v1beta1",
        &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
        "1.22",
        Some("storage.k8s.io/v1"),
    ),
    ("batch/v1beta1", &["CronJob"], "1.25", Some("batch/v1")),
    ("discovery.k8s.io/v1beta1", &["EndpointSlice"], "1.25", Some("discovery.k8s.io/v1")),
    ("events.k8s.io/v1beta1", &["Event"], "1.25", Some("events.k8s.io/v1")),
    ("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], "1.25", Some("autoscaling/v2")),
    ("policy/v1beta1", &["PodDisruptionBudget"], "1.25", Some("policy/v1")),
    ("policy/v1beta1", &["PodSecurityPolicy"], "1.25", None),
    ("node.k8s.io/v1beta1", &["RuntimeClass"], "1.25", Some("node.k8s.io/v1")),
    ("autoscaling/v2beta2", &["HorizontalPodAutoscaler"], "1.26", Some("autoscaling/v2")),
    ("flowcontrol.apiserver.k8s.io/v1beta1", &[], "1.26", Some("flowcontrol.apiserver.k8s.io/v1")),
    ("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], "1.27", Some("storage.k8s.io/v1")),
    ("flowcontrol.apiserver.k8s.io/v1beta2", &[], "1.29", Some("flowcontrol.apiserver.k8s.io/v1")),
    ("flowcontrol.apiserver.k8s.io/v1beta3", &[], "1.32", Some("flowcontrol.apiserver.k8s.io/v1")),
];

/// Since when a kind's API version is gone; `None` if it is served, or not known.
pub fn removed(api_version: &str, kind: &str) -> Option<Removed> {
    let is_it = |(version, kinds, ..): &&Row| {
        *version == api_version && (kinds.is_empty() || kinds.contains(&kind))
    };
    let (_, _, since, instead) = REMOVED.iter().find(is_it)?;
    Some(Removed { since, instead: *instead })
}
