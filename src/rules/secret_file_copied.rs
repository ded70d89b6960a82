use std::collections::HashMap;

use crate::finding::Severity;
use crate::model::Workspace;
use crate::rule::{Check, Report, Rule};
use crate::source::Span;
use crate::syntax::dockerfile::Keyword;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/secret-file-copied.md"), Check::Workspace(check));

/// Names of files that hold credentials, from the manuals of what reads them.
const NAMES: &[&str] = &[
    "id_rsa",
    "key.pem",
    "privkey.pem",
    "private.key",
    "private.pem",
    "private-key.pem",
    "server.key",
    "ssl.key",
    "tls.key",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".env",
    ".pypirc",
    ".netrc",
    ".git-credentials",
    ".pgpass",
    "kubeconfig",
    "terraform.tfstate",
    ".htpasswd",
    "credentials.json",
    "service-account.json",
    ".dockercfg",
    ".vault-token",
];
const ENDINGS: &[&str] = &[".p12", ".pfx", ".jks", ".keystore", ".kdbx"];
const PLACES: &[&str] = &[".ssh", ".aws", ".docker/config.json", ".kube/config", ".gnupg"];

fn check(workspace: &Workspace, report: &mut Report) {
    let mut read: HashMap<Span, bool> = HashMap::new();
    for (_, copied) in workspace.copies() {
        if let Some(holds) = copied.is_secret {
            *read.entry(copied.source.span()).or_default() |= holds;
        }
    }
    for recipe in workspace.recipes() {
        for (step, stage) in recipe.steps_of(&[Keyword::Copy, Keyword::Add]) {
            let sources = step.words.split_last().map_or(&[][..], |(_, sources)| sources);
            for source in sources {
                let path = source.value().trim_end_matches('/');
                // What is in a file says more than its name.
                let known = read.get(&source.span()).copied();
                if known.unwrap_or_else(|| is_called_so(path)) {
                    let (place, severity) = match recipe.ships(stage) {
                        true => ("in the image", report.severity()),
                        false => ("in the build's cache", Severity::Note),
                    };
                    let message = format!("`{path}` holds credentials, and stays {place}");
                    report
                        .at(source.span(), message)
                        .severity(severity)
                        .help("mount it where it is needed: `RUN --mount=type=secret,id=…`");
                }
            }
        }
    }
}

/// Whether a path alone says that credentials are there.
fn is_called_so(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    // A trust store holds only what everybody may know.
    let is_store = ENDINGS.iter().any(|ending| name.ends_with(ending));
    NAMES.contains(&name)
        || is_store && !name.contains("trust") && !name.contains("cacerts")
        || PLACES.iter().any(|place| {
            path.strip_suffix(place).is_some_and(|above| above.is_empty() || above.ends_with('/'))
        })
}
