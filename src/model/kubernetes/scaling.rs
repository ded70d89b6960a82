//! What decides how many pods there are and how many may be gone: autoscalers and budgets.

use crate::source::{Span, Spanned};
use crate::syntax::yaml::Node;

use super::super::setting::Setting;
use super::object::Manifest;
use super::read;

/// A HorizontalPodAutoscaler, or KEDA's ScaledObject.
#[derive(Clone, Debug)]
pub struct Autoscaler {
    /// The kind and the name of what it scales.
    pub kind: Setting<String>,
    pub name: Setting<String>,
    /// 1 if it is not given, for a ScaledObject 0.
    pub minimum: Setting<i64>,
    pub maximum: Setting<i64>,
    /// What it reads of its pods as a share of what they request: `cpu`, `memory`.
    pub utilization_of: Vec<Spanned<String>>,
}

/// What autoscalers mostly scale.
pub const SCALED_KINDS: [&str; 3] = ["Deployment", "StatefulSet", "Rollout"];

/// How many pods a PodDisruptionBudget spares.
#[derive(Clone, Debug)]
pub struct Budget {
    pub min_available: Option<Amount>,
    pub max_unavailable: Option<Amount>,
}

/// A number of pods, or a share of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    pub kind: AmountKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountKind {
    Pods(i64),
    Percent(i64),
    Unknown,
}

impl Manifest {
    /// What it says as an autoscaler, if it is one.
    pub fn autoscaler(&self) -> Option<Autoscaler> {
        let is_horizontal = self.is(&["autoscaling"], "HorizontalPodAutoscaler");
        if self.is_piece || !is_horizontal && !self.is(&["keda.sh"], "ScaledObject") {
            return None;
        }
        let spec = self.root().get("spec")?;
        let target = spec.get("scaleTargetRef");
        let of_target = |key| target.map_or(Setting::Absent, |target| read::string_of(target, key));
        if is_horizontal {
            return Some(Autoscaler {
                kind: of_target("kind"),
                name: of_target("name"),
                minimum: read::integer_of(spec, "minReplicas"),
                maximum: read::integer_of(spec, "maxReplicas"),
                utilization_of: utilization(spec),
            });
        }
        let deployment = || Setting::set("Deployment".to_owned(), self.kind.span);
        Some(Autoscaler {
            kind: match of_target("kind") {
                Setting::Absent => deployment(),
                kind => kind,
            },
            name: of_target("name"),
            minimum: read::integer_of(spec, "minReplicaCount"),
            maximum: read::integer_of(spec, "maxReplicaCount"),
            utilization_of: Vec::new(),
        })
    }

    /// What it says as a PodDisruptionBudget, if it is one.
    pub fn budget(&self) -> Option<Budget> {
        if !self.is(&["policy", ""], "PodDisruptionBudget") {
            return None;
        }
        let spec = self.root().get("spec").filter(|_| !self.is_piece)?;
        let amount = |key| spec.get(key).filter(|node| !node.is_null()).map(Amount::read);
        Some(Budget {
            min_available: amount("minAvailable"),
            max_unavailable: amount("maxUnavailable"),
        })
    }
}

impl Amount {
    /// Reads `2` or `"50%"`.
    pub fn read(node: Node) -> Self {
        let percent = || read::plain(node)?.strip_suffix('%')?.parse().ok();
        let kind = match (node.integer(), percent()) {
            (Some(number), _) => AmountKind::Pods(number.value),
            (None, Some(percent)) => AmountKind::Percent(percent),
            (None, None) => AmountKind::Unknown,
        };
        Self { kind, span: node.content_span() }
    }
}

impl AmountKind {
    /// How many of `all` pods that is; a share is rounded up, as the API server does.
    pub fn of(self, all: i64) -> Option<i64> {
        match self {
            Self::Pods(pods) => Some(pods),
            Self::Percent(percent) => Some((percent.checked_mul(all)?.checked_add(99)?) / 100),
            Self::Unknown => None,
        }
    }
}

/// The resources of which an autoscaler reads the utilization.
fn utilization(spec: Node) -> Vec<Spanned<String>> {
    if let Some(entry) = spec.entry("targetCPUUtilizationPercentage") {
        return vec![Spanned::new("cpu".to_owned(), entry.key.span())];
    }
    let metrics = spec.get("metrics").into_iter().flat_map(Node::items);
    let resources = metrics.filter_map(|metric| metric.get("resource"));
    resources
        .filter(|resource| {
            let kind = resource.at(&["target", "type"]).and_then(read::plain);
            kind == Some("Utilization") || resource.get("targetAverageUtilization").is_some()
        })
        .filter_map(|resource| resource.get("name").and_then(read::word))
        .collect()
}
