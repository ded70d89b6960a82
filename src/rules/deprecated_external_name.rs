use crate::model::compose::Compose;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/deprecated-external-name.md"), Check::Project(check));

fn check(compose: &Compose, report: &mut Report) {
    let all = [&compose.networks, &compose.volumes, &compose.secrets, &compose.configs];
    for resource in all.into_iter().flatten() {
        let external = resource.value.get("external");
        if let Some(name) = external.and_then(|external| external.entry("name")) {
            report
                .at(name.key.span, "`external.name` is deprecated")
                .help("write `name: …` and `external: true`");
        }
    }
}
