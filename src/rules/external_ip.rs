use crate::model::kubernetes::{Cluster, Manifest};
use crate::model::text::HOLE;
use crate::rule::{Check, Report, Rule};
use crate::syntax::yaml::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/external-ip.md"), Check::Manifest(check));

fn check(service: &Manifest, _: &Cluster, report: &mut Report) {
    if !service.is_service() {
        return;
    }
    let addresses = service.root().at(&["spec", "externalIPs"]);
    for address in addresses
        .into_iter()
        .flat_map(Node::items)
        .filter_map(Node::text)
        // Which address that is, somebody else decides.
        .filter(|address| !address.value.contains(HOLE))
    {
        report
            .at(
                address.span,
                format!("`{}` takes the address `{}` for itself", service.title(), address.value),
            )
            .help("say `type: LoadBalancer`, or lead to it by an Ingress or a Gateway");
    }
}
