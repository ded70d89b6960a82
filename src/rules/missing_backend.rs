use crate::model::kubernetes::{Backend, Cluster, Lookup, Manifest, PortRef, ServicePort};
use crate::model::setting::Setting;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/missing-backend.md"), Check::Manifest(check));

fn check(ingress: &Manifest, cluster: &Cluster, report: &mut Report) {
    for Backend { service, port } in ingress.backends() {
        let Setting::Set(name) = &service else { continue };
        match cluster.find(ingress, "Service", &service) {
            Lookup::Missing => {
                report
                    .at(name.span, format!("there is no Service `{}`", name.value))
                    .help("name a Service of this namespace");
            }
            Lookup::Found(found) if found.is_service() => {
                let ports = found.service_ports();
                // The controller of AWS has a port of this name in an annotation.
                let is_annotated = port.name().is_some_and(|name| name.value == "use-annotation");
                let Some(span) = port.span().filter(|_| !is_annotated) else { continue };
                if !ports.is_empty() && !ports.iter().any(|own| is_or_may_be(own, &port)) {
                    report
                        .at(span, format!("Service `{}` has no port `{port}`", name.value))
                        .help("name a `port` of the Service, not the port of its pods")
                        .also(found.blame(), "the Service");
                }
            }
            Lookup::Found(_) | Lookup::OutOfSight => {}
        }
    }
}

fn is_or_may_be(own: &ServicePort, asked: &PortRef) -> bool {
    match asked {
        PortRef::Number(number) => {
            own.number.is_unresolved()
                || own.number.get().is_some_and(|own| own.value == number.value)
        }
        PortRef::Name(name) => {
            own.name.is_unresolved() || own.name.get().is_some_and(|own| own.value == name.value)
        }
        PortRef::Unknown => true,
    }
}
