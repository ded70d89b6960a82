use crate::knowledge::secrets::{in_settings, is_about, is_credential, is_value};
use crate::knowledge::tokens;
use crate::model::Workspace;
use crate::model::kubernetes::SecretValue;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/committed-secret.md"), Check::Workspace(check))
        .with_credentials();

fn check(workspace: &Workspace, report: &mut Report) {
    for object in workspace.cluster.objects() {
        judge(object.title(), &object.secret_values(), report);
    }
    for generated in workspace.cluster.generated() {
        judge(&generated.name.value, &generated.secret_values(), report);
    }
}

fn judge(title: &str, values: &[SecretValue], report: &mut Report) {
    let secrets: Vec<_> = values.iter().filter(|value| is_secret(value)).collect();
    let named = secrets.iter().find(|value| is_credential(value.key));
    let Some(first) = named.or(secrets.first()) else { return };
    let also = match secrets.len() - 1 {
        0 => String::new(),
        1 => " and one more".to_owned(),
        more => format!(" and {more} more"),
    };
    let message = format!("everybody can read `{}` of `{title}`{also} here", first.key);
    report
        .at(first.written.span, message)
        .help("keep it in a secret store or encrypted (SOPS, SealedSecret), and change it")
        .hidden
        .extend(values.iter().map(|value| value.written.span));
}

fn is_secret(value: &SecretValue) -> bool {
    let text = value.text.trim();
    // What is written as it is has a rule of its own.
    let is_told = !tokens::find(value.written.value).is_empty();
    let is_public = value.key.ends_with(".crt") || text.starts_with("-----BEGIN CERT");
    if is_told || is_public || is_about(value.key) {
        return false;
    }
    match text.lines().count() {
        0 => false,
        1 => is_value(text) || !tokens::find(text).is_empty(),
        _ => !in_settings(text).is_empty() || !tokens::find(text).is_empty(),
    }
}
