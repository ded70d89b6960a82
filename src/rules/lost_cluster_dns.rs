use crate::model::container::Container;
use crate::model::kubernetes::{Cluster, Member};
use crate::rule::{Check, Report, Rule};
use crate::source::Span;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/lost-cluster-dns.md"), Check::Workload(check));

fn check(Member { object, workload, .. }: Member, _: &Cluster, report: &mut Report) {
    let pod = &workload.pod;
    let policy = &pod.dns_policy;
    let falls_back =
        policy.is_absent() || policy.get().is_some_and(|policy| policy.value == "ClusterFirst");
    let Some(shared) = pod.host_network.get().filter(|shared| shared.value && falls_back) else {
        return;
    };
    if let Some(name) = pod.containers.iter().find_map(|container| asks_for(&container.view)) {
        report
            .at(
                policy.span().unwrap_or(shared.span),
                format!("`{}` looks up a name of the cluster, and asks its node", object.title()),
            )
            .help("say `dnsPolicy: ClusterFirstWithHostNet`")
            .also(name, "the name");
    }
}

/// Where a container names a Service in full: `queue.shop.svc`, `queue.shop.svc.cluster.local`.
fn asks_for(container: &Container) -> Option<Span> {
    let values = container.environment.iter().filter_map(|variable| variable.value.as_ref());
    let values = values.map(|value| (value.span(), value.value().to_owned()));
    let commands = [&container.entrypoint, &container.command].into_iter();
    let commands = commands.filter_map(|command| {
        let command = command.get()?;
        Some((command.span, command.value.line()?))
    });
    values.chain(commands).find(|(_, text)| names_service(text)).map(|(span, _)| span)
}

fn names_service(text: &str) -> bool {
    text.match_indices(".svc").any(|(at, label)| {
        let next = text[at + label.len()..].chars().next();
        next.is_none_or(|next| !next.is_alphanumeric() && next != '-' && next != '_')
    })
}
