use crate::model::kubernetes::{Cluster, Manifest};
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ingress-injection.md"), Check::Manifest(check));

/// Annotations that ingress-nginx writes into its configuration, and whether they hold a URL.
/// https://kubernetes.io/blog/2025/03/24/ingress-nginx-cve-2025-1974/; 2026-01.
const COPIED: &[(&str, bool)] = &[
    ("auth-tls-match-cn", false),
    ("auth-url", true),
    ("mirror-host", true),
    ("mirror-target", true),
];

fn check(object: &Manifest, _: &Cluster, report: &mut Report) {
    if object.kind.value != "Ingress" {
        return;
    }
    for annotation in object.annotations.iter() {
        let Some(name) = annotation.key.value.strip_prefix("nginx.ingress.kubernetes.io/") else {
            continue;
        };
        let Some(value) = annotation.value.get() else { continue };
        if name.ends_with("-snippet") {
            report
                .at(
                    annotation.key.span,
                    format!("`{name}` is configuration of the controller itself"),
                )
                .help(
                    "use an annotation that is made for it; by default the controller refuses this",
                );
        } else if let Some((_, is_url)) = COPIED.iter().find(|(known, _)| *known == name)
            && !is_plain(&value.value, *is_url)
        {
            report
                .at(
                    value.span,
                    format!("`{name}` breaks out into the configuration of the controller"),
                )
                .help("write one address or one name, without spaces, quotes, `;`, `{` and `|`");
        }
    }
}

/// Whether nothing in it ends the directive that it becomes a part of.
fn is_plain(value: &str, is_url: bool) -> bool {
    let breaks = |c: char| {
        c.is_whitespace()
            || matches!(c, ';' | '{' | '}' | '|' | '"' | '\'' | '`' | '\\' | '#' | '<' | '>')
    };
    // Variables of nginx: `https://$host/oauth2/auth`.
    let is_address = ["http://", "https://", "$"].iter().any(|start| value.starts_with(start));
    !value.trim_end().contains(breaks) && (!is_url || is_address)
}
