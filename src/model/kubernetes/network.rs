//! Services and what leads to them.

use crate::source::{Span, Spanned};
use crate::syntax::yaml::Node;

use super::super::setting::Setting;
use super::object::Manifest;
use super::pod::{PortRef, Reference, Target};
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

/// One path of a host that an Ingress leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where the path is written, or else what is led there.
    pub span: Span,
    /// Empty for all hosts.
    pub host: String,
    pub path: String,
    pub path_type: String,
}

/// What one rule of a NetworkPolicy lets through.
#[derive(Clone, Debug)]
pub struct Opening {
    pub span: Span,
    /// None of both: everybody and everywhere.
    pub peers: Vec<Peer>,
    /// The numbers of the ports, with the last one of a range; `None` for what has a name or
    /// comes from a template. None at all: all ports.
    pub ports: Vec<Option<(i64, i64)>>,
    /// A template may add to it.
    is_open: bool,
}

/// Whom a rule of a NetworkPolicy is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// Pods of the policy's own namespace.
    Pods,
    /// Pods of namespaces that have some labels.
    Namespaces,
    /// Every address there is.
    Anywhere,
    /// Some addresses, or what a template decides.
    Other,
}

impl Manifest {
    pub fn is_service(&self) -> bool {
        self.is(&[""], "Service")
    }

    /// Whether the name of a Service stands for its pods, and not for an address of its own;
    /// `None` if a template decides.
    pub fn is_headless(&self) -> Option<bool> {
        match read::within(self.root(), "spec", |spec| read::string_of(spec, "clusterIP")) {
            Setting::Unresolved(_) => None,
            address => Some(address.get().is_some_and(|address| address.value == "None")),
        }
    }

    /// The Service by which a StatefulSet's pods have names.
    pub fn governing_service(&self) -> Setting<String> {
        match self.kind.value.as_str() {
            "StatefulSet" => {
                read::within(self.root(), "spec", |spec| read::string_of(spec, "serviceName"))
            }
            _ => Setting::NotApplicable,
        }
    }

    /// The ports of a Service.
    pub fn service_ports(&self) -> Vec<ServicePort> {
        if !self.is_service() {
            return Vec::new();
        }
        items(self.root(), &["spec", "ports"]).map(ServicePort::read).collect()
    }

    /// The Services that an Ingress leads to, its default one first, or a route of a Gateway.
    pub fn backends(&self) -> Vec<Backend> {
        if self.group() == "gateway.networking.k8s.io" && self.kind.value.ends_with("Route") {
            let rules = items(self.root(), &["spec", "rules"]);
            let references = rules.flat_map(|rule| items(rule, &["backendRefs"]));
            return references.filter_map(Backend::of_reference).collect();
        }
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

impl Manifest {
    /// The routes of an Ingress that can be read in full, if it is one.
    pub fn routes(&self) -> Vec<Route> {
        if !self.is(&["networking.k8s.io", "extensions"], "Ingress") {
            return Vec::new();
        }
        let known = |node: Node, key: &str| match read::string_of(node, key) {
            Setting::Set(text) => Some(text.value),
            Setting::Absent => Some(String::new()),
            Setting::Unresolved(_) | Setting::NotApplicable => None,
        };
        let mut routes = Vec::new();
        for rule in items(self.root(), &["spec", "rules"]) {
            let Some(host) = known(rule, "host") else { continue };
            for path in items(rule, &["http", "paths"]) {
                let own = (known(path, "path"), known(path, "pathType"));
                let (Some(text), Some(path_type)) = own else { continue };
                let span = path.get("path").map_or(path.span(), Node::content_span);
                routes.push(Route { span, host: host.clone(), path: text, path_type });
            }
        }
        routes
    }

    /// The Secrets that an Ingress takes its certificates from.
    pub fn tls_secrets(&self) -> Vec<Reference> {
        if !self.is(&["networking.k8s.io", "extensions"], "Ingress") {
            return Vec::new();
        }
        let tls = items(self.root(), &["spec", "tls"]);
        tls.map(|tls| Reference::read(Target::Secret, tls, "secretName")).collect()
    }

    /// Which controller an Ingress is for, as far as it says so; `None` if a template decides.
    pub fn ingress_class(&self) -> Option<String> {
        let field =
            read::within(self.root(), "spec", |spec| read::string_of(spec, "ingressClassName"));
        let annotation = self.annotations.get("kubernetes.io/ingress.class");
        match (field, annotation.map(|annotation| &annotation.value)) {
            (Setting::Set(class), _) => Some(class.value),
            (Setting::Absent, None) => Some(String::new()),
            (Setting::Absent, Some(class)) => class.get().map(|class| class.value.clone()),
            _ => None,
        }
    }

    pub fn is_network_policy(&self) -> bool {
        self.is(&["networking.k8s.io", "extensions"], "NetworkPolicy")
    }

    /// What a NetworkPolicy lets its pods send.
    pub fn egress(&self) -> Vec<Opening> {
        self.openings("egress", "to")
    }

    /// What a NetworkPolicy lets its pods receive.
    pub fn ingress(&self) -> Vec<Opening> {
        self.openings("ingress", "from")
    }

    fn openings(&self, direction: &str, peers: &str) -> Vec<Opening> {
        if !self.is_network_policy() {
            return Vec::new();
        }
        let rules = items(self.root(), &["spec", direction]);
        rules.map(|rule| Opening::read(rule, peers)).collect()
    }
}

impl Opening {
    fn read(node: Node, peers: &str) -> Self {
        let lists = [node.get(peers), node.get("ports")].into_iter().flatten();
        let is_open = read::is_open(node) || lists.into_iter().any(read::is_open);
        Self {
            span: node.span(),
            peers: items(node, &[peers]).map(Peer::read).collect(),
            ports: items(node, &["ports"]).map(port_range).collect(),
            is_open,
        }
    }

    /// Whether it lets everything through, from or to everywhere.
    pub fn is_total(&self) -> bool {
        let is_anywhere = self.peers.is_empty() || self.peers.contains(&Peer::Anywhere);
        is_anywhere && self.ports.is_empty() && !self.is_open
    }

    /// Whether names may be looked up through it: the cluster's DNS lives in another namespace.
    pub fn may_reach_dns(&self) -> bool {
        const DNS: [i64; 2] = [53, 5353];
        let is_dns = |port: &Option<(i64, i64)>| {
            port.is_none_or(|(from, to)| DNS.iter().any(|dns| (from..=to).contains(dns)))
        };
        let leaves = self.peers.is_empty() || self.peers.iter().any(|peer| *peer != Peer::Pods);
        self.is_open || leaves && (self.ports.is_empty() || self.ports.iter().any(is_dns))
    }
}

impl Peer {
    fn read(node: Node) -> Self {
        if let Some(block) = node.get("ipBlock") {
            let cidr = block.get("cidr").and_then(read::plain);
            let is_all =
                matches!(cidr, Some("0.0.0.0/0" | "::/0")) && block.get("except").is_none();
            return if is_all { Self::Anywhere } else { Self::Other };
        }
        match (node.get("namespaceSelector"), node.get("podSelector")) {
            (Some(_), _) => Self::Namespaces,
            (None, Some(_)) => Self::Pods,
            (None, None) => Self::Other,
        }
    }
}

/// The first and the last port of an entry of a NetworkPolicy.
fn port_range(node: Node) -> Option<(i64, i64)> {
    let from = node.get("port")?.integer()?.value;
    match node.get("endPort") {
        Some(end) => Some((from, end.integer()?.value)),
        None => Some((from, from)),
    }
}

impl ServicePort {
    /// `TCP`, if none is given.
    pub fn protocol_name(&self) -> &str {
        self.protocol.get().map_or("TCP", |protocol| &protocol.value)
    }

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
    /// Reads a `backendRefs` entry; `None` for what is no Service of the same namespace.
    fn of_reference(node: Node) -> Option<Self> {
        let is_service = node.get("kind").is_none_or(|kind| read::plain(kind) == Some("Service"));
        let is_here = ["namespace", "group"].iter().all(|key| node.get(key).is_none());
        (is_service && is_here).then(|| Self {
            service: read::string_of(node, "name"),
            port: PortRef::read(node.get("port")),
        })
    }

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
