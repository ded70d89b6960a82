use std::collections::HashSet;

use crate::model::compose::{Compose, Resource};
use crate::model::text::HOLE;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/unused-resource.md"), Check::Project(check));

fn check(compose: &Compose, report: &mut Report) {
    if compose.is_partial || compose.services.is_empty() {
        return;
    }
    let mut used: [HashSet<&str>; 4] = [(); 4].map(|()| HashSet::new());
    for service in &compose.services {
        let volumes = service.volumes.iter().filter_map(|volume| volume.source.as_ref());
        let build = service.build.iter().flat_map(|build| &build.secrets);
        used[0].extend(service.networks.iter().map(|network| network.network.value.as_str()));
        used[1].extend(volumes.map(|source| source.value()));
        used[2].extend(service.secrets.iter().chain(build).map(|secret| secret.source.value()));
        used[3].extend(service.configs.iter().map(|config| config.source.value()));
        if let Some(config) = service.at(&["credential_spec", "config"]) {
            used[3].extend(config.known());
        }
    }
    // A name that a variable decides may be any.
    let open = used.iter().flatten().any(|name| name.contains(HOLE));
    let all: [(&str, &[Resource]); 4] = [
        ("network", &compose.networks),
        ("volume", &compose.volumes),
        ("secret", &compose.secrets),
        ("config", &compose.configs),
    ];
    for ((what, resources), used) in all.into_iter().zip(&used).filter(|_| !open) {
        for Resource { name, .. } in resources {
            let implied = what == "network" && name.value == "default";
            if !implied && !used.contains(name.value.as_str()) {
                report
                    .at(name.span, format!("no service uses the {what} `{}`", name.value))
                    .help("drop it, or name it where it was meant to be used");
            }
        }
    }
}
