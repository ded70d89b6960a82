//! Services and what leads to them.

use crate::source::{Span, Spanned};
use crate::syntax::yaml::Node;

use super::super::setting::Setting;
use super::object::Manifest;
use super::pod::PortRef;
use super::read;

/// One of a Service's ports.
#[derive(Clone, Debug)]
pub struct ServicePort {
    pub span: Span,
    pub name: Setting<String>,
    pub number: Setting<i64>,
    pub node_port: Setting<i64>,
    /// The port of the pods; the same number, if none is given.
    pub target: PortRef,
    /// `TCP`, if none is given.
    pub protocol: Setting<String>,
}

/// What an Ingress sends requests to.
#[derive(Clone, Debug)]
pub struct Backend {
    pub service: Setting<String>,
    pub port: PortRef,
}

impl Manifest {
    pub fn is_service(&self) -> bool {
        self.is(&[""], "Service")
    }

    /// The ports of a Service.
    pub fn service_ports(&self) -> Vec<ServicePort> {
        if !self.is_service() {
            return Vec::new();
        }
        items(self.root(), &["spec", "ports"]).map(ServicePort::read).collect()
    }

    /// The Services that an Ingress leads to, its default one first.
    pub fn backends(&self) -> Vec<Backend> {
        if !self.is(&["networking.k8s.io", "extensions"], "Ingress") {
            return Vec::new();
        }
        let spec = |key| self.root().at(&["spec", key]);
        let default = spec("defaultBackend").or_else(|| spec("backend"));
        let paths =
            items(self.root(), &["spec", "rules"]).flat_map(|rule| items(rule, &["http", "paths"]));
        let backends = paths.filter_map(|path| path.get("backend"));
        default.into_iter().chain(backends).filter_map(Backend::read).collect()
    }
}

impl ServicePort {
    fn read(node: Node) -> Self {
        let number = read::integer_of(node, "port");
        let target = match (node.get("targetPort"), &number) {
            (None, Setting::Set(number)) if !read::is_open(node) => PortRef::Number(number.clone()),
            (target, _) => PortRef::read(target),
        };
        Self {
            span: node.span(),
            name: read::string_of(node, "name"),
            number,
            node_port: read::integer_of(node, "nodePort"),
            target,
            protocol: read::string_of(node, "protocol"),
        }
    }
}

impl Backend {
    /// Reads the form of `networking.k8s.io/v1` and the one before it; `None` for what is no
    /// Service.
    fn read(node: Node) -> Option<Self> {
        if let Some(service) = node.get("service") {
            let port = service.get("port").map_or(PortRef::Unknown, |port| {
                PortRef::read(port.get("number").or_else(|| port.get("name")))
            });
            return Some(Self { service: read::string_of(service, "name"), port });
        }
        let name = node.get("serviceName")?;
        Some(Self {
            service: read::string(Some(name)),
            port: PortRef::read(node.get("servicePort")),
        })
    }
}

/// The items of the list at a path.
fn items<'t>(node: Node<'t>, path: &[&str]) -> impl Iterator<Item = Node<'t>> + 't {
    node.at(path).into_iter().flat_map(Node::items)
}

/// A port as people write it.
impl std::fmt::Display for PortRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.value.fmt(f),
            Self::Name(name) => f.write_str(&name.value),
            Self::Unknown => f.write_str("?"),
        }
    }
}

impl PortRef {
    /// Where it is written, if it can be read.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Number(number) => Some(number.span),
            Self::Name(name) => Some(name.span),
            Self::Unknown => None,
        }
    }

    /// The name, if it is one.
    pub fn name(&self) -> Option<&Spanned<String>> {
        match self {
            Self::Name(name) => Some(name),
            Self::Number(_) | Self::Unknown => None,
        }
    }
}
