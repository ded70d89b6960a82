use crate::finding::Severity;
use crate::knowledge::passwords::lets_everybody_in;
use crate::model::Format;
use crate::model::container::{Container, Port};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/default-credentials.md"), Check::Container(check))
        .with_credentials();

fn check(container: &Container, report: &mut Report) {
    let is_published = container.ports.iter().any(is_reachable);
    let severity = if is_published { Severity::Error } else { Severity::Warning };
    let written = container.written_credentials();
    for credential in written.iter().filter(|credential| credential.is_guessable) {
        let span = credential.value.span();
        report
            .at(span, format!("`{}` holds a password that everybody tries first", credential.name))
            .severity(severity)
            .hide(span)
            .help("take a random one from a mounted secret");
    }
    // On a network of its own an open door is one between neighbours.
    if container.format == Format::Compose && !is_published {
        return;
    }
    for variable in &container.environment {
        let name = &variable.name.value;
        if let Some(value) = &variable.value
            && value.known().is_some_and(|value| lets_everybody_in(name, value))
        {
            report
                .at(value.span(), format!("`{name}` lets everybody in who can reach it"))
                .severity(severity)
                .help("leave it out, and give it a password from a mounted secret");
        }
    }
}

/// Whether others than the host itself reach a port.
fn is_reachable(port: &Port) -> bool {
    let address = port.host_address.as_ref().map(|address| address.value.as_str());
    port.published.is_some() && !address.is_some_and(|it| it.starts_with("127.") || it == "::1")
}
