//! What Kubernetes has replaced: API versions, labels of nodes, annotations.

use super::capabilities;

/// An API version of a kind that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The first version of Kubernetes without it.
    pub since: &'static str,
    pub instead: Option<&'static str>,
}

/// Group and version, kinds (none listed: all of them), removed in, successor.
/// https://kubernetes.io/docs/reference/using-api/deprecation-guide/ and, for what is not there,
/// `APILifecycleRemoved` in https://github.com/kubernetes/api, up to 1.37; 2026-11.
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
    ("settings.k8s.io/v1alpha1", &["PodPreset"], "1.20", None),
    ("batch/v2alpha1", &["CronJob"], "1.21", Some("batch/v1")),
    (
        "storage.k8s.io/v1alpha1",
        &["CSIStorageCapacity", "VolumeAttachment"],
        "1.24",
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
    (
        "admissionregistration.k8s.io/v1alpha1",
        &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
        "1.32",
        Some("admissionregistration.k8s.io/v1"),
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
        "1.34",
        Some("admissionregistration.k8s.io/v1"),
    ),
    ("storage.k8s.io/v1alpha1", &["VolumeAttributesClass"], "1.35", Some("storage.k8s.io/v1")),
    ("storage.k8s.io/v1beta1", &["VolumeAttributesClass"], "1.37", Some("storage.k8s.io/v1")),
    (
        "networking.k8s.io/v1beta1",
        &["IPAddress", "ServiceCIDR"],
        "1.37",
        Some("networking.k8s.io/v1"),
    ),
    (
        "certificates.k8s.io/v1alpha1",
        &["ClusterTrustBundle"],
        "1.37",
        Some("certificates.k8s.io/v1"),
    ),
];

/// Since when a kind's API version is gone; `None` if it is served, or not known.
pub fn removed(api_version: &str, kind: &str) -> Option<Removed> {
    let is_it = |(version, kinds, ..): &&Row| {
        *version == api_version && (kinds.is_empty() || kinds.contains(&kind))
    };
    let (_, _, since, instead) = REMOVED.iter().find(is_it)?;
    Some(Removed { since, instead: *instead })
}

/// Types of volumes whose drivers have left Kubernetes, and the first version without them.
/// https://kubernetes.io/docs/concepts/storage/persistent-volumes/#types-of-persistent-volumes;
/// https://github.com/kubernetes/kubernetes/pull/101685 for `scaleIO`, which came after 1.21;
/// KEP-5040 for `gitRepo`; 2026-11.
const REMOVED_VOLUMES: &[(&str, &str)] = &[
    ("cephfs", "1.31"),
    ("flocker", "1.25"),
    ("gitRepo", "1.33"),
    ("glusterfs", "1.26"),
    ("photonPersistentDisk", "1.15"),
    ("quobyte", "1.25"),
    ("rbd", "1.31"),
    ("scaleIO", "1.22"),
    ("storageos", "1.25"),
];

/// Since when no volume of a type is mounted.
pub fn removed_volume(kind: &str) -> Option<&'static str> {
    REMOVED_VOLUMES.iter().find(|(own, _)| *own == kind).map(|(_, since)| *since)
}

/// Since when no volume is made for a StorageClass with this provisioner.
/// https://kubernetes.io/docs/concepts/storage/storage-classes/#provisioner, of old versions; 2026-11.
pub fn removed_provisioner(name: &str) -> Option<&'static str> {
    let driver = name.strip_prefix("kubernetes.io/")?;
    let is_it = |(own, _): &&(&str, &str)| own.eq_ignore_ascii_case(driver);
    match driver {
        "photon-pd" => removed_volume("photonPersistentDisk"),
        _ => REMOVED_VOLUMES.iter().find(is_it).map(|(_, since)| *since),
    }
}

/// Labels and taints of nodes, and what has replaced them.
/// https://kubernetes.io/docs/reference/labels-annotations-taints/; 2026-11.
const NODE_KEYS: &[(&str, &str)] = &[
    ("beta.kubernetes.io/arch", "kubernetes.io/arch"),
    ("beta.kubernetes.io/os", "kubernetes.io/os"),
    ("beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"),
    ("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"),
    ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ("node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"),
];

/// What has replaced a label or a taint of nodes.
pub fn replaced_node_key(key: &str) -> Option<&'static str> {
    NODE_KEYS.iter().find(|(old, _)| *old == key).map(|(_, new)| *new)
}

/// An annotation that nothing should carry any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldAnnotation {
    /// The version of Kubernetes since which nothing reads it; `None` if it still works.
    pub ignored_since: Option<&'static str>,
    /// The field that has replaced it.
    pub field: &'static str,
}

/// Annotations by name, or by how they begin where that ends in `/`; since which version of
/// Kubernetes nothing reads them; the fields that have replaced them.
/// https://kubernetes.io/docs/reference/labels-annotations-taints/ and, for the versions, the
/// changelogs of 1.8, 1.16, 1.27 and 1.30; 2026-11.
const ANNOTATIONS: &[(&str, Option<&str>, &str)] = &[
    ("pod.beta.kubernetes.io/init-containers", Some("1.8"), "initContainers"),
    ("pod.alpha.kubernetes.io/init-containers", Some("1.8"), "initContainers"),
    ("scheduler.alpha.kubernetes.io/critical-pod", Some("1.16"), "priorityClassName"),
    ("seccomp.security.alpha.kubernetes.io/pod", Some("1.27"), "seccompProfile"),
    ("container.seccomp.security.alpha.kubernetes.io/", Some("1.27"), "seccompProfile"),
    ("container.apparmor.security.beta.kubernetes.io/", None, "appArmorProfile"),
    ("kubernetes.io/ingress.class", None, "ingressClassName"),
    ("volume.beta.kubernetes.io/storage-class", None, "storageClassName"),
];

/// What is known of an annotation that has been replaced.
pub fn old_annotation(name: &str) -> Option<OldAnnotation> {
    let is_it = |key: &str| match key.ends_with('/') {
        true => name.starts_with(key),
        false => name == key,
    };
    let (_, ignored_since, field) = ANNOTATIONS.iter().find(|(key, ..)| is_it(key))?;
    Some(OldAnnotation { ignored_since: *ignored_since, field })
}

/// ConfigMaps that are put into every namespace: by Kubernetes, by OpenShift, by Istio.
/// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/,
/// https://docs.openshift.com/container-platform/4.16/security/certificate_types_descriptions/service-ca-certificates.html,
/// https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/; 2026-11.
const IN_ALL_NAMESPACES: &[&str] =
    &["istio-ca-root-cert", "kube-root-ca.crt", "openshift-service-ca.crt"];

/// Whether an object is there without anybody applying it.
pub fn is_made_by_cluster(kind: &str, name: &str) -> bool {
    kind == "ConfigMap" && IN_ALL_NAMESPACES.contains(&name)
}

/// Groups of custom resources by which nobody runs pods or Services: they observe, route, issue
/// and forbid. The documentation of each; 2026-11.
const RUN_NOTHING: &[&str] = &[
    "acme.cert-manager.io",
    "bitnami.com",
    "cert-manager.io",
    "cilium.io",
    "external-secrets.io",
    "keda.sh",
    "kyverno.io",
    "monitoring.coreos.com",
    "networking.istio.io",
    "projectcalico.org",
    "secrets.hashicorp.com",
    "security.istio.io",
    "telemetry.istio.io",
    "traefik.containo.us",
    "traefik.io",
];

/// Whether no resource of a group makes an operator run anything.
pub fn runs_nothing(group: &str) -> bool {
    !group.contains('.') || RUN_NOTHING.contains(&group)
}

/// Labels that controllers give their pods.
/// https://kubernetes.io/docs/reference/labels-annotations-taints/; 2026-11.
const OF_CONTROLLERS: &[&str] = &[
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-generation",
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// Whether pods have a label of this key without their template saying so.
pub fn is_set_by_controllers(key: &str) -> bool {
    OF_CONTROLLERS.contains(&key)
}

/// Whether a pod may add a capability under the Pod Security Standard `baseline`: those that
/// containers get anyway, but for raw sockets.
/// https://kubernetes.io/docs/concepts/security/pod-security-standards/; 2026-11.
pub fn is_baseline_capability(name: &str) -> bool {
    capabilities::is_default(name) && name != "NET_RAW"
}

/// Kinds of volumes that `restricted` allows beside the plain ones; of the same page.
pub const RESTRICTED_VOLUMES: &[&str] = &["csi", "downwardAPI", "ephemeral", "image"];
