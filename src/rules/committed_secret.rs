use crate::finding::Severity;
use crate::knowledge::secrets::{in_settings, is_about, is_credential, is_value};
use crate::knowledge::tokens;
use crate::model::Workspace;
use crate::model::compose::{Role, Source, State};
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
    for source in workspace.projects.iter().flat_map(|project| &project.sources) {
        judge_file(source, report);
    }
}

/// A file that git keeps; whether it does is known where a repository is in view.
fn judge_file(source: &Source, report: &mut Report) {
    let State::Holds(credentials) = &source.state else { return };
    let Some(first) = credentials.first().filter(|_| source.kept == Some(true)) else { return };
    let path = &source.path;
    let what = match source.role {
        Role::Environment => format!("`{}`{}", first.name, and_more(credentials.len())),
        Role::Secret | Role::Config | Role::Volume => format!("the secret `{}`", first.name),
    };
    let finding = report
        .at(
            source.span,
            format!("everybody can read {what} in `{path}`, which git does not ignore"),
        )
        .help(format!(
            "name `{path}` in `.gitignore`, take it out of git, and change what it holds"
        ));
    if credentials.iter().all(|credential| credential.is_guessable) {
        finding.severity(Severity::Warning);
    }
    for credential in credentials {
        finding.hide(credential.span);
    }
    finding.also(first.span, "here");
}

fn judge(title: &str, values: &[SecretValue], report: &mut Report) {
    let secrets: Vec<_> = values.iter().filter(|value| is_secret(value)).collect();
    let named = secrets.iter().find(|value| is_credential(value.key));
    let Some(first) = named.or(secrets.first()) else { return };
    let also = and_more(secrets.len());
    let message = format!("everybody can read `{}` of `{title}`{also} here", first.key);
    report
        .at(first.written.span, message)
        .help("keep it in a secret store or encrypted (SOPS, SealedSecret), and change it")
        .hidden
        .extend(values.iter().map(|value| value.written.span));
}

/// How many are not named.
fn and_more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        2 => " and one more".to_owned(),
        many => format!(" and {} more", many - 1),
    }
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
