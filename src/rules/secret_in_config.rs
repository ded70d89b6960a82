use crate::knowledge::secrets::{in_settings, is_value, is_written};
use crate::model::Workspace;
use crate::model::kubernetes::Literal;
use crate::model::text::HOLE;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::yaml::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/secret-in-config.md"), Check::Workspace(check))
        .with_credentials();

/// Programs: what looks like a setting in them may be anything.
const CODE: &[&str] = &[
    "bash", "go", "groovy", "js", "lua", "php", "py", "rb", "sh", "sql", "tmpl", "tpl", "ts", "tsx",
];

fn check(workspace: &Workspace, report: &mut Report) {
    for map in workspace.cluster.objects().filter(|object| object.is(&[""], "ConfigMap")) {
        for entry in map.root().get("data").map(Node::entries).unwrap_or_default() {
            let (Some(key), Some(text)) = (entry.key.text(), entry.value.text()) else { continue };
            let ending = key.value.rsplit('.').next().unwrap_or_default();
            if CODE.contains(&ending) {
                continue;
            }
            let all = 0..text.value.len();
            let found = match is_written(key.value, text.value) && is_value(text.value) {
                true => vec![all],
                false => in_settings(text.value),
            };
            // What a chart puts in is not written here.
            for range in found.into_iter().filter(|it| !text.value[it.clone()].contains(HOLE)) {
                say(report, entry.value.span_of_text(range), &format!("`{}`", key.value));
            }
        }
    }
    for map in workspace.cluster.generated().filter(|generated| generated.kind == "ConfigMap") {
        for Literal { key, value } in &map.literals {
            if is_written(key, &value.value) && is_value(&value.value) {
                say(report, value.span, &format!("`{key}`"));
            }
        }
    }
    for config in workspace.projects.iter().flat_map(|project| &project.configs) {
        let Some(text) = config.value.get("content").and_then(|content| content.text()) else {
            continue;
        };
        for range in in_settings(text.value()) {
            say(report, text.span_of(range), &format!("config `{}`", config.name.value));
        }
    }
}

fn say(report: &mut Report, span: Span, place: &str) {
    report
        .at(span, format!("{place} holds a credential in clear"))
        .hide(span)
        .help("put it into a secret, and change it: it is known now");
}
